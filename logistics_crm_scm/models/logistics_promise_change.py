from odoo import fields, models


class LogisticsPromiseChange(models.Model):
    """What changed after a promise was given, and why."""

    _name = "logistics.promise.change"
    _description = "Change of a Delivery Promise"
    _order = "id desc"
    _rec_name = "reason"

    line_id = fields.Many2one(
        "logistics.promise.line", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True, precompute=True)
    kind = fields.Selection(
        [("expected_date", "Expected date"), ("quantity", "Quantity"), ("state", "State")],
        required=True,
        readonly=True,
    )
    old_value = fields.Char(string="Before", readonly=True)
    new_value = fields.Char(string="After", readonly=True)
    reason = fields.Char(required=True, readonly=True)
    document = fields.Char(readonly=True)
