from datetime import datetime

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .promise_common import day
from .promise_notice_common import NoticeMixin


@tagged("post_install", "-at_install")
class TestPromiseCall(NoticeMixin, TransactionCase):
    """Customers are called about another date: one open call for an order says what is so now."""

    def test_who_wants_a_call_gets_one_from_the_salesperson(self):
        self.customer.promise_channel = "phone"
        promise = self._late()
        activity = promise.order_id.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn("03/11/2026", activity.note)
        self.assertFalse(self._told(promise))

    def test_a_customer_was_told_by_phone_once_somebody_called(self):
        promise = self._by_phone()
        call = self._called(promise.order_id)
        self.assertFalse(promise.told_date)
        call.with_user(self.seller).action_feedback(feedback="They can wait.")
        self.assertEqual(promise.told_date, day(9))
        told = promise.change_ids.filtered(lambda one: one.kind == "told_date")
        self.assertEqual((told.new_text, told.reason), ("03/11/2026", "Call by the account team"))
        self._recheck_all()
        self.assertFalse(self._called(promise.order_id))

    def test_an_open_call_says_what_is_so_now(self):
        self.company.promise_grace_hours = 4
        promise = self._by_phone()
        with freeze_time("2026-03-02 14:00:00"):
            self._recheck_all()
            call = self._called(promise.order_id)
            for planned, told in ((day(11), "03/13/2026"), (day(7), "03/09/2026")):
                self._move(self.receipt, planned)
                self._recheck()
                self.assertEqual(self._called(promise.order_id), call)
                self.assertIn(told, call.note)
                self.assertIn("03/04/2026", call.note)
                self.assertNotIn("03/11/2026", call.note)
            self.receipt.picking_ids.action_cancel()
            self._recheck()
            self.assertEqual(self._called(promise.order_id), call)
            self.assertIn("do not know the new day yet", call.note)
            self.assertIn("cannot be kept", call.summary)
            call.with_user(self.seller).action_done()
        self.assertEqual((promise.told_unknown, promise.told_date), (True, False))

    def test_a_template_that_is_gone_stops_nobody_from_checking_promises(self):
        promise = self._by_phone()
        call = self._called(promise.order_id)
        note = call.note
        self.env.ref("logistics_crm_scm.mail_template_promise_late").unlink()
        self._move(self.receipt, day(11))
        with mute_logger("odoo.addons.logistics_crm_scm.models.logistics_promise_line_call"):
            self._recheck()
        self.assertEqual(promise.expected_date, day(11))
        self.assertEqual((self._called(promise.order_id), call.note), (call, note))

    def test_nobody_calls_about_what_is_in_time_again(self):
        promise = self._by_phone()
        self._move(self.receipt, day(2))
        self._recheck()
        self.assertFalse(self._called(promise.order_id))
        self.assertFalse(promise.told_date)
        self.assertIn("need not be called", promise.order_id.message_ids[0].body)
        self._move(self.receipt, day(9))
        self._recheck()
        self.assertIn("03/04/2026", self._called(promise.order_id).note)

    def test_nobody_calls_about_a_cancelled_order(self):
        promise = self._by_phone()
        promise.order_id._action_cancel()
        self.assertFalse(self._called(promise.order_id))

    def test_nobody_calls_about_what_is_not_ordered_any_more(self):
        promise = self._by_phone()
        call = self._called(promise.order_id)
        line = promise.order_line_id.with_user(self.seller).with_company(self.company)
        line.product_uom_qty = 2
        self.assertEqual(self._called(promise.order_id), call)
        self.assertRegex(call.note, r"\b2\b")
        self.assertNotRegex(call.note, r"\b5\b")
        line.product_uom_qty = 0
        self.assertEqual(promise.state, "cancelled")
        self.assertFalse(self._called(promise.order_id))

    def test_somebody_else_calls_when_the_salesperson_is_archived(self):
        promise = self._by_phone()
        self.assertEqual(self._called(promise.order_id).user_id, self.seller)
        successor = self._create_member("notice_next", "sales_team.group_sale_salesman")
        self.customer.user_id = successor
        self.seller.action_archive()
        self.assertFalse(self._called(promise.order_id))
        with freeze_time(datetime(2026, 3, 3, 12)):
            self._recheck_all()
        self.assertEqual(self._called(promise.order_id).user_id, successor)

    def test_one_call_tells_all_the_news_of_an_order(self):
        self.customer.promise_channel = "phone"
        nut = self._product("Nut")
        receipts = [self._receipt(10, day(2)), self._receipt(10, day(2), nut)]
        order = self._quotation(5, user_id=self.seller.id)
        order.order_line = [(0, 0, {"product_id": nut.id, "product_uom_qty": 2})]
        order.action_confirm()
        self._move(receipts[0], day(9))
        self._recheck()
        receipts[1].picking_ids.action_cancel()
        self._recheck()
        call = self._called(order)
        self.assertEqual(len(call), 1)
        self.assertIn("later than we promised", call.note)
        self.assertIn("do not know the new day yet", call.note)
        self._move(receipts[0], day(2))
        self._recheck()
        self.assertEqual(self._called(order), call)
        self.assertNotIn("later than we promised", call.note)
        call.with_user(self.seller).action_done()
        self.assertEqual(order.promise_line_ids.mapped("told_unknown"), [False, True])

    def test_a_call_that_somebody_dropped_is_planned_again_for_other_news_only(self):
        promise = self._by_phone()
        self._called(promise.order_id).with_user(self.seller).unlink()
        self._recheck_all()
        self.assertFalse(self._called(promise.order_id))
        self._move(self.receipt, day(11))
        self._recheck()
        self.assertIn("03/13/2026", self._called(promise.order_id).note)

    def test_who_wants_mails_now_is_called_no_more(self):
        promise = self._by_phone()
        self.customer.promise_channel = "email"
        self._recheck_all()
        self.assertFalse(self._called(promise.order_id))
        self.assertEqual(len(self._told(promise)), 1)

    def test_without_a_salesperson_customer_service_calls(self):
        clerk = self._create_member("notice_clerk", "logistics_crm.group_logistics_user")
        role = self.env.ref("logistics_crm.account_role_customer_service")
        role.employee_ids = self.env["hr.employee"].create(
            {"name": "Clerk", "user_id": clerk.id, "company_id": self.company.id}
        )
        promise = self._by_phone(user_id=False)
        self.assertEqual(self._called(promise.order_id).user_id, clerk)

    def test_who_was_called_about_a_later_date_is_called_again_when_it_stands(self):
        promise = self._by_phone()
        self._called(promise.order_id).with_user(self.seller).action_done()
        self._move(self.receipt, day(2))
        self._recheck()
        call = self._called(promise.order_id)
        self.assertIn("by the day that we promised after all", call.note)
        call.with_user(self.seller).action_done()
        self.assertEqual(promise.told_date, day(2))

    def test_an_offer_by_phone_is_closed_when_the_customer_agreed(self):
        self.customer.promise_channel = "phone"
        promise = self._better()
        promise.with_user(self.seller).action_offer_better()
        self.assertIn("another day", self._called(promise.order_id).note)
        promise.with_user(self.seller).action_accept_better()
        self.assertFalse(self._called(promise.order_id))
        self.assertEqual(promise.told_date, day(0))
