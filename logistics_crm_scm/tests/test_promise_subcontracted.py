from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_production_common import ProductionMixin


@tagged("post_install", "-at_install")
class TestPromiseSubcontracted(ProductionMixin, TransactionCase):
    """A lamp that its supplier makes of what we send, in twenty days and eight to prepare."""

    module = "mrp_subcontracting"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leg, cls.lamp = cls._product("Leg"), cls._product("Lamp")
        cls.info = cls._supplier(3, cls.lamp)
        cls.bom = cls._subcontract(cls.lamp, produce_delay=20, days_to_prepare_mo=8)

    @classmethod
    def _subcontract(cls, product, **values):
        values = {"subcontractor_ids": [(6, 0, cls.vendor.ids)], **values}
        return cls._bom(product, [(cls.leg, 1)], "subcontract", **values)

    def _get_lead_days(self):
        """Return the days that Odoo counts with."""
        rules = self.lamp._get_rules_from_location(self.warehouse.lot_stock_id)
        return rules._get_lead_days(self.lamp)[0]["total_delay"]

    def test_it_takes_the_time_of_the_bill_of_materials_if_that_is_longer(self):
        promised = self._ask(2, self.lamp)
        self.assert_promised(promised, day(28), [("supplier", 2)])
        self.assertEqual(self._get_lead_days(), 28)
        self.assertIn("Vendor makes it; whether the components", promised.explanation)
        self.info.delay = 31
        self.assert_promised(self._ask(2, self.lamp), day(31))
        self.assertEqual(self._get_lead_days(), 31)

    def test_it_is_kept_when_odoo_has_ordered_it(self):
        held = self._confirm(2, self.lamp)
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.lamp.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "company_id": self.company.id,
            }
        )
        rule._procure_orderpoint_confirm(company_id=self.company)
        order = self.env["purchase.order"].search([("order_line.product_id", "=", self.lamp.id)])
        self.assertEqual(order.date_planned.date(), day(28))
        order.button_confirm()
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.date, held.expected_date, held.at_risk), (day(28), day(28), False))

    def test_the_subcontractor_may_be_the_company_of_the_supplier(self):
        self.info.partner_id = self.env["res.partner"].create(
            {"name": "Plant", "parent_id": self.vendor.id}
        )
        self.assert_promised(self._ask(2, self.lamp), day(28))
        self.assertEqual(self._get_lead_days(), 28)

    def test_a_supplier_who_is_no_subcontractor_takes_the_time_of_its_own(self):
        self.info.partner_id = self.env["res.partner"].create({"name": "Dealer"})
        promised = self._ask(2, self.lamp)
        self.assert_promised(promised, day(3))
        self.assertEqual(self._get_lead_days(), 3)
        self.assertNotIn("makes it", promised.explanation)

    def test_the_first_bill_of_materials_of_the_subcontractor_counts(self):
        self.bom.sequence = 2
        self._subcontract(self.lamp, produce_delay=11, sequence=1)
        self.assert_promised(self._ask(2, self.lamp), day(11))
        self.assertEqual(self._get_lead_days(), 11)

    def _get_headline(self, promised):
        return self.engine._format_promise(promised)["headline"]

    def test_it_is_not_called_sure_since_nobody_looks_at_the_components(self):
        headline = self._get_headline(self._ask(2, self.lamp))
        self.assertNotIn("for sure", headline)
        self.assertIn("whether the subcontractor has the components is not known", headline)
        self.info.partner_id = self.env["res.partner"].create({"name": "Dealer"})
        self.assertRegex(self._get_headline(self._ask(2, self.lamp)), "^By .* for sure$")

    def test_what_is_held_is_called_sure_once_it_is_there(self):
        held = self._confirm(2, self.lamp)
        line = held.order_line_id
        self.assertTrue(held.components_unknown)
        self.assertNotIn("for sure", line.promise_info["headline"])
        self.assertNotIn("for sure", held.order_id.promise_text)
        self._stock(2, self.lamp)
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertFalse(held.components_unknown)

    def test_what_is_made_of_it_is_not_called_sure_either(self):
        kit, car = self._product("Kit", is_storable=False), self._product("Car")
        self._bom(kit, [(self.lamp, 2)], "phantom")
        self._bom(car, [(self.lamp, 2)], produce_delay=1)
        for product in (kit, car):
            self.assertNotIn("for sure", self._get_headline(self._ask(2, product)))
            held = self._confirm(2, product)
            self.engine.sudo()._follow_up(held.sudo(), {})
            self.assertTrue(held.components_unknown)
        self._stock(30, self.lamp)
        for product in (kit, car):
            self.assertIn("for sure", self._get_headline(self._ask(2, product)))

    def test_queries_do_not_grow_with_the_products_that_are_subcontracted(self):
        products = [self._product(f"Lamp {number}") for number in range(20)]
        for product in products:
            self._supplier(3, product)
            self._subcontract(product, produce_delay=9)
        self._assert_queries_constant(products, 2, {day(9)})
