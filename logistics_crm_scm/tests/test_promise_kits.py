from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm_scm.tools.promise_data import Demand

from .promise_common import day
from .promise_production_common import ProductionMixin


@tagged("post_install", "-at_install")
class TestPromiseKits(ProductionMixin, TransactionCase):
    """A kit of two A and one B."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a, cls.b = cls._product("Part A"), cls._product("Part B")
        cls.kit = cls._product("Kit", is_storable=False)
        cls._bom(cls.kit, [(cls.a, 2), (cls.b, 1)], "phantom")

    def test_a_kit_is_promised_by_the_scarcest_component(self):
        self._stock(7, self.a)
        self._stock(9, self.b)
        self.assert_promised(self._ask(3, self.kit), day(0))
        promised = self._ask(4, self.kit)
        self.assertFalse(promised.date)
        self.assertIn("Part A", promised.explanation)
        self.assertNotIn("component Part B", promised.explanation)

    def test_a_kit_waits_for_the_receipt_of_a_component_which_is_named(self):
        self._stock(8, self.a)
        self._stock(1, self.b)
        self._receipt(3, day(3), self.b)
        promised = self._ask(4, self.kit)
        self.assert_promised(promised, day(3))
        self.assertIn("Part B is there last", promised.explanation)

    def test_a_kit_within_a_kit_is_taken_apart(self):
        outer = self._product("Outer kit", is_storable=False)
        self._bom(outer, [(self.kit, 2), (self.a, 1)], "phantom")
        self._stock(10, self.a)
        self._stock(4, self.b)
        self.assert_promised(self._ask(2, outer), day(0), [("stock", 10), ("stock", 4)])
        self.assertFalse(self._ask(3, outer).date)

    def test_a_confirmed_kit_holds_its_components(self):
        self._stock(8, self.a)
        self._stock(4, self.b)
        held = self._confirm(3, self.kit)
        self.assertEqual((held.date, held.state), (day(0), "held"))
        self.assertEqual(
            {part.product_id: part.quantity for part in held.part_ids}, {self.a: 6, self.b: 3}
        )
        self.assert_promised(self._ask(2, self.a), day(0))
        self.assertFalse(self._ask(3, self.a).date)
        self.assertFalse(self._ask(2, self.kit).date)

    def test_no_part_of_a_component_with_serial_numbers_is_promised(self):
        self.b.tracking = "serial"
        half = self._product("Half kit", is_storable=False)
        self._bom(half, [(self.a, 2), (self.b, 0.5)], "phantom")
        self._stock(8, self.a)
        for number in range(4):
            serial = self.env["stock.lot"].create(
                {"name": f"B{number}", "product_id": self.b.id, "company_id": self.company.id}
            )
            self.env["stock.quant"]._update_available_quantity(
                self.b, self.warehouse.lot_stock_id, 1, lot_id=serial
            )
        promised = self._ask(3, half)
        self.assertFalse(promised.date)
        self.assertIn("Part B has serial numbers", promised.explanation)
        self.assertEqual(self._ask(2, half).date, day(0))
        held = self._confirm(3, half)
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.date, held.expected_date, held.better_date), (False, False, False))

    def test_a_kit_is_late_for_the_reason_that_was_told_of_the_kit(self):
        self._stock(8, self.a)
        self._receipt(4, day(2), self.b)
        held = self._confirm(3, self.kit)
        held.order_id.commitment_date = f"{day(9)} 12:00:00"
        self.assertEqual(held.expected_date, day(9))
        self.assertIn("asked for another day", held.reason)

    def test_kits_use_up_what_is_set_aside_of_their_components(self):
        self._stock(10, self.a)
        self._stock(10, self.b)
        allocation = self.env["logistics.promise.allocation"].create(
            {
                "name": "Spring",
                "product_id": self.a.id,
                "warehouse_id": self.warehouse.id,
                "quantity": 8,
                "partner_ids": self.customer.ids,
            }
        )
        held = self._confirm(4, self.kit)
        self.assertEqual((allocation.used, allocation.left), (8, 0))
        other = self.env["res.partner"].create({"name": "Other"})
        demand = Demand(self.a, 2, ship_to=other)
        self.assert_promised(self.engine._promise([demand], self.company)[0], day(0))
        held.order_line_id.product_uom_qty = 1
        allocation.invalidate_recordset()
        self.assertEqual((allocation.used, allocation.left), (2, 6))

    def test_components_in_different_warehouses_are_said_to_be_apart(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Other", "code": "OTH", "company_id": self.company.id}
        )
        self._stock(10, self.a)
        self._stock(10, self.b, warehouse=other)
        promised = self._ask(2, self.kit, split=True)
        self.assertFalse(promised.date)
        self.assertIn("10 Units of Part B are free in Other", promised.explanation)
        self.assertNotIn("needed for others", promised.explanation)

    def test_a_kit_that_is_made_otherwise_later_is_still_what_was_promised(self):
        self._stock(6, self.a)
        self._stock(3, self.b)
        held = self._confirm(3, self.kit)
        lines = self.kit.bom_ids.bom_line_ids
        lines.filtered(lambda line: line.product_id == self.a).product_qty = 3
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertFalse(held.at_risk)
        picking = held.order_id.picking_ids
        picking.move_ids.picked = True
        picking.button_validate()
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.state, held.quantity), ("kept", 3))

    def test_a_kit_that_gets_another_part_later_is_still_what_was_promised(self):
        self._stock(6, self.a)
        self._stock(3, self.b)
        held = self._confirm(3, self.kit)
        part = self._product("Part C")
        self.kit.bom_ids.bom_line_ids = [(0, 0, {"product_id": part.id, "product_qty": 1})]
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.expected_date, held.at_risk), (day(0), False))

    def test_less_of_a_kit_cuts_the_deliveries_of_its_components(self):
        self._receipt(8, day(2), self.a)
        self._receipt(4, day(7), self.b)
        held = self._confirm(3, self.kit)
        held.order_line_id.product_uom_qty = 1
        moves = held.order_line_id.move_ids.filtered(lambda one: one.state != "cancel")
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in moves}, {self.a: 2, self.b: 1}
        )
        self.assertEqual(held.quantity, 1)

    def test_a_held_kit_is_checked_again_by_its_components(self):
        self._stock(2, self.a)
        self._receipt(1, day(2), self.b)
        held = self._confirm(1, self.kit)
        self.assertEqual(held.date, day(2))
        receipt = (
            self.env["stock.move"]
            .search([("product_id", "=", self.b.id)])
            .filtered("purchase_line_id")
        )
        receipt.date = f"{day(8)} 12:00:00"
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.expected_date, held.at_risk), (day(8), True))

    def test_a_kit_without_a_date_follows_its_components(self):
        held = self._confirm(1, self.kit)
        self.assertFalse(held.date)
        self._receipt(2, day(3), self.a)
        receipt = self._receipt(1, day(4), self.b)
        self._check_noted()
        self.assertEqual(held.better_date, day(4))
        receipt.picking_ids.move_ids.date = f"{day(8)} 12:00:00"
        self._check_noted()
        self.assertEqual(held.better_date, day(8))

    def test_what_comes_back_of_kits_is_not_counted_as_promised(self):
        self._stock(20, self.a)
        self._stock(20, self.b)
        held = self._confirm(3, self.kit)
        line = held.order_line_id.sudo()
        picking = line.order_id.picking_ids
        picking.move_ids.picked = True
        picking.button_validate()
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        for row in wizard.product_return_moves:
            row.write({"quantity": row.move_id.quantity, "to_refund": True})
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.state, line.qty_delivered), ("kept", 0))
        for ordered in (4, 5):
            line.product_uom_qty = ordered
            promises = line.promise_line_ids.filtered(lambda one: one.state == "held")
            self.assertEqual(sum(promises.mapped("quantity")), ordered)

    def _deliver_first(self, quantities, left):
        """Deliver so much of each product of an order, and cancel the rest."""
        pickings = left.order_id.picking_ids
        for move in pickings.move_ids:
            move.write({"quantity": quantities[move.product_id], "picked": True})
        pickings._action_done()
        (left.order_id.picking_ids - pickings).action_cancel()
        self.engine.sudo()._follow_up(left.sudo(), {})

    def test_what_is_sold_in_dozens_and_delivered_in_pieces_leaves_nothing_unknown(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        for count in (5, 7):
            for product, factors in ((self.kit, {self.a: 2, self.b: 1}), (self.b, {self.b: 1})):
                for part in (self.a, self.b):
                    self._stock(60, part)
                with self.subTest(count=count, product=product.name):
                    held = self._confirm_in(dozen, product)
                    parts = {part: count * factor for part, factor in factors.items()}
                    self._deliver_first(parts, held)
                    self.assertEqual((held.state, held.quantity), ("kept", round(count / 12, 2)))
                    held.order_line_id.product_uom_qty = 2
                    more = held.order_line_id.promise_line_ids - held
                    self.engine.sudo()._follow_up(more.sudo(), {})
                    self.assertEqual((more.state, more.date), ("held", day(0)))
                    self.assertEqual((more.expected_date, more.at_risk), (day(0), False))
                    rest = more.order_id.picking_ids.filtered(lambda one: one.state == "assigned")
                    rest.move_ids.picked = True
                    rest._action_done()
                    self.engine.sudo()._follow_up(more.sudo(), {})
                    self.assertEqual((more.state, held.state), ("kept", "kept"))
                    self.assertAlmostEqual(more.quantity + held.quantity, 2, delta=0.011)

    def _confirm_in(self, unit, product):
        """Return the promise of one unit of a product."""
        order = self._quotation(1, product, user_id=self.seller.id)
        order.order_line.product_uom_id = unit
        order.with_user(self.seller).with_company(self.company).action_confirm()
        return order.order_line.promise_line_ids
