from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .portrait_common import USER, PortraitCase


@tagged("post_install", "-at_install")
class TestPortraitAccess(PortraitCase):
    """Who sees whose portrait, and what is said to the others."""

    def test_a_user_is_told_that_a_customer_is_not_theirs(self):
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        with self.assertRaisesRegex(AccessError, "your own customers"):
            self._get_data(stranger)
        officer = self._create_user("portrait-officer", "logistics_crm.group_logistics_officer")
        self.assertEqual(self._get_data(stranger, user=officer)["header"]["name"], "Stranger")

    def test_nobody_outside_logistics_sees_a_portrait(self):
        employee = self._create_user("portrait-employee", "base.group_user")
        portal = new_test_user(self.env, "portrait-portal", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        for user in (employee, portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._portrait(user, self.env.company).get_data(self.customer.id)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._portrait(user, self.env.company).get_quotation(self.customer.id, [])

    def test_a_customer_of_another_company_is_not_shown(self):
        self.customer.company_id = self.other_company
        with self.assertRaises(AccessError):
            self._get_data()

    def test_a_customer_that_is_gone_is_said_to_be(self):
        gone = self.customers[7].id
        self.customers[7].unlink()
        for wrong in (gone, False, "7"):
            with self.subTest(customer=wrong), self.assertRaises(UserError):
                self._portrait().get_data(wrong)

    def test_without_the_right_to_order_no_quotation_is_offered(self):
        self._take_rights("sale.order", "perm_create")
        self.assertFalse(self._get_data()["may_order"])
        with self.assertRaises(AccessError):
            self._portrait().get_quotation(self.customer.id, [])

    def test_without_the_right_to_invoices_a_card_says_so(self):
        self._take_rights("account.move", "perm_read")
        self.assertIn("may read them", self._card("payment")["empty"])

    def _take_rights(self, model, right):
        rights = self.env["ir.model.access"].search(
            [
                ("model_id.model", "=", model),
                ("group_id", "in", [False, *self.user.all_group_ids.ids]),
            ]
        )
        rights[right] = False


@tagged("post_install", "-at_install")
class TestPortraitPayment(AccountTestInvoicingCommon):
    """How a customer pays, from the invoices that the reader may read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.reader = new_test_user(
            cls.env,
            login="portrait-payer",
            groups=USER,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Payer", "is_company": True, "user_id": cls.reader.id}
        )
        cls.today = fields.Date.today()

    def _invoice(self, days_ago, due_after, paid_after=None, amount=100.0, **values):
        day = self.today - timedelta(days=days_ago)
        line = {"name": "Transport", "price_unit": amount, "tax_ids": [Command.clear()]}
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": day,
                "invoice_date_due": day + timedelta(days=due_after),
                "invoice_user_id": self.reader.id,
                "invoice_line_ids": [Command.create(line)],
                **values,
            }
        )
        invoice.action_post()
        if paid_after is not None:
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            wizard.create(
                {"payment_date": day + timedelta(days=paid_after)}
            ).action_create_payments()
        return invoice

    def _card(self):
        portrait = self.env["logistics.portrait"].with_user(self.reader).with_company(self.company)
        data = portrait.get_data(self.customer.id)
        return next(card for card in data["cards"] if card["key"] == "payment"), data

    def test_days_to_pay_and_what_was_late(self):
        for paid_after in (10, 20, 45):
            self._invoice(100, due_after=30, paid_after=paid_after)
        card, _data = self._card()
        self.assertIn("They pay 20 days after the invoice (median of 3", card["answer"])
        self.assertIn("33% were paid late, by 15 days.", card["answer"])

    def test_what_is_overdue_is_among_the_sentences(self):
        self._invoice(60, due_after=30, amount=250.0)
        card, data = self._card()
        self.assertIn("None of their invoices of two years is paid yet; open: 1.", card["answer"])
        self.assertTrue(
            any("They owe us $\xa0250 " in one["text"] for one in data["sentences"]),
            data["sentences"],
        )

    def test_a_balance_in_their_favour_is_no_negative_debt(self):
        self._invoice(20, due_after=30)
        self._invoice(10, due_after=30, amount=400.0, move_type="out_refund")
        card, _data = self._card()
        facts = dict(card["facts"])
        self.assertEqual(facts.get("Balance in their favour"), "$\xa0300")
        self.assertNotIn("To be paid", facts)

    def test_invoices_of_others_do_not_count(self):
        self._invoice(100, due_after=30, paid_after=10)
        self._invoice(100, due_after=30, paid_after=90, invoice_user_id=self.env.user.id)
        card, _data = self._card()
        self.assertIn("median of 1", card["answer"])
        self.assertIn("None was paid late.", card["answer"])
