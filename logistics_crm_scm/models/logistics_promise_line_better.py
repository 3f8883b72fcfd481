from odoo import models


class LogisticsPromiseLine(models.Model):
    """No earlier date is told that is not possible any more."""

    _inherit = "logistics.promise.line"

    def _get_stale_offers(self, told_field):
        """Bring earlier dates up to date before they are told; nobody else takes the goods now.

        Parameters
        ----------
        told_field : str
            What the customer was or is told; their earlier date where it is empty.

        Returns
        -------
        dict or None
            An action that says which dates are not possible any more, None where all are.
        """
        told = {line: line[told_field] or line.better_date for line in self}
        self.order_line_id._take_promise_turns()
        for group in self.grouped("company_id").values():
            self.env["logistics.promise"]._follow_up(group)
        stale = self.filtered(lambda line: not line.better_date or line.better_date > told[line])
        if not stale:
            return None
        stale.better_offered = False
        return stale._get_stale_notice(told)

    def _get_open_together(self):
        """Return the open transfers that leave all at once, of orders that are delivered so."""
        whole = self.filtered(lambda line: line.order_id.picking_policy == "one")
        return whole.order_line_id.move_ids.picking_id.filtered(
            lambda picking: picking.move_type == "one" and picking.state not in ("done", "cancel")
        )

    def _add_companions(self):
        """Add the promises that leave with these: one customer agrees to one day for them."""
        orders = self.order_id
        lines = self._get_open_together().move_ids.sale_line_id.promise_line_ids
        return self | lines.filtered(lambda one: one.state == "held" and one.order_id in orders)

    def _get_asked_dates(self):
        """Return {line: date} that customers agree to: what leaves together, to one day."""
        asked = {line: line.better_offered or line.better_date for line in self}
        for picking in self._get_open_together():
            lines = picking.move_ids.sale_line_id.promise_line_ids & self
            day = max((asked[line] for line in lines), default=False)
            asked |= dict.fromkeys(lines, day)
        return asked

    def _get_stale_notice(self, told):
        """Return the action that says which earlier dates are gone, and shows what is there now."""
        day = self.env["logistics.promise"]._format_day
        gone = [
            self.env._(
                "%(promise)s cannot be delivered by %(day)s any more.",
                promise=line.display_name,
                day=day(told[line].toordinal()),
            )
            for line in self
        ]
        gone.append(self.env._("Nothing was told or moved: look at what is possible now."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("The earlier date is gone"),
                "message": " ".join(gone),
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
