from pytz import timezone

from odoo import fields, models
from odoo.tools.date_utils import localized

from ..tools.case_values import OPEN_STATES


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        """Hand the open cases of those who leave to others."""
        result = super().write(vals)
        if vals.get("active") is False:
            # sudo: who keeps the employees need not see their cases
            cases = self.env["logistics.case"].sudo()
            open_cases = cases.search(
                [("employee_id", "in", self.ids), ("state", "in", OPEN_STATES)]
            )
            open_cases._route()
        return result

    def _get_days_until_work(self, look_ahead):
        """Return in how many days each employee works next, leave and holidays left out.

        Parameters
        ----------
        look_ahead : datetime.timedelta

        Returns
        -------
        dict[int, int]
            0 is today, in the time zone of the employee. Who does not work within `look_ahead`
            is missing.
        """
        now = localized(fields.Datetime.now())
        # sudo: working hours and leave decide who is handed work; only the outcome is seen
        resources = self.sudo().resource_id
        intervals, _calendars = resources._get_valid_work_intervals(now, now + look_ahead)
        days = {}
        for employee in self.sudo():
            today = now.astimezone(timezone(employee.tz or "UTC")).date()
            for start, _stop, _attendances in intervals[employee.resource_id.id]:
                start = start.astimezone(timezone(employee.tz or "UTC"))
                days[employee.id] = (start.date() - today).days
                break
        return days
