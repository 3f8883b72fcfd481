from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestTrust(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.partners = cls.env["res.partner"]
        cls.own = cls._create_customer("Own", user_id=cls.user.id)
        cls.foreign = cls._create_customer("Foreign", user_id=cls.other_user.id)
        cls.nobody = cls._create_customer("Nobody")
        cls.supplier = cls.partners.create({"name": "Supplier", "is_company": True})
        cls.customers = cls.own + cls.foreign + cls.nobody
        cls.all = cls.customers + cls.supplier
        cls.own_contact, cls.foreign_contact = cls.partners.create(
            [
                {"name": "Own contact", "parent_id": cls.own.id},
                {"name": "Foreign contact", "parent_id": cls.foreign.id},
            ]
        )

    def _get_seen(self, user, partners):
        return self.partners.with_user(user).search([("id", "in", partners.ids)])

    def test_user_sees_own_customers_and_who_is_no_customer(self):
        self.assertEqual(self._get_seen(self.user, self.all), self.own + self.supplier)
        for partner in self.foreign + self.nobody:
            with self.assertRaises(AccessError):
                partner.with_user(self.user).read(["name"])
            with self.assertRaises(AccessError):
                partner.with_user(self.user).write({"city": "Ghent"})

    def test_contacts_follow_their_company(self):
        contacts = self.own_contact + self.foreign_contact
        self.foreign_contact.user_id = self.user
        self.assertEqual(self._get_seen(self.user, contacts), self.own_contact)

    def test_user_reaches_no_customer_by_naming_it(self):
        employee = self.env["hr.employee"].create({"name": "User", "user_id": self.user.id})
        in_hand = {"name": "Mine", "partner_id": self.foreign.id}
        for model, values in {
            "crm.lead": {**in_hand, "user_id": self.user.id},
            "logistics.case": {**in_hand, "employee_id": employee.id},
            "logistics.call": {
                "number": "1",
                "partner_id": self.foreign.id,
                "user_id": self.user.id,
            },
            "sale.order": {"partner_id": self.foreign.id, "user_id": self.user.id},
        }.items():
            records = self.env[model].with_user(self.user)
            with self.subTest(model=model), self.assertRaises(AccessError):
                records.create(values)
            record = records.create({**values, "partner_id": self.own.id})
            with self.subTest(model=model), self.assertRaises(AccessError):
                record.write({"partner_id": self.foreign.id})
            record.write({"partner_id": self.own_contact.id})
        self.assertFalse(self._get_seen(self.user, self.foreign))

    def test_officer_and_manager_see_all_customers(self):
        for user in (self.officer, self.manager):
            self.assertEqual(self._get_seen(user, self.all), self.all)

    def test_who_is_no_logistics_user_sees_what_odoo_shows(self):
        self.assertEqual(self._get_seen(self.internal_user, self.all), self.all)

    def test_portal_user_sees_own_company_only(self):
        self.portal_user.partner_id.parent_id = self.foreign
        seen = self._get_seen(self.portal_user, self.all + self.foreign_contact)
        self.assertEqual(seen, self.foreign + self.foreign_contact)

    def test_users_and_companies_stay_visible_when_they_buy(self):
        colleagues = self.other_user.partner_id + self.env.company.partner_id
        colleagues.customer_rank = 1
        self.assertEqual(self._get_seen(self.user, colleagues), colleagues)
        self.assertTrue(self.other_user.with_user(self.user).name)

    def test_customers_of_another_company_stay_hidden_from_officers(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        hidden = self._create_customer("Hidden", company_id=elsewhere.id)
        self.assertFalse(self._get_seen(self.officer, hidden))
        self.officer.company_ids = [Command.link(elsewhere.id)]
        both = (self.env.company + elsewhere).ids
        partners = self.partners.with_user(self.officer).with_context(allowed_company_ids=both)
        self.assertEqual(partners.search([("id", "=", hidden.id)]), hidden)

    def test_user_becomes_the_salesperson_of_new_partners(self):
        partners = self.partners.with_user(self.user)
        with Form(partners.with_context(res_partner_search_mode="customer")) as form:
            form.name = "New"
            self.assertEqual(form.user_id, self.user)
        customer = partners.create({"name": "New", "customer_rank": 1, "user_id": False})
        self.assertEqual(customer.user_id, self.user)
        contact = partners.create({"name": "Ann", "parent_id": self.supplier.id})
        self.assertFalse(contact.user_id)

    def test_officer_creates_partners_without_a_salesperson(self):
        partner = self.partners.with_user(self.officer).create({"name": "New"})
        self.assertFalse(partner.user_id)

    def test_only_an_officer_hands_a_customer_over(self):
        for user_id in (self.other_user.id, False):
            with self.assert_refused(UserError, "Ask a Logistics Officer"):
                self.own.with_user(self.user).user_id = user_id
        self.own.with_user(self.officer).user_id = self.other_user
        self.assertFalse(self._get_seen(self.user, self.own))
        self.assertEqual(self._get_seen(self.other_user, self.own), self.own)

    def test_user_opens_own_lead_and_order_of_a_foreign_customer(self):
        lead = self.env["crm.lead"].create(
            {"name": "Help out", "partner_id": self.foreign_contact.id, "user_id": self.user.id}
        )
        order = self.env["sale.order"].create(
            {"partner_id": self.nobody.id, "user_id": self.user.id}
        )
        Form(lead.with_user(self.user)).save()
        Form(order.with_user(self.user)).save()
        self.assertEqual(self._get_seen(self.user, self.customers), self.customers)
        with self.assertRaises(AccessError):
            self.nobody.with_user(self.user).write({"city": "Ghent"})
        self.assertEqual(self._get_seen(self.other_user, self.customers), self.foreign)

    def test_user_turns_a_lead_into_a_customer_with_a_quotation(self):
        lead = (
            self.env["crm.lead"]
            .with_user(self.user)
            .create({"name": "Pallets", "partner_name": "Fresh Ltd", "type": "lead"})
        )
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.user)
        wizard = wizard.with_context(active_model="crm.lead", active_ids=lead.ids)
        wizard.create({"name": "convert", "action": "create", "lead_id": lead.id}).action_apply()
        customer = lead.partner_id
        self.assertEqual(customer.commercial_partner_id.user_id, self.user)
        order = (
            self.env["sale.order"]
            .with_user(self.user)
            .create({"partner_id": customer.id, "opportunity_id": lead.id})
        )
        order.action_confirm()
        customer.commercial_partner_id.sudo()._increase_rank("customer_rank")
        Form(order).save()
        self.assertTrue(customer.commercial_partner_id.customer_code)

    def test_user_follows_and_writes_in_the_chatter(self):
        own = self.own.with_user(self.user)
        self.own.message_subscribe(self.foreign_contact.ids)
        self.own.message_post(body="Hello", author_id=self.foreign_contact.id)
        own.message_post(body="Reply", partner_ids=self.own_contact.ids)
        followers = own.message_get_followers()["res.partner"]
        self.assertIn("Foreign contact", [follower["name"] for follower in followers])
        own.message_subscribe(self.user.partner_id.ids)
        activity = own.activity_schedule("mail.mail_activity_data_todo", user_id=self.user.id)
        self.assertEqual(activity.user_id, self.user)

    def test_user_invites_a_portal_user_of_own_customer(self):
        portal = new_test_user(self.env, "log_portal_2", "base.group_portal")
        portal.partner_id.parent_id = self.own
        self.assertEqual(self._get_seen(self.user, portal.partner_id), portal.partner_id)
        self.assertFalse(self._get_seen(self.other_user, portal.partner_id))
