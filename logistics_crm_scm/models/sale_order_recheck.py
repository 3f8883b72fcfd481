from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.languages import say_in_each_language


class SaleOrder(models.Model):
    """What happens to a confirmed order happens to what it was promised."""

    _inherit = "sale.order"

    def write(self, vals):
        """Cancel promises of cancelled orders; check those that go another way or elsewhere."""
        before = {order: order.carrier_id for order in self} if "carrier_id" in vals else {}
        result = super().write(vals)
        if vals.keys() & {"partner_id", "partner_shipping_id"}:  # one follows the other
            self._keep_addresses()
        if vals.get("state") == "cancel":
            self._cancel_promises()
        if before:
            self.filtered(lambda one: one.carrier_id != before[one])._pass_carrier_on()
            self._note_carrier()
        return result

    def _pass_carrier_on(self):
        """Have open deliveries taken by another carrier that is chosen, as Odoo's wizard does.

        Those that have a tracking number are the carrier's already.
        """
        for order in self.filtered(lambda one: one.state == "sale" and one.carrier_id):
            # sudo: salespeople may not write transfers, and yet choose who delivers
            order.sudo().picking_ids.filtered(
                lambda one: (
                    one.state not in ("done", "cancel")
                    and not one.carrier_tracking_ref
                    and not one.move_ids.origin_returned_move_id
                )
            ).carrier_id = order.carrier_id

    def _note_carrier(self):
        for order in self.filtered(lambda one: one.state == "sale"):
            reasons = say_in_each_language(order, lambda one: one._describe_carrier())
            # sudo: as below
            held = order.sudo().promise_line_ids.filtered(lambda line: line.state == "held")
            for product in held.product_id:
                recheck = self.env["logistics.promise.recheck"]
                recheck._note(product, order.company_id, reasons, order.name)

    def _describe_carrier(self):
        name = self.carrier_id.name or self.env._("none")
        return self.env._("The carrier is another one now: %(name)s.", name=name)

    def _keep_addresses(self):
        """Keep another delivery address beside what was promised, and have it checked."""
        # sudo: promises are written by what happened, never typed
        held = self.sudo().promise_line_ids.filtered(lambda line: line.state == "held")
        moved = held.filtered(lambda line: line.ship_to_id != line.order_id.partner_shipping_id)
        recheck = self.env["logistics.promise.recheck"]
        for line in moved:
            order = line.order_id
            reason = line._say_in_each_language(
                lambda one: one.env._("The delivery address is another one now.")
            )
            line._change("ship_to_id", order.partner_shipping_id, reason, order.name)
            recheck._note(line.product_id, line.company_id, reason, order.name)

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
