from odoo import fields, models


class LogisticsContactRole(models.Model):
    """What a person does at the customer: decides, buys, receives, pays."""

    _name = "logistics.contact.role"
    _description = "Contact Role"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How other systems name the role.")
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another contact role has this code already.")
