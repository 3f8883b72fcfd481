from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm_scm.tools.promise_data import Demand

from .promise_common import day
from .promise_production_common import ProductionMixin


@tagged("post_install", "-at_install")
class TestPromiseProduction(ProductionMixin, TransactionCase):
    """A table of four legs, made in two days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leg, cls.table = cls._product("Leg"), cls._product("Table")
        cls.bom = cls._bom(cls.table, [(cls.leg, 4)], produce_delay=2)

    def test_what_components_in_stock_can_make_is_promised_after_the_lead_time(self):
        self._stock(8, self.leg)
        promised = self._ask(2, self.table)
        self.assert_promised(promised, day(2), [("production", 2)])
        self.assertIn("from production", promised.explanation)

    def test_production_adds_to_what_is_in_stock(self):
        self._stock(1, self.table)
        self._stock(8, self.leg)
        self.assert_promised(self._ask(3, self.table), day(2), [("stock", 1), ("production", 2)])

    def test_production_waits_for_the_receipt_of_a_component_which_is_named(self):
        self._stock(4, self.leg)
        self._receipt(8, day(1), self.leg)
        promised = self._ask(3, self.table)
        self.assert_promised(promised, day(3))
        self.assertIn("Leg is what it waits for", promised.explanation)

    def test_production_waits_for_the_supplier_of_a_component(self):
        self._supplier(7, self.leg)
        self._stock(4, self.leg)
        self.assert_promised(self._ask(1, self.table), day(2))
        self.assert_promised(self._ask(2, self.table), day(9))

    def test_without_components_it_is_not_known_and_said_why(self):
        self._stock(7, self.leg)
        promised = self._ask(2, self.table)
        self.assertFalse(promised.date)
        self.assertIn("component Leg", promised.explanation)

    def test_a_part_that_is_made_itself_comes_before(self):
        wood = self._product("Wood")
        self._bom(self.leg, [(wood, 1)], produce_delay=1)
        self._stock(3, self.leg)
        self._stock(1, wood)
        self.assert_promised(self._ask(1, self.table), day(3))
        self.assertIn("Wood", self._ask(2, self.table).explanation)

    def test_tables_and_legs_of_one_call_share_the_legs(self):
        self._stock(4, self.leg)
        demands = [Demand(one, 1, ship_to=self.customer) for one in (self.table, self.leg)]
        dates = [item.date for item in self.engine._promise(demands, self.company)]
        self.assertEqual(sorted(filter(None, dates)), [max(filter(None, dates))])

    def test_what_is_held_from_production_takes_its_components(self):
        self._stock(8, self.leg)
        held = self._confirm(1, self.table)
        self.assertEqual((held.date, held.part_ids.source), (day(2), "production"))
        self.assert_promised(self._ask(4, self.leg), day(0))
        self.assertFalse(self._ask(5, self.leg).date)
        self.assertFalse(self._ask(2, self.table).date)

    def test_what_is_held_from_production_is_not_at_risk_while_its_components_are_there(self):
        self._stock(4, self.leg)
        held = self._confirm(1, self.table)
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.expected_date, held.at_risk), (day(2), False))
        self._stock(-4, self.leg)
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertTrue(held.at_risk)

    def test_a_change_of_a_component_has_what_is_made_of_it_checked(self):
        self._stock(4, self.leg)
        self._confirm(1, self.table)
        queue = self.env["logistics.promise.recheck"]
        queue.search([]).unlink()
        other = self._product("Lamp")
        for product in (self.leg, other):
            queue.sudo()._note(product, self.company, {"en_US": "counted"})
        self.env.cr.precommit.run()
        self.assertEqual(queue.search([]).product_id, self.table)

    def test_a_confirmed_manufacturing_order_is_supply_when_it_is_finished(self):
        self._stock(8, self.leg)
        made = self._order(2, day(4))
        promised = self._ask(2, self.table)
        self.assert_promised(promised, day(4), [("receipt", 2)])
        self.assertIn(made.name, promised.explanation)
        self.assertFalse(self._ask(1, self.leg).date)

    def _order(self, quantity, finished, **values):
        order = self.env["mrp.production"].create(
            {
                "product_id": self.table.id,
                "product_qty": quantity,
                "bom_id": self.bom.id,
                "company_id": self.company.id,
                "date_start": f"{day(1)} 08:00:00",
                **values,
            }
        )
        order.action_confirm()
        order.move_finished_ids.date = f"{finished} 12:00:00"
        return order

    def test_days_to_prepare_count_for_components_that_are_not_counted(self):
        glue = self._product("Glue", is_storable=False)
        shelf = self._product("Shelf")
        self._bom(shelf, [(glue, 1)], produce_delay=1, days_to_prepare_mo=2)
        self.assert_promised(self._ask(5, shelf), day(3))

    def test_production_waits_until_its_work_centre_is_free(self):
        self._stock(100, self.leg)
        center = self.env["mrp.workcenter"].create(
            {
                "name": "Saw",
                "company_id": self.company.id,
                "resource_calendar_id": self.calendar.id,
                "time_start": 0,
                "time_stop": 0,
            }
        )
        step = {"name": "Cut", "workcenter_id": center.id, "time_cycle_manual": 480}
        self.bom.operation_ids = [(0, 0, {**step, "time_mode": "manual"})]
        self.assert_promised(self._ask(1, self.table), day(2))
        self._order(4, day(24), date_start=f"{day(21)} 08:00:00")  # leaves this week to others
        self.assert_promised(self._ask(1, self.table), day(2))
        self._order(4, day(30), date_start=f"{day(0)} 08:00:00")
        self.assert_promised(self._ask(1, self.table), day(7))  # begins on Friday, two days to make

    def _add_saw(self, minutes):
        center = self.env["mrp.workcenter"].create(
            {
                "name": "Saw",
                "company_id": self.company.id,
                "resource_calendar_id": self.calendar.id,
                "time_start": 0,
                "time_stop": 0,
            }
        )
        step = {"name": "Cut", "workcenter_id": center.id, "time_cycle_manual": minutes}
        self.bom.operation_ids = [(0, 0, {**step, "time_mode": "manual"})]

    def test_many_take_as_long_as_the_work_centre_needs_for_them(self):
        self._stock(100, self.leg)
        self._add_saw(480)  # one a day
        self.assert_promised(self._ask(1, self.table), day(2))
        promised = self._ask(5, self.table)
        self.assert_promised(promised, day(4))
        self.assertIn("Making them takes 5 working days", promised.explanation)
        self.assert_promised(self._ask(7, self.table), day(8))  # after the weekend
        self._stock(4, self.table)
        self.assert_promised(self._ask(5, self.table), day(2))

    def test_what_is_promised_from_production_keeps_its_work_centre_busy(self):
        self._stock(100, self.leg)
        self._add_saw(480)
        held = self._confirm(5, self.table)
        self.assertEqual(held.date, day(4))
        self.assert_promised(self._ask(1, self.table), day(9))  # free on Monday, two days to make
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertFalse(held.at_risk)

    def test_production_that_is_wanted_late_leaves_its_work_centre_to_others_before(self):
        self._stock(100, self.leg)
        self._add_saw(480)
        order = self._quotation(5, self.table, commitment_date=f"{day(28)} 12:00:00")
        order.action_confirm()
        held = order.order_line.promise_line_ids
        self.assertEqual(held.date, day(28))
        soon = self._confirm(3, self.table)
        self.assertEqual(soon.date, day(2))
        for promises in (held | soon, held, soon):
            self.engine.sudo()._follow_up(promises.sudo(), {})
            self.assertEqual((held.expected_date, soon.expected_date), (day(28), day(2)))
            self.assertFalse(held.better_date or soon.better_date)

    def test_who_waits_for_a_busy_work_centre_is_told_so(self):
        self._stock(100, self.leg)
        self._add_saw(480)
        self._confirm(5, self.table)
        self.assertIn("Saw is busy before", self._ask(1, self.table).explanation)

    def test_two_products_of_one_work_centre_wait_for_each_other(self):
        self._stock(100, self.leg)
        self._add_saw(480)
        board, shelf = self._product("Board"), self._product("Shelf")
        self._stock(100, board)
        other = self._bom(shelf, [(board, 1)])
        step = {"name": "Cut", "workcenter_id": self.bom.operation_ids.workcenter_id.id}
        step |= {"time_cycle_manual": 480, "time_mode": "manual"}
        other.operation_ids = [(0, 0, step)]
        first = self._confirm(3, shelf)
        second = self._confirm(3, self.table)
        self.assertEqual((first.date, second.date), (day(2), day(7)))
        for promises in (first | second, first, second):
            self.engine.sudo()._follow_up(promises.sudo(), {})
            self.assertFalse(any((first | second).mapped("at_risk")))

    def _make_shelf(self, center=None):
        """Return a product that is made of one leg, on a work centre a day a piece."""
        shelf = self._product("Shelf")
        bom = self._bom(shelf, [(self.leg, 1)])
        if center:
            step = {"name": "Cut", "workcenter_id": center.id, "time_cycle_manual": 480}
            bom.operation_ids = [(0, 0, {**step, "time_mode": "manual"})]
        return shelf

    def _assert_kept(self, *promises):
        """Check promises together and one by one: none is late, and no earlier date offered."""
        every = self.env["logistics.promise.line"].union(*promises)
        for some in (every, *promises):
            self.engine.sudo()._follow_up(some.sudo(), {})
            for one in every:
                self.assertFalse(one.at_risk or one.better_date, one.explanation)
                self.assertEqual(one.expected_date, one.date)

    def test_what_has_no_date_takes_no_component_of_another_product_that_has_one(self):
        self._stock(10, self.leg)
        shelf, board = self._make_shelf(), self._product("Board")
        self._bom(board, [(self.leg, 1)])
        for first, second in ((shelf, board), (board, shelf)):
            wanted = self._quotation(4, first, commitment_date=f"{day(7)} 12:00:00")
            wanted.action_confirm()
            dated = wanted.order_line.promise_line_ids
            undated = self._confirm(9, second)
            self.assertEqual((dated.date, undated.date), (day(7), False))
            self._assert_kept(dated, undated)
            (wanted | undated.order_id).sudo()._action_cancel()

    def test_components_are_promised_once_though_a_later_receipt_exists(self):
        self._stock(8, self.leg)
        shelf = self._make_shelf()
        self._receipt(2, day(11), shelf)
        first, second = self._confirm(3, shelf), self._confirm(7, shelf)
        self.assertEqual((first.date, second.date), (day(0), day(11)))
        self._assert_kept(first, second)
        self.assertFalse(self._ask(1, self.leg).date)

    def test_work_centres_are_promised_once_though_a_later_order_exists(self):
        self._stock(100, self.leg)
        self._add_saw(480)
        shelf = self._make_shelf(self.bom.operation_ids.workcenter_id)
        self._receipt(2, day(25), shelf)
        first, second = self._confirm(3, shelf), self._confirm(5, shelf)
        self.assertEqual((first.date, second.date), (day(2), day(9)))
        self._assert_kept(first, second)

    def test_a_look_at_one_product_counts_what_others_take(self):
        self._stock(100, self.leg)
        self._add_saw(480)
        center = self.bom.operation_ids.workcenter_id
        shelf = self._make_shelf(center)
        tables = self._confirm(2, self.table)
        shelves, gone = self._confirm(1, shelf), self._confirm(1, shelf)
        self.assertEqual((tables.date, shelves.date, gone.date), (day(2), day(2), day(3)))
        self._assert_kept(tables, shelves, gone)
        gone.order_id.sudo()._action_cancel()
        self._assert_kept(tables, shelves)

    def test_a_part_that_is_sold_too_is_not_offered_twice(self):
        self._stock(3, self.leg)
        self._receipt(10, day(7), self.leg)
        shelf, rack = self._make_shelf(), self._product("Rack")
        self._bom(rack, [(shelf, 1)])
        parts, racks = self._confirm(3, shelf), self._confirm(2, rack)
        self.assertEqual((parts.date, racks.date), (day(0), day(7)))
        self._assert_kept(parts, racks)

    def test_operations_are_done_one_after_another(self):
        self._stock(100, self.leg)
        self._add_saw(480)
        shelf = self._make_shelf(self.bom.operation_ids.workcenter_id)
        booth = self.bom.operation_ids.workcenter_id.copy({"name": "Booth"})
        step = {"name": "Paint", "workcenter_id": booth.id, "time_cycle_manual": 480}
        bom = self.env["mrp.bom"]._bom_find(shelf, company_id=self.company.id)[shelf]
        bom.operation_ids = [(0, 0, {**step, "time_mode": "manual", "sequence": 200})]
        promised = self._ask(1, shelf)
        self.assert_promised(promised, day(1))
        self.assertIn("Making them takes 2 working days", promised.explanation)
        held = self._confirm(2, shelf)
        self.assertEqual(held.date, day(3))
        self._assert_kept(held)

    def test_who_shares_a_work_centre_waits_for_the_turn_of_the_other(self):
        self._add_saw(480)
        plank, shelf = self._product("Plank"), self._product("Shelf")
        bom = self._bom(shelf, [(plank, 1)])
        turns = self.engine._get_components
        self.assertFalse(turns(shelf, self.company) & turns(self.table, self.company))
        self.bom.operation_ids.copy({"bom_id": bom.id})
        self.assertTrue(turns(shelf, self.company) & turns(self.table, self.company))

    def test_operations_of_other_variants_take_no_time(self):
        self._stock(100, self.leg)
        finish = self.env["product.attribute"].create(
            {"name": "Finish", "value_ids": [(0, 0, {"name": "Raw"}), (0, 0, {"name": "Painted"})]}
        )
        values = {"attribute_id": finish.id, "value_ids": [(6, 0, finish.value_ids.ids)]}
        template = self.env["product.template"].create(
            {
                "name": "Bench",
                "type": "consu",
                "is_storable": True,
                "attribute_line_ids": [(0, 0, values)],
            }
        )
        raw, painted = template.product_variant_ids
        bom = self._bom(raw, [(self.leg, 1)], product_id=False)
        self._add_saw(480)
        self.bom.operation_ids.copy(
            {
                "bom_id": bom.id,
                "bom_product_template_attribute_value_ids": [
                    (6, 0, painted.product_template_attribute_value_ids.ids)
                ],
            }
        )
        self.assert_promised(self._ask(5, raw), day(0))
        self.assert_promised(self._ask(5, painted), day(4))

    def test_setting_up_takes_time_for_each_order(self):
        self._stock(100, self.leg)
        self._add_saw(480)
        center = self.bom.operation_ids.workcenter_id
        shelf = self._make_shelf(center)
        center.write({"time_start": 240, "time_stop": 240})
        self.assert_promised(self._ask(1, shelf), day(1))
        self.assert_promised(self._ask(3, shelf), day(3))

    def _make_to_order(self):
        """Return the shelf as a product that is made for each order."""
        shelf = self._make_shelf(self.bom.operation_ids.workcenter_id)
        self.warehouse.mto_pull_id.route_id.active = True
        shelf.route_ids = (
            self.warehouse.mto_pull_id.route_id | self.warehouse.manufacture_pull_id.route_id
        )
        return shelf

    def test_what_is_made_to_order_begins_in_time(self):
        self._stock(100, self.leg)
        self._add_saw(480)
        shelf = self._make_to_order()
        held = self._confirm(3, shelf)
        self.assertEqual(held.date, day(2))
        order = self.env["mrp.production"].search([("product_id", "=", shelf.id)])
        self.assertEqual(order.product_qty, 3)
        self.assertLessEqual(order.date_finished.date(), day(2))
        self._assert_kept(held)

    def test_what_is_made_to_order_begins_as_many_working_days_before_as_it_takes(self):
        self._stock(100, self.leg)
        self._add_saw(480)
        shelf = self._make_to_order()
        held = self._confirm(8, shelf, commitment_date=f"{day(18)} 12:00:00")
        self.assertEqual(held.date, day(18))
        order = self.env["mrp.production"].search([("product_id", "=", shelf.id)])
        self.assertLessEqual(order.date_start.date(), day(9))  # eight working days to Friday
        order.button_plan()
        self._assert_kept(held)

    def test_more_of_what_is_made_to_order_is_made_apart_for_its_own_day(self):
        self._stock(100, self.leg)
        self._add_saw(480)
        shelf = self._make_to_order()
        held = self._confirm(2, shelf)
        self.assertEqual(held.date, day(1))
        held.order_line_id.product_uom_qty = 6
        more = held.order_line_id.promise_line_ids - held
        self.assertEqual((more.quantity, more.date), (4, day(7)))
        orders = self.env["mrp.production"].search([("product_id", "=", shelf.id)], order="id")
        self.assertEqual(orders.mapped("product_qty"), [2, 4])
        self._assert_kept(held, more)
        self.assertFalse(held.change_ids)
        held.order_line_id.product_uom_qty = 1
        self.assertEqual((held.quantity, more.state), (1, "cancelled"))

    def test_what_is_made_sooner_does_not_wait_for_a_receipt(self):
        self._stock(100, self.leg)
        self._add_saw(60)
        self._receipt(3, day(40), self.table)
        held = self._confirm(3, self.table)
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.date, held.expected_date), (day(2), day(2)))

    def test_queries_do_not_grow_with_the_products_that_are_made(self):
        products = [self._product(f"Made {number}") for number in range(20)]
        for product in products:
            part = self._product(f"Part of {product.name}")
            self._bom(product, [(part, 1)], produce_delay=1)
            self._stock(5, part)
        self._assert_queries_constant(products, 2, {day(1)})
