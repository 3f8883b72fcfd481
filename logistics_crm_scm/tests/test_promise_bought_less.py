from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseBoughtLess(RecheckMixin, TransactionCase):
    """The buyer orders less: Odoo keeps the receipt, and plans to send the rest back."""

    def _held(self, promise):
        self._recheck_all()
        return promise.expected_date, promise.at_risk

    def test_a_promise_that_the_rest_does_not_cover_is_at_risk(self):
        receipt = self._receipt(10, day(3))
        promise = self._sold(6)
        self._recheck()
        receipt.order_line.product_qty = 3
        self._recheck()
        self.assertEqual((promise.expected_date, promise.at_risk), (False, True))
        reason = promise.change_ids.sorted("id")[-1:].reason_text
        self.assertEqual(reason, f"Less is ordered on {receipt.name}.")
        self.assertEqual(self._held(promise), (False, True))
        receipt.order_line.product_qty = 8
        self.assertEqual(self._held(promise), (day(3), False))

    def test_what_is_left_is_promised_and_no_more(self):
        receipt = self._receipt(10, day(3))
        receipt.order_line.product_qty = 4
        self.assert_promised(self._ask(4), day(3))
        self.assertFalse(self._ask(5).date)

    def test_stock_and_other_receipts_stay_what_they_are(self):
        self._stock(2)
        receipt = self._receipt(10, day(3))
        self._receipt(5, day(7))
        promise = self._sold(6)
        receipt.order_line.product_qty = 1
        self.assertEqual(self._held(promise), (day(7), True))
        self.assert_promised(self._ask(2), day(7))
        self.assertFalse(self._ask(3).date)

    def test_what_is_sent_back_after_it_came_is_taken_from_stock(self):
        receipt = self._receipt(10, day(3))
        self._do(receipt.picking_ids)
        promise = self._sold(4)
        wizard = self.env["stock.return.picking"].create({"picking_id": receipt.picking_ids.id})
        wizard.product_return_moves.quantity = 5
        wizard.action_create_returns()
        reasons = self._queue().filtered("document").mapped("reason")
        self.assertFalse([one for one in reasons if "Less is ordered" in one])
        self.assertEqual(self._held(promise), (day(0), False))
        self.assert_promised(self._ask(1), day(0))
        self.assertFalse(self._ask(2).date)

    def test_a_receipt_that_came_leaves_only_what_stays(self):
        receipt = self._receipt(10, day(3))
        promise = self._sold(3)
        receipt.order_line.product_qty = 4
        self._do(receipt.picking_ids.filtered(lambda one: one.picking_type_code == "incoming"), 6)
        self.assertEqual(self._held(promise)[1], False)
        self.assertEqual(self._ask(1).date, day(3))
        self.assertFalse(self._ask(2).date)
