from odoo import api, models
from odoo.fields import Domain

PLANNED_BY = {"date_from", "date_to", "calendar_id", "company_id", "resource_id", "time_type"}


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        """Move the deadlines over a new public holiday."""
        leaves = super().create(vals_list)
        leaves._mark_deadlines_outdated()
        return leaves

    def write(self, vals):
        """Move the deadlines with a public holiday, from where it was to where it is."""
        if not vals.keys() & PLANNED_BY:
            return super().write(vals)
        self._mark_deadlines_outdated()
        result = super().write(vals)
        self._mark_deadlines_outdated()
        return result

    def unlink(self):
        """Move the deadlines back that went over a public holiday."""
        self._mark_deadlines_outdated()
        return super().unlink()

    def _mark_deadlines_outdated(self):
        """Touch the cases whose time runs during a holiday; an employee's leave moves none."""
        holidays = self.filtered(lambda leave: not leave.resource_id)
        if holidays:
            self.env["logistics.case"]._mark_sla_outdated(
                Domain.OR(holiday._get_case_domain() for holiday in holidays)
            )

    def _get_case_domain(self):
        self.ensure_one()
        ends = ("first_response_deadline", "resolution_deadline", "escalation_date")
        domain = Domain("date_received", "<", self.date_to)
        domain &= Domain.OR(Domain(end, ">", self.date_from) for end in ends)
        if self.calendar_id:
            domain &= Domain("sla_policy_id.calendar_id", "=", self.calendar_id.id)
        else:
            domain &= Domain("sla_policy_id.calendar_id", "!=", False)
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        return domain
