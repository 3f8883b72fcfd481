from odoo import fields, models

from .logistics_mining_scored_mixin import GROUP
from .res_partner import SCORE_CONTEXT


class ResPartner(models.Model):
    """How likely a customer answers a campaign, where people look."""

    _inherit = "res.partner"

    response_probability = fields.Float(
        "Chance of an Answer",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        aggregator="avg",
        groups=GROUP,
        help="Probability that the customer answers when a campaign contacts them.",
    )
    response_band = fields.Selection(
        [("high", "High: Top 20%"), ("medium", "Medium: Next 30%"), ("low", "Low")],
        "Answers Campaigns",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="Where the customer stands among all by the chance of an answer.",
    )
    response_reasons = fields.Text("Answer Reasons", compute="_compute_score_texts", groups=GROUP)
    response_date = fields.Date("Answer as of", compute="_compute_score_texts", groups=GROUP)

    def _get_score_tasks(self):
        return [*super()._get_score_tasks(), "response"]

    def _get_score_fields(self):
        return super()._get_score_fields() | {"response_probability", "response_band"}
