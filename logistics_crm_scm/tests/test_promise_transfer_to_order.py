from datetime import datetime, time

from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseTransferToOrder(RecheckMixin, TransactionCase):
    """What is brought from another warehouse of ours for each order, by Odoo's routes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.central = cls._warehouse("W2")
        cls.warehouse.resupply_wh_ids = cls.central
        cls.to_order = cls.env.ref("stock.route_warehouse0_mto")
        cls.to_order.active = True
        cls.product.route_ids = cls.warehouse.resupply_route_ids
        cls._stock(10, warehouse=cls.central)
        cls.own = {"promise_sourcing": "warehouse", "warehouse_id": cls.warehouse.id}

    def _sold_to_order(self):
        """Return the promise, and the transfers out of the other warehouse and into this one."""
        self.product.route_ids |= self.to_order
        promise = self._sold(5, **self.own)
        moves = self.env["stock.move"].search([("product_id", "=", self.product.id)])
        leg = moves.filtered(lambda move: move.location_id == self.central.lot_stock_id)
        entry = moves.filtered(lambda move: move.location_dest_id == self.warehouse.lot_stock_id)
        self.assertTrue(leg and entry and len(moves) == 3)
        return promise, leg, entry

    def test_a_transfer_that_brings_the_goods_of_an_order_is_not_its_delivery(self):
        """Odoo notes the order line on every transfer of the chain; the last one delivers it."""
        promise, leg, entry = self._sold_to_order()
        self.assertFalse(promise.date)
        entry.date = datetime.combine(day(7), time(12))
        self._recheck()
        self.assertEqual(promise.expected_date, day(7))
        self.assertEqual(promise.better_date, day(7))
        self.assertIn(entry.picking_id.name, promise.reason)
        self._do(leg.picking_id)
        self._recheck()
        self.assertEqual(promise.expected_date, day(7))
        self._do(entry.picking_id)
        self._recheck()
        self.assertEqual(promise.expected_date, day(0))
        self._do(entry.move_dest_ids.picking_id)
        self._recheck()
        self.assertNotEqual(promise.state, "held")

    def test_why_it_is_not_known_when_a_resupply_comes(self):
        self.product.route_ids |= self.to_order
        text = self._ask(5, warehouse=self.warehouse, only=True).explanation
        self.assertIn("from another warehouse, and when that could be there is not known", text)
        self.assertIn("10 Units are free in Warehouse W2", text)
        self.assertNotIn("supplier", text)
