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
