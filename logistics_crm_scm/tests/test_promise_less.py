from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseLess(RecheckMixin, TransactionCase):
    """Less is ordered after confirmation: deliveries follow, and nothing is brought back.

    As the salesperson of the order, who may not change deliveries.
    """

    def _order(self, quantity, **values):
        promise = self._sold(quantity, **values)
        return promise.order_line_id.with_user(self.seller).with_company(self.company)

    def _deliveries(self, line):
        """Return {day planned: (quantity, reserved)} of what is still to leave."""
        moves = line.sudo().move_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        self.assertFalse(moves.filtered(lambda one: one.location_id.usage == "customer"))
        return {one.date.date(): (one.product_uom_qty, one.quantity) for one in moves}

    def _held(self, line):
        """Return {day promised: quantity} of what is held."""
        held = line.promise_line_ids.filtered(lambda one: one.state == "held")
        return {one.date: one.quantity for one in held}

    def test_what_waits_for_a_receipt_is_cut(self):
        self._receipt(5, day(7))
        line = self._order(3)
        line.product_uom_qty = 1
        self.assertEqual(self._deliveries(line), {day(7): (1, 0)})
        self.assertEqual(self._held(line), {day(7): 1})

    def test_what_is_planned_last_is_given_up_first(self):
        self._stock(2)
        self._receipt(5, day(7))
        line = self._order(2)
        line.product_uom_qty = 4
        self.assertEqual(self._deliveries(line), {day(0): (2, 2), day(7): (2, 0)})
        line.product_uom_qty = 1
        self._recheck()
        self.assertEqual(self._deliveries(line), {day(0): (1, 1)})
        self.assertEqual(self._held(line), {day(0): 1})
        self.assertFalse(any(line.promise_line_ids.mapped("at_risk")))

    def test_what_one_line_gives_up_another_is_promised_in_the_same_change(self):
        self._stock(10)
        for raised in (0, 1):
            order = self._quotation(5, user_id=self.seller.id)
            line = {"product_id": self.product.id, "product_uom_qty": 5, "customer_lead": 0}
            order.order_line = [(0, 0, line)]
            order.action_confirm()
            quantities = (9, 1) if raised == 0 else (1, 9)
            order.with_user(self.seller).write(
                {
                    "order_line": [
                        (1, line.id, {"product_uom_qty": quantity})
                        for line, quantity in zip(order.order_line, quantities, strict=True)
                    ]
                }
            )
            self.assertEqual(tuple(order.order_line.mapped("product_uom_qty")), quantities)
            for line, quantity in zip(order.order_line, quantities, strict=True):
                self.assertEqual(self._held_sum(line), {day(0): quantity})
            order.with_context(disable_cancel_warning=True).action_cancel()

    def test_lines_may_be_written_in_every_way_that_odoo_takes(self):
        self._stock(5)
        order = self._quotation(2, user_id=self.seller.id)
        for value in (order.order_line.ids, order.order_line):
            order.write({"order_line": value})
            self.assertEqual(len(order.order_line), 1)

    def test_less_in_another_unit_is_less(self):
        self._stock(24)
        order = self._quotation(12, user_id=self.seller.id)
        unit = self.env.ref("uom.product_uom_dozen").id
        line = {"product_id": self.product.id, "product_uom_qty": 1, "customer_lead": 0}
        order.order_line = [(0, 0, {**line, "product_uom_id": unit})]
        order.action_confirm()
        first, second = order.order_line
        units = self.env.ref("uom.product_uom_unit").id
        order.write(
            {
                "order_line": [
                    (1, first.id, {"product_uom_qty": 18}),
                    (1, second.id, {"product_uom_qty": 6, "product_uom_id": units}),
                ]
            }
        )
        self.assertEqual(self._held_sum(first), {day(0): 18})

    def _held_sum(self, line):
        """Return {day promised: quantity} of what is held, also where it is held in two parts."""
        held = line.promise_line_ids.filtered(lambda one: one.state == "held")
        return {on: sum(some.mapped("quantity")) for on, some in held.grouped("date").items()}

    def test_what_has_no_date_is_given_up_before_what_has(self):
        self._stock(1)
        receipt = self._receipt(3, day(8))
        self._sold(3)
        line = self._order(1)
        line.product_uom_qty = 7
        with freeze_time(f"{day(8)} 09:00:00"):
            self._do(receipt.picking_ids)
            line.sudo().move_ids._action_assign()
            line.product_uom_qty = 2
            moves = line.sudo().move_ids.filtered(lambda one: one.state != "cancel")
        found = {move.promise_undated: (move.product_uom_qty, move.quantity) for move in moves}
        self.assertEqual(found, {False: (1, 1), True: (1, 0)})

    def test_what_another_warehouse_delivers_is_cut_there(self):
        other = self._warehouse("W2")
        self._stock(5, warehouse=other)
        line = self._order(5)
        self.assertEqual(line.sudo().move_ids.location_id.warehouse_id, other)
        line.product_uom_qty = 2
        self.assertEqual(self._deliveries(line), {day(0): (2, 2)})
        self.assertEqual(self._sold(3).date, day(0), "what was given up is free")

    def test_what_several_warehouses_deliver_is_cut_in_both(self):
        other = self._warehouse("W2")
        self._stock(3)
        self._stock(2, warehouse=other)
        line = self._order(5, promise_sourcing="split")
        line.product_uom_qty = 1
        self._recheck()
        self.assertEqual(list(self._deliveries(line).values()), [(1, 1)])
        self.assertFalse(any(line.promise_line_ids.mapped("at_risk")))

    def test_only_the_line_that_is_cut_delivers_less(self):
        self._receipt(9, day(7))
        line = self._order(3)
        order = line.order_id
        values = {"order_id": order.id, "product_id": self.product.id, "product_uom_qty": 4}
        second = self.env["sale.order.line"].with_user(self.seller).create(values)
        second.product_uom_qty = 2
        self.assertEqual(list(self._deliveries(second).values()), [(2, 0)])
        self.assertEqual(self._deliveries(line), {day(7): (3, 0)})

    def test_what_left_stays_and_the_rest_is_cut(self):
        self._stock(5)
        line = self._order(5)
        self._do(line.sudo().order_id.picking_ids, 3)
        line.product_uom_qty = 4
        self.assertEqual(list(self._deliveries(line).values()), [(1, 1)])
        line.product_uom_qty = 3
        self.assertEqual(self._deliveries(line), {})

    def test_what_is_packed_already_goes_back_as_odoo_has_it(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._stock(5)
        line = self._order(5)
        self._do(line.sudo().order_id.picking_ids)
        line.product_uom_qty = 3
        packed = self.warehouse.wh_output_stock_loc_id
        moves = line.sudo().move_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        here = moves.filtered(lambda one: one.location_id == packed)
        back = here.filtered(lambda one: one.location_dest_id == self.warehouse.lot_stock_id)
        self.assertEqual(sum(back.mapped("product_uom_qty")), 2)

    def test_another_unit_is_cut_in_the_unit_of_the_goods(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._receipt(60, day(7))
        order = self._quotation(3, user_id=self.seller.id)
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        line = order.order_line.with_user(self.seller)
        line.product_uom_qty = 1
        moves = line.sudo().move_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        self.assertEqual(sum(moves.mapped("product_qty")), 12)

    def test_of_what_is_procured_for_the_order_the_newest_is_given_up(self):
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        self.product.route_ids = route | self.warehouse.buy_pull_id.route_id
        supplier = self._supplier(3)
        line = self._order(5)
        supplier.delay = 9
        line.product_uom_qty = 8
        self.assertEqual(self._held(line), {day(3): 5, day(9): 3})
        line.product_uom_qty = 4
        self.assertEqual(self._held(line), {day(3): 4})
        self.assertEqual(self._deliveries(line), {day(3): (4, 0)})
