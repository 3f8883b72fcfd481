from odoo import api, fields, models
from odoo.fields import Domain

UNANSWERED = ("missed", "voicemail")


class LogisticsCall(models.Model):
    """One telephone call: who, with whom, when, and whether somebody has to call back."""

    _name = "logistics.call"
    _description = "Call"
    _inherit = ("logistics.customer.document", "logistics.company.record")
    _order = "start desc, id desc"
    _check_company_auto = True

    direction = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing")], required=True, default="in"
    )
    number = fields.Char(required=True, help="The other party's number, as the telephone shows it.")
    number_normalized = fields.Char(
        compute="_compute_number_normalized",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The same number in one spelling, by which callers are found.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Caller",
        compute="_compute_partner_id",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        help="Found by the number where it belongs to one customer only.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Customer",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Agent",
        index="btree_not_null",
        check_company=True,
        help="Who answered, called, or is to call back.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        compute="_compute_employee_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    start = fields.Datetime(required=True, default=fields.Datetime.now)
    duration = fields.Float(string="Duration (Hours)", aggregator="sum")
    outcome = fields.Selection(
        [
            ("answered", "Answered"),
            ("missed", "Missed"),
            ("voicemail", "Voicemail"),
            ("callback", "To Call Back"),
        ],
        help="Empty while the call is ringing.",
    )
    case_id = fields.Many2one("logistics.case", index="btree_not_null", check_company=True)
    case_message_id = fields.Many2one(
        "mail.message", readonly=True, copy=False, help="Where the case's conversation shows it."
    )
    lead_id = fields.Many2one("crm.lead", index="btree_not_null", check_company=True)
    note = fields.Text()
    external_id = fields.Char(
        string="External ID",
        readonly=True,
        copy=False,
        help="What the telephone system calls this call.",
    )
    returned_date = fields.Datetime(string="Returned On", readonly=True, copy=False)
    returned_user_id = fields.Many2one("res.users", string="Returned By", readonly=True, copy=False)
    to_return = fields.Boolean(
        compute="_compute_to_return",
        store=True,
        precompute=True,
        help="Nobody has called back yet.",
    )

    _external_uniq = models.UniqueIndex(
        "(company_id, external_id) WHERE external_id IS NOT NULL",
        "The telephone system has reported this call already.",
    )
    _to_return_idx = models.Index("(company_id, start) WHERE to_return")
    _newest_idx = models.Index("(start, id)")

    @api.depends("number")
    def _compute_number_normalized(self):
        partners = self.env["res.partner"]
        for call in self:
            company = call.company_id or self.env.company
            call.number_normalized = partners.with_company(company)._normalize_phone(call.number)

    @api.depends("number_normalized")
    def _compute_partner_id(self):
        """Find callers as the user may see them, all at once per company."""
        for company, calls in self.grouped("company_id").items():
            unknown = calls.filtered(lambda call: call.number_normalized and not call.partner_id)
            partners = self.env["res.partner"].with_company(company or self.env.company)
            matches = partners._match_contacts([{"phone": call.number} for call in unknown])
            for call, (partner, _candidates) in zip(unknown, matches, strict=True):
                call.partner_id = partner

    @api.depends("user_id", "company_id")
    def _compute_employee_id(self):
        for call in self:
            call.employee_id = call.user_id.with_company(call.company_id).employee_id

    @api.depends("direction", "outcome", "returned_date", "number_normalized")
    def _compute_to_return(self):
        for call in self:
            waits = call.outcome == "callback" or (
                call.direction == "in" and call.outcome in UNANSWERED
            )
            call.to_return = waits and call.number_normalized and not call.returned_date

    @api.depends("direction", "number", "partner_id")
    def _compute_display_name(self):
        for call in self:
            # sudo: the name of a caller stands in the log that the user may read
            party = call.partner_id.sudo().name or call.number or ""
            if call.direction == "out":
                call.display_name = self.env._("Call to %(party)s", party=party)
            else:
                call.display_name = self.env._("Call from %(party)s", party=party)

    @api.model_create_multi
    def create(self, vals_list):
        """A call that was answered takes the earlier ones of that number out of the queue."""
        calls = super().create(vals_list)
        calls._close_returned()
        calls._show_on_case()
        return calls

    def write(self, vals):
        """See `create`; the telephone system tells the outcome when the call is over."""
        result = super().write(vals)
        if vals.keys() & {"outcome", "number"}:
            self._close_returned()
        if vals.keys() & {"case_id", "outcome", "note", "duration"}:
            self._show_on_case()
        return result

    def _close_returned(self):
        answered = self.filtered(lambda call: call.outcome == "answered" and call.number_normalized)
        if not answered:
            return
        domain = Domain("to_return", "=", True) & Domain(
            "number_normalized", "in", answered.mapped("number_normalized")
        )
        # sudo: a colleague's missed call is done, too, when the caller was spoken to
        waiting = self.sudo().search(domain & Domain("company_id", "in", answered.company_id.ids))
        for call in answered.sorted("start"):
            done = waiting.filtered(
                lambda old, call=call: (
                    not old.returned_date
                    and old.number_normalized == call.number_normalized
                    and old.company_id == call.company_id
                    and old.start <= call.start
                )
            )
            done.write({"returned_date": call.start, "returned_user_id": call.user_id.id})

    def action_take(self):
        """Make the user the one who calls back."""
        self.user_id = self.env.user

    def action_returned(self):
        """Take calls out of the queue."""
        self.filtered("to_return").write(
            {"returned_date": fields.Datetime.now(), "returned_user_id": self.env.uid}
        )

    def action_open_caller(self):
        """Open the caller's profile, or the call itself while nobody knows who it is."""
        self.ensure_one()
        customer = self.commercial_partner_id
        is_profile = bool(customer) and customer.has_access("read")
        record = customer if is_profile else self
        profile = self.env.ref("logistics_crm.view_logistics_customer_form")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(is_profile and profile.id, "form")],
            "name": record.display_name,
        }
