from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseEarlier(RecheckMixin, TransactionCase):
    """Which earlier dates are found when promises are checked, and which are none."""

    def test_freed_goods_are_an_earlier_date(self):
        self._stock(5)
        first = self._sold()
        self._receipt(10, day(7))
        second = self._sold()
        self.assertEqual(second.date, day(7))
        first.order_id._action_cancel()
        self._recheck()
        self.assertEqual(second.better_date, day(0))
        self.assertFalse(second.at_risk)
        self.assertEqual(second.expected_date, day(7))

    def test_no_date_before_the_wanted_one_is_offered(self):
        self._receipt(10, day(7))
        promise = self._sold(commitment_date="2026-03-05 12:00:00")
        self._stock(10)
        self._recheck_all()
        self.assertEqual(promise.better_date, day(3))

    def test_no_date_is_offered_before_preparation_is_over(self):
        self._stock(5)
        service = self._product("Freight", type="service", is_storable=False)
        carrier = self.env["delivery.carrier"].create(
            {"name": "Car", "product_id": service.id, "promise_transit_days": 3}
        )
        order = self._quotation(3, user_id=self.seller.id, carrier_id=carrier.id)
        order.order_line.customer_lead = 4
        order.action_confirm()
        promise = order.order_line.promise_line_ids
        self.assertEqual(promise.date, day(7))
        self._recheck_all()
        self.assertEqual((promise.expected_date, promise.better_date), (day(7), False))

    def test_what_is_procured_for_an_order_is_offered_no_stock(self):
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        self.product.route_ids = route | self.warehouse.buy_pull_id.route_id
        self._supplier(3)
        self._stock(5)
        promise = self._sold(3)
        self.assertEqual(promise.date, day(3))
        self.env["purchase.order"].search([("origin", "=", promise.order_id.name)]).button_confirm()
        self._recheck_all()
        self.assertEqual((promise.better_date, promise.at_risk), (False, False))

    def test_what_has_no_date_is_offered_none_that_the_cut_off_has_passed(self):
        promise = self._sold(2)
        self.assertFalse(promise.date)
        self.warehouse.promise_cutoff = 8.0  # it is nine
        self._stock(2)
        self._recheck_all()
        self.assertEqual((promise.better_date, self._ask(1).date), (day(1), False))

    def test_a_promise_without_a_date_gets_one(self):
        promise = self._sold()
        self.assertFalse(promise.date)
        self._receipt(10, day(3))
        self._recheck()
        self.assertEqual((promise.expected_date, promise.better_date), (day(3), day(3)))
        self.assertFalse(promise.date)
