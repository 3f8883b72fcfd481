from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.history_spool import REJECTED

NO_JOB = {"job": False, "job_state": False}


class LogisticsHistoryLoad(models.Model):
    """The steps of a file load: check, load, cancel; at once or in the background."""

    _inherit = "logistics.history.load"

    step = fields.Selection(
        [
            ("file", "File"),
            ("columns", "Columns"),
            ("checked", "Checked"),
            ("done", "Loaded"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_step",
    )
    job = fields.Selection(
        [("read", "Read"), ("check", "Check"), ("apply", "Load")], readonly=True, copy=False
    )
    job_state = fields.Selection(
        [("queued", "Waiting"), ("running", "Running")], readonly=True, copy=False
    )
    job_attempts = fields.Integer(readonly=True, copy=False)
    job_queued_at = fields.Datetime(readonly=True, copy=False)
    rejected_ready = fields.Boolean(readonly=True, copy=False)
    reject_summary = fields.Json(readonly=True, copy=False)
    reject_html = fields.Html(compute="_compute_reject_html", sanitize=False)

    @api.depends("state", "file_ready")
    def _compute_step(self):
        for load in self:
            if load.state in ("draft", "staged"):
                load.step = "columns" if load.file_ready else "file"
            else:
                load.step = load.state

    @api.depends("reject_summary")
    def _compute_reject_html(self):
        for load in self:
            load.reject_html = load.reject_summary and self.env["ir.qweb"]._render(
                "logistics_crm.history_load_rejects", {"rejects": load.reject_summary}
            )

    # ------------------------------------------------------------------ buttons

    def action_check(self):
        """Read the whole file and say which lines are good; changes no history."""
        self._claim_open()
        if not self.file_ready:
            raise UserError(self.env._("Choose a file first."))
        if self.mapping_problem:
            raise UserError(self.mapping_problem)
        self._start_job("check")

    def action_apply(self):
        """Load the good lines of a checked file."""
        self._claim()
        if self.state == "done":
            raise UserError(self.env._("These lines have been loaded already."))
        if self.state != "checked":
            raise UserError(self.env._("Check the file before you load it."))
        if not self.good_count:
            raise UserError(self.env._("No line can be loaded. Mend the file and upload it again."))
        self._start_job("apply")

    def action_back(self):
        """Return from the check to the columns."""
        self._claim_open()
        self._discard()
        self._reset_check()

    def action_cancel(self):
        """Give up a load: nothing of it stays but the note that it was there."""
        if self.state == "done":
            raise UserError(self.env._("These lines have been loaded already."))
        self._claim(stopping=True)
        self._discard()
        self._reset_check()
        self.write({"state": "cancelled", "file_ready": False, **NO_JOB})
        self._remove_files()

    def action_open_lines(self):
        """Show the history lines that this load brought or changed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lines of %(load)s", load=self.display_name),
            "res_model": "logistics.sales.history",
            "view_mode": "list,pivot,graph,form",
            "domain": [("load_id", "=", self.id)],
        }

    def action_download_rejected(self):
        """Download the rejected rows, as they came, with their reasons."""
        self.ensure_one()
        if not self._get_spool().has(self.id, REJECTED):
            raise UserError(self.env._("The rejected lines of this load are no longer kept."))
        # the browser stays on the page for an attachment, and blocks new windows
        return {
            "type": "ir.actions.act_url",
            "url": f"/logistics_crm/history/rejected/{self.id}",
            "target": "self",
        }

    # ------------------------------------------------------------------ one at a time

    def _claim(self, stopping=False):
        """Take the load for this transaction, or say who is at work on it.

        Parameters
        ----------
        stopping : bool
            Whether the caller wants to stop a check that is under way, which is allowed.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.exists():
            raise UserError(self.env._("This load was deleted meanwhile."))
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._("Someone else is working on this load right now. Try again in a moment.")
            )
        self.invalidate_recordset(["state", "job", "job_state"])
        if self.job_state == "running" and not (stopping and self.job != "apply"):
            raise UserError(self._busy_message())
        if self.job_state == "queued" and not stopping:
            raise UserError(self._busy_message())

    def _claim_open(self):
        """Take a load whose file or columns may still change."""
        self._claim()
        if self.state not in ("draft", "staged", "checked"):
            raise UserError(self.env._("This load is closed. Start a new one."))

    def _busy_message(self):
        if self.job == "apply":
            return self.env._("This load is being loaded in the background. Wait until it is done.")
        return self.env._("This file is being checked in the background. Wait until it is done.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        for load in self:
            if load.job_state == "running":
                raise UserError(
                    self.env._(
                        "%(load)s is being worked on. Cancel it or wait until it is done.",
                        load=load.display_name,
                    )
                )

    def unlink(self):
        """Take the uploaded files of the loads along."""
        self._remove_files()
        return super().unlink()
