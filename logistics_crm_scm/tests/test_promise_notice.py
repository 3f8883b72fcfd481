from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseNotice(RecheckMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"promise_channel": "email", "email": "buyer@customer.example"})
        cls.buyer = cls._create_user("notice_buyer", "base.group_portal")
        cls.customer.child_ids = cls.buyer.partner_id

    def _late(self, planned=None, **values):
        """Return a promise of Wednesday whose receipt slipped, and that was checked."""
        self.receipt = self._receipt(10, day(2))
        promise = self._sold(**values)
        self._move(self.receipt, planned or day(9))
        self._recheck()
        return promise

    def _told(self, promise):
        """Return what was written to the customer of a promise."""
        messages = promise.order_id.message_ids
        return messages.filtered(lambda one: one.subtype_id == self.env.ref("mail.mt_comment"))

    def test_no_day_is_offered_whose_cut_off_has_passed(self):
        self._receipt(10, day(2))
        promise = self._sold()
        self._stock(10)
        self.warehouse.promise_cutoff = 8.5
        self._recheck_all()
        self.assertEqual((promise.date, promise.better_date), (day(2), day(1)))

    def test_the_customer_is_told_of_a_later_date_by_mail(self):
        promise = self._late()
        message = self._told(promise)
        self.assertEqual(len(message), 1)
        self.assertIn(self.customer, message.notified_partner_ids)
        self.assertIn("03/11/2026", message.body)
        self.assertIn("03/04/2026", message.body)
        self.assertEqual((promise.told_date, promise.notice_at), (day(9), False))
        told = promise.change_ids.filtered(lambda one: one.kind == "told_date")
        self.assertEqual((told.old_text, told.new_text), ("", "03/11/2026"))
        self.assertEqual(promise.reason, promise.change_ids[-1:].reason)
        self.assertEqual(promise.order_line_id.promise_info["change"], promise.reason)

    def test_the_mail_names_no_documents_of_ours(self):
        promise = self._late()
        self.assertNotIn(self.receipt.picking_ids.name, self._told(promise).body)
        self.assertNotIn(self.vendor.name, self._told(promise).body)

    def test_the_customer_is_told_once_per_change(self):
        promise = self._late()
        self._recheck_all()
        self.assertEqual(len(self._told(promise)), 1)
        self._move(self.receipt, day(11))
        self._recheck()
        self.assertEqual(len(self._told(promise)), 2)

    def test_a_date_that_moves_on_every_day_is_not_told_every_day(self):
        self._supplier(3)
        promise = self._sold()
        self.assertEqual((promise.date, promise.part_ids.source), (day(3), "supplier"))
        told = []
        for passed in range(1, 12):  # nobody buys
            with freeze_time(f"{day(passed)} 10:00:00"):
                self._recheck_all()
                told.append(len(self._told(promise)))
        self.assertTrue(promise.at_risk)
        self.assertEqual(told[0], 1)
        self.assertIn(told[-1], (2, 3, 4))  # whenever the day comes that the customer counts on

    def test_a_slip_within_the_promise_is_told_to_nobody(self):
        receipt = self._receipt(10, day(2))
        promise = self._sold(commitment_date="2026-03-09 12:00:00")
        self._move(receipt, day(4))
        self._recheck()
        self.assertFalse(self._told(promise))

    def test_coming_earlier_than_told_is_not_told_without_asking(self):
        promise = self._late()
        self._move(self.receipt, day(7))
        self._recheck()
        self.assertEqual(len(self._told(promise)), 1)
        self.assertEqual(promise.better_date, day(7))

    def _shown(self, promise):
        """Return what the portal shows of an order and of its line."""
        order = promise.order_id.with_user(self.buyer).sudo()
        return order._get_promise_for_customer(), order.order_line._get_promise_for_customer()

    def test_a_date_that_nothing_covers_any_more_is_told_and_not_shown_as_sure(self):
        receipt = self._receipt(10, day(2))
        promise = self._sold()
        receipt.picking_ids.action_cancel()
        self._recheck()
        self.assertIn("do not know the new day yet", self._told(promise).body)
        told = "Promised by 03/04/2026; we are working on the date"
        self.assertEqual(self._shown(promise), (told, told))
        header = promise.order_id.with_user(self.seller).promise_text
        self.assertEqual(header, "Promised for 03/04/2026, now not known when")
        self.assertTrue(promise.order_id._is_waiting_for_promise())
        self.assertEqual(
            (promise.told_unknown, promise.change_ids[0].new_text), (True, "Not known")
        )
        self._recheck_all()
        self.assertEqual(len(self._told(promise)), 1)

    def test_a_date_that_is_known_again_is_told(self):
        receipt = self._receipt(10, day(2))
        promise = self._sold()
        receipt.picking_ids.action_cancel()
        self._recheck()
        self._receipt(10, day(1))
        self._recheck()
        self.assertEqual(len(self._told(promise)), 2)
        self.assertIn("we know now when", self._told(promise)[0].body)
        self.assertEqual((promise.told_unknown, promise.told_date), (False, promise.expected_date))
        self._recheck_all()
        self.assertEqual(len(self._told(promise)), 2)

    def test_the_portal_says_nothing_before_the_hours_to_save_it_are_over(self):
        self.company.promise_grace_hours = 4
        for channel in ("email", "phone", False):
            self.customer.promise_channel = channel
            promise = self._late()
            for lost in (False, True):
                with self.subTest(channel=channel, lost=lost):
                    if lost:
                        self.receipt.picking_ids.action_cancel()
                        self._recheck()
                    kept = "Delivery by 03/04/2026"
                    self.assertEqual(self._shown(promise), (kept, kept))
                    with freeze_time("2026-03-02 14:00:00"):
                        self.assertNotEqual(self._shown(promise)[1], kept)
            promise.order_id._action_cancel()

    def test_a_further_slip_hides_nothing_that_the_portal_said(self):
        self.company.promise_grace_hours = 4
        self.customer.promise_channel = False
        promise = self._late()
        with freeze_time("2026-03-03 09:00:00"):
            self._move(self.receipt, day(11))
            self._recheck()
            self.assertIn("now expected on 03/13/2026", self._shown(promise)[1])

    def test_who_was_told_that_a_date_is_lost_reads_it_until_told_another(self):
        self.company.promise_grace_hours = 4
        receipt = self._receipt(10, day(2))
        promise = self._sold()
        receipt.picking_ids.action_cancel()
        self._recheck()
        with freeze_time("2026-03-02 14:00:00"):
            self._recheck_all()
            self.assertTrue(promise.told_unknown)
        self.assertIn("working on the date", self._shown(promise)[1])
        with freeze_time("2026-03-03 09:00:00"):
            self._receipt(10, day(9))
            self._recheck_all()
            self.assertIn("now expected on 03/11/2026", self._shown(promise)[1])
            self.assertEqual(promise.told_date, day(9))

    def test_what_the_customer_put_off_is_shown_by_the_later_day(self):
        self._stock(10)
        promise = self._sold()
        promise.order_id.commitment_date = "2026-03-06 12:00:00"
        self._recheck()
        line = promise.order_line_id
        self.assertEqual(line._get_promise_for_customer(), "Delivery by 03/06/2026")

    def test_who_cannot_be_written_to_is_called(self):
        for channel, values in (("email", {"email": False}), ("portal", {})):
            self.customer.write({"promise_channel": channel, **values})
            if channel == "portal":
                self.customer.child_ids = False
            promise = self._late()
            with self.subTest(channel=channel):
                self.assertIn("04", promise.order_id.activity_ids.note)
                self.assertFalse(self._told(promise))
            promise.order_id._action_cancel()

    def test_the_grace_leaves_time_to_save_it(self):
        self.company.promise_grace_hours = 4
        promise = self._late()
        self.assertFalse(self._told(promise))
        self.assertEqual(promise.notice_at, datetime(2026, 3, 2, 13))
        self._move(self.receipt, day(2))
        self._recheck()
        self.assertFalse(promise.notice_at)

    def test_after_the_grace_the_customer_is_told(self):
        self.company.promise_grace_hours = 4
        promise = self._late()
        with freeze_time(datetime(2026, 3, 2, 13, 1)):
            self._recheck()
        self.assertEqual(len(self._told(promise)), 1)

    def test_a_message_in_the_portal_goes_out_to_nobody(self):
        self.customer.promise_channel = "portal"
        message = self._told(self._late())
        self.assertEqual(len(message), 1)
        self.assertFalse(message.notified_partner_ids)

    def test_who_wants_a_call_gets_one_from_the_salesperson(self):
        self.customer.promise_channel = "phone"
        promise = self._late()
        activity = promise.order_id.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn("03/11/2026", activity.note)
        self.assertFalse(self._told(promise))

    def _called(self, order):
        """Return the open calls to the customer of an order."""
        order.invalidate_recordset(["activity_ids"])
        kind = self.env.ref("mail.mail_activity_data_call")
        return order.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def _by_phone(self, **values):
        self.customer.promise_channel = "phone"
        return self._late(**values)

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

    def test_a_date_that_stands_again_is_told_once(self):
        promise = self._late()
        self._move(self.receipt, day(1))
        self._recheck()
        message = self._told(promise)[0]
        self.assertEqual(len(self._told(promise)), 2)
        self.assertIn("by the day that we promised after all", message.body)
        self.assertIn("03/11/2026", message.body)
        self.assertIn("03/04/2026", message.body)
        self.assertEqual((promise.told_date, promise.notice_at), (day(2), False))
        self._recheck_all()
        self.assertEqual(len(self._told(promise)), 2)
        self._move(self.receipt, day(9))
        self._recheck()
        self.assertEqual(len(self._told(promise)), 3)

    def test_the_portal_says_that_a_date_stands_again_when_it_is_told(self):
        self.company.promise_grace_hours = 4
        promise = self._late()
        with freeze_time("2026-03-02 14:00:00"):
            self._recheck_all()
            self._move(self.receipt, day(2))
            self._recheck()
            self.assertIn("now expected on 03/11/2026", self._shown(promise)[1])
        with freeze_time("2026-03-02 19:00:00"):
            self._recheck_all()
            self.assertEqual(len(self._told(promise)), 2)
            self.assertEqual(self._shown(promise)[1], "Delivery by 03/04/2026")

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

    def test_nobody_is_told_who_did_not_ask_for_it(self):
        for channel in ("none", False):
            self.customer.promise_channel = channel
            self.assertFalse(self._told(self._late()))

    def test_contacts_are_told_as_their_company_wants(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id, "email": "b@customer.example"}
        )
        promise = self._late(partner_id=contact.id)
        self.assertIn(contact, self._told(promise).notified_partner_ids)

    def test_dates_are_written_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        self.assertIn("11.03.2026", self._told(self._late()).body)

    def test_orders_of_one_customer_do_not_wait_for_one_that_fails(self):
        good, bad = self._late(), self._late()
        self.assertEqual(len(self._told(good)), 1)
        self.assertEqual(len(self._told(bad)), 1)

    # ------------------------------------------------------------ earlier

    def _better(self):
        """Return a promise of next Monday that could be kept today."""
        self._receipt(10, day(7))
        promise = self._sold()
        self._stock(10)
        self._recheck_all()
        return promise

    def test_a_salesperson_offers_the_earlier_date(self):
        promise = self._better()
        promise.with_user(self.seller).action_offer_better()
        self.assertIn("03/02/2026", self._told(promise).body)
        self.assertEqual((promise.better_offered, promise.expected_date), (day(0), day(7)))

    def test_a_date_agreed_where_there_was_none_is_promised_shown_and_watched(self):
        promise = self._sold()
        self.assertFalse(promise.date)
        self._stock(5)
        self._recheck_all()
        promise.with_user(self.seller).action_accept_better()
        self.assertEqual((promise.date, promise.expected_date), (day(0), day(0)))
        line = promise.order_line_id
        self.assertEqual(line._get_promise_for_customer(), "Delivery by 03/02/2026")
        self.assertEqual(line.promise_info["state"], "held")
        promise.order_id.picking_ids.do_unreserve()
        self._stock(-5)
        self._recheck_all()
        self.assertTrue(promise.at_risk)

    def test_more_that_is_ordered_after_an_agreed_date_is_a_delivery_of_its_own(self):
        self._receipt(3, day(7))
        promise = self._sold(3)
        self._stock(3)
        self._recheck_all()
        promise.with_user(self.seller).action_accept_better()
        self._receipt(3, day(3))
        other = self._sold(3)
        promise.order_line_id.product_uom_qty = 6
        self._recheck_all()
        self.assertEqual((other.date, other.at_risk), (day(3), False))
        moves = promise.order_line_id.move_ids.sorted("date")
        self.assertEqual(
            [(move.date.date(), move.product_uom_qty) for move in moves], [(day(0), 3), (day(7), 3)]
        )

    def test_an_agreed_first_date_is_planned_for_that_day(self):
        key = self._create_customer("Key")
        self._stock(10)
        self.env["logistics.promise.allocation"].create(
            {
                "name": "Spring",
                "product_id": self.product.id,
                "warehouse_id": self.warehouse.id,
                "quantity": 8,
                "partner_ids": key.ids,
            }
        )
        promise = self._sold(5)
        self.assertFalse(promise.date)
        self._receipt(10, day(3))
        self._recheck_all()
        promise.with_user(self.seller).action_accept_better()
        self.assertEqual((promise.date, promise.expected_date), (day(3), day(3)))
        self.assertFalse(promise.better_date)
        order = self._quotation(8, partner_id=key.id)
        self.assertEqual(order.promise_date, day(0))

    def test_without_a_channel_the_salesperson_is_asked_to_call(self):
        promise = self._better()
        self.customer.promise_channel = False
        with self.assertRaisesRegex(UserError, "Customer Agreed"):
            promise.with_user(self.seller).action_offer_better()

    def test_what_is_agreed_is_planned_and_told(self):
        promise = self._better()
        promise.with_user(self.seller).action_accept_better()
        self.assertEqual(promise.order_id.picking_ids.move_ids.date.date(), day(0))
        self.assertEqual((promise.date, promise.expected_date), (day(7), day(0)))
        self.assertEqual((promise.told_date, promise.better_date), (day(0), False))
        self.assertEqual(len(self._told(promise)), 1)
        self.assertIn("Agreed", " ".join(promise.change_ids.mapped("reason")))
        self.assertIn("03/09/2026", self._told(promise).body)  # what they counted on so far
        told = promise.change_ids.filtered(lambda one: one.kind == "told_date")
        self.assertEqual(told.new_text, "03/02/2026")

    def test_what_is_agreed_is_met_though_the_carrier_rests_at_weekends(self):
        freight = self._product("Freight", type="service", is_storable=False)
        truck = {"name": "Truck", "product_id": freight.id, "promise_transit_days": 1}
        truck = self.env["delivery.carrier"].create(
            {**truck, "promise_calendar_id": self.calendar.id}
        )
        self._receipt(10, day(10))
        promise = self._sold(carrier_id=truck.id)
        self.assertEqual(promise.date, day(11))
        self._stock(10)
        self._recheck_all()
        promise.better_offered = day(7)  # a Monday: it has to leave on the Friday before
        promise.with_user(self.seller).action_accept_better()
        self.assertEqual(promise.expected_date, day(7))
        self.assertEqual(promise.order_id.picking_ids.move_ids.date.date(), day(4))

    def test_what_is_agreed_by_word_of_mouth_is_kept_all_the_same(self):
        promise = self._better()
        self.customer.promise_channel = False
        promise.with_user(self.seller).action_accept_better()
        told = promise.change_ids.filtered(lambda one: one.kind == "told_date")
        self.assertEqual((promise.told_date, told.new_text), (day(0), "03/02/2026"))

    def test_a_date_for_a_promise_without_one_is_offered_and_agreed(self):
        promise = self._sold()
        self._receipt(10, day(3))
        self._recheck()
        promise.with_user(self.planner).action_offer_better()
        promise.with_user(self.planner).action_accept_better()
        self.assertEqual((promise.told_date, promise.better_date), (day(3), False))

    def _gone(self):
        """Return a promise whose earlier date another order took, before anything is checked."""
        promise = self._better()
        self._sold(10)
        return promise.with_user(self.seller)

    def test_another_order_that_takes_the_goods_takes_the_earlier_date(self):
        promise = self._gone()
        self._recheck()
        self.assertFalse(promise.better_date)

    def test_another_order_wakes_nobody_where_no_earlier_date_was_possible(self):
        self._receipt(10, day(7))
        self._sold()
        self._queue().unlink()
        self._sold()
        self.assertFalse(self._queue())

    def test_no_earlier_date_is_agreed_that_is_gone(self):
        promise = self._gone()
        action = promise.action_accept_better()
        self.assertIn("03/02/2026", action["params"]["message"])
        self.assertEqual((promise.told_date, promise.better_date), (False, False))
        self.assertEqual(promise.expected_date, day(7))
        self.assertFalse(self._told(promise))
        self.assertEqual(promise.order_id.sudo().picking_ids.move_ids.date.date(), day(7))

    def test_no_earlier_date_is_offered_that_is_gone(self):
        promise = self._gone()
        action = promise.action_offer_better()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual((promise.better_offered, promise.better_date), (False, False))
        self.assertFalse(self._told(promise))

    def test_a_later_date_than_the_customer_was_asked_about_is_not_agreed(self):
        promise = self._better().with_user(self.seller)
        promise.action_offer_better()
        self._sold(10)
        self._receipt(10, day(3))
        action = promise.action_accept_better()
        self.assertIn("03/02/2026", action["params"]["message"])
        self.assertEqual((promise.better_date, promise.better_offered), (day(3), False))
        self.assertFalse(promise.told_date)
        promise.action_accept_better()
        self.assertEqual((promise.told_date, promise.expected_date), (day(3), day(3)))

    def test_what_the_customer_was_asked_about_is_agreed_though_more_is_possible(self):
        self._receipt(10, day(7))
        promise = self._sold().with_user(self.seller)
        self._receipt(10, day(3))
        self._recheck()
        promise.action_offer_better()
        self._stock(10)
        self._recheck_all()
        self.assertEqual((promise.better_offered, promise.better_date), (day(3), day(0)))
        promise.action_accept_better()
        self.assertEqual((promise.told_date, promise.expected_date), (day(3), day(3)))
        self.assertEqual(promise.better_date, day(0))

    def test_others_offer_nothing(self):
        promise = self._better()
        clerk = self._create_member("notice_user", "logistics_crm_scm.group_dispatcher")
        stranger = self._create_stranger("logistics_crm_scm.group_planner")
        for user in (clerk, stranger):
            with self.assertRaises(AccessError):
                self._seen_by(promise, user).action_offer_better()
            with self.assertRaises(AccessError):
                self._seen_by(promise, user).action_accept_better()

    def test_a_salesperson_offers_nothing_of_a_colleague(self):
        promise = self._better()
        colleague = self._create_member("notice_colleague", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            promise.with_user(colleague).action_offer_better()

    # ------------------------------------------------------------ the account team

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
