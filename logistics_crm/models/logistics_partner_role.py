from odoo import fields, models


class LogisticsPartnerRole(models.Model):
    """What a partner does in the trade: shipper, consignee, carrier. A partner may do several."""

    _name = "logistics.partner.role"
    _description = "Partner Role"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How other systems name the role.")
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another partner role has this code already.")
