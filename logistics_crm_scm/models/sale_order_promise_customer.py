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
        return due._format_dates_for_customer()

    def _is_waiting_for_promise(self):
        """Tell whether something ordered has no date that holds: a planned one is none."""
        told = self.order_line.filtered(lambda line: line._get_promise_for_customer())
        return any(not line.promise_date or line._get_dates_for_customer()[2] for line in told)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_promise_for_customer(self):
        """Return when the line is delivered, in words; empty once it is.

        A quotation says nothing where there is no date, an order says so. Sections, notes and down
        payments, which have no unit either, are not delivered.
        """
        if not self.promise_wanted:
            return ""
        unit = self.product_uom_id
        if self.state == "sale" and unit.compare(self.qty_delivered, self.product_uom_qty) >= 0:
            return ""
        if self._get_held() and not self.promise_date:
            return self.env._("Delivery date not known yet")
        return self._format_dates_for_customer()

    def _get_held(self):
        # sudo: the customer may know when something comes that was promised, not why then
        return self.sudo().promise_line_ids.filtered(lambda one: one.state == "held")

    def _get_dates_for_customer(self):
        """Return by when these lines come for sure, when they likely do, and whether that is lost.

        Of what is confirmed, only what its customer was told, or could have been told by now.
        """
        dates = [
            (line.promise_date, line.promise_likely_date, False)
            for line in self
            if not line._get_held()
        ]
        dates += [one._get_dates_for_customer() for one in self._get_held()]
        due = max((one[0] for one in dates if one[0]), default=False)
        likely = max((one[1] or one[0] for one in dates if one[0]), default=False)
        return due, likely, any(one[2] for one in dates)

    def _format_dates_for_customer(self):
        engine = self.env["logistics.promise"]
        due, likely, lost = self._get_dates_for_customer()
        if due and lost:
            return self.env._(
                "Promised by %(date)s; we are working on the date",
                date=engine._format_day(due.toordinal()),
            )
        # sudo: of what employees read, the customer may know that the transit time is not known
        told = [line.promise_info or {} for line in self.sudo()]
        far = any(one.get("way_unknown") for one in told)
        return engine._format_for_customer(due, likely, far)


class LogisticsPromiseLine(models.Model):
    _inherit = "logistics.promise.line"

    def _get_dates_for_customer(self):
        """Return (due, likely, whether no date is left) as the customer may know it."""
        due = self._get_due()
        if due and self.told_unknown:
            return due, False, True
        if due and self._is_saved() and self._may_be_saved():
            return due, self.told_date, False
        if not due or not self._is_later_than(due):
            return (*self._get_due_dates(), False)
        if not self._may_be_saved():
            return due, self.expected_date, not self.expected_date
        told = self.told_date and self.told_date > due and self.told_date
        return due, told, False
