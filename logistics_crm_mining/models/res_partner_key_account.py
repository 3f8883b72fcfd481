from odoo import fields, models

from .logistics_mining_scored_mixin import GROUP


class ResPartner(models.Model):
    """Why a customer has its class; the class itself belongs to Logistics CRM."""

    _inherit = "res.partner"

    key_account_reasons = fields.Text("Class Reasons", compute="_compute_score_texts", groups=GROUP)
    key_account_date = fields.Date("Class as of", compute="_compute_score_texts", groups=GROUP)

    def _get_score_tasks(self):
        return [*super()._get_score_tasks(), "key_account"]
