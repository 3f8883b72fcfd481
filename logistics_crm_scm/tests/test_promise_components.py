from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_production_common import TableMixin


@tagged("post_install", "-at_install")
class TestPromiseComponents(TableMixin, TransactionCase):
    """What a table is promised to be made of is held, and legs are sold by themselves, too."""

    def test_it_is_kept_what_production_is_to_take(self):
        self._stock(6, self.leg)
        self._supplier(7, self.leg)
        tables = self._confirm(2, self.table)
        taken = tables.component_ids
        self.assertEqual((taken.product_id, taken.quantity, taken.made), (self.leg, 8, 0))
        self.assertEqual((taken.existing, taken.warehouse_id), (6, self.warehouse))

    def test_an_order_for_components_reserves_none_that_production_was_promised(self):
        self._stock(8, self.leg)
        self._supplier(7, self.leg)
        tables = self._wanted(2, self.table, 14)
        self.assertEqual(tables.component_ids.existing, 8)
        legs = self._confirm(8, self.leg)
        self.assertEqual((legs.date, legs.part_ids.source), (day(7), "supplier"))
        self.assertEqual(legs.order_line_id.move_ids.quantity, 0)
        self._assert_kept(tables, legs)
        told = legs.order_line_id.move_ids._tell_promised_to_others()
        self.assertIn(tables.order_id.name, told[0])

    def test_components_beyond_what_production_was_promised_are_reserved(self):
        self._stock(10, self.leg)
        self._wanted(2, self.table, 14)
        legs = self._confirm(2, self.leg)
        self.assertEqual((legs.date, legs.order_line_id.move_ids.quantity), (day(0), 2))

    def test_wood_is_not_reserved_for_others_than_the_table_it_becomes(self):
        wood = self._product("Wood")
        self._bom(self.leg, [(wood, 2)], produce_delay=1)
        self._stock(16, wood)
        self._supplier(7, wood)
        tables = self._wanted(2, self.table, 14)
        taken = {one.product_id: (one.existing, one.made) for one in tables.component_ids}
        self.assertEqual(taken, {self.leg: (0, 8), wood: (16, 0)})
        wooden = self._confirm(10, wood)
        self.assertEqual(wooden.date, day(7))
        self.assertEqual(wooden.order_line_id.move_ids.quantity, 0)
        self._assert_kept(tables, wooden)

    def test_an_order_of_components_that_are_bought_puts_no_production_at_risk(self):
        self._stock(4, self.leg)
        self._supplier(7, self.leg)
        tables = self._confirm(1, self.table)
        legs = self._confirm(10, self.leg)
        self.assertEqual((tables.date, legs.date), (day(2), day(7)))
        self._assert_kept(tables, legs)
        self.assertEqual(self._ask(1, self.table).date, day(9))

    def test_an_order_of_parts_that_are_made_puts_no_production_at_risk(self):
        wood = self._product("Wood")
        self._bom(self.leg, [(wood, 1)], produce_delay=3)
        self._stock(100, wood)
        self._stock(4, self.leg)
        tables, legs = self._confirm(1, self.table), self._confirm(10, self.leg)
        self.assertEqual((tables.date, legs.date), (day(2), day(3)))
        self._assert_kept(tables, legs)

    def test_who_begins_sooner_takes_components_before_who_is_due_sooner(self):
        shelf, wood = self._product("Shelf"), self._product("Wood")
        self._bom(shelf, [(self.leg, 1)])
        self._bom(self.leg, [(wood, 1)], produce_delay=1)
        self._stock(4, self.leg)
        self._stock(9, wood)
        tables, shelves = self._confirm(1, self.table), self._confirm(3, shelf)
        self.assertEqual((tables.date, shelves.date), (day(2), day(1)))
        self._assert_kept(tables, shelves)

    def test_an_order_without_a_date_takes_no_components_of_one_that_has_one(self):
        self._stock(8, self.leg)
        self._receipt(1, day(9), self.leg)
        shelf = self._product("Shelf")
        self._bom(shelf, [(self.leg, 1)])
        tables, shelves = self._confirm(1, self.table), self._confirm(9, shelf)
        self.assertEqual((tables.date, shelves.date), (day(2), False))
        self._assert_kept(tables)
        legs = self._confirm(9, self.leg)
        self.assertFalse(legs.date)
        self.assertLessEqual(legs.order_line_id.move_ids.quantity, 4)
        self._assert_kept(tables)

    def test_a_part_that_is_made_is_known_whichever_component_is_asked_for(self):
        wood, top = self._product("Wood"), self._product("Top")
        self._bom(self.leg, [(wood, 1)], produce_delay=1)
        desk = self._product("Desk")
        self._bom(desk, [(self.leg, 1), (top, 1)])
        self._stock(9, wood)
        self._stock(3, top)
        desks = self._confirm(2, desk)
        self.assertEqual(desks.date, day(1))
        self.assertEqual(self._ask(1, top).date, day(0))
        self.assertFalse(self._ask(2, top).date)

    def test_what_a_manufacturing_order_has_to_be_made_of_is_kept_for_it(self):
        wood = self._product("Wood")
        self._bom(self.leg, [(wood, 1)], produce_delay=1)
        self._stock(9, wood)
        self._make(2, begin=3)
        tables = self._confirm(2, self.table)
        self.assertEqual((tables.date, tables.part_ids.source), (day(5 + 2), "receipt"))
        wooden = self._confirm(2, wood)
        self.assertFalse(wooden.date)
        self.assertLessEqual(wooden.order_line_id.move_ids.quantity, 1)
        self._assert_kept(tables)

    def test_what_is_ordered_for_production_stays_its_own(self):
        self._stock(8, self.leg)
        self._supplier(7, self.leg)
        tables = self._wanted(2, self.table, 14)
        order = self._make(2)
        legs = self._confirm(8, self.leg)
        self.assertEqual(sum(order.move_raw_ids.mapped("quantity")), 8)
        self._assert_kept(tables, legs)

    def test_what_a_manufacturing_order_has_not_reserved_is_not_given_to_who_waits_for_more(self):
        self.warehouse.manu_type_id.reservation_method = "manual"
        self._stock(4, self.leg)
        self._receipt(4, day(21), self.leg)
        tables = self._wanted(1, self.table, 14)
        self._make(1, begin=10)
        legs = self._confirm(4, self.leg)
        self.assertEqual((legs.date, legs.order_line_id.move_ids.quantity), (day(21), 0))
        self._assert_kept(tables, legs)

    def test_a_cancelled_table_gives_its_legs_back(self):
        self._stock(8, self.leg)
        self._supplier(7, self.leg)
        tables, legs = self._wanted(2, self.table, 14), self._confirm(8, self.leg)
        self._forget()
        tables.order_id.sudo()._action_cancel()
        self.assertIn(self.leg, self._queued())
        self._follow_up(legs)
        self.assertEqual(legs.better_date, day(0))

    def test_a_manufacturing_order_counts_when_its_components_let_it(self):
        self._supplier(7, self.leg)
        self._make(2)
        promised = self._ask(2, self.table)
        self.assert_promised(promised, day(9), [("receipt", 2)])
        self.assertIn("waits for Leg", promised.explanation)

    def test_a_manufacturing_order_of_three_steps_counts_when_its_components_let_it(self):
        self.warehouse.manufacture_steps = "pbm_sam"
        self._supplier(7, self.leg)
        self._make(2)
        self.assert_promised(self._ask(2, self.table), day(9), [("receipt", 2)])
        self._stock(8, self.leg)
        self.assertLess(self._ask(2, self.table).date, day(9))

    def test_a_manufacturing_order_that_nobody_brings_components_for_is_no_supply(self):
        dust = self._product("Dust")
        self.bom.byproduct_ids = [(0, 0, {"product_id": dust.id, "product_qty": 1})]
        order = self._make(2)
        self.assertFalse(self._ask(2, self.table).date)
        promised = self._ask(2, dust)
        self.assertFalse(promised.date)
        self.assertIn(f"{order.name} waits for Leg", promised.explanation)
        self.assertNotIn("needed for others", promised.explanation)

    def test_a_manufacturing_order_waits_for_one_of_its_parts(self):
        wood = self._product("Wood")
        self._bom(self.leg, [(wood, 1)], produce_delay=1)
        self._receipt(8, day(7), wood)
        self._make(8, product=self.leg)
        self._make(2)
        self.assert_promised(self._ask(2, self.table), day(10), [("receipt", 2)])

    def test_a_late_component_of_a_manufacturing_order_is_told(self):
        legs = self._receipt(8, day(1), self.leg)
        self._make(2, begin=1)
        tables = self._confirm(2, self.table)
        self.assertEqual((tables.date, tables.part_ids.source), (day(3), "receipt"))
        self._forget()
        legs.picking_ids.move_ids.date = f"{day(9)} 12:00:00"
        self.assertIn(self.table, self._queued())
        with self.enter_registry_test_mode():
            self.env.ref("logistics_crm_scm.ir_cron_promise_recheck").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((tables.expected_date, tables.at_risk), (day(11), True))
        self.assertIn(legs.picking_ids.name, tables.change_ids[-1:].reason)
        legs.picking_ids.move_ids._action_cancel()
        self._follow_up(tables)
        self.assertFalse(tables.expected_date)

    def test_a_part_that_is_bought_sooner_takes_no_time_of_the_work_centre(self):
        (self.warehouse.buy_pull_id | self.warehouse.manufacture_pull_id).active = False
        self._supplier(2, self.leg)
        center = self.env["mrp.workcenter"].create(
            {"name": "Saw", "company_id": self.company.id, "resource_calendar_id": self.calendar.id}
        )
        step = {"name": "Cut", "workcenter_id": center.id}
        step |= {"time_cycle_manual": 480, "time_mode": "manual"}
        self.bom.operation_ids = [(0, 0, step)]
        bought = self._ask(1, self.table).date
        wood = self._product("Wood")
        self._stock(100, wood)
        self._bom(self.leg, [(wood, 1)]).operation_ids = [(0, 0, step)]
        self.assertEqual(self._ask(1, self.table).date, bought)
