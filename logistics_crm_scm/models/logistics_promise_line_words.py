from odoo import api, fields, models


class LogisticsPromiseLine(models.Model):
    """Why it was promised so, to whoever reads it, in their language."""

    _inherit = "logistics.promise.line"

    # explained again later it would name what there is then: each language is kept
    explanations = fields.Json(readonly=True, help="Of that time, by language.")
    explanation_text = fields.Text(
        string="Why It Was Promised", compute="_compute_explanation_text"
    )

    @api.depends("explanation", "explanations")
    @api.depends_context("lang")
    def _compute_explanation_text(self):
        for line in self:
            texts = line.explanations or {}
            line.explanation_text = texts.get(self.env.lang) or line.explanation
