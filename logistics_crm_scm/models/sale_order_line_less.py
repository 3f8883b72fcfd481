from odoo import Command, models

from ..promising import TOLERANCE


def _newest(group):
    (undated, deadline, place), _moves = group
    return undated, bool(deadline) and deadline.timestamp(), place.id


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        """Free what is ordered less before what is ordered more is promised, the least first."""
        commands = vals.get("order_line")
        if isinstance(commands, list) and all(isinstance(one, list | tuple) for one in commands):
            vals = {**vals, "order_line": self._put_less_first(commands)}
        return super().write(vals)

    def _put_less_first(self, commands):
        """Return the commands on order lines, those that change quantities in another order.

        So lines that are changed one after the other are promised as those that are promised
        together.
        """
        lines, changes = {line.id: line for line in self.order_line}, {}
        for at, command in enumerate(commands):
            if len(command) > 2 and command[0] == Command.UPDATE and command[1] in lines:
                change = lines[command[1]]._get_quantity_change(command[2] or {})
                if change is not None:
                    changes[at] = change
        moved = sorted(changes, key=changes.get)
        places = dict(zip(changes, moved, strict=True))
        return [commands[places.get(at, at)] for at in range(len(commands))]


class SaleOrderLine(models.Model):
    """Less is ordered: the deliveries that were planned last give it up, wherever they leave from.

    Odoo would look for it in one transfer of the order's own warehouse, and have goods brought back
    that never left where it finds no delivery for the same day.
    """

    _inherit = "sale.order.line"

    def _get_quantity_change(self, vals):
        """Return how much more is ordered by a change, in the product's unit; None if none is."""
        quantity = vals.get("product_uom_qty", self.product_uom_qty)
        unit = self.product_uom_id.browse(vals.get("product_uom_id", self.product_uom_id.id))
        if vals.keys().isdisjoint({"product_uom_qty", "product_uom_id"}) or not (
            isinstance(quantity, int | float) and unit and self.product_id
        ):
            return None
        own = self.product_id.uom_id
        before = self.product_uom_id._compute_quantity(self.product_uom_qty, own, round=False)
        return unit._compute_quantity(quantity, own, round=False) - before

    def _create_procurements(self, product_qty, procurement_uom, values):
        """Take what is ordered less from open deliveries; Odoo brings back the rest."""
        if product_qty >= 0:
            return super()._create_procurements(product_qty, procurement_uom, values)
        own = self.product_id.uom_id
        less = procurement_uom._compute_quantity(-product_qty, own, round=False)
        less -= self._cut_deliveries(less)
        rest = procurement_uom.round(own._compute_quantity(less, procurement_uom, round=False))
        procurements = []
        for part, plan in self._get_chains_to_cut(rest, procurement_uom):
            rest -= part
            procurements += super()._create_procurements(-part, procurement_uom, values | plan)
        if procurement_uom.compare(rest, 0.0) > 0:
            procurements += super()._create_procurements(-rest, procurement_uom, values)
        return procurements

    def _get_chains_to_cut(self, quantity, unit):
        """Return [(quantity, values of its procurement)] of what is procured for the order alone.

        Odoo cuts the whole chain of a delivery that it finds by its deadline: the newest first.
        """
        # sudo: as in `_cut_deliveries`
        open_moves = self.sudo().move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and not move.picked
                and move.procure_method == "make_to_order"
            )
        )
        needs = self._get_needs_of_one()
        found, rest = [], quantity
        groups = open_moves.grouped(
            lambda move: (move.promise_undated, move.date_deadline, move.warehouse_id)
        )
        for (undated, deadline, place), moves in sorted(groups.items(), key=_newest, reverse=True):
            by_product = moves.grouped(lambda move: move.product_id.id)
            units = min(
                sum(move.product_qty for move in by_product.get(need, ())) / factor
                for need, factor in needs
            )
            part = min(rest, self.product_id.uom_id._compute_quantity(units, unit, round=False))
            part = unit.round(part, rounding_method="DOWN")
            if unit.compare(part, 0.0) <= 0:
                continue
            rest -= part
            plan = {"date_deadline": deadline, "promise_undated": undated}
            found.append((part, plan | ({"warehouse_id": place.sudo(False)} if place else {})))
        return found

    def _get_needs_of_one(self):
        """Return ((product id, quantity), ...) of which one unit is delivered."""
        # sudo: what a kit is made of is read whoever sells it
        engine, product = self.env["logistics.promise"].sudo(), self.product_id
        needs = engine._get_kit_needs(product, self.company_id).get(product.id)
        return needs or ((product.id, 1.0),)

    def _cut_deliveries(self, quantity):
        """Take so much off the open deliveries, a kit's components alike.

        Parameters
        ----------
        quantity : float
            In the product's unit.

        Returns
        -------
        float
            How much could be taken, in the product's unit.
        """
        product, needs = self.product_id, self._get_needs_of_one()
        # sudo: who may change an order has its deliveries changed, as Odoo's own rules do
        moves = self.sudo()._get_moves_to_cut().grouped(lambda move: move.product_id.id)
        open_quantities = [
            sum(move.product_qty for move in moves.get(need, ())) / factor for need, factor in needs
        ]
        cut = min(quantity, *open_quantities)
        if len(needs) > 1 or needs[0][0] != product.id:
            cut = product.uom_id.round(cut, rounding_method="DOWN")
        if cut <= TOLERANCE:
            return 0.0
        for need, factor in needs:
            moves[need]._take_off(cut * factor)
        return cut

    def _get_moves_to_cut(self):
        """Return the open moves out of stock for the line: without a date, then planned last.

        Links of a chain are not among them: Odoo cuts the whole chain.
        """
        moves = self.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and not move.picked
                and move.procure_method == "make_to_stock"
                and not (move.move_orig_ids or move.move_dest_ids)
                and move.location_id._get_promise_area()
            )
        )
        return moves.sorted(lambda move: (move.promise_undated, move.date, move.id), reverse=True)


class StockMove(models.Model):
    _inherit = "stock.move"

    def _take_off(self, quantity):
        """Demand so much less (in the product's unit), of the first of these moves first."""
        for move in self:
            taken = min(quantity, move.product_qty)
            if taken <= TOLERANCE:
                break
            quantity -= taken
            unit, reserved = move.product_uom, move.quantity
            rest = move.product_qty - taken
            rest = move.product_id.uom_id._compute_quantity(rest, unit, round=False)
            move.product_uom_qty = unit.round(rest)
            if unit.is_zero(move.product_uom_qty):
                move._action_cancel()
            elif reserved:
                move._action_assign()
