from dataclasses import replace

from odoo import api, models

from .. import promising
from ..tools.promise_data import DIRECT

ROUNDS = 4  # of asking again for a later day; the days of one order settle in two


def _day(found):
    return found[0]


class LogisticsPromise(models.AbstractModel):
    """Orders that are delivered at once: what is there waits for the rest."""

    _inherit = "logistics.promise"

    @api.model
    def _join_deliveries(self, promised, scene):
        """Let what is delivered together leave each warehouse on the same day."""
        orders = {}
        for at, item in enumerate(promised):
            if item.demand.together and not item.problem:
                orders.setdefault(item.demand.together, []).append((at, item))
        for items in orders.values():
            unknown = [item.demand.product for _at, item in items if not item.answer.day]
            unknown += self._get_open_unknown(items)
            if unknown:
                self._lose_together(items, unknown[0])
            else:
                self._leave_together(items, scene, self._get_open_transfers(items, scene))

    @api.model
    def _get_own_shipments(self, item):
        """Return the shipments from warehouses: suppliers' parcels are never one."""
        return [one for one in item.answer.shipments if one.warehouse != DIRECT]

    @api.model
    def _answer_together(self, requests, network, promised, scene):
        """Return the answers to requests; what is delivered together is asked for its last day.

        What expires until then is not there any more, so it is asked again until it settles.
        """
        for _round in range(ROUNDS):
            answers = promising.promise(requests, network.fresh())
            for answer in answers:
                promised[answer.key].answer = answer
            days = self._get_common_deliveries(requests, promised, scene)
            if not days:
                break
            for key, (day, product) in days.items():
                promised[key].put_off, promised[key].waits_for = day, product
            requests = [
                replace(one, wanted=max(one.wanted or 0, days.get(one.key, (0, None))[0]))
                for one in requests
            ]
        return answers

    @api.model
    def _get_common_deliveries(self, requests, promised, scene):
        """Return {key: (day, product)} of requests that another product of their order puts off."""
        orders, later = {}, {}
        for request in requests:
            item = promised[request.key]
            if item.demand.together:
                orders.setdefault(item.demand.together, []).append((request.key, item))
        for items in orders.values():
            if any(not item.answer.day for _at, item in items):
                continue
            last = self._get_last_deliveries(items, scene)
            for at, item in items:
                own = self._get_own_shipments(item)
                day, product = max(
                    (last[one.warehouse] for one in own), default=(0, None), key=_day
                )
                if day > item.answer.day:
                    later[at] = day, product
        return later

    @api.model
    def _get_last_deliveries(self, items, scene):
        """Return {warehouse: (day, product)} on which the last of an order is delivered."""
        last = {}
        for place, (ship_day, product) in self._get_open_transfers(items, scene).items():
            day = scene.routes[items[0][0], place].arrival(ship_day)
            last[place] = day or 0, product
        for _at, item in items:
            for one in self._get_own_shipments(item):
                found = last.get(one.warehouse, (0, None)), (one.day, item.demand.product)
                last[one.warehouse] = max(found, key=_day)
        return last

    @api.model
    def _lose_together(self, items, product):
        """Give nothing of an order a date where one product has none."""
        for _at, item in items:
            if item.answer.day:
                item.answer.day = item.answer.likely = None
                item.put_off, item.waits_for = 0, product

    @api.model
    def _get_open_transfers(self, items, scene):
        """Return {warehouse: (day, product)} of what the order is to deliver already.

        What is planned last decides; it leaves after the days of handling.
        """
        order, last = items[0][1].demand.together, {}
        for move in self._get_open_moves(items):
            place = move.location_id._get_promise_area()
            if place.id not in scene.sites:
                continue
            line = move.sale_line_id or order._origin.order_line[:1]
            site = scene.sites[place.id].site
            picked = line._get_local_day(move.date, place).toordinal() + site.handling
            day = site.workdays.next(picked)
            if day and day > last.get(place.id, (0, None))[0]:
                last[place.id] = day, move.product_id
        return last

    @api.model
    def _get_open_unknown(self, items):
        """Return the products that the order is to deliver already, and that have no date."""
        asked = {item.demand.line._origin.id for _at, item in items if not item.demand.first}
        moves = self._get_open_moves(items).filtered("promise_undated")
        return list(moves.filtered(lambda one: one.sale_line_id.id not in asked).product_id)

    @api.model
    def _get_open_moves(self, items):
        """Return what the order is to deliver at once already; nothing of a new order."""
        order = items[0][1].demand.together
        if order.state != "sale" or all(item.demand.first for _at, item in items):
            return self.env["stock.move"]
        pickings = order._origin.picking_ids.filtered(lambda one: one.move_type == "one")
        return pickings.move_ids.filtered(lambda one: one.state not in ("done", "cancel"))

    @api.model
    def _leave_together(self, items, scene, last):
        """Let all shipments of a warehouse leave on its last day ({warehouse: (day, product)})."""
        likely = {}
        for _at, item in items:
            for shipment in self._get_own_shipments(item):
                place = shipment.warehouse
                if last.get(place, (0, None))[0] < shipment.ship_day:
                    last[place] = shipment.ship_day, item.demand.product
                likely[place] = max(likely.get(place, 0), shipment.likely)
        for at, item in items:
            for shipment in self._get_own_shipments(item):
                ship_day, product = last[shipment.warehouse]
                if shipment.ship_day < ship_day:
                    arrival = scene.routes[at, shipment.warehouse].arrival(ship_day)
                    shipment.ship_day = ship_day
                    shipment.day = max(shipment.day, arrival or ship_day)
                    shipment.likely = min(shipment.day, likely[shipment.warehouse])
                    item.waits_for = product
            days = [(one.day, one.likely) for one in item.answer.shipments]
            item.answer.day, item.answer.likely = (max(day) for day in zip(*days, strict=True))

    @api.model
    def _join_pickings(self, outlooks):
        """Let pieces of transfers that leave all at once be there when the last of them is."""
        together = {}
        orders = [one for one in outlooks if one.line.order_id.picking_policy == "one"]
        keys = [piece.key for one in orders for piece in one.pieces if piece.source != "left"]
        moves = self.env["stock.move"].browse([key for key in keys if key])
        transfers = {move.id: move.picking_id for move in moves}
        for outlook in orders:
            for piece in outlook.pieces:
                picking = transfers.get(piece.key)
                if picking and picking.move_type == "one" and piece.source != "left":
                    together.setdefault(picking, []).append(piece)
                    outlook.transfers.add(picking.id)
        days = {picking: self._get_common_days(pieces) for picking, pieces in together.items()}
        for outlook in orders:
            outlook.pieces = [
                self._join_piece(outlook, piece, days.get(transfers.get(piece.key)))
                for piece in outlook.pieces
            ]

    @api.model
    def _get_common_days(self, pieces):
        days = [piece.day for piece in pieces]
        return None if None in days else max(days), max(piece.planned for piece in pieces)

    @api.model
    def _join_piece(self, outlook, piece, days):
        if days is None or piece.source == "left":
            return piece
        day, planned = days
        if piece.day is not None and (day is None or piece.day < day):
            outlook.waits = True
        return replace(piece, day=day, planned=planned)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _put_off_together(self, added):
        """Count what waits for these new promises as put off by the customer, who ordered more."""
        for order in self.order_id.filtered(lambda one: one.picking_policy == "one"):
            new = added.filtered(lambda one: one.order_id == order)  # noqa: B023
            last = max(new.filtered("date"), key=lambda one: one.date, default=None)
            # sudo: promises are written by what happened, never typed
            held = order.sudo().promise_line_ids.filtered(lambda one: one.state == "held") - new
            reason = held._say_in_each_language(
                lambda one: one.env._("More was ordered, and the order is delivered at once.")
            )
            for promise in held if last else held.browse():
                due = promise._get_due()
                if due and due < last.date and promise.warehouse_id == last.warehouse_id:
                    promise._change("expected_date", last.date, reason, order.name)
                    promise.postponed_date = last.date
