from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, tagged

from .profile_common import ProfileMixin


@tagged("post_install", "-at_install")
class TestCustomerProfile(ProfileMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.customer = cls._create_customer("Known", user_id=cls.user.id)
        cls.contact, cls.depot = cls.env["res.partner"].create(
            [
                {"name": "Ann", "parent_id": cls.customer.id},
                {"name": "Depot", "parent_id": cls.customer.id, "type": "delivery"},
            ]
        )

    def _as(self, user, partner=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (partner or self.customer).with_user(user)

    def _create_order(self, partner, amount=100):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create({"product_id": self.transport.id, "price_unit": amount})
                ],
            }
        )

    def _create_invoice(self, partner, amount, due):
        line = Command.create(
            {"product_id": self.transport.id, "price_unit": amount, "tax_ids": [Command.clear()]}
        )
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-01-15",
                "invoice_date_due": due,
                "invoice_line_ids": [line],
            }
        )
        invoice.action_post()
        return invoice

    def _create_cases(self, partner, count=1):
        return self.env["logistics.case"].create(
            [{"name": f"Case {number}", "partner_id": partner.id} for number in range(count)]
        )

    def _rate(self, case, rating, days_ago=1):
        record = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("logistics.case"),
                "res_id": case.id,
                "rating": rating,
                "consumed": True,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE rating_rating SET write_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(days=days_ago), record.id),
        )

    def test_revenue_is_that_of_twelve_months_beside_the_twelve_before(self):
        self._add_orders(self.customer, [10, 200], 60)
        self._add_orders(self.customer, [400, 500], 50)
        self._create_order(self.contact, 30).action_confirm()
        for partner in (self.customer, self.contact, self.depot):
            known = self._as(self.user, partner)
            self.assertEqual((known.revenue_12m, known.order_count_12m), (150, 3))
            self.assertAlmostEqual(known.revenue_change, 0.5)
            self.assertEqual(known.last_order_date, fields.Date.today())

    def test_receivables_are_those_of_all_contacts_and_branches(self):
        soon = fields.Date.today() + timedelta(days=10)
        self._create_invoice(self.customer, 70, soon)
        self._create_invoice(self.contact, 30, "2026-01-16")
        known = self._as(self.user)
        self.assertEqual((known.open_receivable, known.overdue), (100, 30))
        self.assertFalse(known.customer_credit_limit)
        self.customer.credit_limit = 500
        self.assertEqual(self._as(self.user).customer_credit_limit, 500)

    def test_open_orders_and_quotations_are_counted_until_invoiced(self):
        self._create_order(self.depot).action_confirm()
        self._create_order(self.contact)
        self._create_order(self.customer).action_cancel()
        known = self._as(self.user)
        self.assertEqual((known.open_order_count, known.open_quotation_count), (1, 1))
        self.assertEqual(known.open_order_amount, 100)

    def test_open_cases_and_satisfaction_are_those_of_all_contacts(self):
        first, second = self._create_cases(self.contact, 2)
        self._create_cases(self.depot)
        first.action_close()
        self._rate(first, 5)
        self._rate(second, 2)
        self._rate(second, 1, days_ago=400)
        known = self._as(self.user)
        self.assertEqual(known.open_case_count, 2)
        self.assertEqual((known.satisfaction, known.satisfaction_count), (3.5, 2))

    def test_last_contact_is_the_last_talk_and_no_document(self):
        self._create_order(self.customer)
        self.assertFalse(self._as(self.user).last_contact_date)
        message = self.contact.message_post(
            body="Hello", message_type="email", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(self._as(self.user).last_contact_date, message.date)

    def test_figures_of_companies_do_not_mix(self):
        elsewhere = self.env["res.company"].create(
            {"name": "Elsewhere", "currency_id": self.env.ref("base.EUR").id}
        )
        self.env.ref("base.EUR").active = True
        self._add_orders(self.customer, [10], 60)
        self._add_orders(self.customer, [10], 999, company=elsewhere)
        self._create_cases(self.customer).company_id = elsewhere
        known = self._as(self.officer)
        self.assertEqual((known.revenue_12m, known.open_case_count), (60, 0))
        self.officer.company_ids = [Command.link(elsewhere.id)]
        other = known.with_context(allowed_company_ids=elsewhere.ids)
        self.assertEqual((other.revenue_12m, other.open_case_count), (999, 1))
        self.assertEqual(other.currency_id, self.env.ref("base.EUR"))

    def test_figures_are_told_to_who_works_with_the_customer_only(self):
        foreign = self._create_customer("Foreign", user_id=self.other_user.id)
        self._add_orders(foreign, [10], 60)
        self.env["sale.order"].create({"partner_id": foreign.id, "user_id": self.user.id})
        self.assertEqual(self._as(self.user, foreign).revenue_12m, 0)
        self.assertEqual(self._as(self.officer, foreign).revenue_12m, 60)
        for user in (self.internal_user, self.portal_user):
            self.portal_user.partner_id.parent_id = foreign
            with self.assertRaises(AccessError):
                self._as(user, foreign).read(["revenue_12m"])

    def test_newest_open_work_is_listed_as_far_as_the_user_may_read_it(self):
        orders = self.env["sale.order"].concat(
            *(self._create_order(self.contact) for _number in range(7))
        )
        cases = self._create_cases(self.depot, 7)
        cases[6].action_close()
        known = self._as(self.officer)
        self.assertEqual(known.newest_case_ids.ids, cases[5:0:-1].ids)
        self.assertEqual(len(known.newest_order_ids & orders), 5)
        orders.user_id = self.other_user
        self.assertFalse(self._as(self.user).newest_order_ids)

    def test_group_is_the_tree_of_companies(self):
        self.assertFalse(self._as(self.officer).group_root_id)
        daughter = self._create_customer("Daughter", parent_id=self.customer.id)
        granddaughter = self._create_customer("Granddaughter", parent_id=daughter.id)
        for partner in (self.customer, self.contact, daughter, granddaughter):
            known = self._as(self.officer, partner)
            self.assertEqual((known.group_root_id, known.group_company_count), (self.customer, 3))
        action = self._as(self.officer, granddaughter).action_view_group()
        found = self.env["res.partner"].search(action["domain"])
        self.assertEqual(found, self.customer + daughter + granddaughter)

    def test_customers_open_on_their_profile_for_logistics_users_only(self):
        profile = self.env.ref("logistics_crm.view_logistics_customer_form").id
        self.assertEqual(self._as(self.user).get_formview_id(), profile)
        self.assertNotEqual(self._as(self.internal_user).get_formview_id(), profile)
        self.assertNotEqual(self._as(self.user, self.contact).get_formview_id(), profile)

    def test_every_figure_opens_what_it_counts(self):
        self._create_cases(self.contact, 2)
        invoice = self._create_invoice(self.customer, 70, "2026-01-16")
        order = self._create_order(self.contact)
        self._add_orders(self.customer, [10])
        known = self._as(self.officer)
        found = {}
        for name in ("cases", "receivables", "open_orders", "revenue", "timeline", "lifecycle"):
            action = getattr(known, f"action_view_{name}")()
            found[name] = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(found["cases"]), 2)
        self.assertEqual(found["receivables"], invoice)
        self.assertEqual(found["open_orders"], order)
        self.assertEqual(len(found["revenue"]), 1)
        self.assertGreaterEqual(len(found["timeline"]), 5)

    def _fill(self, customer, count):
        """Give a customer `count` of everything."""
        contacts = self.env["res.partner"].create(
            [{"name": f"Person {number}", "parent_id": customer.id} for number in range(count)]
        )
        self._add_orders(customer, range(1, 20 * count))
        self._create_cases(contacts[0], count)
        for number in range(count):
            self._create_order(contacts[number])
            contacts[number].message_post(
                body="Hello", message_type="email", subtype_xmlid="mail.mt_comment"
            )

    def _count_queries(self, customer, specification):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        customer.with_user(self.officer).web_read(specification)
        return self.env.cr.sql_log_count - before

    def test_the_profile_costs_the_same_however_long_the_history(self):
        short, long = self._create_customer("Short"), self._create_customer("Long")
        self._fill(short, 2)
        self._fill(long, 15)
        specification = self._get_form_specification()
        self._count_queries(short, specification)  # fills the caches of the registry
        count = self._count_queries(short, specification)
        self.assertEqual(self._count_queries(long, specification), count)
        self.assertLessEqual(count, 74)

    def test_the_profile_costs_few_queries_beside_odoos_form(self):
        self._fill(self.customer, 2)
        profile = self._get_form_specification()
        plain = self._get_form_specification("base.view_partner_form")
        for specification in (profile, plain):
            self._count_queries(self.customer, specification)
        more = self._count_queries(self.customer, profile)
        more -= self._count_queries(self.customer, plain)
        self.assertLessEqual(more, 37)  # with the add-ons above, which put figures on it

    def _get_form_specification(self, xmlid="logistics_crm.view_logistics_customer_form"):
        """Return the fields that a form asks for, lists with their columns."""
        form = Form(self.customer.with_user(self.officer), view=xmlid)
        return form._view["fields_spec"]
