from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.logistics_crm.loader.fields import Many2oneUnchecked


class LogisticsMiningScore(models.Model):
    """One score of one record in one run, with its reasons as codes and arguments.

    Rows are written set-based by the run; ``details`` holds, under the names of the fields on
    the record, what the run puts there when it is published.
    """

    _name = "logistics.mining.score"
    _description = "Mining Score"
    _order = "value desc, res_id, id"
    _rec_name = "partner_id"
    _log_access = False

    run_id = fields.Many2one(
        "logistics.mining.run", required=True, readonly=True, ondelete="cascade"
    )
    # one foreign key less each per row: these follow from the run, and cannot be deleted without it
    task_id = Many2oneUnchecked("logistics.mining.task", "Task", required=True, readonly=True)
    company_id = Many2oneUnchecked("res.company", required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    lead_id = fields.Many2one("crm.lead", readonly=True, index="btree_not_null", ondelete="cascade")
    value = fields.Float(
        readonly=True,
        aggregator="sum",
        help="Segments: what the customer bought for. Values: what is expected in 12 months. "
        "Customers leaving, leads: the probability.",
    )
    band = fields.Char(readonly=True)
    segment_id = Many2oneUnchecked("logistics.mining.segment", "Segment", readonly=True)
    details = fields.Json(readonly=True)
    reasons = fields.Json("Reason Codes", readonly=True)
    reason_text = fields.Text("Reasons", compute="_compute_reason_text")
    date = fields.Date("As of", readonly=True)
    is_newest = fields.Boolean(related="run_id.is_newest", string="Newest")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    currency_id = fields.Many2one(related="company_id.currency_id")

    _record_unique = models.UniqueIndex(
        "(run_id, res_model, res_id)", "A run scores each record once."
    )
    _best_idx = models.Index("(run_id, value DESC, res_id)")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for score in self:
            score.reason_text = "\n".join(score._get_reasons())

    def _get_reasons(self):
        """Return the reasons as sentences in the reader's language."""
        self.ensure_one()
        renderer = self.env["logistics.mining.reason"]
        return [
            renderer._render(reason, self.company_id, self.date) for reason in self.reasons or ()
        ]

    def _read_group_select(self, aggregate_spec, query):
        """Never add up values of several runs: they mix tasks, dates or currencies."""
        expression = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec not in ("value:sum", "value:avg"):
            return expression
        run = self._field_to_sql(self._table, "run_id", query)
        return SQL("CASE WHEN MIN(%s) = MAX(%s) THEN %s END", run, run, expression)

    def action_open_record(self):
        """Open the scored record."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
