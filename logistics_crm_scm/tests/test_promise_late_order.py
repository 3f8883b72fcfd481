from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_notice_common import NoticeMixin


@tagged("post_install", "-at_install")
class TestPromiseLateOrder(NoticeMixin, TransactionCase):
    """The account team hears of late orders by the playbook that ships with the product."""

    def test_an_order_at_risk_is_late_before_its_day(self):
        order = self._late().order_id
        self.assertTrue(order.is_late)
        self._move(self.receipt, day(2))
        self._recheck()
        order.invalidate_recordset(["is_late"])
        self.assertFalse(order.is_late)

    def _watch(self):
        """Return a playbook about late orders that is on, of this company, with its people."""
        self.clerk = self._create_member("notice_clerk", "logistics_crm.group_logistics_user")
        role = self.env.ref("logistics_crm.account_role_customer_service")
        role.employee_ids = self.env["hr.employee"].create(
            {"name": "Clerk", "user_id": self.clerk.id, "company_id": self.company.id}
        )
        playbook = self.env.ref("logistics_crm.playbook_order_late").copy(
            {"company_id": self.company.id, "name": "Watch"}
        )
        playbook.action_switch_on()
        return playbook

    def test_the_account_team_hears_nothing_of_a_carrier_chosen_for_an_order_abroad(self):
        playbook = self._watch()
        self._stock(9)
        home, abroad = self.env.ref("base.us"), self.env.ref("base.uk")
        dock = {"name": "Dock", "country_id": home.id, "tz": "UTC"}
        self.warehouse.partner_id = self.env["res.partner"].create(dock)
        self.customer.country_id = abroad
        promise = self._sold()
        freight = self._product("Freight", type="service", is_storable=False)
        boat = {"name": "Boat", "product_id": freight.id, "promise_transit_days": 3}
        promise.order_id.carrier_id = self.env["delivery.carrier"].create(boat)
        self._recheck()
        self.assertEqual((promise.date, promise.expected_date), (day(3), day(3)))
        self.assertFalse(playbook.start_ids)
        self.assertFalse(promise.order_id.is_late)

    def test_the_account_team_reads_what_was_promised_and_what_is_expected(self):
        playbook = self._watch()
        promise = self._late()
        note = playbook.start_ids.current_step_id.activity_id.note
        self.assertIn("Promise: 03/04/2026 · Expected Now: 03/11/2026", note)
        self.assertNotIn("Delivery Date", note)
        self.receipt.picking_ids.action_cancel()
        self._recheck()
        facts = self.env["logistics.playbook.start"]._get_record_facts(
            promise.order_id, ["commitment_date"]
        )
        said = {"model": "sale.order", "names": [], "total": 0, "values": facts}
        reason = self.env["logistics.playbook.start"]._say_facts("sale.order", said)
        self.assertEqual(reason, "Promise: 03/04/2026 · Expected Now: Not known")

    def test_the_account_team_calls_nobody_who_is_told_anyway(self):
        playbook = self._watch()
        call = self.env.ref("mail.mail_activity_data_call")
        told = "See what the customer answers to the new date"
        for channel in ("email", "phone"):
            self.customer.promise_channel = channel
            promise = self._late()
            step = playbook.start_ids[0].current_step_id
            with self.subTest(channel=channel):
                self.assertEqual((step.name, step.activity_id.summary), (told, told))
                self.assertNotEqual(step.activity_id.activity_type_id, call)
                self.assertIn("do not call as well", step.activity_id.note)
                self.assertEqual(len(self._called(promise.order_id)), int(channel == "phone"))
            promise.order_id._action_cancel()
        self.customer.promise_channel = False
        self._late()
        step = playbook.start_ids[0].current_step_id
        self.assertEqual(step.activity_id.activity_type_id, call)
        self.assertIn("Tell the customer", step.activity_id.summary)

    def test_the_account_team_stops_for_an_order_that_is_in_time_again(self):
        playbook = self._watch()
        order = self._late().order_id
        start = playbook.start_ids
        self.assertEqual(start.current_step_id.activity_id.user_id, self.clerk)
        self._move(self.receipt, day(2))
        self._recheck()
        self.assertEqual((start.state, start.end_code), ("cancelled", "in_time"))
        self.assertFalse(order.activity_ids)
        self.assertIn("in time again", " ".join(order.message_ids.mapped("body")))

    def test_the_account_team_goes_on_while_an_order_is_late_that_the_playbook_would_not_find(self):
        playbook = self._watch()
        promise = self._late()
        playbook.filter_domain = "[('is_late', '=', True), ('amount_total', '>', 1000000)]"
        promise._plan_notices()
        self.assertEqual(playbook.start_ids.state, "running")

    def test_the_account_team_stops_for_an_order_that_is_cancelled(self):
        playbook = self._watch()
        order = self._late().order_id
        start = playbook.start_ids
        order._action_cancel()
        self.assertEqual((start.state, start.end_code), ("cancelled", "order_cancelled"))
        self.assertFalse(order.activity_ids)
        self.assertIn("the order was cancelled", " ".join(order.message_ids.mapped("body")))

    def test_the_account_team_goes_on_where_something_came_late(self):
        playbook = self._watch()
        order = self._late().order_id
        start = playbook.start_ids
        with freeze_time("2026-03-11 12:00:00"):
            self._do(self.receipt.picking_ids)
            order.picking_ids.action_assign()
            self._do(order.picking_ids)
            self._recheck()
        self.assertEqual((order.promise_line_ids.state, start.state), ("missed", "running"))

    def test_the_playbook_starts_at_once_for_a_promise_at_risk(self):
        shipped = self.env.ref("logistics_crm.playbook_order_late")
        at_night, at_once = (
            shipped.copy({"company_id": self.company.id, **values})
            for values in ({"mode": "scan", "name": "At night"}, {})
        )
        (at_night | at_once).action_switch_on()
        order = self._late().order_id
        self.assertEqual(at_once.start_ids.res_id, order.id)
        self.assertFalse(at_night.start_ids)
