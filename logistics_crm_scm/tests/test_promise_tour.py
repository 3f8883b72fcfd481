from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.logistics_crm.tests.common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestPromiseTour(LogisticsUsersMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("tour_seller", "sales_team.group_sale_salesman")
        cls.planner = cls._create_user("tour_planner", "logistics_crm_scm.group_planner")
        cls.customer = cls._create_customer("Tour customer", user_id=cls.seller.id)
        cls.vendor = cls.env["res.partner"].create({"name": "Secret supplier"})
        cls.product = cls.env["product.product"].create(
            {"name": "Tour bolt", "type": "consu", "is_storable": True, "sale_delay": 0}
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.product, cls.warehouse.lot_stock_id, 4
        )
        cls.receipt = cls._receipt(10)
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "user_id": cls.seller.id,
                "order_line": [(0, 0, {"product_id": cls.product.id, "product_uom_qty": 2})],
            }
        )

    @classmethod
    def _receipt(cls, quantity):
        line = {
            "product_id": cls.product.id,
            "product_qty": quantity,
            "price_unit": 1,
            "date_planned": fields.Datetime.now() + timedelta(days=9),
        }
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "order_line": [(0, 0, line)],
            }
        )
        order.button_confirm()
        return order

    def test_a_salesperson_asks_what_if_and_confirms_what_was_promised(self):
        self.start_tour(
            f"/odoo/sales/{self.order.id}", "logistics_promise_order", login="tour_seller"
        )
        line = self.order.order_line
        self.assertEqual((line.state, line.product_uom_qty), ("sale", 7))
        self.assertEqual(line.promise_line_ids.mapped("quantity"), [7])

    def test_a_planner_finds_promises_at_risk_with_their_reasons(self):
        self.order.action_confirm()
        promise = self.order.promise_line_ids
        reason = {"en_US": "The truck broke down."}
        promise._change("expected_date", promise.date + timedelta(days=3), reason, "T1")
        self.env.flush_all()
        self.start_tour("/odoo", "logistics_promise_planner", login="tour_planner")

    def test_a_salesperson_asks_on_the_product_what_can_be_promised(self):
        self.start_tour(
            f"/odoo/action-sale.product_template_action/{self.product.product_tmpl_id.id}",
            "logistics_promise_check",
            login="tour_seller",
        )

    def test_a_customer_reads_no_planned_day_of_what_has_no_date(self):
        self.order.order_line.product_uom_qty = 1000
        self.order.action_confirm()
        self.order._portal_ensure_token()
        page = self.url_open(self.order.get_portal_url()).text
        self.assertEqual(page.count("Delivery date not known yet"), 2)
        self.assertIn("Last Delivery Orders", page)
        deliveries = page[page.index("Last Delivery Orders") :]
        self.assertNotIn("Date:", deliveries)

    def test_customers_read_dates_and_nothing_of_how_we_come_to_them(self):
        self.order.order_line.product_uom_qty = 7
        self.order.action_quotation_sent()
        self.order._portal_ensure_token()
        page = self.url_open(self.order.get_portal_url()).text
        self.assertEqual(page.count("Delivery by"), 2)
        for name in ("Secret supplier", self.receipt.picking_ids.name, "Free stock"):
            self.assertNotIn(name, page)
