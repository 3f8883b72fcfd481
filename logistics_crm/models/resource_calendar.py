from datetime import UTC
from functools import partial

from odoo import models
from odoo.tools.date_utils import localized

from ..tools.work_clock import DayAndNight, WorkClock

PLANNED_BY = {
    "tz",
    "flexible_hours",
    "hours_per_day",
    "full_time_required_hours",
    "two_weeks_calendar",
}


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        """Keep the deadlines right that count on these hours."""
        result = super().write(vals)
        if vals.keys() & PLANNED_BY:
            self._mark_deadlines_outdated()
        return result

    def _mark_deadlines_outdated(self, domain=()):
        """Have deadlines on these calendars computed again, of cases in a domain."""
        # sudo: whoever keeps a calendar need not see the policies that use it
        policies = self.env["logistics.sla.policy"].sudo().with_context(active_test=False)
        policies = policies.search([("calendar_id", "in", self.ids)])
        if policies:
            self.env["logistics.case"]._mark_sla_outdated(
                [("sla_policy_id", "in", policies.ids), *domain]
            )

    def _has_working_hours(self):
        self.ensure_one()
        return self.flexible_hours or bool(self._get_global_attendances())

    def _get_work_clock(self, company, origin):
        """Return the clock of a calendar's working time, from `origin` on (naive UTC).

        It leaves out the holidays of all companies and those of `company`. Without a calendar
        (an empty recordset) every hour counts.
        """
        if not self:
            return DayAndNight()
        self.ensure_one()
        # sudo: a deadline does not depend on who looks
        return WorkClock(partial(self.sudo()._load_working_time, company), origin)

    def _load_working_time(self, company, start, end):
        holidays = [("time_type", "=", "leave"), ("company_id", "in", [False, company.id])]
        intervals = self._work_intervals_batch(localized(start), localized(end), domain=holidays)
        for begin, finish, _attendances in intervals[False]:
            yield localized_to_utc(begin), localized_to_utc(finish)


def localized_to_utc(moment):
    """Return a datetime with a time zone as naive UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None)
