from odoo import api, fields, models

from .res_partner import GROUP

WIN_FIELDS = ("win_probability", "win_band", "win_date")


class CrmLead(models.Model):
    """How likely a lead is to be won, by our own model, beside Odoo's probability.

    Plain columns: a lead belongs to one company, whoever looks, so that lists can be sorted and
    teams can take leads by them. Runs fill them, and so does every change of a lead.
    """

    _name = "crm.lead"
    _inherit = ["crm.lead", "logistics.mining.scored.mixin"]

    win_probability = fields.Float(
        "Chance",
        readonly=True,
        copy=False,
        aggregator="avg",
        groups=GROUP,
        help="Probability that the lead will be won, learned from the won and lost leads before: "
        "from 0 to 1. Empty on leads that are won or lost.",
    )
    win_band = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")],
        "Chance Band",
        readonly=True,
        copy=False,
        groups=GROUP,
        help="High: like the best fifth of the leads so far. Medium: like the next three tenths.",
    )
    win_date = fields.Date("Chance as of", readonly=True, copy=False, groups=GROUP)
    win_reasons = fields.Text("Chance Reasons", compute="_compute_win_reasons", groups=GROUP)

    @api.model
    def _get_score_fields(self):
        return super()._get_score_fields() | set(WIN_FIELDS)

    @api.depends("win_probability", "win_date")
    @api.depends_context("lang", "uid")
    def _compute_win_reasons(self):
        """Read the reasons of the newest scores, as far as the reader may see them."""
        self.win_reasons = False
        scores = self.env["logistics.mining.score"].search(
            [("lead_id", "in", self._origin.ids), ("is_newest", "=", True)], order="run_id"
        )
        reasons = {score.lead_id.id: score.reason_text for score in scores}
        for lead in self.filtered("win_date"):
            lead.win_reasons = reasons.get(lead._origin.id, False)
