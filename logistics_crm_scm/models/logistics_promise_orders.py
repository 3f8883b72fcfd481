from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, models

from .. import promising
from .logistics_promise_mrp import DEPTH, OPEN_MOVE, OPEN_ORDER


@dataclass(frozen=True, slots=True)
class MadeOrder:
    """A manufacturing order that is open, as promises count on it.

    Attributes
    ----------
    name : str
        Its number.
    place : (int, int)
        Product and warehouse.
    places : frozenset of (int, int)
        The same with what falls off when it is made.
    receipts : frozenset of int
        The moves that bring what is made into stock.
    takes : dict of int to (int, int)
        By move that takes a component out of stock: the component and the warehouse.
    begin, lead : int
        When it is planned to begin, and the days from then to its end.
    """

    name: str
    place: tuple
    places: frozenset
    receipts: frozenset
    takes: dict
    begin: int
    lead: int

    @property
    def components(self):
        """Return the products that it takes."""
        return {product for product, _warehouse in self.takes.values()}


class LogisticsPromise(models.AbstractModel):
    """Manufacturing orders: finished when they are planned to be, if their components are there."""

    _inherit = "logistics.promise"

    @api.model
    def _get_orders(self, products, company):
        """Return the open manufacturing orders of products, and of what these take."""
        if not self._has_production():
            return []
        orders = self.env["mrp.production"]
        for _level in range(DEPTH):
            found = orders.search(
                [
                    OPEN_ORDER,
                    (
                        "move_finished_ids",
                        "any",
                        [OPEN_MOVE, ("product_id", "in", products.ids)],
                    ),
                    ("company_id", "=", company.id),
                ]
            )
            if not found - orders:
                break
            orders |= found
            products = orders.move_raw_ids.product_id - orders.move_finished_ids.product_id
        return orders

    @api.model
    def _get_order_products(self, orders):
        """Return the products that manufacturing orders make and take."""
        if not orders:
            return self.env["product.product"]
        return orders.move_finished_ids.product_id | orders.move_raw_ids.product_id

    @api.model
    def _note_orders(self, scene, orders):
        """Note the manufacturing orders in the scene, as far as they wait for components."""
        for order in orders:
            warehouse, takes = order.picking_type_id.warehouse_id.id, self._get_takes(order)
            receipts = order.move_finished_ids
            if warehouse not in scene.sites or not takes or not receipts:
                continue
            zone = ZoneInfo(scene.sites[warehouse].tz)
            begin, end = (
                moment.replace(tzinfo=UTC).astimezone(zone).date().toordinal()
                for moment in (order.date_start, order.date_finished or order.date_start)
            )
            scene.orders.append(
                MadeOrder(
                    order.name,
                    (order.product_id.id, warehouse),
                    frozenset((product, warehouse) for product in receipts.product_id.ids),
                    frozenset((receipts | receipts.move_dest_ids).ids),
                    takes,
                    begin,
                    max(0, end - begin),
                )
            )

    @api.model
    def _get_takes(self, order):
        """Return {move: (component, warehouse)} of what is still to be taken out of stock."""
        moves = order.move_raw_ids
        moves |= moves.move_orig_ids  # brought to the work centre first
        moves = moves.filtered(
            lambda move: move.state not in ("done", "cancel") and move.product_id.is_storable
        )
        return {
            move.id: (move.product_id.id, area.id)
            for move in moves
            if (area := move.location_id._get_promise_area())
        }

    @api.model
    def _date_orders(self, scene):
        """Count manufacturing orders from when their components let them be finished."""
        scene.by_place, scene.ready, found = {}, {}, {}
        for order in scene.orders:
            for place in order.places:
                scene.by_place.setdefault(place, []).append(order)
        for place in sorted(scene.by_place):
            self._date_orders_of(scene, place, found)

    @api.model
    def _date_orders_of(self, scene, place, found):
        for order in scene.by_place.get(place, ()):
            day, late = order.begin, 0
            for move, below in order.takes.items():
                ready = self._get_ready_days(scene, below, found).get(move, order.begin)
                if ready is None or (day is not None and ready > day):
                    day, late = ready, below[0]
            if late:
                ready = None if day is None else day + order.lead
                scene.ready |= dict.fromkeys(order.receipts, (ready, late))

    @api.model
    def _get_ready_days(self, scene, place, found):
        """Return {move: day or None} on which what it takes is there, for those that wait."""
        if place in found:
            return found[place]
        days = found[place] = {}  # whoever comes back here goes round in circles
        self._date_orders_of(scene, place, found)
        pegging = self._get_pegging(scene, place)
        wanted = scene.leaving.get(place, [])
        pegging.expect(wanted)
        for need in sorted(wanted, key=pegging.turn):
            if need.owner is not None:  # what was promised counts as brought in time
                pegging.serve(need)
                continue
            brought = self._get_brought_day(scene, place, need, found)
            brings = promising.Replenishment(brought, brought)
            scene.bringers[place, need.key] = brings
            ready = [piece.day or promising.NEVER for piece in pegging.serve(need, brings)]
            days[need.key] = max([days.get(need.key, 0), *ready])
        days |= {move: None for move, day in days.items() if day >= promising.NEVER}
        return days

    @api.model
    def _get_brought_day(self, scene, place, need, found):
        """Return when what nobody has ordered could be bought or made, NEVER where it cannot be."""
        bought = scene.network.replenishments.get(place)
        recipe = scene.network.recipes.get(place)
        soonest = bought.pick(need.quantity).day if bought else promising.NEVER
        if not recipe:
            return soonest
        days = [recipe.first]
        for product, _amount in recipe.needs:
            if product not in scene.network.untracked:
                below = self._get_ready_days(scene, (product, place[1]), found)
                days.append(below.get(need.key))  # who waits for a receipt claims nothing
        made = None if None in days else recipe.finish(max(days))
        return min(soonest, made or promising.NEVER)

    @api.model
    def _describe_stuck(self, outlook, scene):
        """Say which manufacturing order or transfer of its product waits for what nobody brings."""
        places = {(outlook.line.product_id.id, piece.warehouse) for piece in outlook.pieces}
        return " ".join(self._get_stuck(places, scene)[:1])

    @api.model
    def _get_stuck(self, places, scene):
        """Return what of (product, warehouse) waits for what nobody brings, a text for each.

        Manufacturing orders, and transfers from our other warehouses.
        """
        texts = []
        for order in scene.orders:
            day, component = scene.ready.get(min(order.receipts), (0, 0))
            if day is None and order.places & places:
                text = self.env._(
                    "%(name)s waits for %(component)s: nothing in stock, on order or from a"
                    " supplier covers it.",
                    name=order.name,
                    component=self.env["product.product"].browse(component).display_name,
                )
                texts.append(text)
        return [*texts, *self._explain_transfers(places, scene)]
