from dataclasses import replace
from datetime import date

from odoo import models


class SaleOrderLine(models.Model):
    """Less is ordered on a screen, and not saved yet: what it gives up is free for other lines."""

    _inherit = "sale.order.line"

    def _get_unsaved_change(self):
        """Return how much more is ordered on a screen than was confirmed, in the line's unit.

        Sections and notes order nothing, nor does a line whose product was taken out to choose
        another.
        """
        saved, unit = self._origin, self.product_uom_id
        if self.state != "sale" or not saved or self.id == saved.id or not unit:
            return 0.0
        if self.product_id._origin != saved.product_id:
            return 0.0
        before = saved.product_uom_id._compute_quantity(saved.product_uom_qty, unit, round=False)
        return unit.round(self.product_uom_qty - before)

    def _get_lowered(self):
        """Return the lines of which less is ordered than was confirmed, and taken out of stock."""
        return self.filtered(
            lambda line: line._get_unsaved_change() < 0 and line._get_open_units() > 0
        )

    def _get_open_units(self):
        """Return how much is still to leave a warehouse's stock for it, in the product's unit."""
        # sudo: who sells may know what is left to deliver
        moves = self._origin.sudo().move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.procure_method == "make_to_stock"
                and move.location_id._get_promise_area()
            )
        )
        by_product = moves.grouped(lambda move: move.product_id.id)
        return min(
            sum(move.product_qty for move in by_product.get(need, ())) / factor
            for need, factor in self._origin._get_needs_of_one()
        )

    def _get_kept_quantities(self):
        """Return {held promise: quantity in its unit} that saving leaves; None: nothing changes."""
        saved = self._origin
        if self._get_unsaved_change() >= 0:
            return None
        ordered = max(0.0, self.product_uom_qty)
        ordered = self.product_uom_id._compute_quantity(ordered, saved.product_uom_id, round=False)
        cuts = saved._get_cuts(saved._get_promised() - saved._get_brought_back() - ordered)
        return {one: one.quantity - cuts.get(one, 0.0) for one in saved._get_held()}

    def _prepare_kept_demands(self):
        """Return what stays to be taken out of stock: what was promised first has left first."""
        own, unit = self.product_id.uom_id, self.product_uom_id
        less = unit._compute_quantity(-self._get_unsaved_change(), own, round=False)
        kept = {
            one: one.unit_id._compute_quantity(quantity, own, round=False)
            for one, quantity in self._get_kept_quantities().items()
        }
        gone = sum(kept.values()) - max(0.0, self._get_open_units() - less)
        demands = []
        for one in sorted(kept, key=lambda one: (one.date or date.max, one.id)):
            left = own.round(max(0.0, kept[one] - max(0.0, gone)))
            gone -= kept[one]
            if left:
                demand = self._prepare_promise_demand(left)
                wanted = one._get_due() or demand.wanted
                demand = replace(demand, unit=own, wanted=wanted, first=True, together=None)
                demands.append(demand)
        return demands
