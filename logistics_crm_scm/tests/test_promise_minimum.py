from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm_scm.tools.promise_data import Demand

from .promise_common import PromiseMixin, day


@tagged("post_install", "-at_install")
class TestPromiseMinimum(PromiseMixin, TransactionCase):
    """The first supplier brings a hundred bolts or more in two days, another any in twenty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big = cls._supplier(2, sequence=1, min_qty=100)
        cls.small = cls._named("Small", 20, sequence=2)

    @classmethod
    def _named(cls, name, delay, **values):
        partner = cls.env["res.partner"].create({"name": name})
        return cls._supplier(delay, partner_id=partner.id, **values)

    def _get_chosen(self, quantity, product=None):
        """Return the product.supplierinfo by which the engine buys, and Odoo's."""
        product = product or self.product
        steps = self.engine._get_sellers(product, self.company)[product.id]
        ours = [info for least, info in steps if least <= quantity][-1]
        return ours, product.with_company(self.company)._select_seller(
            quantity=quantity, uom_id=product.uom_id
        )

    def _sell(self, quantity):
        """Return the promise of bolts, and the order with which Odoo buys them."""
        held = self._quotation(quantity, confirm=True).order_line.promise_line_ids
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "company_id": self.company.id,
            }
        )
        rule._procure_orderpoint_confirm(company_id=self.company)
        line = self.env["purchase.order.line"].search([("product_id", "=", self.product.id)])
        return held, line.order_id

    def _follow_up(self, *held):
        for one in held:
            self.engine.sudo()._follow_up(one.sudo(), {})

    def test_too_little_is_promised_from_whom_odoo_buys_it(self):
        held, bought = self._sell(5)
        self.assertEqual(held.date, day(21))  # a Sunday, so on Monday
        self.assertIn("Small", held.explanation_text)
        self.assertEqual(bought.partner_id, self.small.partner_id)

    def test_enough_is_promised_from_the_first(self):
        held, bought = self._sell(100)
        self.assertEqual((held.date, bought.partner_id), (day(2), self.vendor))

    def test_what_is_in_stock_is_not_bought(self):
        self._stock(30)
        self.assert_promised(self._ask(120), day(21), [("stock", 30), ("supplier", 90)])
        self.assert_promised(self._ask(130), day(2), [("stock", 30), ("supplier", 100)])

    def test_what_was_promised_stays_whatever_else_is_held(self):
        much, little = (
            self._quotation(quantity, confirm=True).order_line.promise_line_ids
            for quantity in (100, 5)
        )
        self._follow_up(much, little, much | little)
        self.assertEqual((much.expected_date, little.expected_date), (day(2), day(21)))
        self._stock(40)
        self._follow_up(much, little, much | little)
        self.assertEqual((much.expected_date, much.at_risk), (day(2), False))
        self.assertFalse(little.at_risk)

    def test_the_minimum_is_one_of_the_suppliers_unit(self):
        self.big.write({"min_qty": 10, "product_uom_id": self.env.ref("uom.product_uom_dozen").id})
        self.assert_promised(self._ask(119), day(21))
        self.assert_promised(self._ask(120), day(2))
        dozen = self.env.ref("uom.product_uom_dozen")
        self.assert_promised(self._ask(10, unit=dozen), day(2))

    def test_a_minimum_of_whoever_is_the_only_one_keeps_nothing_from_being_bought(self):
        self.small.unlink()
        self.assert_promised(self._ask(5), day(2), [("supplier", 5)])

    def test_the_reordering_rule_names_the_supplier_whatever_its_minimum(self):
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "company_id": self.company.id,
                "supplier_id": self.big.id,
            }
        )
        self.assert_promised(self._ask(5), day(2))

    def test_whose_lead_time_is_not_known_is_left_out(self):
        self.small.delay = 0
        self.assert_promised(self._ask(5), day(2))

    def test_who_is_chosen_is_whom_odoo_chooses(self):
        currency = self.env["res.currency"].create({"name": "XPR", "symbol": "x"})
        currency.rate_ids = [(0, 0, {"rate": 0.1, "name": day(-9)})]
        other = self._product("Variant")
        self._supplier(9, sequence=1, min_qty=30, price=7.0)
        self._supplier(8, sequence=1, min_qty=30, price=9.0, discount=50.0)
        self._supplier(7, sequence=3, min_qty=60, price=1.0, currency_id=currency.id)
        self._supplier(6, sequence=0, min_qty=400, price=1.0)
        self._named("Third", 5, sequence=2, min_qty=40, price=0.5)
        self._named("Fourth", 4, sequence=0, min_qty=250, price=0.5)
        for delay, least, price in ((3, 0, 5.0), (4, 10, 6.0), (5, 20, 4.0)):
            self._supplier(delay, other, min_qty=least, price=price)
        for product in (self.product, other):
            for quantity in (1, 5, 10, 20, 29, 30, 40, 59, 60, 100, 249, 250, 399, 400, 1000):
                ours, expected = self._get_chosen(quantity, product)
                self.assertEqual(ours, expected, quantity)

    def test_it_goes_straight_from_whom_the_quantity_says(self):
        if "is_dropship" not in self.env["stock.picking"]._fields:
            self.skipTest("stock_dropshipping is not installed")
        self.product.route_ids = self.env.ref("stock_dropshipping.route_drop_shipping")
        self.assert_promised(self._ask(5), day(20))
        self.assert_promised(self._ask(100), day(2))
        held = self._quotation(5, confirm=True).order_line.promise_line_ids
        self._follow_up(held)
        self.assertEqual((held.date, held.at_risk), (day(20), False))

    def test_components_are_bought_as_much_as_production_takes(self):
        if "mrp.bom" not in self.env:
            self.skipTest("mrp is not installed")
        table = self._product("Table")
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": table.product_tmpl_id.id,
                "company_id": self.company.id,
                "bom_line_ids": [(0, 0, {"product_id": self.product.id, "product_qty": 4})],
            }
        )
        self.assert_promised(self._ask(24, table), day(21))
        self.assert_promised(self._ask(25, table), day(2))
        held = self._quotation(25, table, confirm=True).order_line.promise_line_ids
        self._quotation(3, table, confirm=True)
        self._follow_up(held)
        self.assertEqual((held.date, held.expected_date, held.at_risk), (day(2), day(2), False))

    def test_the_week_tells_when_any_quantity_could_be_there(self):
        weeks = self.engine._get_week(self.product, self.company)
        self.assertIn(day(21).isoformat(), str(weeks))

    def test_queries_do_not_grow_with_the_suppliers(self):
        products = [self._product(f"Bought {number}") for number in range(20)]
        for product in products:
            self._supplier(2, product, min_qty=100)
            self._named("Other", 3, product=product, sequence=9)
        self._assert_queries_constant(products, 2, {day(3)})


@tagged("post_install", "-at_install")
class TestPromiseBoughtTogether(PromiseMixin, TransactionCase):
    """A supplier brings few bolts in three days, and ten or more, which are cheaper, in fifteen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._supplier(3, sequence=1, price=9)
        cls._supplier(15, sequence=2, price=4, min_qty=10)

    def test_lines_that_are_asked_for_together_are_bought_together(self):
        demands = [Demand(self.product, 6, ship_to=self.customer) for _number in range(2)]
        alone = self.engine._promise(demands[:1], self.company)
        both = self.engine._promise(demands, self.company)
        self.assertEqual([one.date for one in alone], [day(3)])
        self.assertEqual([one.date for one in both], [day(15)] * 2)

    def test_what_is_there_needs_not_be_bought(self):
        self._stock(6)
        demands = [Demand(self.product, 6, ship_to=self.customer) for _number in range(2)]
        dates = {one.date for one in self.engine._promise(demands, self.company)}
        self.assertEqual(dates, {day(0), day(3)})

    def test_what_waits_to_be_bought_is_bought_with_what_comes_later(self):
        """No promise is better than what Odoo's purchase for all of them brings."""
        first = self._quotation(6, confirm=True).order_line.promise_line_ids
        self.assertEqual(first.date, day(3))
        second = self._quotation(6, confirm=True).order_line.promise_line_ids
        self.assertEqual(second.date, day(15))
        self.engine.sudo()._follow_up((first | second).sudo(), {})
        self.assertEqual((first.expected_date, first.at_risk), (day(15), True))
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "company_id": self.company.id,
            }
        )._procure_orderpoint_confirm(company_id=self.company)
        line = self.env["purchase.order.line"].search([("product_id", "=", self.product.id)])
        self.assertEqual((line.product_qty, line.date_planned.date()), (12, day(15)))
        line.order_id.button_confirm()
        self.engine.sudo()._follow_up((first | second).sudo(), {})
        self.assertEqual(second.expected_date, day(15))
        self.assertFalse(second.at_risk)

    def test_an_order_that_is_asked_for_again_counts_once(self):
        order = self._quotation(6, confirm=True)
        line = order.order_line
        demand = Demand(self.product, 6, ship_to=self.customer, line=line)
        again = self.engine._promise([demand], self.company, excluding=line)[0]
        self.assertEqual(again.date, day(3))
        held = line.promise_line_ids
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.expected_date, held.at_risk), (day(3), False))

    def test_quotations_in_a_list_are_not_bought_together(self):
        orders = [self._quotation(6) for _number in range(3)]
        alone = [order.order_line.promise_info["date"] for order in orders]
        self.env.invalidate_all()
        lines = self.env["sale.order.line"].union(*(order.order_line for order in orders))
        self.assertEqual([info["date"] for info in lines.mapped("promise_info")], alone)
        self.assertEqual(set(alone), {str(day(3))})
        self.assertEqual(self._ask(18).date, day(15))

    def test_a_reordering_rule_plans_by_the_cheapest_whatever_the_quantity(self):
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "company_id": self.company.id,
            }
        )
        promise = self._quotation(6, confirm=True).order_line.promise_line_ids
        rule._procure_orderpoint_confirm(company_id=self.company)
        line = self.env["purchase.order.line"].search([("product_id", "=", self.product.id)])
        self.assertEqual(line.date_planned.date(), day(15))
        self.assertEqual(promise.date, day(15))
        line.order_id.button_confirm()
        self.engine.sudo()._follow_up(promise.sudo(), {})
        self.assertFalse(promise.at_risk)
