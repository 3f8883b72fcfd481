from datetime import timedelta

from odoo import api, fields, models

NPS_DAYS = 365


class ResPartner(models.Model):
    """Whether a customer recommends us, from the cases that they rated."""

    _inherit = "res.partner"

    nps_score = fields.Float(
        string="NPS",
        compute="_compute_nps_score",
        digits=(6, 1),
        groups="logistics_crm.group_logistics_user",
        help="Net promoter score (-100 to 100) of the cases of the last 12 months.",
    )
    nps_count = fields.Integer(
        string="Answers on Recommendation",
        compute="_compute_nps_score",
        groups="logistics_crm.group_logistics_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_nps_score(self):
        customers = self.commercial_partner_id
        since = fields.Datetime.now() - timedelta(days=NPS_DAYS)
        figures = self.env["logistics.case"]._get_satisfaction_figures(
            "commercial_partner_id",
            [
                ("commercial_partner_id", "in", customers.ids),
                ("satisfaction_date", ">=", since),
                ("nps_group", "!=", False),
            ],
        )
        for partner in self:
            _csat, nps, count = figures.get(partner.commercial_partner_id, (0, 0, 0))
            partner.nps_score = nps
            partner.nps_count = count
