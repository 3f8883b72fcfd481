from odoo.tests import TransactionCase, tagged

from .promise_common import PromiseMixin, day


@tagged("post_install", "-at_install")
class TestPromiseReordering(PromiseMixin, TransactionCase):
    """What a reordering rule buys from a supplier of its own comes from that one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usual = cls._supplier(3)
        cls.mule = cls.env["res.partner"].create({"name": "Mule"})
        cls.slow = cls._supplier(16, partner_id=cls.mule.id, sequence=9)

    @classmethod
    def _reorder(cls, seller, warehouse=None, product=None):
        return cls.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": (product or cls.product).id,
                "location_id": (warehouse or cls.warehouse).lot_stock_id.id,
                "company_id": cls.company.id,
                "trigger": "auto",
                "supplier_id": seller.id,
            }
        )

    def test_it_is_promised_by_the_supplier_that_odoo_buys_it_from(self):
        rule = self._reorder(self.slow)
        order = self._quotation(5, confirm=True)
        promise = order.order_line.promise_line_ids
        self.assertEqual((promise.date, promise.part_ids.source), (day(16), "supplier"))
        self.assertIn("Mule", promise.explanation_text)
        rule._procure_orderpoint_confirm(company_id=self.company)
        bought = self.env["purchase.order"].search(
            [("order_line.product_id", "=", self.product.id)]
        )
        self.assertEqual(bought.partner_id, self.mule)
        bought.button_confirm()
        self.env["logistics.promise"]._follow_up(promise)
        self.assertEqual((promise.expected_date, promise.at_risk), (day(16), False))

    def test_without_one_the_usual_supplier_counts(self):
        rule = self._reorder(self.slow)
        self.assert_promised(self._ask(5), day(16), [("supplier", 5)])
        rule.supplier_id = False
        self.assert_promised(self._ask(5), day(3), [("supplier", 5)])

    def test_each_warehouse_has_its_own(self):
        other = self._warehouse("B")
        self._reorder(self.slow)
        self.assert_promised(self._ask(5, warehouse=self.warehouse, only=True), day(16))
        self.assert_promised(self._ask(5, warehouse=other, only=True), day(3))
        self.assert_promised(self._ask(5), day(3))

    def test_whose_lead_time_is_not_known_is_named(self):
        self.slow.delay = 0
        self._reorder(self.slow)
        promised = self._ask(5)
        self.assertFalse(promised.date)
        self.assertRegex(promised.explanation, "buys it from Mule, of whom no lead time is known")

    def test_whom_nobody_can_wait_for_is_named(self):
        self.slow.delay = 40_000
        self._reorder(self.slow)
        promised = self._ask(5)
        self.assertFalse(promised.date)
        self.assertIn("Mule", promised.explanation)
        self.assertNotIn("no lead time is known", promised.explanation)

    def test_queries_do_not_grow_with_reordering_rules(self):
        products = [self._product(f"Reordered {number}") for number in range(20)]
        for product in products:
            self._supplier(3, product)
            self._reorder(self._supplier(16, product, partner_id=self.mule.id), product=product)
        self._assert_queries_constant(products, 2, {day(16)})
