from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    promise_ok = fields.Boolean(
        string="Promises Deliveries",
        default=True,
        help="Whether customers may be promised goods from here.",
    )
    promise_cutoff = fields.Float(
        string="Cut-off",
        help="Orders after this time of day leave on the next working day, and so do goods that"
        " arrive later. 00:00 means that there is none.",
    )
    promise_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Shipping Days",
        check_company=True,
        help="The days on which goods leave; the company's working hours when empty.",
    )

    @api.constrains("promise_cutoff")
    def _check_promise_cutoff(self):
        for warehouse in self:
            if not 0 <= warehouse.promise_cutoff < 24:
                raise ValidationError(
                    self.env._(
                        "The cut-off of %(name)s must be a time of day, from 00:00 to 23:59.",
                        name=warehouse.name,
                    )
                )

    def _get_promise_tz(self):
        """Return the name of the time zone in which a day of this warehouse is meant."""
        calendar = self.promise_calendar_id or self.company_id.resource_calendar_id
        return self.partner_id.tz or calendar.tz or "UTC"
