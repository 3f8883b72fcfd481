from odoo import fields, models


class ResCompany(models.Model):
    """What a company decides about its customer service."""

    _inherit = "res.company"

    claim_officer_limit = fields.Monetary(
        string="Settlements of Officers",
        default=1000,
        help="Officers approve settlements up to this amount, Managers any amount.",
    )
    case_satisfaction_ask = fields.Boolean(
        string="Ask for Satisfaction",
        default=True,
        help="When a case is closed, the customer gets a mail with a link to say how it went.",
    )
    case_satisfaction_days = fields.Integer(
        string="Days to Answer",
        default=30,
        help="So many days the link of the mail can be used, and an answer be changed.",
    )

    _satisfaction_days_check = models.Constraint(
        "CHECK (case_satisfaction_days > 0)", "The customer needs at least one day to answer."
    )
    _claim_limit_check = models.Constraint(
        "CHECK (claim_officer_limit >= 0)", "The limit of Officers cannot be negative."
    )
