from odoo.tests import TransactionCase, tagged

from .promise_common import PromiseMixin, day


@tagged("post_install", "-at_install")
class TestPromiseReservation(PromiseMixin, TransactionCase):
    """What is in stock is reserved for who was promised it."""

    def _order(self, *quantities, **values):
        lines = [
            (0, 0, {"product_id": self.product.id, "product_uom_qty": one, "customer_lead": 0})
            for one in quantities
        ]
        order = self._quotation(**values)
        order.order_line.unlink()
        order.order_line = lines
        return order

    def _reserved(self, *orders):
        return [order.picking_ids.move_ids.mapped("quantity") for order in orders]

    def test_lines_of_one_order_reserve_what_each_was_promised(self):
        self._stock(5)
        self._receipt(5, day(2))
        order = self._order(6, 2)
        order.action_confirm()
        self.assertEqual(order.promise_line_ids.sorted("id").mapped("date"), [day(2), day(0)])
        moves = {m.product_uom_qty: m for m in order.picking_ids.move_ids}
        self.assertEqual((moves[2].quantity, moves[2].state), (2, "assigned"))
        self.assertEqual((moves[6].quantity, moves[6].state), (3, "partially_available"))

    def test_orders_confirmed_together_reserve_what_each_was_promised(self):
        self._stock(5)
        self._receipt(5, day(2))
        orders = self._order(6) + self._order(2)
        orders.action_confirm()
        self.assertEqual(orders.promise_line_ids.mapped("date"), [day(2), day(0)])
        self.assertEqual(self._reserved(*orders), [[3], [2]])

    def test_a_line_without_a_date_takes_nothing_from_one_that_has_one(self):
        self._stock(5)
        order = self._order(6, 2)
        order.action_confirm()
        self.assertEqual(order.promise_line_ids.sorted("id").mapped("date"), [False, day(0)])
        quantities = {m.product_uom_qty: m.quantity for m in order.picking_ids.move_ids}
        self.assertEqual(quantities, {6: 3, 2: 2})

    def test_what_was_bought_for_one_is_not_kept_for_who_was_promised_a_later_receipt(self):
        self._supplier(3)
        later = self._receipt(4, day(11))
        first = self._order(1)
        first.action_confirm()
        self.assertEqual(first.promise_line_ids.part_ids.source, "supplier")
        bought = self._receipt(1, day(3)).picking_ids
        second = self._order(3, commitment_date=f"{day(11)} 12:00:00")
        second.action_confirm()
        self.assertEqual(second.promise_line_ids.part_ids.move_id, later.picking_ids.move_ids)
        bought.move_ids.quantity = 1
        bought.move_ids.picked = True
        bought._action_done()
        (first + second).picking_ids.move_ids._action_assign()
        self.assertEqual(self._reserved(first, second), [[1], [0]])

    def test_what_arrives_is_reserved_for_who_was_promised_it(self):
        receipt = self._receipt(5, day(2))
        promised, undated = self._order(5), self._order(5)
        promised.action_confirm()
        undated.action_confirm()
        self.assertEqual(promised.promise_line_ids.date, day(2))
        self.assertFalse(undated.promise_line_ids.date)
        arrived = receipt.picking_ids
        arrived.move_ids.quantity = 5
        arrived.move_ids.picked = True
        arrived._action_done()
        undated.picking_ids.action_assign()
        self.assertEqual(self._reserved(promised, undated), [[5], [0]])

    def test_an_undated_order_leaves_what_is_set_aside(self):
        vip = self.env["res.partner"].create({"name": "VIP", "is_company": True})
        self._stock(10)
        self.env["logistics.promise.allocation"].create(
            {
                "name": "Kept",
                "company_id": self.company.id,
                "product_id": self.product.id,
                "warehouse_id": self.warehouse.id,
                "quantity": 6,
                "partner_ids": vip.ids,
            }
        )
        self._order(2, partner_id=vip.id).action_confirm()
        other = self._order(7)
        other.action_confirm()
        self.assertFalse(other.promise_line_ids.date)
        self.assertEqual(self._reserved(other), [[4]])  # 8 are left, 4 of them set aside
        own = self._quotation(4, partner_id=vip.id)
        self.assertEqual(own.order_line.promise_date, day(0))

    def test_the_warehouse_is_told_whom_the_goods_are_promised_to(self):
        user = self._create_user("reserve_store", "stock.group_stock_user")
        receipt = self._receipt(5, day(2))
        promised, undated = self._order(5), self._order(5)
        promised.action_confirm()
        undated.action_confirm()
        self._stock(5)
        receipt.picking_ids.move_ids.date = "2026-03-20 12:00:00"
        told = undated.picking_ids.with_user(user).action_assign()
        self.assertEqual(told["tag"], "display_notification")
        self.assertIn(promised.name, told["params"]["message"])
        self.assertTrue(promised.picking_ids.action_assign() is True)
        self.assertEqual(self._reserved(promised, undated), [[5], [0]])

    def test_goods_that_nobody_else_was_promised_go_to_whoever_asks(self):
        undated = self._order(5)
        undated.action_confirm()
        self._stock(3)
        undated.picking_ids.action_assign()
        self.assertEqual(self._reserved(undated), [[3]])

    def test_who_forces_a_quantity_gets_it(self):
        self._stock(5)
        promised, undated = self._order(5), self._order(5)
        promised.action_confirm()
        undated.action_confirm()
        promised.picking_ids.do_unreserve()
        undated.picking_ids.move_ids.quantity = 5
        self.assertEqual(self._reserved(promised, undated), [[0], [5]])

    def test_goods_of_their_own_owner_are_delivered_as_ever(self):
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.warehouse.lot_stock_id, 5, owner_id=self.customer
        )
        order = self._order(5)
        order.action_confirm()
        self.assertEqual(self._reserved(order), [[5]])
