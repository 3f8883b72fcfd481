from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrder(models.Model):
    """A cancelled order needs no promise any more."""

    _inherit = "sale.order"

    def write(self, vals):
        """Cancel the promises of orders that are cancelled."""
        result = super().write(vals)
        if vals.get("state") == "cancel":
            self._cancel_promises()
        return result

    def _cancel_promises(self):
        """Cancel what is held, but for what was delivered before."""
        # sudo: promises are written by what happened, never typed
        held = self.sudo().promise_line_ids.filtered(lambda line: line.state == "held")
        moves = held.order_line_id.move_ids.filtered(lambda move: move.state == "done")
        started = held.filtered(lambda line: line.order_line_id in moves.sale_line_id)
        for lines in started.grouped("company_id").values():
            self.env["logistics.promise"].sudo()._end_cancelled(lines)
        changes = [
            (line, "state", "cancelled", *line._get_cancelled_reason()) for line in held - started
        ]
        held._keep_changes(changes)
        held.write({"better_date": False, "notice_at": False})

    @api.model
    def _get_late_domain(self):
        """Count orders as late whose promises are at risk: the team hears before the customer."""
        self.env["logistics.promise.line"].flush_model(["at_risk", "order_id"])
        risky = SQL("(SELECT order_id FROM logistics_promise_line WHERE at_risk)")
        at_risk = Domain("state", "=", "sale") & Domain("id", "in", risky)
        return super()._get_late_domain() | at_risk
