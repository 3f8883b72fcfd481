import logging

from odoo import api, fields, models
from odoo.tools import format_datetime, split_every

from ..tools.case_values import ENDED_STATES

_logger = logging.getLogger(__name__)
BATCH = 200
WARNING = "logistics_crm.activity_case_deadline"
ESCALATION = "logistics_crm.activity_case_escalated"


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
            batch = self.browse(ids).exists()
            if batch._try(work):
                # one of them fails: find out which, and do the others
                for case in batch:
                    error = case._try(work) or error
            has_time = commit_progress(len(ids))
            if not has_time:
                break
        return error, has_time

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
        for case in self:
            standing = case._get_standing(stopped.get(case.id))
            level, deadline = standing.get_level(now), standing.get_warning(now)
            if level > case.escalation_level:
                case._escalate(level)
            elif deadline:
                case._warn(deadline)
        self._refresh_sla_state()

    def _warn(self, deadline):
        """Remind who is responsible, or stands in today, of a deadline (naive UTC)."""
        self.ensure_one()
        self.warned_deadline = deadline
        user = self._get_user_on_duty()
        self._put_on_list(
            WARNING,
            user,
            self.env._("Due soon: %(case)s", case=self.code),
            deadline,
        )

    def _escalate(self, level):
        """Tell who answers for a missed deadline, in a message and on their list."""
        self.ensure_one()
        self.escalation_level = level
        user = self._get_escalation_user(level)
        deadline = self.first_response_deadline if level == 1 else self.resolution_deadline
        reason = self._get_escalation_reason(level)
        self._put_on_list(ESCALATION, user, reason, deadline)
        self.message_post(
            body=self.env._(
                "%(reason)s Due %(deadline)s. Escalated to %(person)s.",
                reason=reason,
                deadline=format_datetime(self.env, deadline, dt_format="medium"),
                person=user.name or self.env._("nobody: the role has no employee with a user"),
            ),
            subtype_xmlid="logistics_crm.mt_case_escalated",
            partner_ids=user.partner_id.ids,
        )

    def _get_escalation_reason(self, level):
        reasons = {
            1: self.env._("The first answer is overdue."),
            2: self.env._("The solution is overdue."),
            3: self.env._("The solution has been overdue for long."),
        }
        return reasons[level]

    def _put_on_list(self, activity_type, user, summary, deadline):
        """Plan an activity for a user, or move the one that is planned already."""
        user = user or self.user_id
        if not user:
            return
        day = fields.Datetime.context_timestamp(self.with_context(tz=user.tz), deadline).date()
        if not self.activity_reschedule([activity_type], user_id=user.id, date_deadline=day):
            self.activity_schedule(activity_type, day, summary, user_id=user.id)

    def _get_escalation_user(self, level):
        """Return who answers for the case: by the policy's role, else the responsible's manager.

        From level 3 on their managers come first. Who may not see the case is passed over.
        """
        self.ensure_one()
        # sudo: employees and their managers decide who is told
        employees = self._get_escalation_employees().sudo()
        if level > 2:
            employees = employees.parent_id | employees
        users = (employees.user_id - self.sudo().user_id).filtered("active")
        able = (user for user in users if self.with_user(user).has_access("read"))
        return next(able, self.user_id).sudo(self.env.su)

    def _get_escalation_employees(self):
        self.ensure_one()
        role = self.sla_policy_id.escalation_role_id
        if role:
            found = role._get_employees(self.partner_id, self.company_id)
            standing = self._get_standing_employees(role, self.company_id)
            return found.get(self.partner_id, standing)
        # sudo: see _get_escalation_user
        manager = self.sudo().employee_id.parent_id
        return manager or sum(self._get_teams()[self], self.env["hr.employee"])
