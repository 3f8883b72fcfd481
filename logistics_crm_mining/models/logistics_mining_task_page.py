from odoo import api, fields, models


class LogisticsMiningTask(models.Model):
    """How good each model is, in the list of models."""

    _inherit = "logistics.mining.task"

    quality_text = fields.Text("How Good It Is", compute="_compute_quality_text")
    has_alarm = fields.Boolean("Data Have Moved", compute="_compute_quality_text")

    @api.depends("run_ids.state", "run_ids.is_newest")
    @api.depends_context("company", "lang")
    def _compute_quality_text(self):
        report = self.env["logistics.mining.report"]
        company = self.env.company  # asked for without sudo: must be one of the reader's
        # sudo: as in `_get_company_runs`
        for task, known in zip(self, self.with_company(company).sudo(), strict=True):
            run, last = known.newest_run_id, known.last_run_id
            lines = report._get_own_headline(run) if run else []
            refused = report._describe_newer(run, last)
            missing = known.last_reason if last else report._describe_empty(last)
            task.quality_text = "\n".join([*lines[:1], *refused[:1]]) or missing
            task.has_alarm = run.has_alarm or bool(refused and last.has_alarm)

    def action_open_model(self):
        """Open the page of the model."""
        self.ensure_one()
        view = self.env.ref("logistics_crm_mining.view_logistics_mining_model_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(view.id, "form")],
        }
