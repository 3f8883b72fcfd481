from pytz import timezone

from odoo import api, fields, models
from odoo.tools.date_utils import localized

from ..tools.case_values import OPEN_STATES

NAMES = frozenset(("name", "display_name"))


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def fetch(self, field_names=None):
        """Let Logistics Users read who answers, also of a company that is not theirs.

        On screens Odoo shows the name of whom a record refers to. Exports and prints read it with
        the reader's rights, and would fail as a whole where companies share their cases.
        """
        is_name = bool(field_names) and NAMES.issuperset(field_names)
        if is_name and not self.env.su and self._may_read_names():
            # sudo: nothing but the name, which the cache then has for the reader
            return self.sudo().fetch(field_names)
        return super().fetch(field_names)

    def _fetch_field(self, field):
        """Read a name by itself: along with other fields it would be refused."""
        if field.name in NAMES and not self.env.su and self._may_read_names():
            return self.fetch([field.name])
        return super()._fetch_field(field)

    def _compute_display_name(self):
        """Name employees of all companies: see `fetch`."""
        # sudo: the name, as on screens
        employees = self if self.env.su or not self._may_read_names() else self.sudo()
        return super(HrEmployee, employees)._compute_display_name()

    @api.model
    def _may_read_names(self):
        return self.env.user.has_group("logistics_crm.group_logistics_user")

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
