from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

OPEN_STATES = ("queued", "running")


class LogisticsMiningRun(models.Model):
    """One run of a task for one company: on what data, how long, how good, published or why not.

    Runs are made by ``logistics.mining.task._queue`` and worked through by the scheduled action;
    people read, cancel and publish them, and never write them directly.
    """

    _name = "logistics.mining.run"
    _description = "Mining Run"
    _order = "id desc"

    task_id = fields.Many2one(
        "logistics.mining.task", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Asked for by", readonly=True, help="Empty for the nightly run."
    )
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="queued",
        index=True,
    )
    progress = fields.Integer("Progress (%)", readonly=True, aggregator=None)
    attempts = fields.Integer(readonly=True, aggregator=None)
    started = fields.Datetime(readonly=True)
    finished = fields.Datetime(readonly=True)
    cutoff = fields.Date(
        "Cut-off", readonly=True, help="The last day whose orders the run has seen."
    )
    parameters = fields.Json(readonly=True)
    fingerprint = fields.Char(
        "Data Fingerprint",
        readonly=True,
        help="Runs with the same fingerprint, cut-off and parameters saw the same data.",
    )
    line_count = fields.Integer("Order Lines", readonly=True)
    customer_count = fields.Integer("Customers", readonly=True)
    score_count = fields.Integer("Scores", readonly=True)
    seconds = fields.Float(readonly=True, digits=(12, 2))
    memory_mb = fields.Integer(
        "Peak Memory (MB)",
        readonly=True,
        aggregator="max",
        help="The most memory the server process had taken by the end of the run.",
    )
    metrics = fields.Json(readonly=True)
    baseline = fields.Json(readonly=True)
    model_parameters = fields.Json(readonly=True)
    has_drift = fields.Boolean(readonly=True)
    drift = fields.Float(
        "Drift (PSI)",
        readonly=True,
        digits=(12, 3),
        aggregator=None,
        help="How far the scores moved since the published run before (population stability "
        "index): below 0.1 stable, above 0.25 look at the data before you trust the scores.",
    )
    published = fields.Boolean(readonly=True)
    is_newest = fields.Boolean(
        "Shown to People",
        readonly=True,
        help="The published run whose scores are on the customers now.",
    )
    reason_data = fields.Json(readonly=True)
    reason = fields.Text(compute="_compute_reason")
    figures_text = fields.Text("Figures", compute="_compute_figures_text")

    _open_unique = models.UniqueIndex(
        "(task_id, company_id) WHERE state IN ('queued', 'running')",
        "A run of this task is waiting or running for this company already.",
    )
    _newest_unique = models.UniqueIndex(
        "(task_id, company_id) WHERE is_newest",
        "Only one run per task and company can be the one whose scores are shown.",
    )

    @api.depends("task_id", "create_date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for run in self:
            run.display_name = run.task_id.name
            if run.create_date:
                asked = fields.Datetime.context_timestamp(run, run.create_date)
                run.display_name += f" {asked:%Y-%m-%d %H:%M}"

    @api.depends("reason_data", "state", "published")
    @api.depends_context("lang")
    def _compute_reason(self):
        renderer = self.env["logistics.mining.reason"]
        for run in self:
            data = run.reason_data
            if not data and not run.published:
                data = {"code": f"run_{run.state}"}
            run.reason = renderer._render(data, run.company_id, run.cutoff) if data else False

    @api.depends("metrics", "baseline", "model_parameters")
    @api.depends_context("lang")
    def _compute_figures_text(self):
        for run in self:
            lines = [*run._describe_results(), *run._describe_quality()]
            run.figures_text = "\n".join(lines)

    def _describe_results(self):
        """Return lines that say what was found; tasks add theirs."""
        return self._describe_segments()

    def _describe_segments(self):
        """Return one line per segment found, best first."""
        profile = (self.metrics or {}).get("segments") or {}
        segments = self.env["logistics.mining.segment"].search([("code", "in", list(profile))])
        return [
            self.env._(
                "%(segment)s: %(customers)s customers, %(share).0f%% of the revenue",
                segment=segment.name,
                customers=profile[segment.code]["customers"],
                share=100 * profile[segment.code]["revenue_share"],
            )
            for segment in segments
        ]

    def _describe_quality(self):
        """Return when the model was checked, and one line per figure beside the baseline's."""
        metrics, baseline = self.metrics or {}, self.baseline or {}
        if not baseline:
            return []
        checked = self.env._(
            "Checked on the orders after %(start)s up to %(end)s, which the model had not seen:",
            start=format_date(self.env, metrics["holdout_cutoff"]),
            end=format_date(self.env, metrics["holdout_end"]),
        )
        return [checked] + [
            self.env._(
                "%(label)s: %(model)s, baseline %(baseline)s",
                label=label,
                model=formatLang(self.env, metrics[name], digits=digits),
                baseline=formatLang(self.env, baseline[name], digits=digits),
            )
            for name, (digits, label) in self._get_quality_labels().items()
            if metrics.get(name) and baseline.get(name)
        ]

    def _get_quality_labels(self):
        """Return figure -> (digits, label) of the figures that people are shown."""
        return {
            "orders_rmse": (2, self.env._("Error in orders per customer (RMSE, decides)")),
            "orders_mae": (2, self.env._("Error in orders per customer (mean absolute)")),
            "orders_correlation": (3, self.env._("Correlation with the orders that came")),
            "orders_total": (0, self._get_total_label()),
            "value_rmse": (0, self.env._("Error in value per customer (RMSE)")),
            "top_fifth_share": (3, self.env._("Share of revenue of the fifth ranked highest")),
            "auc": (3, self.env._("Tells who stays away from the others (AUC; 0.5 is chance)")),
            "log_loss": (3, self.env._("Error of the probabilities (log-loss)")),
            "brier": (3, self.env._("Error of the probabilities (Brier)")),
            "ece": (3, self.env._("Probabilities off from what happened (calibration error)")),
        }

    def _get_total_label(self):
        came = (self.metrics or {}).get("orders_actual")
        if came is None:  # runs from before this figure was kept
            return self.env._("Orders expected in that time")
        return self.env._(
            "Orders expected in that time (%(came)s came)",
            came=formatLang(self.env, came, digits=0),
        )

    def action_cancel(self):
        """Cancel a queued run at once; a running one stops before its next step."""
        self.ensure_one()
        self.task_id.check_access("write")
        if self.state not in OPEN_STATES:
            raise UserError(self.env._("This run is over already: there is nothing to cancel."))
        # sudo: nobody may write runs directly; who may write the task may cancel its runs
        self.sudo().write(
            {
                "state": "cancelled",
                "finished": fields.Datetime.now(),
                "reason_data": {"code": "cancelled_by", "user": self.env.user.name},
            }
        )

    def action_publish(self):
        """Put the scores of a run on the customers although it did not publish them itself."""
        self.ensure_one()
        self.task_id.check_access("write")
        if self.state != "done" or not self.score_count:
            raise UserError(self.env._("Only a finished run that has scores can be published."))
        # sudo: nobody may write runs and scores directly; who may write the task may publish
        self.sudo().with_company(self.company_id)._publish()

    def action_view_scores(self):
        """Show the scores of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm_mining.action_logistics_mining_score"
        )
        context = self.task_id._get_score_context()
        return {**action, "domain": [("run_id", "=", self.id)], "context": context}
