from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestAccountTeam(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.partners = cls.env["res.partner"]
        cls.role = cls.env["logistics.account.role"].create({"name": "Planner", "code": "planner"})
        cls.employee = cls.env["hr.employee"].create({"name": "Ann", "user_id": cls.user.id})
        cls.stand_in = cls.env["hr.employee"].create({"name": "Bob"})
        cls.customer = cls._create_customer("Served", user_id=cls.other_user.id)
        cls.contact = cls.partners.create({"name": "Their person", "parent_id": cls.customer.id})
        cls.foreign = cls._create_customer("Foreign", user_id=cls.other_user.id)

    @classmethod
    def _add_member(cls, partner, employee=None, **values):
        return cls.env["logistics.account.member"].create(
            {
                "partner_id": partner.id,
                "role_id": cls.role.id,
                "employee_id": (employee or cls.employee).id,
                **values,
            }
        )

    def test_member_sees_and_edits_the_customer_with_its_contacts_only(self):
        everyone = self.customer + self.contact + self.foreign
        partners = self.partners.with_user(self.user)
        self.assertFalse(partners.search([("id", "in", everyone.ids)]))
        self._add_member(self.customer)
        seen = partners.search([("id", "in", everyone.ids)])
        self.assertEqual(seen, self.customer + self.contact)
        self.contact.with_user(self.user).city = "Ghent"
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.user).write({"city": "Ghent"})

    def test_member_sees_the_sales_of_the_customer(self):
        product = self.env["product.product"].create({"name": "Transport"})
        line = self.env["logistics.sales.history"].create(
            {
                "company_id": self.env.company.id,
                "currency_id": self.env.company.currency_id.id,
                "source": "erp",
                "order_ref": "1",
                "line_ref": "1",
                "date": "2026-01-15",
                "partner_id": self.customer.id,
                "product_id": product.id,
                "quantity": 1,
                "amount": 10,
                "amount_company": 10,
            }
        )
        with self.assertRaises(AccessError):
            line.with_user(self.user).read(["amount"])
        self._add_member(self.customer)
        self.assertEqual(line.with_user(self.user).amount, 10)
        facts = self.env["logistics.order.fact"].with_user(self.user)
        self.assertEqual(facts.search_count([("partner_id", "=", self.customer.id)]), 1)

    def test_own_customers_are_those_of_the_salesperson_and_of_the_team(self):
        everyone = self.customer + self.contact + self.foreign
        self._add_member(self.customer)
        own = everyone.with_user(self.user).filtered_domain([("is_own_customer", "=", True)])
        self.assertEqual(own.sudo(), self.customer + self.contact)
        others = self.partners.with_user(self.other_user)
        found = others.search([("id", "in", everyone.ids), ("is_own_customer", "=", False)])
        self.assertFalse(found)

    def test_who_leaves_the_employee_leaves_the_team(self):
        self._add_member(self.customer)
        self.employee.user_id = self.internal_user
        self.assertFalse(self.customer.with_user(self.user).search([("id", "=", self.customer.id)]))

    def test_salesperson_in_the_team_may_hand_the_customer_over(self):
        own = self._create_customer("Own", user_id=self.user.id)
        with self.assert_refused(UserError, "Ask a Logistics Officer"):
            own.with_user(self.user).user_id = self.other_user
        self._add_member(own)
        own.with_user(self.user).user_id = self.other_user
        self.assertTrue(own.with_user(self.user).name)

    def test_user_reads_teams_of_own_customers_and_changes_none(self):
        foreign = self._add_member(self.foreign, self.stand_in)
        mine = self._add_member(self.customer)
        members = self.env["logistics.account.member"].with_user(self.user)
        self.assertEqual(members.search([("id", "in", (foreign + mine).ids)]), mine)
        with self.assertRaises(AccessError):
            members.create(
                {
                    "partner_id": self.customer.id,
                    "role_id": self.role.id,
                    "employee_id": self.stand_in.id,
                }
            )
        self.assertEqual(foreign.with_user(self.officer).employee_id.name, "Bob")

    def test_portal_and_other_employees_see_no_team(self):
        member = self._add_member(self.customer)
        self.portal_user.partner_id.parent_id = self.customer
        for user in (self.portal_user, self.internal_user):
            with self.assertRaises(AccessError):
                member.with_user(user).read(["employee_id"])
            with self.assertRaises(AccessError):
                self.customer.with_user(user).read(["account_member_ids"])

    def test_team_of_another_company_stays_with_it(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        employee = self.env["hr.employee"].create({"name": "Eve", "company_id": elsewhere.id})
        member = self._add_member(self.customer, employee, company_id=elsewhere.id)
        members = self.env["logistics.account.member"].with_user(self.officer)
        self.assertFalse(members.search([("id", "=", member.id)]))
        found = self.role._get_employees(self.customer, self.env.company)
        self.assertFalse(found[self.customer])
        self.assertEqual(
            self.role._get_employees(self.customer, elsewhere)[self.customer], employee
        )

    def test_work_goes_to_the_member_else_to_who_does_the_role(self):
        self.role.employee_ids = self.stand_in
        self._add_member(self.customer)
        found = self.role._get_employees(self.contact + self.foreign, self.env.company)
        self.assertEqual(found, {self.contact: self.employee, self.foreign: self.stand_in})

    def test_work_goes_to_nobody_who_left(self):
        self.role.employee_ids = self.stand_in
        self._add_member(self.customer)
        self.employee.active = False
        found = self.role._get_employees(self.customer, self.env.company)
        self.assertEqual(found[self.customer], self.stand_in)
        self.stand_in.active = False
        found = self.role._get_employees(self.customer, self.env.company)
        self.assertFalse(found[self.customer])

    def test_employees_of_many_customers_cost_a_few_queries(self):
        customers = self.partners.create(
            [{"name": f"Customer {number}", "is_company": True} for number in range(40)]
        )
        for customer in customers[:20]:
            self._add_member(customer)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            self.role._get_employees(customers, self.env.company)

    def test_who_is_added_to_a_contact_serves_the_whole_customer(self):
        self.assertEqual(self._add_member(self.contact).partner_id, self.customer)

    def test_the_team_moves_with_a_company_that_comes_below_another(self):
        member = self._add_member(self.customer)
        self._add_member(self.foreign, self.stand_in)
        self.customer.write({"is_company": False, "parent_id": self.foreign.id})
        self.assertEqual(member.partner_id, self.foreign)
        self.assertEqual(self.foreign.account_member_ids.employee_id, self.employee + self.stand_in)

    @mute_logger("odoo.sql_db")
    def test_nobody_is_in_a_team_twice_in_one_role(self):
        self._add_member(self.customer)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._add_member(self.customer)
