from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.languages import say_in_each_language


class LogisticsPromiseLine(models.Model):
    """Why it was promised so, to whoever reads it, in their language."""

    _inherit = "logistics.promise.line"

    # explained again later it would name what there is then: each language is kept
    explanations = fields.Json(readonly=True, help="Of that time, by language.")
    explanation_text = fields.Text(
        string="Why It Was Promised", compute="_compute_explanation_text"
    )
    risk_text = fields.Char(string="Risk", compute="_compute_risk_text")

    @api.depends("explanation", "explanations")
    @api.depends_context("lang")
    def _compute_explanation_text(self):
        for line in self:
            texts = line.explanations or {}
            line.explanation_text = texts.get(self.env.lang) or line.explanation

    def _get_quantity_to_leave(self):
        """Return how much of what was promised has not left yet, in the promise's unit."""
        line = self.order_line_id
        unit, own = line.product_uom_id, line.product_id.uom_id
        before = own._compute_quantity(self.left_before, unit, round=False)
        rest = line._get_promised() + before - line.qty_delivered
        rest = unit._compute_quantity(rest, self.unit_id, round=False)
        return min(self.quantity, rest) if rest > 0 else self.quantity

    def _say_in_each_language(self, say):
        """Return {language: text} of what is said of a record, for whoever reads it."""
        return say_in_each_language(self, say)

    @api.depends("expected_date", "delay")
    @api.depends_context("lang")
    def _compute_risk_text(self):
        """Say in one sentence what is expected of a promise that is at risk."""
        for line in self:
            line.risk_text = self.env._("It is no longer known when this can be delivered.")
            if line.expected_date:
                line.risk_text = self.env._(
                    "Expected on %(day)s, %(days)s days later than promised.",
                    day=format_date(self.env, line.expected_date),
                    days=line.delay,
                )
