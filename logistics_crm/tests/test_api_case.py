from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestApiCase(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.customer = cls._create_customer("Lotus", user_id=cls.user.id, email="lotus@x.example")
        cls.foreign = cls._create_customer("Jade")
        cls.category = cls.env["logistics.case.category"].create(
            {"name": "Torn Film", "severity": "high"}
        )
        cls.values = {
            "customer": cls.customer.customer_code,
            "subject": "Pallet arrived damaged",
            "kind": "complaint",
        }

    def _submit(self, user=None, **values):
        api = self.env["logistics.api"].with_user(user or self.officer)
        return api.submit_case({**self.values, **values})

    def _get_case(self, answer):
        return self.env["logistics.case"].browse(answer["id"])

    def test_answer_has_every_key_and_no_null(self):
        answer = self._submit()
        self.assertEqual(
            set(answer),
            {
                *("id", "code", "state", "responsible", "first_response_deadline"),
                *("resolution_deadline", "duplicate"),
            },
        )
        self.assertNotIn(None, answer.values())
        self.assertEqual((answer["state"], answer["duplicate"]), ("new", False))
        self.assertTrue(answer["code"].startswith("CS"))

    def test_values_are_on_the_case(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        answer = self._submit(
            customer=self.customer.id,
            category="torn film",
            order=order.name,
            amount=120.5,
            currency=self.env.company.currency_id.name,
            channel="web",
            description="Two boxes\nare wet",
        )
        case = self._get_case(answer)
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual((case.category_id, case.severity), (self.category, "high"))
        self.assertEqual((case.order_id, case.claimed_amount), (order, 120.5))
        self.assertEqual((case.kind, case.channel), ("complaint", "web"))
        self.assertIn("Two boxes<br", case.description)

    def test_description_opens_the_conversation_as_the_customer(self):
        case = self._get_case(self._submit(description="Two boxes <3 are wet"))
        message = case.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertEqual(message.author_id, self.customer)
        self.assertIn("Two boxes &lt;3 are wet", message.body)

    def test_script_in_a_description_is_removed(self):
        case = self._get_case(
            self._submit(description="<p onclick='x()'>Wet</p><script>alert(1)</script>")
        )
        for text in (case.description, *case.message_ids.mapped("body")):
            self.assertNotRegex(text, "(?i)script|onclick|alert")
        self.assertIn("Wet", case.description)

    def test_sent_again_it_opens_no_second_case(self):
        first = self._submit(external_id="T-1")
        again = self._submit(external_id="T-1", subject="Other words")
        self.assertEqual(again, {**first, "duplicate": True})
        self.assertEqual(self._get_case(first).name, self.values["subject"])
        other = self._submit(external_id="T-1", channel="web")
        self.assertFalse(other["duplicate"])

    def test_key_is_free_in_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.officer.company_ids += elsewhere
        first = self._submit(external_id="T-1")
        api = self.env["logistics.api"].with_user(self.officer).with_company(elsewhere)
        other = api.submit_case({**self.values, "external_id": "T-1"})
        self.assertNotEqual(first["id"], other["id"])
        self.assertEqual(self._get_case(other).company_id, elsewhere)

    def test_what_is_wrong_is_named_and_nothing_is_written(self):
        foreign_order = self.env["sale.order"].create({"partner_id": self.foreign.id})
        count = self.env["logistics.case"].search_count([])
        for field, value in [
            ("customer", "C000000"),
            ("customer", 0),
            ("customer", 2**40),
            ("customer", True),
            ("customer", [1]),
            ("customer", None),
            ("subject", " "),
            ("subject", 5),
            ("kind", "praise"),
            ("kind", False),
            ("severity", "urgent"),
            ("channel", "fax"),
            ("category", "No such category"),
            ("order", foreign_order.name),
            ("order", foreign_order.id),
            ("shipment", "SH0001"),
            ("amount", -1),
            ("amount", "12"),
            ("amount", float("nan")),
            ("currency", "XXX"),
            ("external_id", 12),
            ("colour", "red"),
            ("c" * 10_000, "red"),
            ("customer", "\0"),
            ("customer", "\ud800"),
            ("customer", "C" * 10_000),
            ("subject", "\0"),
            ("subject", "\ud800"),
            ("subject", "x" * 10_000),
            ("category", "%"),
            ("order", "S" * 10_000),
            ("external_id", "x" * 10_000),
            ("description", "x" * 1_000_001),
        ]:
            with (
                self.subTest(field=field, value=value),
                self.assert_refused(UserError, f"“{field[:80]}"),
            ):
                self._submit(**{field: value})
        with self.assert_refused(UserError, "“values”"):
            self.env["logistics.api"].with_user(self.officer).submit_case("Help")
        self.assertEqual(self.env["logistics.case"].search_count([]), count)

    def test_a_message_does_not_repeat_all_of_a_long_value(self):
        for field in ("customer", "order", "kind", "amount"):
            with self.assertRaises(UserError) as caught:
                self._submit(**{field: "x" * 10_000})
            self.assertLess(len(str(caught.exception)), 200)

    def test_subject_is_one_line(self):
        case = self._get_case(self._submit(subject="Wet\r\nBcc: eve@x.example"))
        self.assertEqual(case.name, "Wet Bcc: eve@x.example")

    def test_user_submits_for_own_customers_only(self):
        self.assertTrue(self._submit(self.user)["id"])
        with self.assert_refused(UserError, "“customer”"):
            self._submit(self.user, customer=self.foreign.customer_code)

    def test_key_of_a_case_that_the_user_may_not_see_is_refused(self):
        self._submit(customer=self.foreign.id, external_id="T-1")
        with self.assert_refused(UserError, "“external_id”"):
            self._submit(self.user, external_id="T-1")

    def test_who_may_not_open_cases_is_refused(self):
        for user in (self.internal_user, self.portal_user, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self._submit(user)
