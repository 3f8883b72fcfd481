from odoo import fields, models


class LogisticsCaseCategory(models.Model):
    """How content customers are with the cases of a category."""

    _inherit = "logistics.case.category"

    csat_average = fields.Float(string="CSAT", compute="_compute_satisfaction", digits=(3, 1))
    nps_score = fields.Float(string="NPS", compute="_compute_satisfaction", digits=(6, 1))
    satisfaction_count = fields.Integer(string="Rated Cases", compute="_compute_satisfaction")

    def _compute_satisfaction(self):
        figures = self.env["logistics.case"]._get_satisfaction_figures(
            "category_id", [("category_id", "in", self.ids)]
        )
        for category in self:
            csat, nps, count = figures.get(category, (0, 0, 0))
            category.csat_average = csat
            category.nps_score = nps
            category.satisfaction_count = count
