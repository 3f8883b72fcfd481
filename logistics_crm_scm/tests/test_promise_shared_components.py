from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_production_common import TableMixin


@tagged("post_install", "-at_install")
class TestPromiseSharedComponents(TableMixin, TransactionCase):
    """Who takes components is decided by what was promised, however it came to be promised."""

    # ------------------------------------------------------------
    # AGREED LATER
    # ------------------------------------------------------------

    def test_production_that_a_customer_agreed_to_later_keeps_its_components(self):
        tables = self._confirm(1, self.table)
        self.assertFalse(tables.date)
        self._stock(4, self.leg)
        self._follow_up(tables)
        tables.action_accept_better()
        self.assertEqual(tables.date, day(2))
        self.assertEqual((tables.part_ids.source, tables.component_ids.existing), ("production", 4))
        legs = self._confirm(4, self.leg)
        self.assertFalse(legs.date)
        self.assertEqual(legs.order_line_id.move_ids.quantity, 0)
        self._assert_kept(tables)

    def test_production_that_comes_sooner_as_agreed_keeps_its_components(self):
        self._supplier(7, self.leg)
        tables = self._confirm(1, self.table)
        self._stock(4, self.leg)
        self._follow_up(tables)
        self.assertEqual((tables.date, tables.better_date), (day(9), day(2)))
        tables.action_accept_better()
        self.assertEqual(tables.component_ids.existing, 4)
        legs = self._confirm(4, self.leg)
        self.assertEqual(legs.date, day(7))
        self._follow_up(tables, legs)
        self.assertEqual(tables.expected_date, day(2))

    # ------------------------------------------------------------
    # SET ASIDE
    # ------------------------------------------------------------

    def test_components_that_are_set_aside_are_not_taken_by_production_that_waits_for_others(self):
        key = self._set_aside(6, self.leg)
        self._stock(6, self.leg)
        self._supplier(7, self.leg)
        tables = self._confirm(1, self.table)
        self.assertEqual(tables.date, day(9))
        legs = self._confirm(6, self.leg, partner_id=key.id)
        self.assertEqual((legs.date, legs.order_line_id.move_ids.quantity), (day(0), 6))
        self._assert_kept(tables, legs)

    def test_goods_that_are_set_aside_are_not_taken_by_who_waits_for_others(self):
        key = self._set_aside(6, self.leg)
        self._stock(6, self.leg)
        self._supplier(7, self.leg)
        others = self._confirm(4, self.leg)
        self.assertEqual(others.date, day(7))
        legs = self._confirm(6, self.leg, partner_id=key.id)
        self.assertEqual((legs.date, legs.order_line_id.move_ids.quantity), (day(0), 6))
        self._assert_kept(others, legs)

    def test_production_is_offered_sooner_from_nothing_that_is_set_aside(self):
        self._supplier(7, self.leg)
        self._set_aside(6, self.leg)
        tables = self._confirm(1, self.table)
        self._stock(6, self.leg)
        self._assert_kept(tables)

    def test_production_without_a_date_takes_nothing_that_is_set_aside(self):
        key = self._set_aside(6, self.leg)
        self._stock(8, self.leg)
        tables = self._confirm(1, self.table)
        self.assertFalse(tables.date)
        legs = self._confirm(6, self.leg, partner_id=key.id)
        self.assertEqual((legs.date, legs.order_line_id.move_ids.quantity), (day(0), 6))

    def test_what_production_for_the_customer_takes_is_used_of_what_is_set_aside(self):
        key = self._set_aside(6, self.leg)
        allocation = self.env["logistics.promise.allocation"].search([("name", "=", "Spring")])
        self._stock(10, self.leg)
        tables = self._confirm(1, self.table, partner_id=key.id)
        self.assertEqual((tables.date, allocation.used, allocation.left), (day(2), 4, 2))
        self.assertEqual(self._ask(4, self.leg).date, day(0))
        self.assertFalse(self._ask(5, self.leg).date)

    # ------------------------------------------------------------
    # MANUFACTURING ORDERS
    # ------------------------------------------------------------

    def test_a_manufacturing_order_for_later_takes_no_components_that_are_promised_sooner(self):
        rack = self._product("Rack")
        self._bom(rack, [(self.leg, 4)])
        self.warehouse.mto_pull_id.route_id.active = True
        rack.route_ids = (
            self.warehouse.mto_pull_id.route_id | self.warehouse.manufacture_pull_id.route_id
        )
        self._stock(4, self.leg)
        self._receipt(4, day(18), self.leg)
        tables = self._wanted(1, self.table, 10)
        racks = self._wanted(1, rack, 28)
        made = self.env["mrp.production"].search([("product_id", "=", rack.id)])
        self.assertEqual(len(made), 1)
        self.assertEqual(sum(made.move_raw_ids.mapped("quantity")), 0)
        self._assert_kept(tables, racks)

    def test_a_manufacturing_order_reserves_as_in_odoo_what_was_promised_to_nobody(self):
        self.warehouse.manu_type_id.reservation_method = "manual"
        self._stock(4, self.leg)
        later = self._make(1, begin=20)
        sooner = self._make(1, begin=1)
        sooner.action_assign()
        self.assertEqual(sum(sooner.move_raw_ids.mapped("quantity")), 4)
        sooner.do_unreserve()
        tables = self._confirm(1, self.table)
        self.assertEqual(tables.part_ids.source, "receipt")
        other = self._make(1, begin=1)
        other.action_assign()
        self.assertEqual(sum(other.move_raw_ids.mapped("quantity")), 0)
        self.assertIn(tables.part_ids.document, (later | sooner).mapped("name"))

    def test_no_manufacturing_order_takes_what_parts_of_something_promised_are_made_of(self):
        self.warehouse.manu_type_id.reservation_method = "manual"
        wood, shelf = self._product("Wood"), self._product("Shelf")
        self._bom(self.leg, [(wood, 1)], produce_delay=1)
        self._bom(shelf, [(wood, 1)])
        self._stock(4, wood)
        self._make(4, product=self.leg)
        tables = self._confirm(1, self.table)
        self.assertEqual(tables.component_ids.mapped("existing"), [4])
        other = self._make(4, product=shelf)
        other.action_assign()
        self.assertEqual(sum(other.move_raw_ids.mapped("quantity")), 0)
        self._assert_kept(tables)

    def test_no_manufacturing_order_takes_what_came_since_for_one_that_was_made_for_a_promise(self):
        self.warehouse.manu_type_id.reservation_method = "manual"
        self._supplier(7, self.leg)
        tables = self._wanted(1, self.table, 14)
        self.assertEqual(tables.component_ids.existing, 0)
        self._stock(4, self.leg)
        self._make(1, begin=1)
        shelf = self._product("Shelf")
        self._bom(shelf, [(self.leg, 1)])
        other = self._make(4, begin=1, product=shelf)
        other.action_assign()
        self.assertEqual(sum(other.move_raw_ids.mapped("quantity")), 0)

    def test_who_plans_production_is_told_whom_its_components_are_promised_to(self):
        planner = self._create_user("production_planner", "mrp.group_mrp_user")
        planner.write({"company_ids": [(4, self.company.id)], "company_id": self.company.id})
        shelf = self._product("Shelf")
        self._bom(shelf, [(self.leg, 1)])
        self._stock(4, self.leg)
        tables = self._wanted(1, self.table, 10)
        order = self._make(1, begin=20, product=shelf)
        self.assertEqual(sum(order.move_raw_ids.mapped("quantity")), 0)
        self.env.cr.precommit.run()
        order.with_user(planner).with_company(self.company).action_assign()
        self.env.cr.precommit.run()
        told = self.env["bus.bus"].search([], order="id desc", limit=1)
        self.assertIn(tables.order_id.name, told.message)
        self.assertIn("Leg", told.message)

    def test_what_is_made_for_who_is_due_later_puts_nobody_at_risk(self):
        self._stock(8, self.leg)
        sooner, later = self._wanted(1, self.table, 3), self._wanted(1, self.table, 14)
        self._make(1, begin=10)
        self._assert_kept(sooner, later)

    def test_a_receipt_that_slips_is_told_to_who_was_promised_it(self):
        self._supplier(12, self.leg)
        self._receipt(4, day(3), self.leg)
        second = self._receipt(4, day(7), self.leg)
        self._make(1)
        tables, legs = self._wanted(1, self.table, 8), self._wanted(4, self.leg, 10)
        self.assertEqual((tables.part_ids.source, legs.part_ids.source), ("receipt", "receipt"))
        self._assert_kept(tables, legs)
        second.picking_ids.move_ids.date = f"{day(21)} 12:00:00"
        self._follow_up(tables, legs)
        self.assertEqual((tables.at_risk, legs.at_risk), (False, True))

    def test_who_asks_later_takes_no_components_of_a_manufacturing_order(self):
        self.warehouse.manu_type_id.reservation_method = "manual"
        self._stock(4, self.leg)
        self._supplier(12, self.leg)
        self._make(1, begin=8)
        tables = self._confirm(1, self.table)
        self.assertEqual((tables.date, tables.part_ids.source), (day(10), "receipt"))
        legs = self._confirm(4, self.leg)
        self.assertEqual((legs.date, legs.order_line_id.move_ids.quantity), (day(14), 0))
        self._assert_kept(tables, legs)

    def test_production_that_is_ordered_late_keeps_the_components_it_was_promised(self):
        self.warehouse.manu_type_id.reservation_method = "manual"
        self._stock(4, self.leg)
        self._supplier(7, self.leg)
        tables = self._wanted(1, self.table, 14)
        legs = self._confirm(4, self.leg)
        self.assertEqual(legs.date, day(7))
        self._make(1, begin=10)
        legs.order_line_id.move_ids._action_assign()
        self.assertEqual(legs.order_line_id.move_ids.quantity, 0)
        self._assert_kept(tables, legs)

    def test_an_order_for_what_was_promised_reserves_its_components_when_it_is_confirmed(self):
        self._stock(4, self.leg)
        self._supplier(7, self.leg)
        tables, legs = self._wanted(1, self.table, 14), self._confirm(4, self.leg)
        order = self._make(1, begin=10)
        self.assertEqual(sum(order.move_raw_ids.mapped("quantity")), 4)
        self._assert_kept(tables, legs)

    def test_components_that_a_cancelled_order_gives_back_stay_with_who_was_promised_it(self):
        self._stock(4, self.leg)
        self._supplier(7, self.leg)
        order = self._make(1)
        tables = self._wanted(1, self.table, 4)
        self.assertEqual(tables.part_ids.source, "receipt")
        legs = self._wanted(4, self.leg, 8)
        self.assertEqual(legs.part_ids.source, "supplier")
        order.action_cancel()
        legs.order_line_id.move_ids._action_assign()
        self.assertEqual(legs.order_line_id.move_ids.quantity, 0)
        self._assert_kept(tables)

    def test_boards_and_benches_of_the_same_wood_put_nobody_at_risk(self):
        wood, board = self._product("Wood"), self._product("Board")
        shelf, bench = self._product("Shelf"), self._product("Bench")
        self._bom(board, [(wood, 1)], produce_delay=1)
        self._bom(shelf, [(board, 1)])
        self._bom(bench, [(board, 1)], produce_delay=2)
        self._stock(3, wood)
        self._supplier(2, wood)
        self._make(1, product=board)
        self._make(1, product=bench)
        first = self._confirm(1, shelf)
        second = self._confirm(2, bench)
        third = self._confirm(1, shelf)
        self.assertEqual([one.date for one in (first, second, third)], [day(1), day(3), day(3)])
        self._assert_kept(first, second, third)

    def test_what_falls_off_is_there_when_what_it_falls_off_is_made(self):
        waste = self._product("Shavings")
        self.env["res.config.settings"].create({"group_mrp_byproducts": True}).execute()
        self.bom.byproduct_ids = [(0, 0, {"product_id": waste.id, "product_qty": 5})]
        self._make(1)
        self.assertFalse(self._ask(5, waste).date)
        self._supplier(7, self.leg)
        self.assertEqual(self._ask(5, waste).date, day(9))

    def test_an_offer_of_what_is_made_is_looked_at_again_when_its_components_are_taken(self):
        tables = self._confirm(1, self.table)
        self._stock(4, self.leg)
        self._follow_up(tables)
        self.assertEqual(tables.better_date, day(2))
        self._forget()
        self._confirm(4, self.leg)
        self.assertIn(self.table, self._queued())
