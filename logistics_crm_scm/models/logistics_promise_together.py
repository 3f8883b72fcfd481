from dataclasses import replace

from odoo import api, models


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
            unknown = [item for _at, item in items if not item.answer.day]
            if unknown:
                self._lose_together(items, unknown[0].demand.product)
            else:
                self._leave_together(items, scene)

    @api.model
    def _lose_together(self, items, product):
        """Give nothing of an order a date where one product has none."""
        for _at, item in items:
            if item.answer.day:
                item.answer.day = item.answer.likely = None
                item.waits_for = product

    @api.model
    def _leave_together(self, items, scene):
        last = {}
        for _at, item in items:
            for shipment in item.answer.shipments:
                before = last.get(shipment.warehouse)
                if not before or before[0].ship_day < shipment.ship_day:
                    last[shipment.warehouse] = shipment, item.demand.product
        for at, item in items:
            for shipment in item.answer.shipments:
                latest, product = last[shipment.warehouse]
                if shipment.ship_day < latest.ship_day:
                    arrival = scene.routes[at, shipment.warehouse].arrival(latest.ship_day)
                    shipment.ship_day = latest.ship_day
                    shipment.day = max(shipment.day, arrival or latest.day)
                    shipment.likely = min(shipment.day, max(shipment.likely, latest.likely))
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
