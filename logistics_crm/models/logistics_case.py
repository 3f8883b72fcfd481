from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.case_values import CHANNELS, KINDS, OPEN_STATES, SEVERITIES, SLA_STATES


class LogisticsCase(models.Model):
    """A complaint, claim, inquiry or feedback of a customer, from the first word to the rating."""

    _name = "logistics.case"
    _description = "Case"
    _inherit = (
        "portal.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
        "mail.tracking.duration.mixin",
        "rating.mixin",
        "logistics.customer.document",
        "logistics.company.record",
    )
    _order = "id desc"
    _rec_names_search = ("code", "name")
    _primary_email = "partner_email"
    _track_duration_field = "stage_id"
    _check_company_auto = True

    code = fields.Char(readonly=True, copy=False, help="Given when the case is saved.")
    name = fields.Char(string="Subject", required=True, tracking=True)
    description = fields.Html(sanitize_attributes=True, sanitize_form=True)
    kind = fields.Selection(KINDS, required=True, default="inquiry", tracking=True)
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    severity = fields.Selection(SEVERITIES, required=True, default="medium", tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        help="Who wrote or called: the company or one of its people.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Company of the Customer",
        related="partner_id.commercial_partner_id",
        store=True,
        index="btree_not_null",
    )
    partner_name = fields.Char(string="Name as Received")
    partner_email = fields.Char(
        string="Email",
        compute="_compute_partner_contact",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    partner_phone = fields.Char(
        string="Phone", compute="_compute_partner_contact", store=True, readonly=False
    )
    category_id = fields.Many2one(
        "logistics.case.category", index="btree_not_null", tracking=True, ondelete="restrict"
    )
    stage_id = fields.Many2one(
        "logistics.case.stage",
        required=True,
        index=True,
        tracking=True,
        copy=False,
        ondelete="restrict",
        default=lambda self: self._get_stage("new"),
        group_expand="_read_group_stage_ids",
    )
    state = fields.Selection(related="stage_id.state", store=True)
    employee_id = fields.Many2one(
        "hr.employee",
        string="Responsible",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        ondelete="restrict",
        copy=False,
    )
    user_id = fields.Many2one(
        "res.users",
        string="User of the Responsible",
        related="employee_id.user_id",
        store=True,
        index="btree_not_null",
    )
    order_id = fields.Many2one("sale.order", index="btree_not_null", check_company=True)
    invoice_id = fields.Many2one("account.move", index="btree_not_null", check_company=True)
    sla_policy_id = fields.Many2one(
        "logistics.sla.policy", string="SLA Policy", readonly=True, copy=False, index=True
    )
    first_response_deadline = fields.Datetime(readonly=True, copy=False)
    first_response_date = fields.Datetime(readonly=True, copy=False)
    resolution_deadline = fields.Datetime(readonly=True, copy=False)
    resolution_date = fields.Datetime(readonly=True, copy=False)
    sla_state = fields.Selection(
        SLA_STATES, string="SLA", readonly=True, copy=False, default="none"
    )
    pause_ids = fields.One2many("logistics.case.pause", "case_id", string="Pauses")
    escalation_level = fields.Integer(readonly=True, copy=False)
    is_escalated = fields.Boolean(
        string="Escalated", compute="_compute_is_escalated", store=True, copy=False
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    claimed_amount = fields.Monetary(string="Claimed")
    liable_amount = fields.Monetary(string="Liable")
    settled_amount = fields.Monetary(string="Settled", copy=False)
    external_id = fields.Char(
        string="External Reference",
        copy=False,
        readonly=True,
        help="What the other system calls the case: sent again, it opens no second one.",
    )
    merged_into_id = fields.Many2one(
        "logistics.case", index="btree_not_null", copy=False, readonly=True
    )
    linked_case_ids = fields.Many2many(
        "logistics.case",
        "logistics_case_link_rel",
        "case_id",
        "linked_case_id",
        string="Linked Cases",
        copy=False,
    )
    customer_open_case_count = fields.Integer(compute="_compute_customer_open_case_count")
    duration_tracking = fields.Json(export_string_translation=False)

    _code_uniq = models.UniqueIndex("(code)", "Another case has this code already.")
    _external_uniq = models.UniqueIndex(
        "(company_id, channel, external_id) WHERE external_id IS NOT NULL",
        "A case with this external reference exists already for this company and channel.",
    )
    _open_idx = models.Index(
        "(stage_id, id DESC) WHERE active AND state IN ('new', 'open', 'waiting')"
    )
    _open_customer_idx = models.Index(
        "(commercial_partner_id, id DESC) WHERE active AND state IN ('new', 'open', 'waiting')"
    )

    @api.depends("partner_id.email", "partner_id.phone")
    def _compute_partner_contact(self):
        """Keep what was received; fill in what is known of the customer."""
        for case in self:
            case.partner_email = case.partner_email or case.partner_id.email
            case.partner_phone = case.partner_phone or case.partner_id.phone

    @api.depends("code", "name")
    def _compute_display_name(self):
        for case in self:
            case.display_name = " ".join(filter(None, (case.code, case.name)))

    @api.depends("escalation_level")
    def _compute_is_escalated(self):
        for case in self:
            case.is_escalated = case.escalation_level > 0

    @api.constrains("name")
    def _check_has_subject(self):
        if not all((case.name or "").strip() for case in self):
            raise ValidationError(self.env._("A case needs a subject: say what it is about."))

    @api.model_create_multi
    def create(self, vals_list):
        """Draw the codes of the whole batch at once."""
        return super().create(self._prepare_values_of_new_cases(vals_list))

    @api.model
    def _prepare_values_of_new_cases(self, vals_list):
        schemes = self.env["logistics.code.scheme"]
        codes = schemes._next_codes(self._name, len(vals_list))
        # looked up once here, where the default would be once per case
        stage_id = self.env.context.get("default_stage_id") or self._get_stage("new").id
        return [
            {"stage_id": stage_id, **vals, "code": code}
            for vals, code in zip(vals_list, codes, strict=True)
        ]

    def unlink(self):
        """Keep the codes of deleted cases from being given again."""
        codes = [code for code in self.mapped("code") if code]
        self.env["logistics.code.scheme"]._retire_codes(self._name, codes)
        return super().unlink()

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        return stages.search([("active", "=", True)])

    @api.model
    def _get_stage(self, state):
        """Return the first stage of a state (one of `STATES`), empty if there is none."""
        return self.env["logistics.case.stage"].search([("state", "=", state)], limit=1)

    def _is_open(self):
        self.ensure_one()
        return self.state in OPEN_STATES

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_open_case_count(self):
        for case in self:
            count = case.commercial_partner_id.open_case_count
            case.customer_open_case_count = count and count - case._is_open()

    # ------------------------------------------------------------------ buttons

    def action_view_customer_cases(self):
        """Open the cases of the same customer."""
        self.ensure_one()
        return self.commercial_partner_id.action_view_cases()

    def action_start(self):
        """Take the case into work."""
        return self._move_to("open")

    def action_wait(self):
        """Wait for the customer: the deadlines stand still."""
        return self._move_to("waiting")

    def action_solve(self):
        """Say that the case is solved."""
        return self._move_to("solved")

    def action_close(self):
        """Close the case for good: a later answer of the customer opens a new one."""
        return self._move_to("closed")

    def action_cancel(self):
        """Give the case up, as for spam or a mistake."""
        return self._move_to("cancelled")

    def action_reopen(self):
        """Work on a solved, closed or cancelled case again."""
        return self._move_to("open")

    def _move_to(self, state):
        stage = self._get_stage(state)
        if not stage:
            raise UserError(
                self.env._(
                    "There is no stage that means “%(state)s”: ask a Manager to add one under "
                    "Configuration > Customer Service > Case Stages.",
                    state=dict(self._fields["state"]._description_selection(self.env))[state],
                )
            )
        self.filtered(lambda case: case.state != state).stage_id = stage
        return True
