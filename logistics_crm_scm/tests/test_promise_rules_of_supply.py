from itertools import product as combine

from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm_scm.tools.promise_data import Demand

from .promise_common import day
from .promise_production_common import TableMixin


@tagged("post_install", "-at_install")
class TestPromiseRulesOfSupply(TableMixin, TransactionCase):
    """What can be bought and made comes as Odoo's rules bring it; a table takes eight days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.produce_delay = 8
        cls.buy = cls.warehouse.buy_pull_id.route_id
        cls.make = cls.warehouse.manufacture_pull_id.route_id
        (cls.buy | cls.make).write({"product_selectable": True, "product_categ_selectable": True})
        cls._stock(100, cls.leg)

    def _reorder(self, route=None):
        """Have the table bought or made automatically when it is ordered."""
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.table.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "company_id": self.company.id,
                "trigger": "auto",
                "route_id": route and route.id,
            }
        )

    def _sell(self):
        """Return the promise of three tables, and what Odoo makes and buys for it."""
        held = self._confirm(3, self.table)
        rules = self.env["stock.warehouse.orderpoint"].search([("product_id", "=", self.table.id)])
        rules._procure_orderpoint_confirm(company_id=self.company)
        made = self.env["mrp.production"].search([("product_id", "=", self.table.id)])
        bought = self.env["purchase.order"].search([("order_line.product_id", "=", self.table.id)])
        return held, made, bought

    def _assert_made(self):
        held, made, bought = self._sell()
        self.assertEqual((held.part_ids.source, held.date), ("production", day(8)))
        self.assertEqual((made.product_qty, len(bought)), (3, 0))
        self._assert_kept(held)

    def _assert_bought(self, delay):
        held, made, bought = self._sell()
        self.assertEqual((held.part_ids.source, held.date), ("supplier", day(delay)))
        self.assertEqual((bought.order_line.product_qty, len(made)), (3, 0))
        self._assert_kept(held)
        bought.button_confirm()
        self._assert_kept(held)

    def test_what_the_warehouse_makes_is_not_promised_from_a_sooner_supplier(self):
        self._supplier(3, self.table)
        self._reorder()
        self._assert_made()

    def test_what_its_reordering_rule_buys_is_not_promised_from_sooner_production(self):
        self._supplier(30, self.table)
        self._reorder(self.buy)
        self._assert_bought(30)

    def test_what_its_own_route_buys_is_not_promised_from_sooner_production(self):
        self._supplier(30, self.table)
        self.table.route_ids = self.buy
        self._reorder()
        self._assert_bought(30)

    def test_what_its_own_route_makes_is_not_promised_from_a_sooner_supplier(self):
        self._supplier(3, self.table)
        self.table.route_ids = self.make
        self._reorder()
        self._assert_made()

    def test_what_the_route_of_its_category_buys_is_promised_from_the_supplier(self):
        self._supplier(30, self.table)
        self.table.categ_id = self.env["product.category"].create(
            {"name": "Bought", "route_ids": [(6, 0, self.buy.ids)]}
        )
        self._reorder()
        self._assert_bought(30)

    def test_the_reordering_rule_comes_before_the_routes_of_the_product(self):
        self._supplier(3, self.table)
        self.table.route_ids = self.buy
        self._reorder(self.make)
        self._assert_made()

    def test_of_two_routes_of_the_product_the_first_counts(self):
        self._supplier(30, self.table)
        self.table.route_ids = self.buy | self.make
        self.assert_promised(self._ask(3, self.table), day(8))
        self.buy.sequence = self.make.sequence - 1
        self._reorder()
        self._assert_bought(30)

    def test_without_a_rule_of_either_kind_the_sooner_way_counts(self):
        self._supplier(3, self.table)
        (self.warehouse.buy_pull_id | self.warehouse.manufacture_pull_id).active = False
        self.assert_promised(self._ask(3, self.table), day(3), [("supplier", 3)])
        self.bom.produce_delay = 1
        self.assert_promised(self._ask(3, self.table), day(1), [("production", 3)])

    def test_where_only_one_way_is_known_it_counts_whatever_the_rules_say(self):
        self.table.route_ids = self.buy
        self.assert_promised(self._ask(3, self.table), day(8), [("production", 3)])
        self._supplier(3)
        self.product.route_ids = self.make
        self.assert_promised(self._ask(3), day(3), [("supplier", 3)])

    def test_each_warehouse_follows_its_own_rules(self):
        self._supplier(30, self.table)
        other = self._warehouse("B")
        self._stock(100, self.leg, other)
        self._reorder(self.buy)
        for warehouse, expected in ((self.warehouse, day(30)), (other, day(8))):
            promised = self._ask(3, self.table, warehouse=warehouse, only=True)
            self.assert_promised(promised, expected)
        self.assert_promised(self._ask(3, self.table), day(8))

    def test_components_are_bought_or_made_by_the_rules_too(self):
        wood, lamp, foot = self._product("Wood"), self._product("Lamp"), self._product("Foot")
        self._stock(100, wood)
        self._bom(foot, [(wood, 1)], produce_delay=5)
        self._bom(lamp, [(foot, 1)], produce_delay=8)
        self._supplier(2, foot)
        self.assert_promised(self._ask(1, lamp), day(15))  # made on a Saturday, so on Monday
        foot.route_ids = self.buy
        self.assert_promised(self._ask(1, lamp), day(10))

    def test_what_is_on_order_counts_whatever_the_rules_say(self):
        self._supplier(30, self.table)
        self.table.route_ids = self.buy
        order = self._make(3)
        promised = self._ask(3, self.table)
        self.assert_promised(promised, day(8), [("receipt", 3)])
        self.assertIn(order.name, promised.explanation)
        self._supplier(3, self.leg)
        self.leg.route_ids = self.make
        self._receipt(500, day(1), self.leg)
        self.assert_promised(self._ask(500, self.leg), day(1))

    def test_what_cannot_be_made_is_not_known_though_it_could_be_bought_and_said_why(self):
        self._supplier(3, self.table)
        promised = self._ask(30, self.table)
        self.assertFalse(promised.date)
        self.assertIn("Table has a supplier, but its routes have it made.", promised.explanation)
        self.table.route_ids = self.buy
        self.assert_promised(self._ask(30, self.table), day(3))

    def test_what_is_procured_for_each_order_follows_its_routes(self):
        self._supplier(30, self.table)
        mto = self.warehouse.mto_pull_id.route_id
        mto.active = True
        self.table.route_ids = mto | self.buy
        self._assert_bought(30)

    def _sell_by(self, routes):
        """Return the promise of three tables on a line with routes, and what Odoo procures."""
        self.warehouse.mto_pull_id.route_id.active = True
        routes |= self.warehouse.mto_pull_id.route_id
        order = self._quotation(3, self.table, user_id=self.seller.id)
        order.order_line.route_ids = routes
        order.action_confirm()
        made = self.env["mrp.production"].search([("product_id", "=", self.table.id)])
        bought = self.env["purchase.order"].search([("order_line.product_id", "=", self.table.id)])
        return order.order_line.promise_line_ids, made, bought

    def test_the_routes_on_the_line_buy_what_is_usually_made(self):
        self._supplier(30, self.table)
        held, made, bought = self._sell_by(self.buy)
        self.assertEqual((held.part_ids.source, held.date), ("supplier", day(30)))
        self.assertEqual((len(made), bought.order_line.product_qty), (0, 3))
        self._assert_kept(held)
        bought.button_confirm()
        self._assert_kept(held)

    def test_the_routes_on_the_line_make_what_is_usually_bought(self):
        self._supplier(30, self.table)
        self.table.route_ids = self.buy
        held, made, bought = self._sell_by(self.make)
        self.assertEqual((held.part_ids.source, held.date), ("production", day(8)))
        self.assertEqual((made.product_qty, len(bought)), (3, 0))
        self._assert_kept(held)

    def test_the_routes_on_another_line_change_nothing(self):
        self._supplier(30, self.table)
        self.warehouse.mto_pull_id.route_id.active = True
        routes = self.buy | self.warehouse.mto_pull_id.route_id
        asked = [Demand(self.table, 3, ship_to=self.customer, routes=own) for own in (routes, None)]
        dates = [one.date for one in self.engine._promise(asked, self.company)]
        self.assertEqual(dates, [day(30), day(8)])
        self.assert_promised(self._ask(3, self.table, routes=self.buy), day(8))

    def test_the_choice_is_that_of_odoo_however_routes_are_combined(self):
        self._supplier(3, self.table)
        category = self.env["product.category"].create({"name": "Any"})
        self.table.categ_id = category
        rule, none = self._reorder(), self.buy.browse()
        routes = (none, self.buy, self.make)
        steps = (("one_step", "mrp_one_step"), ("three_steps", "pbm_sam"))
        for receive, manufacture in steps:
            self.warehouse.write({"reception_steps": receive, "manufacture_steps": manufacture})
            for first in (self.buy, self.make):
                first.sequence = 0
                (self.buy + self.make - first).sequence = 1
                for own, more, reorder in combine((*routes, self.buy | self.make), routes, routes):
                    self.table.route_ids, category.route_ids, rule.route_id = own, more, reorder
                    self._check_choice(rule)

    def _check_choice(self, rule):
        found = self.table._get_rules_from_location(rule.location_id, route_ids=rule.route_id)
        engine = self.engine.sudo().with_company(self.company)
        demand = engine._complete_demand(Demand(self.table, 1, ship_to=self.customer))
        choices = engine._get_scene([demand], self.company).choices
        self.assertEqual(choices[self.table.id, self.warehouse.id], found[-1:].action)

    def _supply_from(self, source):
        """Return a warehouse that routes may bring goods to from another."""
        return self._warehouse("C", resupply_wh_ids=[(6, 0, source.ids)])

    def test_what_its_route_brings_from_another_warehouse_is_neither_bought_nor_made(self):
        third = self._supply_from(self.warehouse)
        self._stock(100, self.leg, third)
        self._supplier(3, self.table)
        self.table.route_ids = third.resupply_route_ids
        promised = self._ask(3, self.table, warehouse=third, only=True)
        self.assertFalse(promised.date)
        self.assertRegex(
            promised.explanation, "^Not known .* to Warehouse C from another warehouse"
        )
        found = self.table._get_rules_from_location(third.lot_stock_id)
        self.assertEqual(found.location_src_id.warehouse_id, self.warehouse)
        self.assert_promised(self._ask(3, self.table, warehouse=third), day(8))
        self._stock(2, self.table, third)
        promised = self._ask(2, self.table, warehouse=third, only=True)
        self.assert_promised(promised, day(0), [("stock", 2)])

    def test_the_route_of_its_reordering_rule_or_category_brings_it_from_there_as_well(self):
        third = self._supply_from(self.warehouse)
        self._supplier(3)
        asked = {"warehouse": third, "only": True}
        self.assert_promised(self._ask(3, **asked), day(3))
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "location_id": third.lot_stock_id.id,
                "company_id": self.company.id,
                "route_id": third.resupply_route_ids.id,
            }
        )
        self.assertFalse(self._ask(3, **asked).date)
        rule.route_id = self.buy
        self.assert_promised(self._ask(3, **asked), day(3))
        rule.route_id = False
        self.product.categ_id = self.env["product.category"].create(
            {"name": "Moved", "route_ids": [(6, 0, third.resupply_route_ids.ids)]}
        )
        self.assertFalse(self._ask(3, **asked).date)
        self.product.route_ids = self.buy
        self.assert_promised(self._ask(3, **asked), day(3))

    def test_a_component_that_another_warehouse_supplies_is_named(self):
        third = self._supply_from(self.warehouse)
        self._supplier(3, self.leg)
        self.leg.route_ids = third.resupply_route_ids
        promised = self._ask(3, self.table, warehouse=third, only=True)
        self.assertFalse(promised.date)
        self.assertIn("The routes of Leg bring it to Warehouse C", promised.explanation)

    def test_the_reordering_rule_of_a_shelf_counts_where_there_is_none_for_the_stock(self):
        self._supplier(30, self.table)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        rule = self._reorder(self.buy)
        rule.location_id = shelf
        self.assert_promised(self._ask(3, self.table), day(30))
        self._reorder(self.make)
        self.assert_promised(self._ask(3, self.table), day(8))

    def test_nothing_is_made_of_a_component_that_is_archived(self):
        held = self._confirm(3, self.table)
        self.leg.active = False
        promised = self._ask(3, self.table)
        self.assertFalse(promised.date)
        self.assertIn("Table is not made: of its bill of materials, Leg", promised.explanation)
        self._follow_up(held)
        self.assertEqual((held.expected_date, held.at_risk), (False, True))
        self.leg.active = True
        self.assert_promised(self._ask(3, self.table), day(8))
        self._assert_kept(held)

    def test_queries_do_not_grow_with_the_products_that_are_bought_and_made(self):
        products = [self._product(f"Both {number}") for number in range(20)]
        for number, product in enumerate(products):
            self._bom(product, [(self.leg, 1)], produce_delay=4)
            self._supplier(1, product)
            product.route_ids = (self.buy, self.make, self.buy.browse())[number % 3]
        self._assert_queries_constant(products, 3, {day(1), day(4)})
