from odoo import api, fields, models
from odoo.tools import formatLang


class LogisticsMiningScore(models.Model):
    """What a score says, as people read it: an amount, a probability, a value with its limits."""

    _inherit = "logistics.mining.score"

    value_text = fields.Char("Says", compute="_compute_value_text")

    @api.depends("value", "details", "task_id", "company_id")
    @api.depends_context("lang")
    def _compute_value_text(self):
        kinds = self._get_value_kinds()
        for score in self:
            kind = kinds.get(score.task_id.code, "amount")
            score.value_text = getattr(score, f"_value_as_{kind}")()

    @api.model
    def _get_value_kinds(self):
        """Return task -> what its values are; amounts where nothing else is said."""
        kinds = dict.fromkeys(("churn", "lead", "response"), "probability")
        return {**kinds, "clv": "limits"}

    def _value_as_amount(self):
        return self.env["logistics.mining.reason"]._whole(self.value, self.company_id)

    def _value_as_probability(self):
        return f"{formatLang(self.env, 100 * self.value, digits=0)}%"

    def _value_as_limits(self):
        details = self.details or {}
        if "clv_12m_high" not in details:  # a score from before limits were kept
            return self._value_as_amount()
        return self.env["logistics.mining.reason"]._value_with_limits(
            self.value, details["clv_12m_low"], details["clv_12m_high"], self.company_id
        )
