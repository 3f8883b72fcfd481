from odoo import fields, models


class LogisticsPromiseComponent(models.Model):
    """What production of something promised is to take: it is held as well.

    Frozen at confirmation, in the component's own unit: what was there or on order, what is to be
    made itself, and for the rest what is to be bought.
    """

    _name = "logistics.promise.component"
    _description = "Component of a Delivery Promise"
    _order = "line_id, id"
    _rec_name = "product_id"

    line_id = fields.Many2one(
        "logistics.promise.line", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True, precompute=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True)
    unit_id = fields.Many2one(related="product_id.uom_id")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    existing = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="In stock or on order when it was promised.",
    )
    made = fields.Float(
        string="Produced",
        digits="Product Unit",
        readonly=True,
        help="To be produced itself. What neither exists nor is produced has to be bought.",
    )
