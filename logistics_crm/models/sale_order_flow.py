from odoo import api, models

WATCHED = {"state", "user_id", "partner_id", "opportunity_id", "date_order", "company_id"}


class SaleOrder(models.Model):
    """Orders tell their flow what changed."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        """Open the flow of new quotations."""
        orders = super().create(vals_list)
        self.env["logistics.flow"]._queue(orders)
        return orders

    def write(self, vals):
        """Bring the flow to the next step."""
        result = super().write(vals)
        if vals.keys() & WATCHED:
            self.env["logistics.flow"]._queue(self)
        return result

    def _compute_invoice_status(self):
        """Bring the flow to the next step when everything is invoiced."""
        result = super()._compute_invoice_status()
        self.env["logistics.flow"]._queue(self)
        return result
