from odoo import models


class SaleOrder(models.Model):
    """An order's promise as its customer reads it: dates, nothing of how we come to them."""

    _inherit = "sale.order"

    def _get_promise_for_customer(self):
        """Return when everything is delivered, in words; empty while that is not to be said."""
        told = self.order_line.filtered(lambda line: line._get_promise_for_customer())
        due = told.filtered("promise_date")
        if told - due and due:
            return self.env._("Of some goods, the delivery date is not known yet")
        if told - due:
            return self.env._("Delivery date not known yet")
        if not due or self.promise_missing:
            return ""
        if due._has_lost_promise():
            return due._get_lost_promise()
        return self.env["logistics.promise"]._format_for_customer(
            max(due.mapped("promise_date")), max(due.mapped("promise_likely_date"))
        )

    def _is_waiting_for_promise(self):
        """Tell whether something ordered has no date that holds: a planned one is none."""
        told = self.order_line.filtered(lambda line: line._get_promise_for_customer())
        return bool(told.filtered(lambda line: not line.promise_date or line._has_lost_promise()))


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_promise_for_customer(self):
        """Return when the line is delivered, in words; empty once it is.

        A quotation says nothing where there is no date, an order says so.
        """
        delivered = (
            self.state == "sale"
            and self.product_uom_id.compare(self.qty_delivered, self.product_uom_qty) >= 0
        )
        if not self.promise_wanted or delivered:
            return ""
        # sudo: the customer may know that something is promised without a date, not why
        held = self.sudo().promise_line_ids.filtered(lambda one: one.state == "held")
        if held and not self.promise_date:
            return self.env._("Delivery date not known yet")
        if self._has_lost_promise():
            return self._get_lost_promise()
        return self.env["logistics.promise"]._format_for_customer(
            self.promise_date, self.promise_likely_date
        )

    def _has_lost_promise(self):
        """Tell whether a date was promised that nothing covers now."""
        # sudo: as above
        held = self.sudo().promise_line_ids.filtered(lambda one: one.state == "held")
        return bool(held.filtered(lambda one: one.date and not one.expected_date))

    def _get_lost_promise(self):
        """Return what the customer reads instead of a date that will not be kept as it looks."""
        day = max(self.mapped("promise_date")).toordinal()
        return self.env._(
            "Promised by %(date)s; we are working on the date",
            date=self.env["logistics.promise"]._format_day(day),
        )
