from odoo import fields, models

from ..tools.case_values import SEVERITIES


class LogisticsSlaPolicy(models.Model):
    """How soon cases are answered and solved, for a customer, a category or a severity."""

    _name = "logistics.sla.policy"
    _description = "SLA Policy"
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
