from odoo import api, fields, models
from odoo.exceptions import UserError

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
        "logistics.mining.task", "Task", required=True, readonly=True, ondelete="cascade"
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
    metrics_text = fields.Text("Figures", compute="_compute_metrics_text")

    _open_unique = models.UniqueIndex(
        "(task_id, company_id) WHERE state IN ('queued', 'running')",
        "A run of this task is waiting or running for this company already.",
    )
    _newest_unique = models.UniqueIndex(
        "(task_id, company_id) WHERE is_newest",
        "Only one run per task and company can be the one whose scores are shown.",
    )

    @api.depends("task_id", "started", "create_date")
    def _compute_display_name(self):
        for run in self:
            at = fields.Datetime.context_timestamp(run, run.create_date) if run.create_date else ""
            run.display_name = f"{run.task_id.name} {at:%Y-%m-%d %H:%M}" if at else run.task_id.name

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
    def _compute_metrics_text(self):
        for run in self:
            run.metrics_text = "\n".join(
                f"{label}: {self._format_figures(figures)}"
                for label, figures in (
                    (self.env._("Model"), run.metrics),
                    (self.env._("Baseline"), run.baseline),
                    (self.env._("Parameters found"), run.model_parameters),
                )
                if figures
            )

    @staticmethod
    def _format_figures(figures):
        return ", ".join(
            f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in figures.items()
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
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}
