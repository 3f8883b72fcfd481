from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseTogether(RecheckMixin, TransactionCase):
    """Orders whose customer wants everything at once: as the salesperson."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nut = cls._product("Nut")

    def _quote(self):
        """Return a quotation of two bolts and two nuts, to be delivered at once."""
        order = self._quotation(2, user_id=self.seller.id, picking_policy="one")
        values = {"product_id": self.nut.id, "product_uom_qty": 2, "customer_lead": 0}
        order.order_line = [(0, 0, values)]
        return order.with_user(self.seller).with_company(self.company)

    def test_what_is_there_is_promised_for_the_day_of_the_last(self):
        self._stock(2)
        self._receipt(2, day(4), self.nut)
        order = self._quote()
        self.assertEqual(order.order_line.mapped("promise_date"), [day(4), day(4)])
        told = order.order_line[0].promise_info["explanation"]
        self.assertIn("leaves together with Nut", told)
        order.action_confirm()
        promises = order.sudo().promise_line_ids
        self.assertEqual(promises.mapped("date"), [day(4), day(4)])
        self._recheck_all()
        self.assertEqual(promises.mapped("expected_date"), [day(4), day(4)])
        self.assertFalse(any(promises.mapped("better_date")))

    def test_what_is_there_is_late_with_what_is_not(self):
        self._stock(2)
        receipt = self._receipt(2, day(4), self.nut)
        order = self._quote()
        order.action_confirm()
        self._move(receipt, day(9))
        self._recheck()
        bolt = order.sudo().promise_line_ids.filtered(lambda one: one.product_id == self.product)
        self.assertEqual((bolt.expected_date, bolt.at_risk), (day(9), True))
        self.assertIn("waits for the rest of the order", bolt.reason)
        self.assertNotIn("ship", bolt.with_user(self.planner).rescue_text or "")

    def test_nothing_has_a_date_where_one_product_has_none(self):
        self._stock(2)
        order = self._quote()
        self.assertEqual(order.order_line.mapped("promise_date"), [False, False])
        told = order.order_line[0].promise_info["explanation"]
        self.assertIn("when Nut can be there is not known", told)

    def test_what_is_added_to_an_order_without_a_date_has_none(self):
        self._stock(9)
        cog = self._product("Cog")
        self._stock(9, cog)
        order = self._quote()
        order.action_confirm()
        bolt = order.order_line[0]
        told = bolt.promise_what_if(order.id, {}, bolt.id, 4)
        self.assertFalse(told["date"])
        bolt.sudo().product_uom_qty = 4
        order.sudo().order_line = [
            (0, 0, {"product_id": cog.id, "product_uom_qty": 1, "customer_lead": 0})
        ]
        promises = order.sudo().promise_line_ids
        self.assertFalse(any(promises.mapped("date")))
        self._recheck_all()
        self.assertFalse(any(promises.mapped("at_risk")))

    def test_what_may_be_delivered_in_parts_is_not_kept_waiting(self):
        self._stock(2)
        self._receipt(2, day(4), self.nut)
        order = self._quote()
        order.picking_policy = "direct"
        self.assertEqual(order.order_line.mapped("promise_date"), [day(0), day(4)])

    def _add(self, order, product, quantity):
        values = {"order_id": order.id, "product_id": product.id, "product_uom_qty": quantity}
        values["customer_lead"] = 0
        return self.env["sale.order.line"].with_user(self.seller).create(values)

    def test_what_is_added_leaves_with_what_is_open(self):
        self._stock(9)
        self._receipt(2, day(4), self.nut)
        order = self._quote()
        order.action_confirm()
        self._add(order, self.product, 2)
        self._recheck_all()
        promises = order.sudo().promise_line_ids
        self.assertEqual(set(promises.mapped("date")), {day(4)})
        self.assertFalse(any(promises.mapped("at_risk")))

    def test_what_waits_for_more_that_was_ordered_is_put_off_by_the_customer(self):
        self._stock(9)
        self._stock(9, self.nut)
        screw = self._product("Screw")
        self._receipt(9, day(7), screw)
        order = self._quote()
        order.action_confirm()
        first = order.sudo().promise_line_ids
        self._add(order, screw, 2)
        self._recheck_all()
        self.assertEqual(first.mapped("date"), [day(0), day(0)])
        self.assertEqual(first.mapped("postponed_date"), [day(7), day(7)])
        self.assertEqual(set(order.sudo().promise_line_ids.mapped("expected_date")), {day(7)})
        self.assertFalse(any(order.sudo().promise_line_ids.mapped("at_risk")))
        self.assertIn("More was ordered", first[0].reason)

    def test_one_delivery_is_not_torn_apart_to_save_a_part_of_it(self):
        other = self._warehouse("W2")
        self._stock(2)
        receipt = self._receipt(2, day(4), self.nut)
        order = self._quote()
        order.action_confirm()
        self._move(receipt, day(9))
        self._stock(2, warehouse=other)
        self._recheck()
        bolt = order.sudo().promise_line_ids.filtered(lambda one: one.product_id == self.product)
        self.assertTrue(bolt.at_risk)
        self.assertNotIn("Warehouse W2", bolt.with_user(self.planner).rescue_text or "")
