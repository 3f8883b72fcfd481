from odoo import fields, models


class LogisticsMiningSegment(models.Model):
    """A group of customers that behave alike, with a name people can use."""

    _name = "logistics.mining.segment"
    _description = "Customer Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True, copy=False)
    description = fields.Text(
        translate=True, help="Who is in it, and what is usually done with them."
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer("Colour")
    at_risk = fields.Boolean(
        help="Customers who used to order and are falling silent: the filter 'At Risk' finds them."
    )

    _code_unique = models.UniqueIndex("(code)", "A segment with this code exists already.")
