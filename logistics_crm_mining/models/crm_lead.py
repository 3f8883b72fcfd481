from odoo import api, fields, models

from .logistics_mining_scored_mixin import GROUP

WIN_FIELDS = ("win_probability", "win_band")
WIN_TEXTS = ("win_reasons", "win_reason", "win_date")


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
    win_reasons = fields.Text("Chance Reasons", compute="_compute_win_texts", groups=GROUP)
    win_reason = fields.Char("Main Reason", compute="_compute_win_texts", groups=GROUP)
    win_date = fields.Date("Chance as of", compute="_compute_win_texts", groups=GROUP)

    @api.model
    def _get_score_fields(self):
        return super()._get_score_fields() | set(WIN_FIELDS)

    @api.depends("win_probability", "win_band")
    @api.depends_context("lang", "uid")
    def _compute_win_texts(self):
        """Read reasons and date from the newest scores, as far as the reader may see them."""
        self.update(dict.fromkeys(WIN_TEXTS, False))
        scored = self.filtered("win_band")
        scores = self.env["logistics.mining.score"].search_fetch(
            [("lead_id", "in", scored._origin.ids), ("is_newest", "=", True)],
            ["lead_id", "company_id", "reasons", "date"],
            order="run_id",
        )
        newest = {score.lead_id.id: score for score in scores}
        for lead in scored:
            if score := newest.get(lead._origin.id):
                lead.win_reasons = score.reason_text
                lead.win_reason = score.reason_text.split("\n")[0]
                lead.win_date = score.date
