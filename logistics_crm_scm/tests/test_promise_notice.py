from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .promise_common import day
from .promise_notice_common import NoticeMixin


@tagged("post_install", "-at_install")
class TestPromiseNotice(NoticeMixin, TransactionCase):
    """Customers are told of another date by mail or in the portal, once, and only what is new."""

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

    def test_the_letter_tells_how_much_is_still_to_leave(self):
        self._stock(4)
        receipt = self._receipt(6, day(2))
        promise = self._sold(10)
        self._do(promise.order_id.picking_ids, 4)
        self._move(receipt, day(9))
        self._recheck()
        body = self._told(promise).body
        self.assertRegex(body, r"\b6(\.0+)?\b")
        self.assertNotRegex(body, r"\b10(\.0+)?\b")

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
        self.company.promise_grace_hours = 4
        bad, good = self._late(), self._late()
        tell = type(bad.order_id)._tell_promises

        def fail(order, *arguments):
            if order == bad.order_id:
                raise ValueError("The template is gone.")
            return tell(order, *arguments)

        with (
            freeze_time("2026-03-02 14:00:00"),
            patch.object(type(bad.order_id), "_tell_promises", fail),
            mute_logger("odoo.addons.logistics_crm_scm.models.logistics_promise_line_notice"),
        ):
            self._recheck_all()
        self.assertEqual((len(self._told(good)), len(self._told(bad))), (1, 0))
