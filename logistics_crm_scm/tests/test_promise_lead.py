from odoo.tests import Form, TransactionCase, tagged

from .promise_common import PromiseMixin, day


@tagged("post_install", "-at_install")
class TestPromiseLead(PromiseMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("promise_seller", "sales_team.group_sale_salesman")
        cls.seller.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        leads = cls.env["crm.lead"].with_user(cls.seller).with_company(cls.company)
        cls.lead = leads.create(
            {"name": "Bolts", "type": "opportunity", "company_id": cls.company.id}
        )
        cls.lead.partner_id = cls.customer

    def _note(self, quantity, product=None):
        product = product or self.product
        with Form(self.lead) as form, form.promise_product_ids.new() as line:
            line.product_id = product
            line.quantity = quantity
            date = line.promise_date
        return date

    def test_a_lead_tells_when_its_products_could_be_delivered(self):
        self._receipt(5, day(2))
        self.assertEqual(str(self._note(5)), str(day(2)), "at once, while it is typed")
        self.assertEqual(self.lead.promise_date, day(2))

    def test_a_customer_served_from_one_warehouse_is_told_the_same_on_a_lead(self):
        self._stock(3)
        self._stock(4, warehouse=self._warehouse("W2"))
        self.customer.promise_sourcing = "warehouse"
        self.assertFalse(self._note(4))
        self.assertEqual(str(self._note(3)), str(day(0)))

    def test_whoever_asks_without_an_order_is_answered_for_the_delivery_address(self):
        opening = {"name": "Wednesday", "dayofweek": "2", "hour_from": 8, "hour_to": 17}
        days = {"name": "Wednesdays", "tz": "UTC", "attendance_ids": [(5,), (0, 0, opening)]}
        works = self.env["res.partner"].create(
            {
                "name": "Works",
                "type": "delivery",
                "parent_id": self.customer.id,
                "delivery_calendar_id": self.env["resource.calendar"].create(days).id,
            }
        )
        other = self.env["res.partner"].create(
            {"name": "Depot", "type": "other", "parent_id": self.customer.id}
        )
        self._stock(5)
        ordered = self._quotation(1).promise_date
        self.assertEqual(ordered, day(2))
        self.assertEqual(str(self._note(1)), str(ordered))
        for asked, date in ((self.customer, ordered), (works, ordered), (other, day(0))):
            with self.subTest(asked=asked.name):
                self.assertEqual(self._check(asked), str(date))
                line = [{"product": self.product.id, "quantity": 1}]
                api = self.env["logistics.api"].with_user(self.seller).with_company(self.company)
                self.assertEqual(api.promise(line, asked.id)[0]["date"], str(date))

    def _check(self, partner):
        check = self.env["logistics.promise.check"].with_user(self.seller)
        with Form(check.with_context(default_product_id=self.product.id)) as form:
            form.ship_to_id = partner
            return form.promise_info["date"]

    def test_a_lead_has_no_date_where_one_product_has_none(self):
        self._stock(5)
        self._note(5)
        self._note(1, self._product("Nut"))
        self.assertEqual((self.lead.promise_date, self.lead.promise_wanted), (False, True))
        self.assertIn("Not known", self.lead.promise_product_ids[1].promise_explanation)

    def test_the_quotation_of_a_lead_has_its_products_and_date(self):
        self._stock(5)
        self._note(3)
        self.lead.promise_wanted_date = day(9)
        context = self.lead._prepare_opportunity_quotation_context()
        order = self.env["sale.order"].with_user(self.seller).with_context(**context).create({})
        self.assertEqual(order.order_line.product_uom_qty, 3)
        self.assertEqual(order.promise_date, day(9))
