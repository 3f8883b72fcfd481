from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the deadlines right that count on these hours."""
        attendances = super().create(vals_list)
        attendances.calendar_id._mark_deadlines_outdated()
        return attendances

    def write(self, vals):
        """Keep the deadlines right that count on these hours."""
        before = self.calendar_id
        result = super().write(vals)
        (before | self.calendar_id)._mark_deadlines_outdated()
        return result

    def unlink(self):
        """Keep the deadlines right that counted on these hours."""
        calendars = self.calendar_id
        result = super().unlink()
        calendars.exists()._mark_deadlines_outdated()
        return result
