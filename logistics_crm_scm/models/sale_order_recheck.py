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
        # sudo: promises are written by what happened, never typed
        held = self.sudo().promise_line_ids.filtered(lambda line: line.state == "held")
        changes = []
        for line in held:
            reason = self.env._("Order %(name)s was cancelled.", name=line.order_id.name)
            changes.append((line, "state", "cancelled", reason, line.order_id.name))
        held._keep_changes(changes)
        held.write({"better_date": False, "notice_at": False})

    @api.model
    def _get_late_domain(self):
        """Count orders as late whose promises are at risk: the team hears before the customer."""
        self.env["logistics.promise.line"].flush_model(["at_risk", "order_id"])
        risky = SQL("(SELECT order_id FROM logistics_promise_line WHERE at_risk)")
        at_risk = Domain("state", "=", "sale") & Domain("id", "in", risky)
        return super()._get_late_domain() | at_risk
