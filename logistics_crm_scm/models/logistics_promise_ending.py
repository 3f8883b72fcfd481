from odoo import api, models

from .. import promising


class LogisticsPromise(models.AbstractModel):
    """What becomes of promises of which only a part was delivered, and nothing else will be.

    What left is kept or missed. The rest is cancelled, with the reason.
    """

    _inherit = "logistics.promise"

    @api.model
    def _end_delivered(self, by_line):
        """End the outlooks of order lines of which a part left and nothing else is to leave.

        A delivery that was cancelled as a whole ends nothing: the customer still waits for it.
        """
        ending = self.env["sale.order.line"].union(
            *(line for line, group in by_line.items() if self._is_left_alone(group))
        )
        ending -= ending.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        ).sale_line_id
        ending -= self._get_lines_being_bought(ending)
        for line in ending:
            for outlook in by_line[line]:
                outlook.end()

    @api.model
    def _is_left_alone(self, group):
        """Tell whether some of an order line left, and no delivery is known for the rest."""
        pieces = [piece for outlook in group for piece in outlook.pieces]
        lacking = [piece for piece in pieces if piece.source != "left"]
        return len(lacking) < len(pieces) and lacking and all(not one.key for one in lacking)

    @api.model
    def _get_lines_being_bought(self, lines):
        """Return those for which a supplier who delivers to the customer is still asked."""
        purchases = self.env["purchase.order.line"]
        if not lines or "sale_line_id" not in purchases._fields:
            return lines.browse()
        asked = [("sale_line_id", "in", lines.ids), ("state", "not in", ["purchase", "cancel"])]
        return purchases.search(asked).sale_line_id

    @api.model
    def _end_cancelled(self, lines):
        """End promises of one company whose orders were cancelled: only what left was delivered."""
        outlooks, scene = self._foresee(lines)
        outlooks = [outlook for outlook in outlooks if outlook.line in lines]
        for outlook in outlooks:
            outlook.end()
            self._date_outlook(outlook, scene)
        self._follow_ways(lines, outlooks, scene)
        changes = []
        for outlook in outlooks:
            reason = outlook.line._get_cancelled_reason()
            changes += self._get_ending_changes(outlook, *reason)
        lines._keep_changes(changes)

    @api.model
    def _get_ending_changes(self, outlook, reason, document):
        """Return the changes of a promise that is over: its rest, and what became of what left."""
        line, unit = outlook.line, outlook.line.unit_id
        own = line.product_id.uom_id
        gone = min(outlook.units, outlook.gone)
        if line.product_id.uom_id.compare(gone, 0.0) <= 0 or not outlook.left:
            return [(line, "state", "cancelled", reason, document)]
        changes = self._get_delivery_changes(outlook)
        if outlook.units - gone > promising.TOLERANCE * max(1.0, outlook.units):
            kept = unit.round(own._compute_quantity(gone, unit, round=False))
            changes.insert(0, (line, "quantity", kept, reason, document))
        return changes

    @api.model
    def _get_rest_reason(self, line):
        """Return why the rest of a promise is not delivered, and the document behind it."""
        cancelled = line.order_line_id.move_ids.filtered(lambda move: move.state == "cancel")
        move = cancelled.sorted("id")[-1:]
        return (
            line._say_in_each_language(
                lambda one: one.env._("The rest of the delivery was cancelled.")
            ),
            move.picking_id.name or move.reference or False,
        )


class LogisticsPromiseLine(models.Model):
    _inherit = "logistics.promise.line"

    def _get_cancelled_reason(self):
        """Return why the promise of a cancelled order is over, and the document behind it."""
        name = self.order_id.name
        return self._say_in_each_language(
            lambda one: one.env._("Order %(name)s was cancelled.", name=name)
        ), name
