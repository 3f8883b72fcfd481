from odoo.exceptions import AccessError
from odoo.tests import tagged

from .delivery_common import DeliveryCase


@tagged("post_install", "-at_install")
class TestDispatcherAccess(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispatcher = cls._create_reader("fact_dispatcher", "logistics_crm_scm.group_dispatcher")
        cls.salesman = cls._create_reader("fact_salesman", "logistics_crm.group_logistics_user")
        cls.customer.user_id = cls.salesman
        cls.other = cls.env["res.partner"].create(
            {"name": "Other Shipping", "is_company": True, "customer_rank": 1}
        )
        cls._imported(-2, -1)
        cls._imported(-1, -1, partner_id=cls.other.id)
        cls.env.flush_all()

    def _facts_of(self, user):
        return self.env["logistics.order.fact"].with_user(user)

    def test_a_dispatcher_sees_the_deliveries_of_all_customers(self):
        facts = self._facts_of(self.dispatcher).search([])
        self.assertLessEqual(self.customer | self.other, facts.partner_id)
        self.assertEqual(self._facts_of(self.salesman).search([]).partner_id, self.customer)

    def test_a_dispatcher_who_is_also_a_user_still_sees_all_customers(self):
        self.dispatcher.group_ids |= self.env.ref("logistics_crm.group_logistics_user")
        facts = self._facts_of(self.dispatcher).search([])
        self.assertLessEqual(self.customer | self.other, facts.partner_id)
        partners = self.env["res.partner"].with_user(self.dispatcher)
        found = partners.search([("id", "in", (self.customer | self.other).ids)])
        self.assertEqual(len(found), 2)

    def test_a_dispatcher_does_not_see_amounts(self):
        facts = self._facts_of(self.dispatcher).search([])
        with self.assertRaises(AccessError):
            facts.read(["amount"])
        with self.assertRaises(AccessError):
            facts._read_group([], [], ["amount:sum"])

    def test_a_dispatcher_sees_the_rates_of_customers(self):
        self.assertEqual(self.other.with_user(self.dispatcher).on_time_rate_12m, 1)

    def test_other_employees_do_not_see_rates(self):
        employee = self._create_reader("fact_employee", "base.group_user")
        with self.assertRaises(AccessError):
            self.customer.with_user(employee).read(["on_time_rate_12m"])

    def test_a_dispatcher_finds_the_application(self):
        menus = self.env["ir.ui.menu"].with_user(self.dispatcher)._visible_menu_ids()
        self.assertIn(self.env.ref("logistics_crm_scm.menu_delivery_performance").id, menus)
        self.assertIn(self.env.ref("logistics_crm.menu_root").id, menus)
        self.assertNotIn(self.env.ref("logistics_crm.menu_sales_analysis").id, menus)

    def test_a_dispatcher_writes_no_lines(self):
        with self.assertRaises(AccessError):
            self._facts_of(self.dispatcher).search([], limit=1).unlink()
