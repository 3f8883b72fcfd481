from datetime import datetime, time

from odoo.tests import TransactionCase, tagged

from ..tools.promise_data import Demand
from .promise_common import day
from .promise_recheck_common import RecheckMixin
from .promise_transfer_common import TransferMixin


@tagged("post_install", "-at_install")
class TestPromiseTransferShare(TransferMixin, RecheckMixin, TransactionCase):
    """A transfer to another warehouse leaves what is promised to customers."""

    def _promised_there(self, quantity, days=6):
        wanted = datetime.combine(day(days), time(12))
        own = {"promise_sourcing": "warehouse", "warehouse_id": self.central.id}
        promise = self._sold(quantity, commitment_date=wanted, **own)
        promise.order_id.picking_ids.do_unreserve()
        return promise

    def _assert_kept(self, promise, told):
        self.assertIn(promise.order_id.name, told["params"]["message"])
        self._recheck_all()
        self.assertFalse(promise.at_risk)

    def _assert_leaves_what_is_promised(self, steps):
        self.central.delivery_steps = steps
        self._stock(10, warehouse=self.central)
        promise = self._promised_there(8)
        legs, _moves = self._resupply(10, day(3))
        leg = legs.filtered(lambda move: not move.sale_line_id)
        self.assertEqual(leg.quantity, 2)
        self._assert_kept(promise, leg.picking_id.action_assign())
        self.assertEqual(leg.quantity, 2)

    def test_a_resupply_leaves_what_is_promised(self):
        self._assert_leaves_what_is_promised("ship_only")

    def test_a_resupply_that_is_picked_first_leaves_what_is_promised(self):
        self._assert_leaves_what_is_promised("pick_ship")

    def test_a_resupply_that_is_picked_and_packed_leaves_what_is_promised(self):
        self._assert_leaves_what_is_promised("pick_pack_ship")

    def test_what_is_added_to_a_transfer_later_leaves_what_is_promised(self):
        self._stock(10, warehouse=self.central)
        leg, _moves = self._resupply(2, day(2))
        promise = self._promised_there(8)
        legs, _moves = self._resupply(8, day(2))
        merged = legs.filtered(lambda move: not move.sale_line_id)
        self.assertEqual((merged, merged.product_qty), (leg, 10))
        self._recheck()
        self.assertFalse(promise.at_risk)
        merged.picking_id.action_assign()
        self.assertEqual(merged.quantity, 2)
        self._recheck_all()
        self.assertFalse(promise.at_risk)

    def test_a_resupply_of_another_company_of_ours_leaves_what_is_promised(self):
        other = self.env["res.company"].create({"name": "Sister"})
        theirs = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        theirs.resupply_wh_ids = self.central
        self._stock(10, warehouse=self.central)
        promise = self._promised_there(8)
        values = {
            "warehouse_id": theirs,
            "route_ids": theirs.resupply_route_ids,
            "date_planned": datetime.combine(day(3), time(12)),
        }
        rules = self.env["stock.rule"].with_company(other)
        args = self.product, 10, self.product.uom_id, theirs.lot_stock_id, "Resupply", "Resupply"
        rules.run([rules.Procurement(*args, other, values)])
        leg = self.env["stock.move"].search(
            [("location_id", "=", self.central.lot_stock_id.id), ("sale_line_id", "=", False)]
        )
        self.assertEqual((leg.product_qty, leg.quantity), (10, 2))
        self._assert_kept(promise, leg.picking_id.action_assign())
        order = self.env["sale.order"].with_company(other)
        line = {"product_id": self.product.id, "product_uom_qty": 2}
        order = order.create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "warehouse_id": theirs.id,
                "order_line": [(0, 0, line)],
            }
        )
        order.action_confirm()
        promise = order.order_line.promise_line_ids
        self.assertEqual((promise.date, promise.at_risk), (day(3), False))
        leg.picking_id.scheduled_date = datetime.combine(day(8), time(12))
        told = self._queue().filtered(lambda one: one.company_id == other)
        self.assertIn(f"Transfer {self.company.name} moved", str(told.mapped("reasons")))
        self.assertNotIn(leg.picking_id.name, str(told.mapped("reasons")))
        self._recheck()
        self.assertEqual((promise.expected_date, promise.at_risk), (day(8), True))
        self.assertNotIn(leg.picking_id.name, promise.reason)
        asked = Demand(self.product, 2.0, warehouse=theirs, only=True)
        (asked,) = self.engine.with_company(other)._promise([asked], other)
        self.assertEqual(asked.date, day(8))
        self.assertIn(f"{self.company.name} is to bring it", asked.explanation)
        self.assertNotIn(leg.picking_id.name, asked.explanation)

    def test_a_typed_transfer_leaves_what_is_promised_unless_it_is_typed(self):
        self._stock(10, warehouse=self.central)
        promise = self._promised_there(10)
        picking = self._transfer(10, day(3))
        self._assert_kept(promise, picking.action_assign())
        self.assertFalse(picking.move_ids.quantity)
        picking.move_ids.quantity = 10
        self._recheck_all()
        self.assertTrue(promise.at_risk)

    def test_transfers_that_nobody_was_promised_take_what_they_ask_for(self):
        self._stock(10, warehouse=self.central)
        self._transfer(10, day(1))
        later = self._transfer(10, day(3), target=self.far)
        self.assertIs(later.action_assign(), True)
        self.assertEqual(later.move_ids.quantity, 10)

    def test_what_gets_lost_in_transit_is_noted_at_once(self):
        for how in ("scrap", "count"):
            product = self._product(how)
            self._stock(10, product, self.central)
            leg, _moves = self._resupply(10, day(3), product)
            promise = self._sold(10, product=product, warehouse_id=self.warehouse.id)
            self._do(leg.picking_id)
            self._recheck()
            self.assertFalse(promise.at_risk)
            place = leg.location_dest_id
            if how == "scrap":
                values = {"product_id": product.id, "scrap_qty": 3, "location_id": place.id}
                values["company_id"] = self.company.id
                self.env["stock.scrap"].create(values).action_validate()
            else:
                domain = [("product_id", "=", product.id), ("location_id", "=", place.id)]
                quant = self.env["stock.quant"].search(domain).with_context(inventory_mode=True)
                quant.inventory_quantity = 7
                quant.action_apply_inventory()
            self.assertIn(product, self._queue().product_id)
            self._recheck()
            self.assertTrue(promise.at_risk)
