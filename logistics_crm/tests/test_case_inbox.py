from ast import literal_eval

from odoo.exceptions import UserError
from odoo.tests import Form, TransactionCase, tagged

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestCaseInbox(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.env.company.country_id = cls.env.ref("base.cn")
        cls.cases = cls.env["logistics.case"].with_user(cls.officer)
        cls.lotus = cls._create_customer("Lotus Freight Ltd", email="desk@lotus.example")
        cls.jade = cls._create_customer("Jade Textiles", phone="+86 10 6552 9988")

    def _create_case(self, name="Help", **values):
        return self.cases.create({"name": name, "channel": "mail", **values})

    def _get_suggested(self, **values):
        case = self._create_case(**values)
        return [(partner, reason) for partner, reason, _weight in case._get_suggestions()[case]]

    def test_code_of_a_customer_in_the_text_suggests_it(self):
        text = f"<p>Our number is {self.jade.customer_code}, thanks</p>"
        [(partner, reason)] = self._get_suggested(description=text)
        self.assertEqual((partner, reason), (self.jade, f"code {self.jade.customer_code}"))

    def test_code_of_a_case_and_number_of_an_order_suggest_their_customer(self):
        case = self._create_case(partner_id=self.lotus.id)
        order = self.env["sale.order"].create({"partner_id": self.jade.id})
        suggested = self._get_suggested(name=f"{case.code}: and {order.name}?")
        self.assertEqual([partner for partner, _reason in suggested], [self.lotus, self.jade])

    def test_address_at_the_domain_of_a_customer_suggests_it(self):
        [(partner, reason)] = self._get_suggested(partner_email="new@lotus.example")
        self.assertEqual((partner, reason), (self.lotus, "addresses at lotus.example"))

    def test_domain_of_many_customers_says_nothing(self):
        for number in range(6):
            self._create_customer(f"Shop {number}", email=f"shop{number}@mail.example")
        self.assertFalse(self._get_suggested(partner_email="new@mail.example"))

    def test_number_suggests_its_customer(self):
        [(partner, reason)] = self._get_suggested(partner_phone="01065529988")
        self.assertEqual((partner, reason), (self.jade, "same number"))

    def test_address_of_two_customers_suggests_both(self):
        self.jade.email = self.lotus.email
        suggested = self._get_suggested(partner_email=self.lotus.email)
        self.assertEqual({partner for partner, _reason in suggested}, {self.lotus, self.jade})

    def test_similar_name_suggests_the_customer(self):
        [(partner, _reason)] = self._get_suggested(partner_name="LOTUS-FREIGHT, Inc.")
        self.assertEqual(partner, self.lotus)

    def test_customers_that_the_user_may_not_see_are_not_suggested(self):
        case = self._create_case(partner_email="new@lotus.example")
        case.sudo().employee_id = self.env["hr.employee"].create(
            {"name": "Uma", "user_id": self.user.id}
        )
        self.assertFalse(case.with_user(self.user).suggested_partner_id)
        self.lotus.user_id = self.user
        case.invalidate_recordset()
        self.assertEqual(case.with_user(self.user).suggested_partner_id, self.lotus)

    def test_one_click_assigns_the_suggestion(self):
        case = self._create_case(partner_email="new@lotus.example")
        self.assertEqual(case.suggested_partner_id, self.lotus)
        case.action_assign_suggested()
        self.assertEqual(case.partner_id, self.lotus)
        self.assertFalse(case.suggested_partner_id)

    def test_without_suggestion_a_sentence_says_what_to_do(self):
        with self.assert_refused(UserError, "Choose the customer yourself"):
            self._create_case(partner_name="Zyx").action_assign_suggested()

    def _open_match(self, case):
        context = case.action_choose_customer()["context"]
        matches = self.env["logistics.case.match"].with_user(self.officer)
        return Form(matches.with_context(**context))

    def test_address_is_remembered_as_a_contact(self):
        case = self._create_case(partner_name="Li Na", partner_email="li@private.example")
        case.message_post(
            body="Wet", author_id=False, email_from="Li <li@private.example>", message_type="email"
        )
        form = self._open_match(case)
        form.partner_id = self.lotus
        form.remember = True
        form.save().action_assign()
        self.assertEqual(case.partner_id.parent_id, self.lotus)
        self.assertEqual(
            (case.partner_id.name, case.partner_email), ("Li Na", "li@private.example")
        )
        self.assertEqual(case.message_ids[0].author_id, case.partner_id)
        contact = {"email": "li@private.example"}
        [(partner, _found)] = self.env["res.partner"]._match_contacts([contact])
        self.assertEqual(partner, case.partner_id)

    def test_suggestion_is_chosen_in_the_dialog(self):
        case = self._create_case(partner_email="new@lotus.example")
        match = self._open_match(case).save()
        match.line_ids.filtered(lambda line: line.partner_id == self.lotus).action_assign()
        self.assertEqual(case.partner_id, self.lotus)

    def test_sender_becomes_a_new_customer(self):
        case = self._create_case(partner_name="Eve", partner_email="eve@new.example")
        self._open_match(case).save().action_create_customer()
        self.assertEqual((case.partner_id.name, case.partner_id.email), ("Eve", "eve@new.example"))

    def test_inbox_shows_open_cases_without_customer_only(self):
        unknown = self._create_case()
        known, given_up = self._create_case(partner_id=self.lotus.id), self._create_case()
        given_up.action_cancel()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.action_logistics_case_inbox"
        )
        domain = literal_eval(action["domain"].strip())
        ids = (unknown + known + given_up).ids
        shown = self.cases.search([("id", "in", ids), *domain])
        self.assertEqual(shown, unknown)

    def test_page_of_the_inbox_costs_as_many_queries_as_one_case(self):
        cases = self.cases.create(
            [
                {"name": f"Help {n} S{n:05}", "partner_email": f"x{n}@lotus{n}.example"}
                for n in range(40)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(22):
            cases.mapped("suggestion_reason")
