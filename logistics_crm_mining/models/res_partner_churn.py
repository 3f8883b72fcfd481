from odoo import fields, models

from .logistics_mining_scored_mixin import GROUP
from .res_partner import SCORE_CONTEXT


class ResPartner(models.Model):
    """Whether a customer is leaving, where people look."""

    _inherit = "res.partner"

    churn_probability = fields.Float(
        "Risk of Leaving",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        aggregator="avg",
        groups=GROUP,
        help="Probability that the customer does not order in the next months (90 days, unless the "
        "task says otherwise).",
    )
    churn_risk = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")],
        "Risk",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="Of leaving: high from a probability of 70%, medium from 40%.",
    )
    expected_order_date = fields.Date(
        "Next Order Expected",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="The last order plus the customer's own usual days between orders; in the past where "
        "it is overdue, empty after a single order.",
    )
    active_year_revenue = fields.Float(
        "Revenue up to the Last Order",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="What the customer bought in the 12 months up to their last order, net of returns, in "
        "the currency of the company. It does not shrink while they stay away.",
    )
    value_at_risk = fields.Float(
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="The revenue up to the last order times the probability of leaving: what a year "
        "without them may cost.",
    )
    churn_reasons = fields.Text("Risk Reasons", compute="_compute_score_texts", groups=GROUP)
    churn_date = fields.Date("Risk as of", compute="_compute_score_texts", groups=GROUP)

    def _get_score_tasks(self):
        return [*super()._get_score_tasks(), "churn"]

    def _get_score_fields(self):
        names = {"churn_probability", "churn_risk", "expected_order_date"}
        amounts = {"active_year_revenue", "value_at_risk"}
        return super()._get_score_fields() | names | amounts
