from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command


class LogisticsCaseCredit(models.TransientModel):
    """Make the draft credit note of a settled claim: of invoice lines, or of an amount."""

    _name = "logistics.case.credit"
    _description = "Credit Note of a Case"

    case_id = fields.Many2one("logistics.case", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="case_id.currency_id", related_sudo=False)
    partner_id = fields.Many2one(
        related="case_id.commercial_partner_id", related_sudo=False, string="Customer"
    )
    invoice_id = fields.Many2one(
        "account.move",
        compute="_compute_from_case",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),"
        " ('commercial_partner_id', '=', partner_id), ('company_id', '=', company_id),"
        " ('currency_id', '=', currency_id)]",
    )
    mode = fields.Selection(
        [("lines", "Lines of the invoice"), ("amount", "An amount")],
        string="Credit",
        required=True,
        compute="_compute_mode",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
    )
    line_ids = fields.One2many(
        "logistics.case.credit.line",
        "wizard_id",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    amount = fields.Monetary(
        string="Untaxed Amount",
        compute="_compute_from_case",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
    )
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('type_tax_use', '=', 'sale'), ('company_id', 'parent_of', company_id)]",
    )
    remaining_amount = fields.Monetary(
        string="Still to Credit", compute="_compute_remaining_amount"
    )
    total_amount = fields.Monetary(string="Untaxed Total", compute="_compute_total_amount")
    reason = fields.Char(
        required=True,
        compute="_compute_from_case",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
    )

    @api.depends("case_id")
    def _compute_remaining_amount(self):
        for wizard in self:
            case = wizard.case_id
            wizard.remaining_amount = case.settled_amount - case.credited_amount

    @api.depends("case_id")
    def _compute_from_case(self):
        for wizard in self:
            case = wizard.case_id
            wizard.amount = wizard.remaining_amount
            wizard.invoice_id = case.invoice_id
            wizard.reason = case.display_name

    @api.depends("invoice_id")
    def _compute_mode(self):
        for wizard in self:
            if not wizard.mode or not wizard.invoice_id:
                wizard.mode = "amount"

    @api.depends("invoice_id")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard.invoice_id.invoice_line_ids.filtered(
                lambda line: line.display_type == "product" and line.quantity
            )
            wizard.line_ids = [Command.clear()] + [
                Command.create({"move_line_id": line.id}) for line in lines
            ]

    @api.depends("company_id", "invoice_id")
    def _compute_tax_ids(self):
        for wizard in self:
            wizard.tax_ids = wizard.company_id.account_sale_tax_id

    @api.depends("mode", "amount", "line_ids.subtotal")
    def _compute_total_amount(self):
        for wizard in self:
            lines = sum(wizard.line_ids.mapped("subtotal"))
            wizard.total_amount = lines if wizard.mode == "lines" else wizard.amount

    def action_create(self):
        """Make the draft credit note and open it."""
        self.ensure_one()
        self._check_case()
        self._check_invoice()
        self._check_total()
        # sudo: Officers have no right to book; they make a draft of an approved settlement,
        # which whoever does the accounts checks and posts
        moves = self.env["account.move"].sudo().with_company(self.company_id)
        move = moves.create(self._prepare_credit_note())
        self.case_id.message_post(
            body=self.env._(
                "A draft credit note over %(amount)s was made.",
                amount=self.currency_id.format(move.amount_total),
            )
        )
        action = self.case_id.action_open_credit_notes()
        form = [view for view in action["views"] if view[1] == "form"]
        return action | {"view_mode": "form", "views": form, "res_id": move.id}

    def _check_case(self):
        case = self.case_id
        case.check_access("write")
        self._lock_case()
        if case.settlement_state != "approved":
            raise UserError(
                self.env._(
                    "The settlement of %(case)s is not approved yet. Enter the settled amount "
                    "and have it approved.",
                    case=case.display_name,
                )
            )
        if not case.partner_id:
            raise UserError(
                self.env._("%(case)s has no customer to credit.", case=case.display_name)
            )

    def _lock_case(self):
        """Keep a second person from crediting the same claim at the same time."""
        try:
            self.case_id.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on the credit note of %(case)s right now. Reload "
                    "the page and see what is left to credit.",
                    case=self.case_id.display_name,
                )
            ) from error

    def _check_invoice(self):
        invoice, case = self.invoice_id, self.case_id
        if not invoice:
            case._check_rate(fields.Date.context_today(self))
            return
        if invoice.move_type != "out_invoice" or invoice.state != "posted":
            raise UserError(self.env._("%(name)s is no posted invoice.", name=invoice.name))
        if invoice.commercial_partner_id != case.commercial_partner_id:
            raise UserError(
                self.env._(
                    "%(invoice)s is no invoice of %(customer)s.",
                    invoice=invoice.name,
                    customer=case.commercial_partner_id.name,
                )
            )
        if invoice.currency_id != case.currency_id or invoice.company_id != case.company_id:
            raise UserError(
                self.env._(
                    "%(invoice)s is in %(invoice_currency)s, the claim in %(currency)s. Enter the "
                    "claim in the currency of the invoice, or credit an amount without invoice.",
                    invoice=invoice.name,
                    invoice_currency=invoice.currency_id.name,
                    currency=case.currency_id.name,
                )
            )

    def _check_total(self):
        currency = self.currency_id
        if currency.compare_amounts(self.total_amount, 0) <= 0:
            raise UserError(
                self.env._("There is nothing to credit: enter an amount or a quantity.")
            )
        if currency.compare_amounts(self.total_amount, self.remaining_amount) > 0:
            raise UserError(
                self.env._(
                    "%(total)s is more than the %(remaining)s that are settled and not credited "
                    "yet.",
                    total=currency.format(self.total_amount),
                    remaining=currency.format(self.remaining_amount),
                )
            )

    def _prepare_credit_note(self):
        invoice = self.invoice_id
        today = fields.Date.context_today(self)
        return {
            "move_type": "out_refund",
            "partner_id": (invoice.partner_id or self.case_id.commercial_partner_id).id,
            "journal_id": self._get_journal().id,
            "currency_id": self.currency_id.id,
            "company_id": self.company_id.id,
            "invoice_date": today,
            "date": today,
            "ref": self.reason,
            "invoice_origin": self.case_id.code,
            "invoice_user_id": invoice.invoice_user_id.id or self.env.uid,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "reversed_entry_id": invoice.id,
            "logistics_case_id": self.case_id.id,
            "invoice_line_ids": [Command.create(values) for values in self._prepare_lines()],
        }

    def _get_journal(self):
        # sudo: Officers read no journals
        journals = self.env["account.journal"].sudo()
        journal = self.invoice_id.sudo().journal_id or journals.search(
            [*journals._check_company_domain(self.company_id), ("type", "=", "sale")], limit=1
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no sales journal. An accountant makes one in Accounting, "
                    "Configuration, Journals.",
                    company=self.company_id.name,
                )
            )
        return journal

    def _prepare_lines(self):
        if self.mode == "lines":
            lines = self.line_ids.filtered("quantity")
            self._check_lines(lines)
            return [line._prepare_credit_line() for line in lines]
        if self.invoice_id:
            return self._prepare_shares_of_invoice()
        return [self._prepare_amount(self.amount, self.tax_ids)]

    def _check_lines(self, lines):
        if lines.move_line_id.move_id != self.invoice_id:
            raise UserError(self.env._("Credit lines of the chosen invoice only."))

    def _prepare_shares_of_invoice(self):
        """Spread the amount over the invoice's taxes, as the invoice is."""
        # sudo: the invoice was checked; taxes and accounts are not for Officers to read
        lines = self.invoice_id.sudo().invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        groups = {}
        for line in lines:
            groups[line.tax_ids] = groups.get(line.tax_ids, 0) + line.price_subtotal
        total = sum(groups.values())
        rest, values = self.amount, []
        for index, (taxes, subtotal) in enumerate(groups.items()):
            is_last = index == len(groups) - 1
            share = self.currency_id.round(self.amount * subtotal / total) if total else 0
            share = rest if is_last else share
            rest -= share
            account = lines.filtered(lambda line, taxes=taxes: line.tax_ids == taxes)[:1].account_id
            values.append(self._prepare_amount(share, taxes, account))
        return [line for line in values if line["price_unit"]]

    def _prepare_amount(self, amount, taxes, account=None):
        # sudo: see `_prepare_shares_of_invoice`
        taxes = taxes.sudo()
        if any(tax.price_include for tax in taxes):
            totals = taxes.compute_all(amount, self.currency_id, handle_price_include=False)
            amount = totals["total_included"]
        values = {"name": self.reason, "quantity": 1, "price_unit": amount}
        values["tax_ids"] = [Command.set(taxes.ids)]
        if account:
            values["account_id"] = account.id
        return values
