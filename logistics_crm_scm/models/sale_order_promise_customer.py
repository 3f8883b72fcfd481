from odoo import models


class SaleOrder(models.Model):
    """An order's promise as its customer reads it: dates, nothing of how we come to them."""

    _inherit = "sale.order"

    def _get_promise_for_customer(self):
        """Return when everything is delivered, in words; empty while that is not to be said."""
        due = self.order_line.filtered(lambda line: line._get_promise_for_customer())
        if not due or self.promise_missing:
            return ""
        return self.env["logistics.promise"]._format_for_customer(
            max(due.mapped("promise_date")), max(due.mapped("promise_likely_date"))
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_promise_for_customer(self):
        """Return when the line is delivered, in words; empty once it is, or without a date."""
        delivered = (
            self.state == "sale"
            and self.product_uom_id.compare(self.qty_delivered, self.product_uom_qty) >= 0
        )
        if not self.promise_wanted or delivered:
            return ""
        return self.env["logistics.promise"]._format_for_customer(
            self.promise_date, self.promise_likely_date
        )
