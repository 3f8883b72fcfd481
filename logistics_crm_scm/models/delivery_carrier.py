from odoo import fields, models

MOST_DAYS = 365


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    promise_transit_days = fields.Integer(
        string="Transit Days",
        help="Days from our door to the customer's. 0 means that they are not known, unless it"
        " delivers on the same day.",
    )
    promise_same_day = fields.Boolean(
        string="Same Day", help="Delivers on the day on which the goods leave."
    )
    promise_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Transit Calendar",
        help="The days that count as transit days; every day when empty.",
    )

    _transit_days_positive = models.Constraint(
        f"CHECK (promise_transit_days IS NULL OR promise_transit_days BETWEEN 0 AND {MOST_DAYS})",
        f"Transit days must be a number from 0 to {MOST_DAYS}.",
    )
