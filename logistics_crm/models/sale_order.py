from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "logistics.customer.document"]

    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="The delivery date agreed with the customer is past, and something is undelivered.",
    )

    def write(self, vals):
        """End what runs about late orders that are cancelled."""
        result = super().write(vals)
        if vals.get("state") == "cancel":
            self.env["logistics.playbook.start"]._end_cancelled(self)
        return result

    def _compute_is_late(self):
        late = self.search([("id", "in", self.ids), ("is_late", "=", True)])
        for order in self:
            order.is_late = order._origin in late

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_late_domain()

    @api.model
    def _get_late_domain(self):
        """Return the domain of the orders that are late; a hook."""
        agreed = Domain("state", "=", "sale") & Domain("commitment_date", "<", "now")
        self.env["sale.order.line"].flush_model(
            ["display_type", "is_downpayment", "order_id", "product_uom_qty", "qty_delivered"]
        )
        return agreed & Domain("id", "in", self._get_undelivered_query())

    @api.model
    def _get_undelivered_query(self):
        """Return the query of the orders of which something is undelivered; a hook."""
        return SQL(
            """(SELECT l.order_id FROM sale_order_line l
            WHERE l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
                AND l.product_uom_qty > COALESCE(l.qty_delivered, 0))"""
        )
