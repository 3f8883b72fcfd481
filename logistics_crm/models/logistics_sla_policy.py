from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.case_values import OPEN_STATES, SEVERITIES

# what decides which cases a policy fits, and what decides their deadlines
MATCHED_BY = {"active", "sequence", "company_id", "partner_id", "category_id", "severity"}
PLANNED_BY = {
    "calendar_id",
    "first_response_hours",
    "resolution_hours",
    "warning_share",
    "escalation_hours",
}


class LogisticsSlaPolicy(models.Model):
    """How soon cases are answered and solved, for a customer, a category or a severity."""

    _name = "logistics.sla.policy"
    _description = "SLA Policy"
    _inherit = "logistics.company.record"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: for all customers.",
    )
    category_id = fields.Many2one(
        "logistics.case.category",
        index="btree_not_null",
        ondelete="cascade",
        help="This category and those below it. Empty: all categories.",
    )
    severity = fields.Selection(SEVERITIES, help="Empty: for every severity.")
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        ondelete="restrict",
        help="Hours count only within these, public holidays left out. Empty: day and night.",
    )
    first_response_hours = fields.Float(help="Working hours until the first answer. 0: none due.")
    resolution_hours = fields.Float(help="Working hours until the solution. 0: none due.")
    warning_share = fields.Float(
        string="Warn After",
        default=0.8,
        help="The responsible is warned when this share of the time is used up. 0: no warning.",
    )
    escalation_role_id = fields.Many2one(
        "logistics.account.role",
        string="Escalate to",
        ondelete="restrict",
        help="Who is told of a missed deadline. Empty: the manager of the responsible.",
    )
    escalation_hours = fields.Float(
        string="Escalate Again After",
        help="So many working hours after the missed solution the case goes one level up. "
        "0: never.",
    )
    calendar_problem = fields.Char(compute="_compute_calendar_problem")
    open_case_count = fields.Integer(compute="_compute_open_case_count", string="Open Cases")

    @api.depends("calendar_id", "calendar_id.attendance_ids", "calendar_id.flexible_hours")
    def _compute_calendar_problem(self):
        """Say in a sentence why there can be no deadline."""
        for policy in self:
            calendar = policy.calendar_id
            policy.calendar_problem = (
                self.env._(
                    "There is no deadline: “%(calendar)s” has no working hours. Enter its hours, "
                    "or leave the working hours of the SLA policy “%(policy)s” empty to count day "
                    "and night.",
                    calendar=calendar.name,
                    policy=policy.name,
                )
                if calendar and not calendar._has_working_hours()
                else False
            )

    def _compute_open_case_count(self):
        groups = self.env["logistics.case"]._read_group(
            [("sla_policy_id", "in", self.ids), ("state", "in", OPEN_STATES)],
            ["sla_policy_id"],
            ["__count"],
        )
        counts = dict(groups)
        for policy in self:
            policy.open_case_count = counts.get(policy, 0)

    @api.constrains("first_response_hours", "resolution_hours", "warning_share", "escalation_hours")
    def _check_hours(self):
        for policy in self:
            if min(policy.first_response_hours, policy.resolution_hours) < 0:
                raise ValidationError(self.env._("Hours cannot be negative: 0 means no deadline."))
            if not 0 <= policy.warning_share < 1:
                raise ValidationError(
                    self.env._("Warn after a share of the time from 0 to less than 100 percent.")
                )
            if policy.escalation_hours < 0:
                raise ValidationError(
                    self.env._("Hours until the next escalation cannot be negative: 0 means never.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Have open cases matched again: the new policies may fit them better."""
        policies = super().create(vals_list)
        policies._mark_fitting_cases()
        return policies

    def write(self, vals):
        """Have the deadlines of open cases computed again where the change touches them."""
        if vals.keys() & (MATCHED_BY | PLANNED_BY):
            self.env["logistics.case"]._mark_sla_outdated([("sla_policy_id", "in", self.ids)])
        result = super().write(vals)
        if vals.keys() & MATCHED_BY:
            self._mark_fitting_cases()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: cases of other companies count, too
        cases = self.env["logistics.case"].sudo().with_context(active_test=False)
        if cases.search_count([("sla_policy_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Cases have deadlines by this policy: archive it instead of deleting.")
            )

    def _mark_fitting_cases(self):
        active = self.filtered("active")
        if active:
            self.env["logistics.case"]._mark_sla_outdated(
                Domain.OR(policy._get_case_domain() for policy in active)
            )

    def _get_case_domain(self):
        """Return the domain of the cases that the policy fits."""
        self.ensure_one()
        domain = Domain.TRUE
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        if self.partner_id:
            customer = self.partner_id.commercial_partner_id
            domain &= Domain("commercial_partner_id", "=", customer.id)
        if self.category_id:
            domain &= Domain("category_id", "child_of", self.category_id.id)
        if self.severity:
            domain &= Domain("severity", "=", self.severity)
        return domain

    def _has_hours(self):
        self.ensure_one()
        return bool(self.first_response_hours or self.resolution_hours)

    @api.model
    def _match(self, cases):
        """Return the policy of each case (dict), empty where none fits.

        The most specific one wins: first a policy for the customer, then one for the category or
        the nearest above it, then one for the severity, then one for the company alone. Of those
        that are as specific the first in the list of policies wins. One query for any number.
        """
        # sudo: a deadline does not depend on who looks; the company's own and common ones count
        policies = self.sudo().with_context(active_test=True)
        policies = policies.search(cases._get_policy_domain())
        best = {}
        for policy in policies:
            customer = policy.partner_id.commercial_partner_id.id
            key = (customer, policy.category_id.id, policy.severity, policy.company_id.id)
            best.setdefault(key, self.browse(policy.id))
        found = {case: self.browse() for case in cases}
        for case in cases:
            keys = case._iter_policy_keys() if best else ()
            found[case] = next((best[key] for key in keys if key in best), self.browse())
        return found

    def _prepare_deadlines(self, clock, start, pauses):
        """Return values of a case: its deadlines, when to warn and when to escalate.

        Parameters
        ----------
        clock : WorkClock or DayAndNight
        start : datetime.datetime
            When the case was received, naive UTC.
        pauses : list of (datetime.datetime, datetime.datetime)
            In which the clock stood still.
        """

        def plan(hours):
            return clock.plan(start, hours, pauses) or False if hours > 0 else False

        solve = self.resolution_hours
        return {
            "first_response_deadline": plan(self.first_response_hours),
            "first_response_warning": plan(self.first_response_hours * self.warning_share),
            "resolution_deadline": plan(solve),
            "resolution_warning": plan(solve * self.warning_share),
            "escalation_date": plan(solve + self.escalation_hours)
            if solve and self.escalation_hours
            else False,
        }
