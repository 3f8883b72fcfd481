import math
from dataclasses import replace
from datetime import date, timedelta

from odoo import models


class SaleOrderLine(models.Model):
    """Hold what is promised at confirmation: nobody else is promised it."""

    _inherit = "sale.order.line"

    def _hold_promises(self, previous_quantities=False):
        """Promise and hold what these lines add to what the warehouse has already.

        Returns
        -------
        logistics.promise.line
            The new promises.
        """
        held = self.env["logistics.promise.line"]
        if self.env.context.get("skip_procurement"):
            return held
        wanted = self.filtered("promise_wanted").grouped("company_id")
        for company, lines in sorted(wanted.items(), key=lambda pair: pair[0].id):
            added = lines._get_added_quantities(previous_quantities)
            lines = lines.filtered(lambda line: added.get(line.id))  # noqa: B023
            if lines:
                held |= lines._hold_added(added, company)
        return held

    def _get_added_quantities(self, previous_quantities):
        """Return {line id: quantity in the line's unit} beyond what is procured; keep cuts."""
        added = {}
        for line in self.filtered(lambda one: one.state == "sale" and not one.order_id.locked):
            change = line.product_uom_qty - line._get_qty_procurement(previous_quantities)
            change = line.product_uom_id.round(change)
            if change > 0:
                added[line.id] = change
            elif change < 0:
                line._cut_promises(-change)
        return added

    def _hold_added(self, added, company):
        for line in self:
            self.env["logistics.promise"]._check_unit(line.product_id, line.product_uom_id)
        # all that is confirmed together shares what there is, whichever order it is on
        demands = [
            replace(line._prepare_promise_demand(added[line.id]), group=None) for line in self
        ]
        offered = {line.id: line.order_id._get_offered_date(line) for line in self}
        self._take_promise_turns()
        promised = self.env["logistics.promise"]._promise(demands, company)
        # sudo: promises are written by confirming alone, never typed
        lines = self.env["logistics.promise.line"].sudo()
        held = lines.create(
            [item.demand.line._prepare_promise_line(item, offered) for item in promised]
        )
        return held.sudo(False)

    def _take_promise_turns(self):
        """Let nobody else promise these lines' products until this transaction is over."""
        if self.env.context.get("skip_procurement"):
            return
        for company in self.company_id.sorted("id"):
            products = self.filtered(lambda one: one.company_id == company).product_id  # noqa: B023
            products |= self.env["logistics.promise"]._get_components(products, company)
            # sudo: whoever may confirm an order takes its turn; the table is nobody's to write
            self.env["logistics.promise.turn"].sudo()._take(products, company)

    def _prepare_promise_line(self, promised, offered):
        """Return the values of the frozen promise of this line."""
        answer = promised.answer
        last = max(answer.shipments, key=lambda one: one.ship_day, default=None)
        demand = promised.demand
        return {
            "order_line_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.order_id.partner_id.commercial_partner_id.id,
            "ship_to_id": demand.ship_to.id,
            "product_id": self.product_id.id,
            "quantity": demand.quantity,
            "unit_id": demand.unit.id,
            "warehouse_id": last.warehouse if last and answer.day else False,
            "wanted_date": demand.wanted,
            "offered_date": offered.get(self.id),
            "not_before": self._get_not_before(demand),
            "date": promised.date,
            "likely_date": promised.likely_date,
            "expected_date": promised.date,
            "ship_date": promised.ship_date,
            "transit_days": promised.transit_days,
            "confidence": promised.confidence or 0.0,
            "explanation": promised.explanation,
            "part_ids": [
                (0, 0, self._prepare_promise_part(part, shipment))
                for shipment in answer.shipments
                for part in shipment.parts
            ],
        }

    def _get_not_before(self, demand):
        """Return the first day on which a demand may be delivered."""
        today = self._get_local_day(self.env["logistics.promise"]._now())
        return max(demand.wanted or today, today + timedelta(days=math.ceil(demand.lead)))

    def _prepare_promise_part(self, part, shipment):
        origin = part.ref
        return {
            "source": part.source,
            "product_id": part.product,
            "quantity": part.quantity,
            "warehouse_id": part.warehouse or False,
            "date": date.fromordinal(part.day),
            "likely_date": date.fromordinal(part.likely),
            "ship_date": date.fromordinal(shipment.ship_day),
            "move_id": origin.move_id if origin else False,
            "supplier_id": origin.supplier_id if origin else False,
            "document": origin.name if origin else False,
        }

    def _cut_promises(self, quantity):
        """Take a cut of the ordered quantity from the newest promises."""
        # sudo: as in `_hold_added`
        held = self.sudo().promise_line_ids.filtered(lambda one: one.state == "held")
        for promise in held.sorted("id", reverse=True):
            if quantity <= 0:
                return
            cut = min(quantity, promise.quantity)
            quantity -= cut
            reason = self.env._("The ordered quantity was reduced.")
            if promise.unit_id.compare(cut, promise.quantity) == 0:
                promise._change("state", "cancelled", reason, self.order_id.name)
            else:
                promise._change("quantity", promise.quantity - cut, reason, self.order_id.name)
