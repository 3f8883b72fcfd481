from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    promise_transit_days = fields.Integer(
        string="Transit Days", help="Days from our door to the customer's."
    )
    promise_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Transit Calendar",
        help="The days that count as transit days; every day when empty.",
    )

    _transit_days_positive = models.Constraint(
        "CHECK (promise_transit_days IS NULL OR promise_transit_days >= 0)",
        "Transit days cannot be negative.",
    )
