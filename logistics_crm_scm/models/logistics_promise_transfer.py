from collections import defaultdict

from odoo import api, models

from .. import promising
from ..tools import supply_sql, transfer_sql
from ..tools.supply_rows import Leaving


class LogisticsPromise(models.AbstractModel):
    """Transfers between our warehouses: they bring what the one that they leave can give.

    What is reserved for them or on its way is sure. The rest is served beside all that leaves that
    warehouse: it waits for what is there and on order, and nobody buys it.
    """

    _inherit = "logistics.promise"

    @api.model
    def _read_transfers(self, scene, products, excluding=None):
        """Note in the scene what is to come out of other warehouses and is not reserved there."""
        alone = len(scene.warehouses) < 2 and not scene.warehouses.resupply_wh_ids
        if alone or not products:
            return
        places = self._get_places(scene)
        query = transfer_sql.transfers(places, products.ids, scene.company.id)
        links = {}
        for leg, receipt, transit, quantity, day, name in self.env.execute_query(query):
            if leg is not None:
                links.setdefault(leg, set()).add(receipt)
            elif day is None:
                scene.adrift[receipt] = quantity, transit
            else:
                scene.behind.setdefault(receipt, []).append((day, name, quantity))
        if not links:
            return
        scene.legs = dict.fromkeys(links)
        moves = self.env["stock.move"].browse(links)
        scene.awaited = self._get_promised_places(moves.product_id, scene.company)
        query = supply_sql.line_demand(places, moves.product_id.ids, scene.company.id)
        excluded = set(excluding.ids) if excluding else ()
        rows = [row for row in self.env.execute_query(query) if row[-1] not in excluded]
        scene.waiting = self._get_needs(scene, rows)
        if scene.dated_only:
            for place, wanted in scene.waiting.items():
                scene.waiting[place] = [need for need in wanted if not need.undated]
        self._note_legs(scene, links)
        self._date_transfers(scene)

    @api.model
    def _note_legs(self, scene, links):
        """Fill in `scene.legs` and `scene.feeds`; links are receipts (moves) by leg (move)."""
        legs = {
            need.key: promising.Leg(need.key, place, need.day, need.quantity)
            for place, wanted in scene.waiting.items()
            for need in wanted
            if need.key in links
        }
        scene.legs = legs
        products = {leg.place[0] for leg in legs.values()}
        rows, turns = {}, {}
        for place in scene.rows["receipts"]:
            if place[0] in products:
                for row in scene.rows["receipts"][place]:
                    rows[row.move] = row
                    # whoever was promised something is fed first
                    awaited = place[1] in scene.awaited.get(place[0], ())
                    turns[row.move] = not awaited, row.day, row.move
        room = {move: row.quantity - self._get_adrift(scene, row) for move, row in rows.items()}
        fed = [
            (leg, [(turns[one], one) for one in links[key] if one in rows])
            for key, leg in sorted(legs.items(), key=lambda item: (item[1].day, item[0]))
        ]
        promising.feed(fed, room)
        for leg in legs.values():
            for receipt, _quantity in leg.shares:
                scene.feeds.setdefault(receipt, []).append(leg)

    @api.model
    def _get_promised_places(self, products, company):
        """Return {product: warehouses} where some of it is promised and has not left."""
        held = [("line_id.state", "=", "held"), ("product_id", "in", products.ids)]
        held.append(("company_id", "=", company.id))
        found = defaultdict(set)
        for model in ("logistics.promise.part", "logistics.promise.component"):
            groups = self.env[model]._read_group(held, ["product_id", "warehouse_id"])
            for product, warehouse in groups:
                found[product.id].add(warehouse.id)
        return found

    @api.model
    def _is_awaited(self, scene, place):
        """Tell whether what leaves a (product, warehouse) was promised in another one."""
        product, warehouse = place
        return bool(scene.awaited.get(product, set()) - {warehouse})

    @api.model
    def _get_adrift(self, scene, row):
        return min(row.quantity, scene.adrift.get(row.move, (0.0, 0))[0])

    @api.model
    def _date_transfers(self, scene):
        """Say what the warehouses can give to the transfers, and when."""
        for leg in scene.legs.values():
            leg.given = []  # who goes round in circles gives nothing
        found = set()
        for place in sorted({leg.place for leg in scene.legs.values()}):
            self._date_transfers_from(scene, place, found)

    @api.model
    def _date_transfers_from(self, scene, place, found):
        """Serve what leaves a (product, warehouse), after the warehouses that bring it more."""
        if place in found:
            return
        found.add(place)
        coming = [row.move for row in scene.rows["receipts"][place]]
        sources = {leg.place for move in coming for leg in scene.feeds.get(move, ())}
        for source in sorted(sources):
            self._date_transfers_from(scene, source, found)
        pegging = self._get_pegging(scene, place)
        bought = scene.network.replenishments.get(place) if scene.network else None
        wanted = scene.leaving.get(place) or scene.waiting.get(place, ())
        pegging.expect(wanted)
        for need in sorted(wanted, key=pegging.turn):
            brings = scene.bringers.get((place, need.key), None if need.claimed else bought)
            pieces = pegging.serve(need, brings)
            if need.key in scene.legs:
                given = [(piece.day, piece.quantity) for piece in pieces if piece.day is not None]
                scene.legs[need.key].given = sorted(given)

    @api.model
    def _count_transfers(self, scene):
        """Let transfers take of a warehouse what it can give, when it can.

        Of what is made, or what something is made of, `_settle` does so.
        """
        settled = set(promising.get_places(scene.network)) if scene.network.recipes else ()
        for key, leg in scene.legs.items():
            if leg.place in settled or (leg.place, key) in scene.postponed:
                continue
            in_time = max(leg.day, scene.sites[leg.place[1]].today)
            late = [(day, quantity) for day, quantity in leg.given if day > in_time]
            here = sum(quantity for day, quantity in leg.given if day <= in_time)
            self._take_from_day(scene, leg.place, leg.day, leg.quantity - here)
            leaving = scene.rows["demand"][leg.place]
            leaving += [Leaving(day, quantity, 0.0) for day, quantity in late]

    @api.model
    def _get_late_parts(self, scene, row):
        """Return what a receipt brings later than planned, or never.

        It comes as many days later as its goods are there after they were to leave.

        Returns
        -------
        list of (int or None, float, int, str)
            Day, quantity, the warehouse that does not have it before, 0 where it is to come out of
            transit, and the transfer that is planned for later than it is to come.
        """
        adrift = self._get_adrift(scene, row)
        parts = [(None, adrift, 0, "")] if adrift > promising.TOLERANCE else []
        for leg in scene.feeds.get(row.move, ()):
            house = leg.place[1]
            today = scene.sites[house].today
            begin = leg.day if row.day < today else max(leg.day, today)
            under_way = max(0, row.day - begin)
            for day, quantity in leg.get_late(row.move, today):
                parts.append((day and max(day, leg.day) + under_way, quantity, house, ""))
        return [*parts, *self._get_parts_behind(scene, row, parts)]

    @api.model
    def _get_parts_behind(self, scene, row, parts):
        """Yield what is to leave later than it is to come, beyond the parts that lack goods.

        A transfer that is put off takes those after it along; Odoo leaves their days and warns.
        """
        known = sum(quantity for _day, quantity, house, _leg in parts if house)
        rest = row.quantity - sum(quantity for _day, quantity, *_by in parts)
        for day, name, quantity in sorted(scene.behind.get(row.move, ())):
            used = min(known, quantity)  # the first to leave are those that lack goods
            known -= used
            quantity = min(rest, quantity - used)
            rest -= quantity
            if day > row.day and quantity > promising.TOLERANCE:
                yield day, quantity, 0, name

    @api.model
    def _get_missing(self, scene, row):
        """Return how much of a receipt its warehouse does not have."""
        return sum(quantity for day, quantity, *_by in self._get_late_parts(scene, row) if not day)

    @api.model
    def _explain_transfers(self, places, scene):
        """Return which transfers to (product, warehouse) lack their goods, a text for each."""
        texts = []
        for place in sorted(places):
            product = self.env["product.product"].browse(place[0])
            for row in scene.rows["receipts"][place]:
                for day, quantity, house, _leg in self._get_late_parts(scene, row):
                    if day is None and product.uom_id.compare(quantity, 0) > 0:
                        text = self.env._(
                            "%(amount)s of %(name)s are to come by %(document)s from %(place)s,"
                            " which does not have them.",
                            amount=self._format_amount(quantity, product),
                            name=product.display_name,
                            document=row.name,
                            place=self._get_sender_name(scene, row, house),
                        )
                        texts.append(text)
        return texts

    @api.model
    def _get_sender_name(self, scene, row, house):
        if house:
            return self._get_place_name(house)
        return self.env["stock.location"].browse(scene.adrift[row.move][1]).display_name
