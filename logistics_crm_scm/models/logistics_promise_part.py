from odoo import fields, models

SOURCES = [
    ("stock", "Free stock"),
    ("receipt", "Planned receipt"),
    ("supplier", "Supplier"),
    ("production", "Production"),
    ("untracked", "Stock not counted"),
]


class LogisticsPromisePart(models.Model):
    """A quantity that a promise is made of: from where, and when it is there."""

    _name = "logistics.promise.part"
    _description = "Part of a Delivery Promise"
    _order = "line_id, date, id"
    _rec_name = "document"

    line_id = fields.Many2one(
        "logistics.promise.line", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True, precompute=True)
    source = fields.Selection(SOURCES, required=True, readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    quantity = fields.Float(
        digits="Product Unit", required=True, readonly=True, help="In the product's own unit."
    )
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    date = fields.Date(readonly=True, help="Available at the warehouse.")
    likely_date = fields.Date(readonly=True)
    ship_date = fields.Date(readonly=True)
    move_id = fields.Many2one(
        "stock.move", string="Receipt", readonly=True, ondelete="set null", index="btree_not_null"
    )
    supplier_id = fields.Many2one("res.partner", readonly=True)
    document = fields.Char(readonly=True)
