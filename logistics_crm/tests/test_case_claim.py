from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestCaseClaim(LogisticsUsersMixin, AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.env.user.group_ids += cls.env.ref("logistics_crm.group_logistics_manager")
        cls.company = cls.company_data["company"]
        cls.company.claim_officer_limit = 500
        users = cls.user + cls.officer + cls.manager
        users.write({"company_ids": [(6, 0, cls.company.ids)], "company_id": cls.company.id})
        cls.customer = cls._create_customer("Harbour Goods", user_id=cls.user.id)
        cls.tax_a = cls.company_data["default_tax_sale"]
        cls.tax_b = cls.tax_a.copy({"name": "Low", "amount": 5})
        cls.invoice = cls._invoice(cls.customer)

    @classmethod
    def _invoice(cls, partner, currency=None):
        lines = [("Transport", 3, 100, cls.tax_a), ("Storage", 1, 100, cls.tax_b)]
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-03-02",
                "currency_id": (currency or cls.company.currency_id).id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": name,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                    for name, quantity, price, tax in lines
                ],
            }
        )
        invoice.action_post()
        return invoice

    def _case(self, settled=200, **values):
        return self.env["logistics.case"].create(
            {
                "name": "Pallet damaged",
                "kind": "claim",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "invoice_id": self.invoice.id,
                "claimed_amount": 1000,
                "liable_amount": 800,
                "settled_amount": settled,
                **values,
            }
        )

    def _approved(self, settled=200, **values):
        case = self._case(settled, **values)
        case.with_user(self.manager).action_approve_settlement()
        return case.with_user(self.officer)

    def _credit(self, case, **values):
        wizard = self.env["logistics.case.credit"].with_user(self.officer)
        return wizard.create({"case_id": case.id, **values})

    # ------------------------------------------------------------------ amounts and approval

    def test_no_more_is_liable_or_settled_than_claimed(self):
        with self.assert_refused(ValidationError, "Settled cannot be more than"):
            self._case(1001)
        case = self._case()
        with self.assert_refused(ValidationError, "Liable cannot be more than"):
            case.liable_amount = 1001

    def test_settlement_waits_for_approval_and_again_when_it_changes(self):
        case = self._case()
        self.assertEqual(case.settlement_state, "proposed")
        case.with_user(self.officer).action_approve_settlement()
        self.assertEqual(case.settlement_state, "approved")
        self.assertEqual(case.settlement_approver_id, self.officer)
        case.with_user(self.user).settled_amount = 201
        self.assertEqual(case.settlement_state, "proposed")
        self.assertFalse(case.settlement_approver_id)
        case.settled_amount = 0
        self.assertEqual(case.settlement_state, "none")

    def test_change_of_the_subject_keeps_the_approval(self):
        case = self._approved()
        case.write({"name": "Two pallets damaged", "settled_amount": 200})
        self.assertEqual(case.settlement_state, "approved")

    def test_user_approves_nothing_and_cannot_write_that_it_is_approved(self):
        case = self._case().with_user(self.user)
        with self.assert_refused(AccessError, "Officer or Manager approves"):
            case.action_approve_settlement()
        with self.assert_refused(AccessError, "approved with the button"):
            case.settlement_state = "approved"

    def test_officer_approves_up_to_the_limit_manager_above_it(self):
        self._case(500).with_user(self.officer).action_approve_settlement()
        case = self._case(500.01)
        with self.assert_refused(AccessError, "ask a Logistics Manager"):
            case.with_user(self.officer).action_approve_settlement()
        case.with_user(self.manager).action_approve_settlement()
        self.assertEqual(case.settlement_state, "approved")

    def test_more_than_liable_is_for_the_manager(self):
        case = self._case(100, liable_amount=50)
        with self.assert_refused(AccessError, "more than we are liable for"):
            case.with_user(self.officer).action_approve_settlement()

    def test_limit_counts_in_company_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        case = self._case(300, currency_id=currency.id, invoice_id=False)
        with self.assert_refused(AccessError, "ask a Logistics Manager"):
            case.with_user(self.officer).action_approve_settlement()

    def test_missing_rate_is_named_instead_of_taken_as_one(self):
        currency = self.env["res.currency"].create({"name": "XQQ", "symbol": "q"})
        case = self._case(300, currency_id=currency.id, invoice_id=False)
        with self.assert_refused(UserError, "no exchange rate from XQQ"):
            case.with_user(self.officer).action_approve_settlement()

    # ------------------------------------------------------------------ credit notes

    def test_lines_of_another_invoice_are_not_credited(self):
        other = self._invoice(self._create_customer("Other"))
        wizard = self._credit(self._approved(1000), mode="lines")
        wizard.line_ids[0].write({"move_line_id": other.invoice_line_ids[0].id, "quantity": 1})
        with self.assert_refused(UserError, "of the chosen invoice only"):
            wizard.action_create()

    def test_chosen_lines_are_credited_as_they_were_invoiced(self):
        case = self._approved(200)
        wizard = self._credit(case, mode="lines")
        transport = wizard.line_ids.filtered(lambda line: line.name == "Transport")
        transport.quantity = 2
        action = wizard.action_create()
        note = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(note.state, "draft")
        self.assertEqual(note.move_type, "out_refund")
        self.assertEqual(note.reversed_entry_id, self.invoice)
        self.assertEqual(note.amount_untaxed, 200)
        self.assertEqual(note.invoice_line_ids.tax_ids, self.tax_a)
        self.assertEqual(note.invoice_line_ids.account_id, transport.move_line_id.account_id)
        self.assertEqual((case.credit_state, case.credited_amount), ("draft", 200))

    def test_amount_is_spread_over_the_taxes_of_the_invoice(self):
        case = self._approved(100)
        wizard = self._credit(case)
        self.assertEqual((wizard.mode, wizard.amount), ("amount", 100))
        note = self.env["account.move"].browse(wizard.action_create()["res_id"])
        shares = {line.tax_ids: line.price_subtotal for line in note.invoice_line_ids}
        self.assertEqual(shares, {self.tax_a: 75, self.tax_b: 25})

    def test_amount_stays_untaxed_where_prices_include_tax(self):
        self.tax_a.price_include_override = "tax_included"
        case = self._approved(100, invoice_id=False)
        wizard = self._credit(case, tax_ids=[Command.set(self.tax_a.ids)])
        note = self.env["account.move"].browse(wizard.action_create()["res_id"])
        self.assertAlmostEqual(note.amount_untaxed, 100)

    def test_without_invoice_an_amount_is_credited_with_the_usual_tax(self):
        case = self._approved(100, invoice_id=False)
        note = self.env["account.move"].browse(self._credit(case).action_create()["res_id"])
        self.assertEqual(note.amount_untaxed, 100)
        self.assertEqual(note.invoice_line_ids.tax_ids, self.company.account_sale_tax_id)
        self.assertFalse(note.reversed_entry_id)

    def test_nothing_is_credited_before_approval(self):
        with self.assert_refused(UserError, "not approved yet"):
            self._credit(self._case()).action_create()

    def test_no_more_is_credited_than_settled_even_in_parts(self):
        case = self._approved(200)
        with self.assert_refused(UserError, "more than the"):
            self._credit(case, amount=201).action_create()
        self._credit(case, amount=150).action_create()
        with self.assert_refused(UserError, "more than the"):
            self._credit(case, amount=51).action_create()
        self._credit(case, amount=50).action_create()
        self.assertEqual(case.credited_amount, 200)
        self.assertEqual(case.credit_note_count, 2)

    def test_no_more_of_a_line_is_credited_than_invoiced(self):
        wizard = self._credit(self._approved(1000), mode="lines")
        with self.assert_refused(ValidationError, "credit between 0 and"):
            wizard.line_ids[0].quantity = 4

    def test_officer_opens_the_note_that_they_made(self):
        case = self._approved(100)
        made = self._credit(case).action_create()
        button = case.action_open_credit_notes()
        notes = self.env["account.move"].with_user(self.officer)
        for action in (made, button):
            self.env.invalidate_all()
            views = {kind: view for view, kind in action["views"]}
            self.assertEqual(notes.search(action["domain"]).ids, [made["res_id"]])
            form = Form(notes.browse(made["res_id"]), view=views["form"])
            self.assertEqual((form.amount_untaxed, len(form.invoice_line_ids)), (100, 2))
        shown = notes.get_views([(view, kind) for view, kind in button["views"]])
        fields = list(shown["models"]["account.move"]["fields"])
        self.env.invalidate_all()
        self.assertTrue(notes.search(button["domain"]).read(fields))

    def test_who_does_the_accounts_opens_the_note_as_any_other(self):
        case = self._approved(100)
        self._credit(case).action_create()
        action = case.with_user(self.env.user).action_open_credit_notes()
        views = {kind: view for view, kind in action["views"]}
        ours = self.env.ref("logistics_crm.view_logistics_credit_note_form")
        self.assertNotEqual(views["form"], ours.id)

    def test_second_person_who_makes_the_note_at_once_is_told_what_to_do(self):
        wizard = self._credit(self._approved(100))

        def lock(records, **options):
            raise LockError("Cannot grab a lock on records")

        with (
            patch.object(self.env.registry["logistics.case"], "lock_for_update", lock),
            self.assert_refused(UserError, "Somebody else is working on the credit note"),
        ):
            wizard.action_create()

    def test_amount_that_keeps_no_cents_is_refused(self):
        case = self._case().with_user(self.user)
        for amount in (1e12, 1e15):
            with (
                self.subTest(amount=amount),
                self.assert_refused(ValidationError, "must be less than"),
            ):
                case.claimed_amount = amount
                self.env.flush_all()
        case.claimed_amount = 999_999_999_999.99
        self.env.flush_all()
        self.assertEqual(case.claimed_amount, 999_999_999_999.99)

    def test_case_without_a_subject_is_refused(self):
        case = self._case().with_user(self.user)
        with self.assert_refused(ValidationError, "needs a subject"):
            case.name = " \u3000"

    def test_without_journal_the_error_says_what_to_do(self):
        case = self._approved(100, invoice_id=False)
        journals = self.env["account.journal"]
        journals.search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)]
        ).active = False
        with self.assert_refused(UserError, "has no sales journal"):
            self._credit(case).action_create()

    def test_invoice_in_another_currency_or_of_another_customer_is_refused(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        foreign = self._invoice(self.customer, currency)
        with self.assert_refused(UserError, "is in EUR, the claim in"):
            self._credit(self._approved(100), invoice_id=foreign.id).action_create()
        other = self._invoice(self._create_customer("Somebody else"))
        with self.assert_refused(UserError, "is no invoice of Harbour Goods"):
            self._credit(self._approved(100), invoice_id=other.id).action_create()

    def test_credited_amounts_cannot_change_until_the_note_is_cancelled(self):
        case = self._approved(100)
        self._credit(case).action_create()
        with self.assert_refused(UserError, "there is a credit note"):
            case.settled_amount = 90
        case.sudo().credit_note_ids.button_cancel()
        case.settled_amount = 90
        self.assertEqual(case.settlement_state, "proposed")

    def test_payment_of_the_note_shows_on_the_case(self):
        case = self._approved(100, invoice_id=False)
        note = self.env["account.move"].browse(self._credit(case).action_create()["res_id"])
        note.action_post()
        self.assertEqual(case.credit_state, "posted")
        (self.invoice + note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(case.credit_state, "paid")

    def test_user_makes_no_credit_note(self):
        case = self._approved(100)
        with self.assertRaises(AccessError):
            self.env["logistics.case.credit"].with_user(self.user).create({"case_id": case.id})

    def test_wizard_offers_the_invoice_of_the_case(self):
        case = self._approved(100)
        form = Form(
            self.env["logistics.case.credit"]
            .with_user(self.officer)
            .with_context(default_case_id=case.id)
        )
        self.assertEqual(form.invoice_id.id, self.invoice.id)
        self.assertEqual(form.remaining_amount, 100)
        form.mode = "lines"
        with form.line_ids.edit(0) as line:
            line.quantity = 1
        self.assertEqual(form.total_amount, 100)
        wizard = form.save()
        self.assertEqual(wizard.total_amount, 100)
