import logging

from odoo import api, fields, models
from odoo.tools import split_every

from ..tools.case_values import ENDED_STATES
from .logistics_case_sla_notice import ESCALATION, WARNING

_logger = logging.getLogger(__name__)
BATCH = 200


class LogisticsCase(models.Model):
    """What time brings about: warnings before a deadline and escalations after it."""

    _inherit = "logistics.case"

    def write(self, vals):
        """Take back what warned of a deadline when nothing is left to be done."""
        result = super().write(vals)
        if "stage_id" in vals:
            ended = self.filtered(lambda case: case.state in ENDED_STATES)
            ended.activity_unlink([WARNING, ESCALATION])
        return result

    @api.model
    def _cron_watch_sla(self):
        """Compute outdated deadlines again, then warn and escalate where it is due.

        Only cases that changed or whose moment has come are read, by an index. Each batch is
        committed; a case that fails is rolled back alone, logged, and tried again next time.

        Raises
        ------
        Exception
            The last failure, after all other cases are done, so that the job shows as failing.
        """
        cases = self.with_context(active_test=False)
        outdated = cases.search([("sla_outdated", "=", True)], order="id")
        error, has_time = outdated._work_off(lambda batch: batch._refresh_sla())
        if has_time:
            due = cases.search([("sla_next_date", "<=", fields.Datetime.now())], order="id")
            late_error, _has_time = due._work_off(lambda batch: batch._tell_of_sla())
            error = late_error or error
        if error:
            raise error

    def _work_off(self, work):
        """Do `work` on batches of the cases; return (the last error, whether there is time)."""
        commit_progress = self.env["ir.cron"]._commit_progress
        error, has_time = None, commit_progress(remaining=len(self))
        for ids in split_every(BATCH, self.ids):
            error = self.browse(ids).exists()._do_all_that_work(work) or error
            has_time = commit_progress(len(ids))
            if not has_time:
                break
        return error, has_time

    def _do_all_that_work(self, work):
        """Do `work` on the cases, without those that fail; return the last error or None.

        Where one fails, the halves are done by themselves, and so on down to the one.
        """
        error = self._try(work)
        if not error or len(self) == 1:
            return error
        half = len(self) // 2
        first = self[:half]._do_all_that_work(work)
        return self[half:]._do_all_that_work(work) or first

    def _try(self, work):
        """Do `work`, or roll it back; return the error or None."""
        try:
            with self.env.cr.savepoint():
                work(self)
        except Exception as error:
            if len(self) == 1:
                _logger.exception("The deadlines of case %s could not be watched.", self.id)
            return error
        return None

    def _tell_of_sla(self):
        """Warn of deadlines that are near, escalate those that were missed."""
        now = fields.Datetime.now()
        stopped = self._get_pause_starts()
        levels, warnings = {}, {}
        for case in self:
            standing = case._get_standing(stopped.get(case.id))
            level, deadline = standing.get_level(now), standing.get_warning(now)
            if level > case.escalation_level:
                levels[case] = level
            elif deadline:
                warnings[case] = deadline
        notices = self._warn(warnings) + self._escalate(levels)
        self._put_on_lists(notices)
        self._notify_people(notices)
        self._refresh_sla_state()
