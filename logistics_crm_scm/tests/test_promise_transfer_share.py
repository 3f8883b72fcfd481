from datetime import datetime, time

from odoo.tests import TransactionCase, tagged

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

    def test_a_resupply_leaves_what_is_promised(self):
        self._stock(10, warehouse=self.central)
        promise = self._promised_there(8)
        legs, _moves = self._resupply(10, day(3))
        leg = legs.filtered(lambda move: not move.sale_line_id)
        self.assertEqual(leg.quantity, 2)
        self._assert_kept(promise, leg.picking_id.action_assign())
        self.assertEqual(leg.quantity, 2)

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
