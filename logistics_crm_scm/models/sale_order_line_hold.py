import math
from dataclasses import replace
from datetime import date, timedelta

from odoo import models

from ..tools.languages import say_in_each_language
from ..tools.recipe_pairs import follow


class SaleOrderLine(models.Model):
    """Hold what is promised at confirmation: nobody else is promised it."""

    _inherit = "sale.order.line"

    def _hold_promises(self, previous_quantities=False):
        """Promise and hold what these lines add to what the warehouse has already.

        Returns
        -------
        (logistics.promise.line, dict of int to list)
            The new promises. By id of the line, the shipments of what was promised before and is
            delivered anew, because its delivery was cancelled; see `_get_shipments`.
        """
        held, again = self.env["logistics.promise.line"], {}
        if self.env.context.get("skip_procurement"):
            return held, again
        goods = self.filtered(lambda line: line._may_hold())
        goods._close_delivered(previous_quantities)
        for company in goods.company_id.sorted("id"):
            lines = goods.filtered(lambda line: line.company_id == company)  # noqa: B023
            added = lines._get_added_quantities(previous_quantities)
            if added:
                new, plans = self.browse(added)._hold_added(added, company)
                held |= new
                again |= plans
        return held, again

    def _may_hold(self):
        """Tell whether there may be promises of the line; a quantity of zero gives them up."""
        return (
            self.state == "sale"
            and not self.order_id.locked
            and not self.display_type
            and self.product_id.type == "consu"
        )

    def _get_added_quantities(self, previous_quantities):
        """Return what is procured beyond what was, as far as there is any; keep cuts.

        Returns
        -------
        dict of int to (float, float)
            By id of the line, in its unit: what is promised newly, and what was promised before
            and is delivered by nothing any more.
        """
        added = {}
        for line in self:
            ordered, unit = max(0.0, line.product_uom_qty), line.product_uom_id
            back = line._get_brought_back()
            line._cut_promises(line._get_promised() - back - ordered)
            procured = line._get_qty_procurement(previous_quantities)
            change = unit.round(ordered - procured)
            if change <= 0 or not ordered or not line._get_moved_units(change):
                continue
            again = min(change, line._get_lost_quantity(procured))
            # what Odoo procures beyond what is ordered, nobody was promised
            new = max(0.0, min(change - again, ordered + back - line._get_promised()))
            if new or again:
                added[line.id] = (unit.round(new), again)
        return added

    def _get_moved_units(self, quantity):
        """Return what is moved for a quantity of the line, in the product's unit."""
        engine = self.env["logistics.promise"]
        return engine._get_moved_units(quantity, self.product_uom_id, self.product_id)

    def _get_brought_back(self):
        """Return how much of what was promised left and came back to be refunded.

        In the line's unit. It counts as delivered for the promise that it left for, and yet is
        delivered anew where it is still ordered.
        """
        if self.move_ids.product_id - self.product_id:  # of kits, sets are counted
            return max(0.0, self._get_promised(("kept", "missed")) - self.qty_delivered)
        outgoing, incoming = self._get_outgoing_incoming_moves(strict=False)
        sent, back = self._sum_moves(outgoing), self._sum_moves(incoming)
        promised = self._get_promised()
        unpromised = max(0.0, sent - promised)  # comes back first
        return min(promised, max(0.0, back - unpromised))

    def _get_left_unpromised(self):
        """Return what left beyond what was promised, in the product's unit; of kits nothing."""
        outgoing = self._get_outgoing_incoming_moves(strict=False)[0]
        left = self._sum_moves(outgoing.filtered(lambda move: move.state == "done"))
        over = min(left, self._sum_moves(outgoing) - self._get_promised())
        return self._get_moved_units(max(0.0, over))

    def _sum_moves(self, moves):
        """Return how much of moves is done or will be, in the line's unit."""
        return sum(
            move.product_uom._compute_quantity(
                move.quantity if move.state == "done" else move.product_uom_qty,
                self.product_uom_id,
                round=False,
            )
            for move in moves
        )

    def _get_promised(self, states=("held", "kept", "missed"), dated=False):
        """Return how much of the line is promised, in its unit; `dated`: with a date."""
        # sudo: as in `_hold_added`
        promises = self.sudo().promise_line_ids.filtered(
            lambda one: one.state in states and (one.date or not dated)
        )
        return sum(
            one.unit_id._compute_quantity(one.quantity, self.product_uom_id, round=False)
            for one in promises
        )

    def _get_lost_quantity(self, procured):
        """Return how much is held and was cancelled in the warehouse, in the line's unit."""
        held = self._get_promised(("held",))
        if not held:
            return 0.0
        # what came back was delivered nevertheless; kits are sent as other products
        outgoing = self._get_outgoing_incoming_moves(strict=False)[0]
        sent = max(procured + self._get_brought_back(), self._sum_moves(outgoing))
        delivered = self._get_promised(("kept", "missed"))
        lost = max(0.0, self.product_uom_id.round(held - max(0.0, sent - delivered)))
        # Odoo rounds what it moves: that much less is not lost
        return lost if self._get_moved_units(lost) else 0.0

    def _close_delivered(self, previous_quantities):
        """Close the promises of which a part left and the rest was cancelled, before more is.

        What lost its delivery before anything left is delivered anew in a moment: nothing is said.
        """
        held = self.filtered(
            lambda line: line._get_promised(("held",)) and "done" in line.move_ids.mapped("state")
        )
        lost = held.filtered(
            lambda line: line._get_lost_quantity(line._get_qty_procurement(previous_quantities))
        )
        # sudo: as in `_hold_added`
        promises = lost.sudo().promise_line_ids
        for group in promises.grouped("company_id").values():
            self.env["logistics.promise"]._follow_up(group)

    def _hold_added(self, added, company):
        """Promise what is new, and plan what is delivered anew: both share what there is."""
        for line in self:
            self.env["logistics.promise"]._check_unit(line.product_id, line.product_uom_id)
        demands = self._prepare_added_demands(added)
        offered = {line.id: line.order_id._get_offered_date(line) for line in self}
        self._take_promise_turns()
        engine, values, again = self.env["logistics.promise"], [], {}
        before = [demand for demand in demands if demand.first]
        promised = engine._promise(demands, company)
        if before and len(before) < len(demands):  # alone: nothing without a date is before it
            promised = [item for item in promised if not item.demand.first]
            promised += engine._promise(before, company)
        for item in promised:
            line = item.demand.line
            if item.demand.first:
                again[line.id] = line._get_planned_shipments(item)
                line._note_made_anew()
            else:
                values.append(line._prepare_promise_line(item, offered))
        # sudo: promises are written by confirming alone, never typed
        held = self.env["logistics.promise.line"].sudo().create(values)
        self._put_off_together(held)
        held = held.sudo(False)
        # sudo: as in `_hold_added`
        self.env["logistics.promise.recheck"].sudo()._look_again(held.product_id, company)
        self._note_taken()
        return held, again

    def _prepare_added_demands(self, added):
        """Return what is asked for: all that is confirmed together shares what there is."""
        demands = []
        for line in self:
            for quantity, again in zip(added[line.id], (False, True), strict=True):
                if quantity:
                    demand = line._prepare_promise_demand(quantity)
                    demands.append(replace(demand, group=None, first=again))
        return demands

    def _note_taken(self):
        """Have earlier dates checked that others could be offered before this took the goods."""
        offers = self.env["logistics.promise.line"].sudo()  # sudo: as in `_hold_added`
        offers = offers.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "held"),
                ("better_date", "!=", False),
            ]
        )
        taken, order = set(self._get_taken_products().ids), self.order_id[:1]
        reasons = say_in_each_language(
            order, lambda one: one.env._("Order %(name)s took goods.", name=one.name)
        )
        for company, some in offers.grouped("company_id").items():
            pairs = offers.env["logistics.promise"]._get_content_pairs(some.product_id, company)
            concerned = taken | follow(taken, pairs)
            for product in some.product_id.filtered(lambda one: one.id in concerned):  # noqa: B023
                self.env["logistics.promise.recheck"]._note(product, company, reasons)

    def _get_taken_products(self):
        """Return the products of these lines, and what they are made of."""
        # sudo: the parts of what was just promised are read whoever confirms
        promises = self.sudo().promise_line_ids
        return self.product_id | promises.part_ids.product_id | promises.component_ids.product_id

    def _get_planned_shipments(self, promised):
        """Return [(id of the warehouse, day, quantity)] of an answer; see `_get_shipments`."""
        answer = promised.answer
        if not answer.day:
            return []
        first = next(part.product for one in answer.shipments for part in one.parts)
        return [
            (part.warehouse or False, date.fromordinal(shipment.ship_day), part.quantity)
            for shipment in answer.shipments
            for part in shipment.parts
            if part.product == first
        ]

    def _note_made_anew(self):
        """Have the promises checked for which a delivery is made anew."""
        reasons = say_in_each_language(
            self.order_id,
            lambda one: one.env._(
                "What was cancelled of order %(name)s is delivered anew.", name=one.name
            ),
        )
        recheck = self.env["logistics.promise.recheck"]
        recheck._note(self.product_id, self.company_id, reasons, self.order_id.name)

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
            "left_before": self._get_left_unpromised(),
            "warehouse_id": (last and answer.day and last.warehouse) or False,
            "held_on": self._get_local_day(self.env["logistics.promise"]._now()),
            "wanted_date": demand.wanted,
            "offered_date": offered.get(self.id),
            "not_before": self._get_not_before(demand, promised.date),
            "date": promised.date,
            "likely_date": promised.likely_date,
            "expected_date": promised.date,
            "ship_date": promised.ship_date,
            "transit_days": promised.transit_days,
            "way_unknown": promised.way_unknown,
            "components_unknown": promised.components_unknown,
            "confidence": promised.confidence or 0.0,
            "explanation": promised.explanation,
            "explanations": {
                lang: promised.explain(lang) for lang, _name in self.env["res.lang"].get_installed()
            },
            "part_ids": [
                (0, 0, self._prepare_promise_part(part, shipment))
                for shipment in answer.shipments
                for part in shipment.parts
            ],
            "component_ids": [
                (0, 0, values) for values in self._prepare_promise_components(answer.shipments)
            ],
        }

    def _get_not_before(self, demand, promised):
        """Return the first day on which a demand may be delivered; never after the promised one.

        It may still be yesterday where the goods leave from.
        """
        today = self._get_local_day(self.env["logistics.promise"]._now())
        first = max(demand.wanted or today, today + timedelta(days=math.ceil(demand.lead)))
        return min(first, promised) if promised else first

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

    def _prepare_promise_components(self, shipments):
        """Return the values of what production takes, a row per product and warehouse."""
        rows = {}
        for part in (part for shipment in shipments for part in shipment.components):
            row = rows.setdefault((part.product, part.warehouse), [0.0, 0.0, 0.0])
            for at, quantity in enumerate((part.quantity, part.existing, part.made)):
                row[at] += quantity
        return [
            {
                "product_id": product,
                "warehouse_id": warehouse or False,
                "quantity": quantity,
                "existing": existing,
                "made": made,
            }
            for (product, warehouse), (quantity, existing, made) in rows.items()
        ]

    def _cut_promises(self, quantity):
        """Take so much (in the line's unit) less of what is ordered from the newest promises."""
        reason = self.env["logistics.promise.line"]._say_in_each_language(
            lambda one: one.env._("The ordered quantity was reduced.")
        )
        for promise, cut in self._get_cuts(quantity).items():
            if promise.unit_id.compare(cut, promise.quantity) == 0:
                promise._give_up(reason, self.order_id.name)
            else:
                promise._change("quantity", promise.quantity - cut, reason, self.order_id.name)

    def _get_cuts(self, quantity):
        """Return {promise: quantity in its unit} that so much less (in the line's unit) takes."""
        # sudo: as in `_hold_added`
        held, cuts = self.sudo().promise_line_ids.filtered(lambda one: one.state == "held"), {}
        for promise in held.sorted("id", reverse=True):
            if self.product_uom_id.compare(quantity, 0.0) <= 0:
                break
            unit = promise.unit_id
            less = self.product_uom_id._compute_quantity(quantity, unit, round=False)
            cuts[promise] = min(less, promise.quantity)
            quantity -= unit._compute_quantity(cuts[promise], self.product_uom_id, round=False)
        return cuts
