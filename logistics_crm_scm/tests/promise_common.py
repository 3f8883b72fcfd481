from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.tests import Form

from odoo.addons.logistics_crm.tests.common import LogisticsUsersMixin
from odoo.addons.logistics_crm_scm.tools.promise_data import Demand

MONDAY = date(2026, 3, 2)


def day(number):
    """Return the day that is `number` days after the Monday on which the tests play."""
    return MONDAY + timedelta(days=number)


class PromiseMixin(LogisticsUsersMixin):
    """A company of its own with one warehouse; it is Monday, 2026-03-02, 09:00 UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(datetime(2026, 3, 2, 9)))
        cls.company = cls.env["res.company"].create({"name": "Promise Ltd"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.calendar = cls.company.resource_calendar_id
        cls.calendar.tz = "UTC"
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)])
        cls.company.partner_id.tz = "UTC"
        cls.customer = cls.env["res.partner"].create({"name": "Customer", "is_company": True})
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor", "is_company": True})
        cls.product = cls._product("Bolt")
        cls.engine = cls.env["logistics.promise"]

    @classmethod
    def _product(cls, name, **values):
        values = {"name": name, "type": "consu", "is_storable": True, **values}
        return cls.env["product.product"].create(values)

    @classmethod
    def _warehouse(cls, code, **values):
        values = {"name": f"Warehouse {code}", "code": code, "company_id": cls.company.id, **values}
        return cls.env["stock.warehouse"].create(values)

    @classmethod
    def _stock(cls, quantity, product=None, warehouse=None, location=None):
        location = location or (warehouse or cls.warehouse).lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(
            product or cls.product, location, quantity
        )

    @classmethod
    def _supplier(cls, delay, product=None, **values):
        product = product or cls.product
        values = {"product_tmpl_id": product.product_tmpl_id.id, "delay": delay, **values}
        return cls.env["product.supplierinfo"].create({"partner_id": cls.vendor.id, **values})

    @classmethod
    def _receipt(cls, quantity, planned, product=None, warehouse=None):
        """Return a purchase order whose receipt is planned on a day at noon."""
        planned = datetime.combine(planned, datetime.min.time()) + timedelta(hours=12)
        line = {
            "product_id": (product or cls.product).id,
            "product_qty": quantity,
            "price_unit": 1.0,
            "date_planned": planned,
        }
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "company_id": cls.company.id,
                "picking_type_id": (warehouse or cls.warehouse).in_type_id.id,
                "order_line": [(0, 0, line)],
            }
        )
        order.button_confirm()
        order.picking_ids.move_ids.date = planned
        return order

    @classmethod
    def _quotation(cls, quantity=1.0, product=None, confirm=False, **values):
        line = {"product_id": (product or cls.product).id, "product_uom_qty": quantity}
        line["customer_lead"] = 0
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "order_line": [(0, 0, line)],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _ask(cls, quantity=1.0, product=None, **values):
        """Return what is promised for one line."""
        demand = Demand(product or cls.product, quantity, ship_to=cls.customer, **values)
        return cls.engine._promise([demand], cls.company)[0]

    def _assert_queries_constant(self, products, few, dates):
        """Check that all products are promised for these dates with the queries of a few."""
        counts = []
        for asked in (products[:few], products):
            self.env.invalidate_all()
            demands = [Demand(one, 3, ship_to=self.customer) for one in asked]
            before = self.env.cr.sql_log_count
            promised = self.engine._promise(demands, self.company)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual({item.date for item in promised}, dates)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def assert_promised(self, promised, expected, sources=None):
        """Check the day of a promise, and where its quantities come from."""
        self.assertEqual(promised.date, expected, promised.explanation)
        if sources is not None:
            found = [(part.source, part.quantity) for part in promised.answer.parts]
            self.assertEqual(found, sources, promised.explanation)

    @classmethod
    def _form(cls, order):
        return Form(order)
