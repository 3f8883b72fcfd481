from odoo import models


class SaleOrderLine(models.Model):
    """Deliveries tell the order's flow."""

    _inherit = "sale.order.line"

    def write(self, vals):
        """Bring the flow to the next step when everything is delivered."""
        result = super().write(vals)
        if vals.keys() & {"qty_delivered", "product_uom_qty"}:
            self.env["logistics.flow"]._queue(self.order_id)
        return result

    def _compute_qty_delivered(self):
        """Bring the flow to the next step when everything is delivered."""
        result = super()._compute_qty_delivered()
        self.env["logistics.flow"]._queue(self.order_id)
        return result
