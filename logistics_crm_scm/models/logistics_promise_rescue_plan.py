from dataclasses import replace
from datetime import date, time

from odoo import api, models
from odoo.exceptions import UserError

from .. import promising
from ..tools.promise_data import DIRECT, Demand


class LogisticsPromise(models.AbstractModel):
    """What would save a promise that is at risk, and earlier dates for those that are not."""

    _inherit = "logistics.promise"

    @api.model
    def _plan_earlier(self, lines, agreed):
        """Plan open deliveries of promises of one company for the days agreed ({line: date})."""
        outlooks, scene = self._foresee(lines)
        moves = {}
        for outlook in outlooks:
            if outlook.line not in lines or not outlook.expected:
                continue
            due = agreed[outlook.line]
            for piece in outlook.pieces:
                if piece.source not in ("left", "ready") and piece.day and piece.warehouse:
                    day = self._get_agreed_day(outlook, piece, scene, due.toordinal())
                    before, _line, _due = moves.get(piece.key, (0, None, None))
                    moves[piece.key] = max(before, day), outlook.line, due
        for move in self.env["stock.move"].browse(moves):
            self._plan_agreed(move, *moves[move.id])
        self._check_planned(agreed)

    @api.model
    def _get_agreed_day(self, outlook, piece, scene, due):
        """Return the day to pick a piece for an agreed day: not later than planned, if dated."""
        ready = self._get_latest_ready(outlook, piece, scene, due) or piece.day
        if outlook.line.date:
            ready = min(piece.planned, ready)
        return max(piece.day, ready)

    @api.model
    def _plan_agreed(self, move, day, line, due):
        """Plan a delivery for a day that was agreed; what is promised later stays apart."""
        zone, warehouse = line.order_line_id, move.warehouse_id or move.location_id.warehouse_id
        if not line.date or zone._get_local_day(move.date).toordinal() > day:
            move.date = zone._get_moment(date.fromordinal(day), time(12), warehouse)
        move.date_deadline = zone._get_moment(due, time(18), warehouse)

    @api.model
    def _check_planned(self, agreed):
        """Refuse days ({line: date}) that the deliveries, as they are planned now, do not meet."""
        lines = self.env["logistics.promise.line"].union(*agreed)
        outlooks, scene = self._foresee(lines)
        for outlook in outlooks:
            day = agreed.get(outlook.line)
            expected = self._get_expected(outlook, scene)
            if day and (not expected or expected > day):
                raise UserError(
                    self.env._(
                        "%(promise)s cannot be delivered by %(day)s any more.",
                        promise=outlook.line.display_name,
                        day=self._format_day(day.toordinal()),
                    )
                )

    # ------------------------------------------------------------
    # RESCUE
    # ------------------------------------------------------------

    @api.model
    def _get_rescues(self, lines):
        """Return what would save promises of one company.

        Parameters
        ----------
        lines : logistics.promise.line
            Held, of one company.

        Returns
        -------
        list of dict
            Values of `logistics.promise.rescue`, the soonest date first.
        """
        engine = self.sudo()
        outlooks, scene = engine._foresee(lines)
        outlooks = [one for one in outlooks if one.line in lines and not one.left]
        rescues = []
        for outlook in outlooks:
            rescues += engine._get_shippings(outlook, scene)
            rescues += engine._get_expedites(outlook, scene)
            rescues += engine._get_split(outlook, scene)
        rescues += engine._get_transfers(outlooks, scene)
        return sorted(rescues, key=lambda one: (one["line_id"], one["date"], one["kind"]))

    @api.model
    def _get_late_pieces(self, outlook, scene):
        """Return the pieces that are not delivered by the promised date."""
        due = outlook.line._get_due()
        due = due.toordinal() if due else 0
        late = []
        for piece in outlook.pieces:
            day = self._get_arrival(outlook, piece, scene)
            if day is None or day > due:
                late.append(piece)
        return late

    @api.model
    def _get_latest_ready(self, outlook, piece, scene, due):
        """Return the last day on which goods may be there to be delivered on `due`, or None."""
        place = scene.sites[piece.warehouse or DIRECT]
        route = self._get_route(outlook, piece, scene)
        leave = route.departure(due)
        day = None if leave is None else place.site.workdays.previous(leave)
        ready = None if day is None else day - place.site.handling
        return ready if ready is not None and ready >= place.today else None

    @api.model
    def _get_expedites(self, outlook, scene):
        """Suggest to have each receipt that is waited for earlier, and by when at the latest.

        The date counts on all of them: where two receipts are late, both have to come.
        """
        late = [one for one in self._get_late_pieces(outlook, scene) if one.source == "receipt"]
        if any(one.ref.source_id or one.ref.leg for one in late):  # it has nothing to send earlier
            return []
        rest = [self._get_arrival(outlook, one, scene) for one in outlook.pieces if one not in late]
        rescues = []
        due = outlook.line._get_due()
        for piece in late if None not in rest else []:
            by = due.toordinal() if due else self._get_floor(outlook, scene)
            latest = by and self._get_latest_ready(outlook, piece, scene, by)
            wanted = latest or scene.sites[piece.warehouse or DIRECT].today
            arrival = self._get_arrival(
                outlook, replace(piece, day=wanted, planned=min(piece.planned, wanted)), scene
            )
            if not arrival or piece.day <= wanted:
                continue
            rescues.append(
                {
                    "line_id": outlook.line.id,
                    "kind": "expedite",
                    "move_id": piece.ref.move_id,
                    "document": piece.ref.name,
                    "quantity": piece.quantity,
                    "latest_date": date.fromordinal(wanted),
                    "date": date.fromordinal(max([arrival, *rest])),
                }
            )
        return rescues

    @api.model
    def _get_shippings(self, outlook, scene):
        """Suggest to ship what is late although it is there."""
        late = self._get_late_pieces(outlook, scene)
        days, moves = [], []
        for piece in outlook.pieces:
            here = piece in late and self._is_here(piece, scene)
            days.append(self._get_arrival(outlook, piece, scene, not here))
            if here:
                moves.append(piece.key)
        moves = self.env["stock.move"].browse(moves)
        if not moves or None in days:
            return []
        return [
            {
                "line_id": outlook.line.id,
                "kind": "ship",
                "move_id": picking.move_ids.filtered(lambda move: move in moves)[:1].id,
                "document": picking.name,
                "quantity": outlook.units,
                "date": date.fromordinal(max(days)),
            }
            for picking in moves.picking_id
        ]

    @api.model
    def _is_here(self, piece, scene):
        """Tell whether a piece, and all that it leaves with, could leave today."""
        today = scene.sites[piece.warehouse or DIRECT].today
        known = piece.source in ("ready", "reserved", "stock") and piece.day is not None
        return known and piece.day <= today

    @api.model
    def _get_split(self, outlook, scene):
        """Suggest to deliver by the promised date what can be, and the rest later."""
        late = self._get_late_pieces(outlook, scene)
        ready = [piece for piece in outlook.pieces if piece not in late and piece.source != "left"]
        if not late or not ready or outlook.line.product_id.id in scene.needs:
            return []
        if not self._get_pickings(late) & self._get_pickings(ready):
            return []  # in deliveries of their own already
        days = [self._get_arrival(outlook, piece, scene) for piece in ready]
        return [
            {
                "line_id": outlook.line.id,
                "kind": "split",
                "quantity": sum(piece.quantity for piece in ready),
                "date": date.fromordinal(max(days)),
            }
        ]

    @api.model
    def _get_pickings(self, pieces):
        """Return the transfers that pieces are part of."""
        return self.env["stock.move"].browse([piece.key for piece in pieces]).picking_id

    @api.model
    def _get_transfers(self, outlooks, scene):
        """Suggest to deliver what is late from another warehouse that has it to spare."""
        late, demands = [], []
        for outlook in outlooks:
            asked = self._prepare_transfer_demands(outlook, scene)
            late += [outlook] * len(asked)
            demands += asked
        promised = self._promise(demands, scene.company) if demands else []
        return [
            {
                "line_id": outlook.line.id,
                "kind": "warehouse",
                "warehouse_id": found.demand.warehouse.id,
                "quantity": found.demand.quantity,
                "date": found.date,
                "ship_date": found.ship_date,
            }
            for outlook, found in zip(late, promised, strict=True)
            if self._is_sooner(found, self._get_expected(outlook, scene))
        ]

    @api.model
    def _is_sooner(self, found, expected):
        """Tell whether goods that exist or are ordered come sooner than is expected now."""
        if not found.date or {part.source for part in found.answer.parts} - {"stock", "receipt"}:
            return False
        return not expected or found.date < expected

    @api.model
    def _may_transfer(self, line, scene):
        """Tell whether another warehouse may deliver: not where the customer chose one delivery."""
        order_line = line.order_line_id
        order = order_line.order_id
        whole = order.picking_policy == "one" and len(order.order_line) > 1
        chosen = whole or order.promise_sourcing == "warehouse" or order_line.route_ids
        direct = scene.is_direct(self._prepare_held_demand(line))
        return not chosen and not direct and line.product_id.id not in scene.needs

    @api.model
    def _prepare_transfer_demands(self, outlook, scene):
        """Return what is late of a promise, asked of each other warehouse; kits stay together."""
        line = outlook.line
        quantity = sum(piece.quantity for piece in self._get_late_pieces(outlook, scene))
        if not self._may_transfer(line, scene) or quantity <= promising.TOLERANCE:
            return []
        due = [day for day in (line._get_due(), line.wanted_date) if day]  # not before them
        used = {piece.warehouse for piece in outlook.pieces}
        return [
            Demand(
                product=line.product_id,
                quantity=quantity,
                unit=line.product_id.uom_id,
                ship_to=line.ship_to_id,
                wanted=max(due, default=None),
                warehouse=warehouse,
                only=True,
                carrier=line.order_id.carrier_id,
                lead=0,
                line=line.order_line_id,
            )
            for warehouse in scene.warehouses
            if warehouse.promise_ok and warehouse.id not in used
        ]
