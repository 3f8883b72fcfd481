from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseOnOrder(RecheckMixin, TransactionCase):
    """What was promised from a receipt, or was bought for a promise since, is waited for."""

    def test_what_waits_for_a_receipt_that_slips_is_at_risk_though_more_could_be_bought(self):
        self._supplier(3)
        receipt = self._receipt(10, day(7))
        promise = self._sold()
        self.assertEqual((promise.date, promise.part_ids.source), (day(3), "supplier"))
        waits = self._sold(5, commitment_date=f"{day(7)} 12:00:00")
        self.assertEqual((waits.date, waits.part_ids.source), (day(7), "receipt"))
        self._move(receipt, day(21))
        self._recheck()
        self.assertEqual((waits.expected_date, waits.at_risk), (day(21), True))
        self.assertRegex(waits.change_ids[:1].reason, "moved from .*9.* to .*23")
        self._recheck_all()
        self.assertEqual(waits.expected_date, day(21))
        self.assertFalse(promise.at_risk)

    def test_what_was_bought_for_a_promise_and_slips_puts_it_at_risk(self):
        self._supplier(5)
        promise = self._sold()
        self.assertEqual((promise.date, promise.part_ids.source), (day(7), "supplier"))
        receipt = self._receipt(5, day(7))
        self._recheck_all()
        self.assertFalse(promise.at_risk)
        self._move(receipt, day(14))
        self._recheck()
        self.assertEqual((promise.expected_date, promise.at_risk), (day(14), True))

    def test_what_is_left_of_a_delivery_still_waits_for_what_was_bought_for_it(self):
        self._stock(6)
        self._supplier(5)
        promise = self._sold(10)
        receipt = self._receipt(4, day(7))
        self._do(promise.order_id.picking_ids, 6)
        self._recheck_all()
        self.assertFalse(promise.at_risk)
        self._move(receipt, day(21))
        self._recheck()
        self.assertTrue(promise.at_risk)
        self.assertEqual(promise.expected_date, day(21))

    def test_what_is_left_of_a_receipt_was_ordered_with_the_first_of_it(self):
        self._supplier(5)
        receipt = self._receipt(100, day(25))
        promise = self._sold(4)
        self.assertEqual((promise.date, promise.part_ids.source), (day(7), "supplier"))
        self._do(receipt.picking_ids, 10)
        self._sold(10)
        self._recheck_all()
        self.assertEqual((promise.expected_date, promise.at_risk), (day(7), False))

    def test_what_was_bought_for_a_promise_is_told_from_what_comes_on_the_same_day(self):
        self._supplier(5)
        receipt = self._receipt(10, day(8))
        self._sold(10, commitment_date=f"{day(14)} 12:00:00")
        promise = self._sold(4)
        self.assertEqual((promise.date, promise.part_ids.source), (day(7), "supplier"))
        self._receipt(4, day(8)).partner_id = receipt.partner_id
        self._recheck()
        self.assertTrue(promise.at_risk)
        self.assertEqual(promise.expected_date, day(8))

    def test_what_waits_for_its_supplier_takes_no_receipt_from_who_was_promised_it(self):
        self._supplier(9)
        self._receipt(5, day(3))
        late = self._sold(5, commitment_date=f"{day(21)} 12:00:00")
        soon = self._sold(5)
        self.assertEqual((late.part_ids.source, soon.part_ids.source), ("receipt", "supplier"))
        self._recheck_all()
        self.assertEqual((late.expected_date, soon.expected_date), (late.date, soon.date))
        self.assertFalse(late.at_risk or soon.at_risk or soon.better_date)
