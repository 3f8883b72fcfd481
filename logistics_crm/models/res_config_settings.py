from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What a company decides about its customer service."""

    _inherit = "res.config.settings"

    company_currency_id = fields.Many2one(
        "res.currency", string="Company Currency", related="company_id.currency_id", readonly=True
    )
    claim_officer_limit = fields.Monetary(
        related="company_id.claim_officer_limit",
        readonly=False,
        currency_field="company_currency_id",
    )
    case_satisfaction_ask = fields.Boolean(
        related="company_id.case_satisfaction_ask", readonly=False
    )
    case_satisfaction_days = fields.Integer(
        related="company_id.case_satisfaction_days", readonly=False
    )
