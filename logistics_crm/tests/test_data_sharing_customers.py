from odoo.tests import Form, tagged

from .sharing_common import DataSharingCommon


@tagged("post_install", "-at_install")
class TestDataSharingCustomers(DataSharingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.only_here, cls.only_there, cls.both, cls.none = cls.customers = cls.env[
            "res.partner"
        ].union(*map(cls._create_customer, ("Only here", "Only there", "Both", "None")))
        cls.contact = cls.env["res.partner"].create({"name": "Ann", "parent_id": cls.only_there.id})
        deals = [
            (cls.here, cls.only_here),
            (cls.there, cls.contact),
            (cls.here, cls.both),
            (cls.there, cls.both),
        ]
        cls.env["logistics.case"].create(
            [
                {"name": "Case", "company_id": company.id, "partner_id": partner.id}
                for company, partner in deals
            ]
        )

    def test_customers_are_shared_at_first(self):
        for officer in (self.officer, self.officer_there):
            self.assertEqual(self._get_seen(officer, self.customers), self.customers)

    def test_each_company_keeps_those_it_alone_deals_with(self):
        self._switch("customers", "company")
        common = self.both + self.none
        self.assertEqual(self._get_seen(self.officer, self.customers), self.only_here + common)
        seen = self._get_seen(self.officer_there, self.customers + self.contact)
        self.assertEqual(seen, self.only_there + common + self.contact)

    def test_switching_costs_no_query_per_customer(self):
        row = self.rows.search([("code", "=", "customers")])
        row.scope = "company"
        row.scope = "shared"
        self.env.flush_all()
        with self.assertQueryCount(20):
            row.scope = "company"
            self.env.flush_all()
        self.assertEqual(self.only_there.company_id, self.there)

    def test_new_customers_belong_to_the_company_of_who_creates_them(self):
        self._switch("customers", "company")
        partners = self.env["res.partner"].with_user(self.officer_there)
        with Form(partners.with_context(res_partner_search_mode="customer")) as form:
            form.name = "New"
        customer = form.record
        self.assertEqual(customer.company_id, self.there)
        contact = partners.create({"name": "Bob", "parent_id": customer.id})
        self.assertEqual(contact.company_id, self.there)
        self.assertFalse(self._get_seen(self.officer, (customer + contact).sudo()))

    def test_the_code_of_another_companys_customer_is_not_given_again(self):
        self._switch("customers", "company")
        code = self.only_there.customer_code
        found = self.env["res.partner"].with_user(self.officer).name_search(code)
        self.assertFalse(found)
        new = self._create_customer("New")
        self.assertNotEqual(new.customer_code, code)

    def test_sharing_again_shows_all(self):
        self._switch("customers", "company")
        self._switch("customers", "shared")
        self.assertFalse(self.customers.company_id)
        self.assertFalse(self.contact.company_id)
        self.assertEqual(self._get_seen(self.officer, self.customers), self.customers)

    def test_our_own_companies_and_colleagues_are_nobodys_customers(self):
        self._switch("customers", "company")
        new = self.env["res.company"].create({"name": "Third"})
        self.assertFalse(new.partner_id.company_id)
        colleague = self._create_user("log_colleague", "base.group_user")
        self.assertIn(colleague.partner_id.company_id, (self.here, self.env["res.company"]))

    def test_a_customer_with_a_login_elsewhere_stays_with_all(self):
        self.portal_user.partner_id.parent_id = self.only_there
        self._switch("customers", "company")
        self.assertFalse(self.only_there.company_id)

    def test_the_screen_counts_who_becomes_whose(self):
        row = self.rows.search([("code", "=", "customers")]).with_user(self.manager)
        with Form(row) as form:
            form.wanted_scope = "company"
            self.assertIn("with their contacts", form.effect)
            self.assertIn("Elsewhere: 1\n", form.effect + "\n")
            self.assertIn("All companies: ", form.effect)
