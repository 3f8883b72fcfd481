from odoo import api, fields, models

from .logistics_mining_scored_mixin import GROUP
from .res_partner import SCORE_CONTEXT


class ResPartner(models.Model):
    """Between what limits a customer's value will lie, where people look."""

    _inherit = "res.partner"

    clv_12m_low = fields.Float(
        "Value at Least",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        aggregator=None,
        groups=GROUP,
        help="Eight in ten customers end up between this and the upper limit; one in ten below.",
    )
    clv_12m_high = fields.Float(
        "Value at Most",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        aggregator=None,
        groups=GROUP,
        help="Eight in ten customers end up between the lower limit and this; one in ten above.",
    )
    clv_text = fields.Char("Value in 12 Months", compute="_compute_clv_text", groups=GROUP)

    @api.depends("clv_12m", "clv_12m_low", "clv_12m_high", "value_band")
    @api.depends_context("company", "lang", "uid")
    def _compute_clv_text(self):
        """Say what is expected, and between what limits it will lie."""
        renderer = self.env["logistics.mining.reason"]
        for partner in self:
            partner.clv_text = bool(partner.value_band) and renderer._value_with_limits(
                partner.clv_12m, partner.clv_12m_low, partner.clv_12m_high, self.env.company
            )

    def _get_score_fields(self):
        return super()._get_score_fields() | {"clv_12m_low", "clv_12m_high"}
