from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    promise_grace_hours = fields.Float(
        string="Tell Customers After",
        help="Hours from the moment a delivery becomes late until the customer is told: time to"
        " save it. 0: at once.",
    )

    def _get_promise_tz(self):
        """Return the name of the time zone in which a day of no warehouse is meant."""
        return self.partner_id.tz or self.resource_calendar_id.tz or "UTC"
