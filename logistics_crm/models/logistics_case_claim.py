from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, formatLang

from ..tools.case_values import TOO_MUCH

SETTLEMENT_STATES = [
    ("none", "No Settlement"),
    ("proposed", "To Approve"),
    ("approved", "Approved"),
]
CREDIT_STATES = [
    ("none", "No Credit Note"),
    ("draft", "Draft"),
    ("posted", "Not Paid"),
    ("partial", "Partially Paid"),
    ("paid", "Paid"),
]
# who approved what is set by the buttons alone
APPROVAL_FIELDS = {"settlement_state", "settlement_approver_id", "settlement_approved_date"}
AMOUNT_FIELDS = {"settled_amount", "liable_amount", "claimed_amount", "currency_id"}


class LogisticsCase(models.Model):
    """What a customer claims, what we are liable for, what we settle, and who approved it."""

    _inherit = "logistics.case"

    settlement_state = fields.Selection(
        SETTLEMENT_STATES,
        string="Settlement",
        required=True,
        readonly=True,
        default="none",
        copy=False,
        tracking=True,
    )
    settlement_approver_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, copy=False, ondelete="restrict"
    )
    settlement_approved_date = fields.Datetime(string="Approved on", readonly=True, copy=False)
    credit_note_ids = fields.One2many(
        "account.move", "logistics_case_id", string="Credit Notes", copy=False
    )
    credit_note_count = fields.Integer(
        string="Number of Credit Notes", compute="_compute_credit", compute_sudo=True
    )
    credited_amount = fields.Monetary(
        string="Credited",
        compute="_compute_credit",
        compute_sudo=True,
        help="Untaxed total of the credit notes that are not cancelled.",
    )
    credit_state = fields.Selection(
        CREDIT_STATES,
        string="Credit Note",
        compute="_compute_credit_state",
        store=True,
        help="How far the credit notes of the case are paid out or taken into account.",
    )

    _amounts_check = models.Constraint(
        "CHECK (COALESCE(claimed_amount, 0) >= 0 AND COALESCE(liable_amount, 0) >= 0"
        " AND COALESCE(settled_amount, 0) >= 0)",
        "Amounts of a claim cannot be negative.",
    )

    @api.depends("credit_note_ids.amount_untaxed", "credit_note_ids.state", "currency_id")
    def _compute_credit(self):
        for case in self:
            notes = case.credit_note_ids.filtered(lambda move: move.state != "cancel")
            case.credit_note_count = len(case.credit_note_ids)
            # notes are in the currency of the claim: see the credit note wizard
            case.credited_amount = sum(notes.mapped("amount_untaxed"))

    @api.depends("credit_note_ids.state", "credit_note_ids.payment_state")
    def _compute_credit_state(self):
        for case in self:
            case.credit_state = case._get_credit_state()

    def _get_credit_state(self):
        notes = self.credit_note_ids.filtered(lambda move: move.state != "cancel")
        payments = set(notes.mapped("payment_state"))
        if not notes:
            return "none"
        if any(move.state == "draft" for move in notes):
            return "draft"
        if payments <= {"paid", "reversed", "in_payment"}:
            return "paid"
        return "posted" if payments == {"not_paid"} else "partial"

    @api.constrains("claimed_amount", "liable_amount", "settled_amount")
    def _check_amounts_are_exact(self):
        """Refuse what is no amount, or so large that its cents cannot be kept."""
        for case in self:
            for name in ("claimed_amount", "liable_amount", "settled_amount"):
                if not case[name] < TOO_MUCH:  # NaN fails this, too
                    raise ValidationError(
                        self.env._(
                            "%(case)s: %(field)s must be less than %(most)s.",
                            case=case.display_name,
                            field=self._fields[name]._description_string(self.env),
                            most=formatLang(self.env, TOO_MUCH, digits=0),
                        )
                    )

    @api.constrains("claimed_amount", "liable_amount", "settled_amount")
    def _check_amounts_against_the_claim(self):
        for case in self:
            for name in ("liable_amount", "settled_amount"):
                if case.currency_id.compare_amounts(case[name], case.claimed_amount) > 0:
                    raise ValidationError(case._get_too_much_message(name))

    def _get_too_much_message(self, name):
        return self.env._(
            "%(case)s: %(field)s cannot be more than the %(claimed)s that the customer claims. "
            "Enter the claimed amount first.",
            case=self.display_name,
            field=self._fields[name]._description_string(self.env),
            claimed=self.currency_id.format(self.claimed_amount),
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Have settlements of new cases approved like any other."""
        for vals in vals_list:
            self._check_sets_no_approval(vals)
        cases = super().create(vals_list)
        cases._propose_settlement()
        return cases

    def write(self, vals):
        """Ask again for approval when amounts change, and keep those that were credited."""
        self._check_sets_no_approval(vals)
        changed = self.browse()
        if vals.keys() & AMOUNT_FIELDS:
            changed = self.filtered(lambda case: case._changes_settlement(vals))
            changed._check_nothing_credited()
        result = super().write(vals)
        changed._propose_settlement()
        return result

    def _changes_settlement(self, vals):
        self.ensure_one()
        currency = self.env["res.currency"].browse(vals.get("currency_id", self.currency_id.id))
        return currency != self.currency_id or any(
            self.currency_id.compare_amounts(vals[name] or 0, self[name])
            for name in AMOUNT_FIELDS - {"currency_id"}
            if name in vals
        )

    def _check_sets_no_approval(self, vals):
        if vals.keys() & APPROVAL_FIELDS and not self.env.su:
            raise AccessError(
                self.env._("A settlement is approved with the button “Approve” of the case.")
            )

    def _check_nothing_credited(self):
        for case in self:
            if case.credit_state != "none":
                raise UserError(
                    self.env._(
                        "The amounts of %(case)s cannot change: there is a credit note. Cancel "
                        "the credit note first.",
                        case=case.display_name,
                    )
                )

    def _propose_settlement(self):
        # sudo: these fields are set by the rules of settlement alone
        for case in self.sudo():
            state = "proposed" if case.settled_amount else "none"
            if case.settlement_state != state:
                case._set_settlement(state)

    def _set_settlement(self, state):
        approved = state == "approved"
        self.write(
            {
                "settlement_state": state,
                "settlement_approver_id": self.env.uid if approved else False,
                "settlement_approved_date": fields.Datetime.now() if approved else False,
            }
        )

    def action_approve_settlement(self):
        """Approve what is settled: Officers up to their limit, Managers any amount."""
        self.check_access("write")
        for case in self:
            if case.settlement_state != "proposed":
                raise UserError(
                    self.env._("%(case)s has no settlement to approve.", case=case.display_name)
                )
            case._check_may_approve()
        # sudo: who may approve was checked; nobody writes these fields otherwise
        self.sudo()._set_settlement("approved")
        return True

    def _check_may_approve(self):
        self.ensure_one()
        user = self.env.user
        if user.has_group("logistics_crm.group_logistics_manager"):
            return
        if not user.has_group("logistics_crm.group_logistics_officer"):
            raise AccessError(
                self.env._("A Logistics Officer or Manager approves settlements. Ask one of them.")
            )
        if self.currency_id.compare_amounts(self.settled_amount, self.liable_amount) > 0:
            raise AccessError(
                self.env._(
                    "%(case)s settles more than we are liable for: a Logistics Manager decides.",
                    case=self.display_name,
                )
            )
        limit = self.company_id.claim_officer_limit
        company_currency = self.company_id.currency_id
        if company_currency.compare_amounts(self._get_company_amount("settled_amount"), limit) > 0:
            raise AccessError(
                self.env._(
                    "%(case)s settles more than the %(limit)s that an Officer may approve: ask a "
                    "Logistics Manager.",
                    case=self.display_name,
                    limit=company_currency.format(limit),
                )
            )

    def _get_company_amount(self, name):
        """Return an amount of the case in company currency at today's rate.

        Raises
        ------
        UserError
            When there is no rate: Odoo itself would take 1.0.
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        self._check_rate(today)
        return self.currency_id._convert(
            self[name], self.company_id.currency_id, self.company_id, today
        )

    def _check_rate(self, day):
        company = self.company_id
        if self.currency_id == company.currency_id:
            return
        rates = self.env.execute_query(
            SQL(
                """SELECT 1 FROM res_currency_rate
                    WHERE currency_id = %s AND name <= %s
                      AND (company_id IS NULL OR company_id = %s) LIMIT 1""",
                self.currency_id.id,
                day,
                company.root_id.id,
            )
        )
        if not rates:
            raise UserError(
                self.env._(
                    "There is no exchange rate from %(currency)s to %(company_currency)s. An "
                    "accountant enters it in Accounting, Configuration, Currencies.",
                    currency=self.currency_id.name,
                    company_currency=company.currency_id.name,
                )
            )

    def action_credit_note(self):
        """Open the wizard that makes a draft credit note."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Note"),
            "res_model": "logistics.case.credit",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def action_open_credit_notes(self):
        """Open the credit notes of the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_refund_type"
        )
        action["domain"] = [("logistics_case_id", "=", self.id)]
        action["context"] = {"default_move_type": "out_refund", "create": False}
        if not self.env["account.payment"].has_access("read"):
            # Odoo's own form shows payments, which are for those who do the accounts
            names = {"list": "credit_note_list", "form": "credit_note_form"}
            action["views"] = [
                (self.env.ref(f"logistics_crm.view_logistics_{name}").id, kind)
                for kind, name in names.items()
            ]
            action["view_mode"] = "list,form"
        return action
