from dataclasses import replace
from datetime import date

from odoo import api, models

from ..tools.languages import say_in_each_language
from ..tools.promise_data import DIRECT
from .logistics_promise_scene import Scene

# Days that a customer was told as those of leaving, beside the promised one.
LEAVING = ("likely_date", "agreed_date", "postponed_date", "told_date")


class LogisticsPromise(models.AbstractModel):
    """The way that promised goods go, and what it does to a promise that it becomes known.

    The carrier of their transfer takes them, else the order's. While nobody says how long it takes,
    the days that the promise counts on count; a promise without such days is one of leaving.
    """

    _inherit = "logistics.promise"

    # ------------------------------------------------------------
    # WAYS
    # ------------------------------------------------------------

    @api.model
    def _read_transfer_ways(self, outlooks, scene):
        """Add the ways of pieces whose transfer another carrier takes than the order names."""
        keys = {piece.key for outlook in outlooks for piece in outlook.pieces if piece.key}
        carriers = self._get_transfer_carriers(self.env["stock.move"].browse(keys))
        ways, first = {}, len(scene.demands)
        for outlook in outlooks:
            usual = scene.carriers[outlook.number]
            for piece in outlook.pieces:
                carrier = carriers.get(piece.key)
                if carrier and carrier != usual:
                    way = ways.setdefault((outlook.number, carrier), first + len(ways))
                    outlook.ways[piece.key] = way
        if ways:
            demands = [replace(scene.demands[at], carrier=carrier) for at, carrier in ways]
            self._add_routes(scene, demands, first)

    @api.model
    def _add_routes(self, scene, demands, first):
        """Add the routes of more demands to a scene, numbered from `first` on."""
        more = Scene(scene.company, scene.warehouses)
        self._read_routes(more, demands)
        scene.routes |= {(at + first, place): one for (at, place), one in more.routes.items()}
        scene.transits |= {(at + first, place): one for (at, place), one in more.transits.items()}
        scene.unknown_ways |= {at + first: places for at, places in more.unknown_ways.items()}

    @api.model
    def _get_transfer_carriers(self, moves):
        """Return {id of a move: carrier} of the transfers that bring moves to the customer."""
        last, steps, seen = {move.id: move for move in moves}, moves, moves.browse()
        while steps := steps.filtered(lambda move: move.location_dest_usage == "internal") - seen:
            seen |= steps
            ahead = {
                step: step.move_dest_ids.filtered(lambda move: move.state != "cancel")[:1]
                for step in steps
            }
            last = {key: ahead.get(move) or move for key, move in last.items()}
            steps = moves.browse().union(*ahead.values())
        return {key: move.picking_id.carrier_id for key, move in last.items()}

    @api.model
    def _get_route(self, outlook, piece, scene):
        """Return the route of a piece, by the promised days where nobody says how long it takes."""
        way, place = outlook.get_way(piece), piece.warehouse or DIRECT
        route, days = scene.routes[way, place], outlook.line.transit_days
        if days and self._is_untimed(way, place, scene):
            return replace(route, transit=days)
        return route

    @api.model
    def _is_untimed(self, way, place, scene):
        """Tell whether nobody says how long a way takes."""
        return place != DIRECT and not scene.transits[way, place][1]

    @api.model
    def _get_open_ways(self, outlook):
        """Return {(way, warehouse)} of what did not leave before; of all that left, of the last."""
        pieces = [piece for piece in outlook.pieces if piece.key]
        before = outlook.line.arrivals or {}
        rest = [piece for piece in pieces if piece.source != "left"]
        rest = rest or [piece for piece in pieces if str(piece.key) not in before]
        return {(outlook.get_way(piece), piece.warehouse or DIRECT) for piece in rest}

    @api.model
    def _keep_arrivals(self, outlook, scene):
        """Keep when parts that left arrive: what a carrier takes later does not change that."""
        line, arrivals = outlook.line, {}
        for piece in outlook.pieces:
            day = piece.source == "left" and self._get_arrival(outlook, piece, scene)
            if day:
                arrivals[str(piece.key)] = [piece.day, day]
        if (line.arrivals or {}) != arrivals:
            line.arrivals = arrivals

    # ------------------------------------------------------------
    # NEWS
    # ------------------------------------------------------------

    @api.model
    def _follow_ways(self, lines, outlooks, scene):
        """Date held promises anew whose way became known."""
        changes = []
        for outlook in outlooks:
            changes += self._get_way_changes(outlook, scene)
        lines._keep_changes(changes)
        self._restore_deadlines([outlook for outlook in outlooks if outlook.dated])

    @api.model
    def _get_way_changes(self, outlook, scene):
        """Note whether the way is known; return the changes of what was promised by leaving."""
        line, ways = outlook.line, self._get_open_ways(outlook)
        if not ways:
            return []
        counted = bool(line.transit_days)
        untimed = {one for one in ways if self._is_untimed(*one, scene)}
        far = any(place in scene.unknown_ways[way] for way, place in ways)
        changes = []
        if line.way_unknown and line.date and not (counted or far) and ways - untimed:
            changes = self._get_dated_changes(outlook, ways - untimed, scene)
            if changes is None:
                return []
        else:
            self._note_way(line, far and not counted, counted and bool(untimed))
        return changes

    @api.model
    def _note_way(self, line, unknown, lost):
        """Keep whether a promise is one of leaving, and whether its transit time got lost."""
        values = {"way_unknown": unknown, "way_lost": lost}
        values = {name: value for name, value in values.items() if line[name] != value}
        if values:
            line.write(values)

    @api.model
    def _get_dated_changes(self, outlook, ways, scene):
        """Count a promise of leaving from its day of leaving on; None where nothing arrives then.

        That a transit time is known is no delay: whatever day of leaving the customer was told
        becomes the day of arrival.
        """
        line, days = outlook.line, {}
        for way, place in ways:
            leaves = self._get_promised_leaving(line, place)
            days[way, place] = scene.routes[way, place].arrival(leaves.toordinal())
        if None in days.values():
            return None
        last = max(sorted(days), key=days.get)
        route, values = scene.routes[last], {}
        for name in LEAVING:
            day = line[name] and route.arrival(line[name].toordinal())
            values[name] = bool(day) and max(line[name], date.fromordinal(day))
        line.write(values | {"transit_days": route.transit, "way_unknown": False})
        day = max(line.date, date.fromordinal(days[last]))
        outlook.dated = self._get_way_reason(line, *scene.transits[last])
        return [(line, "date", day, *outlook.dated)] if day != line.date else []

    @api.model
    def _get_promised_leaving(self, line, place):
        """Return the day on which the last of a promise should leave a warehouse (id)."""
        parts = line.part_ids.filtered(lambda part: (part.warehouse_id.id or DIRECT) == place)
        days = [part.ship_date for part in parts if part.ship_date]
        return max(days, default=line.ship_date or line.date)

    @api.model
    def _get_way_reason(self, line, days, who):
        """Return why a promise is dated anew, and the document behind it."""
        reason = say_in_each_language(self, lambda one: one._describe_known_way(days, who))
        return reason, line.order_id.name

    @api.model
    def _describe_known_way(self, days, who):
        if days:
            way = self._explain_transit(who, days, False)
        else:
            way = self.env._("%(who)s delivers on the same day.", who=who)
        return self.env._("The way there is known now: %(way)s", way=way)
