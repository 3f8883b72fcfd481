import math
from collections import defaultdict
from dataclasses import replace
from datetime import date

from odoo import api, models

from .. import promising
from ..tools import supply_sql
from ..tools.lateness import Lateness
from ..tools.outlook import Outlook
from ..tools.promise_data import DIRECT, LONGEST, Demand, Origin


class LogisticsPromise(models.AbstractModel):
    """What will become of the promises that are held, as things stand.

    What is reserved is there. The rest waits, first come by the planned day,
    for what is free, then for dated receipts, then for what could still be brought. Everything that
    leaves the same warehouses counts, promised or not.
    """

    _inherit = "logistics.promise"

    @api.model
    def _foresee(self, lines):
        """Foresee when promises of one company are delivered; the queries are constant.

        Parameters
        ----------
        lines : logistics.promise.line
            Of one company.

        Returns
        -------
        (list of Outlook, Scene)
            All promises that are not cancelled, of their order lines, and of the whole order where
            that is delivered at once.
        """
        # sudo: what a delivery waits for is worked out from documents of other departments
        engine = self.sudo().with_company(lines.company_id)
        whole = lines.order_id.filtered(lambda order: order.picking_policy == "one")
        lines = lines.sudo().search(
            [
                ("state", "!=", "cancelled"),
                "|",
                ("order_line_id", "in", lines.order_line_id.ids),
                ("order_id", "in", whole.ids),
            ],
            order="id",
        )
        demands = [engine._prepare_held_demand(line) for line in lines]
        demands = [engine._complete_demand(one) for one in engine._share_prefetch(demands)]
        scene = engine._get_scene(demands, lines.company_id)
        pieces = engine._get_pieces(scene, lines.order_line_id)
        outlooks = [Outlook(line, number) for number, line in enumerate(lines)]
        by_line = defaultdict(list)
        for outlook in outlooks:
            by_line[outlook.line.order_line_id].append(outlook)
        for order_line, group in by_line.items():
            group.sort(key=engine._get_turn)
            engine._share_pieces(group, order_line, scene, pieces)
        engine._end_delivered(by_line)
        engine._join_pickings(outlooks)
        engine._read_transfer_ways(outlooks, scene)
        for outlook in outlooks:
            engine._date_outlook(outlook, scene)
        return outlooks, scene

    @api.model
    def _prepare_held_demand(self, line):
        order_line = line.order_line_id
        return Demand(
            product=line.product_id,
            quantity=line.quantity,
            unit=line.unit_id,
            ship_to=line.ship_to_id,
            wanted=line.wanted_date,
            warehouse=line.warehouse_id or order_line.warehouse_id,
            carrier=line.order_id.carrier_id,
            routes=order_line.route_ids,
            lead=order_line.customer_lead,
            line=order_line,
        )

    # ------------------------------------------------------------
    # PIECES
    # ------------------------------------------------------------

    @api.model
    def _get_pieces(self, scene, order_lines):
        """Return {(order line, product): [promising.Piece]} of open and done deliveries."""
        pieces = defaultdict(list)
        if not scene.warehouses:
            return pieces
        kits = order_lines.filtered(lambda line: line.product_id.id in scene.needs)
        products = order_lines.product_id | kits.move_ids.product_id  # as they were delivered
        products = self._get_scene_products(scene, products)
        # what others wait for production of takes the same components and work centres
        products = sorted({*products, *(product for product, _house in scene.network.recipes)})
        places = self._get_places(scene)
        spoils = self._now() if self._has_expiry() else None
        demand = supply_sql.line_demand(places, products, scene.company.id, spoils)
        self._peg_demand(scene, self.env.execute_query(demand), pieces)
        rows = self.env.execute_query(supply_sql.beyond(places, order_lines.ids))
        suppliers = {row[-1] for row in rows if row[-1]} - set(scene.lateness)
        scene.lateness |= self._get_lateness(suppliers, scene.company)
        moves = self.env["stock.move"].browse([row[0] for row in rows])
        names = {move.id: move.picking_id.name or move.reference or "" for move in moves}
        for row in rows:
            pieces[row[1], row[2]].append(self._get_piece_beyond(scene, row, names[row[0]]))
        return pieces

    @api.model
    def _get_scene_products(self, scene, products):
        parts = {need for needs in scene.needs.values() for need, _factor in needs}
        return sorted(parts | set(products.ids))

    @api.model
    def _peg_demand(self, scene, rows, pieces):
        """Fill in the pieces of what is to leave the warehouses."""
        owners = {row[0]: (row[-1], row[1]) for row in rows}
        for move, _product, warehouse, day, _rest, reserved, _own, late, _first, _line in rows:
            if reserved > 0:
                today = scene.sites[warehouse].today
                here = (move, "reserved", reserved, today, day.toordinal(), None, warehouse, late)
                pieces[owners[move]].append(promising.Piece(*here))
        for key, piece in self._peg(scene, self._get_needs(scene, rows)):
            pieces[owners[piece.key]].append(replace(piece, warehouse=key[1]))

    @api.model
    def _get_needs(self, scene, rows):
        """Return {(product, warehouse): [promising.Need]} of what nothing is reserved for.

        An order that was confirmed without a date is planned for its wanted day, and yet takes
        nothing that another was promised, nor what is set aside for others.
        """
        needs = defaultdict(list)
        promised = self._get_promised_lines([row[-1] for row in rows if row[-1]])
        brought = self._get_brought(promised)
        for move, product, warehouse, day, rest, _reserved, own, late, first, order_line in rows:
            if rest <= promising.TOLERANCE:
                continue
            place, facts = (product, warehouse), {"from_stock": not own, "since": first}
            facts |= {"owner": order_line, "asked": first, "unpromised": True}
            facts["waits"] = move in scene.legs
            if facts["waits"] and not self._is_awaited(scene, place):
                facts["asked"] = math.inf  # Odoo adds to it what is asked for later
            if order_line in promised:
                customer, undated = promised[order_line]
                facts |= {"undated": undated or late, "unpromised": False}
                facts["aside"] = scene.get_aside(customer)
                facts["kept_back"] = facts["aside"].get(place, 0.0)
                if facts["undated"]:
                    facts["asked"] = None
                else:
                    facts["brought"] = brought[order_line, product, warehouse]
            needs[place].append(promising.Need(move, day.toordinal(), rest, **facts))
        return needs

    @api.model
    def _get_brought(self, order_lines):
        """Return how much of what was promised is to be bought or made for it.

        Returns
        -------
        collections.defaultdict of (int, int, int) to float
            By order line, product and warehouse, in the product's unit.
        """
        groups = self.env["logistics.promise.part"]._read_group(
            [
                ("line_id.order_line_id", "in", list(order_lines)),
                ("line_id.state", "=", "held"),
                ("source", "not in", promising.EXISTING),
            ],
            ["line_id", "product_id", "warehouse_id"],
            ["quantity:sum"],
        )
        brought = defaultdict(float)
        for line, product, warehouse, quantity in groups:
            brought[line.order_line_id.id, product.id, warehouse.id] += quantity
        return brought

    @api.model
    def _get_promised_lines(self, order_lines):
        """Return {id: (customer, whether no date was promised)} of order lines with promises."""
        groups = self.env["logistics.promise.line"]._read_group(
            [("order_line_id", "in", order_lines), ("state", "=", "held")],
            ["order_line_id", "partner_id"],
            ["date:max"],
        )
        return {line.id: (partner, not last) for line, partner, last in groups}

    @api.model
    def _peg(self, scene, needs):
        """Yield (product, warehouse) and piece; all that are due first are served first."""
        peggings, wanted = {}, {}
        for key, own in needs.items():
            brings = scene.network.replenishments.get(key)
            if key in scene.network.recipes:
                brings = promising.Making(scene.network, key, early=True)
            peggings[key] = self._get_pegging(scene, key, brings)
            wanted[key] = scene.leaving.get(key, own)  # the same, beside production
        bringers = self._get_line_bringers(scene, wanted)
        yield from promising.serve(scene.network, wanted, scene.settled, peggings, bringers)

    @api.model
    def _get_line_bringers(self, scene, needs):
        """Return who brings what lines are procured by routes of their own, by place and key."""
        if not scene.line_ways:
            return {}
        ways = {scene.demands[at].line.id: own for at, own in scene.line_ways.items()}
        bringers = {}
        for place, wanted in needs.items():
            for need in wanted:
                own = ways.get(need.owner, {}).get(place)
                if not own or need.claimed:
                    continue
                network = scene.network.follow({place: own})
                made = own[1] and promising.Making(network, place, early=True)
                bringers[place, need.key] = made or own[0]
        return {key: brings for key, brings in bringers.items() if brings}

    @api.model
    def _get_pegging(self, scene, key, brings=None):
        """Return what there is of a (product, warehouse), to be given to what is to leave."""
        free, fresh = self._get_loose_stock(scene, key)
        today = scene.sites[key[1]].today
        return promising.Pegging(today, free, self._get_supplies(scene, key), fresh, brings)

    @api.model
    def _get_piece_beyond(self, scene, row, name):
        """Return the piece of a move that does not leave a warehouse's stock any more."""
        move, _line, _product, warehouse, left, direct, day, quantity, supplier = row
        day, place = day.toordinal(), scene.sites.get(warehouse, scene.sites[DIRECT])
        warehouse = (not direct and warehouse) or DIRECT
        if left or not direct:
            source = "left" if left else "ready"
            day = day if left else place.today
            brought = Origin("receipt", day, move, supplier or 0, name) if direct else None
            return promising.Piece(move, source, quantity, day, day, brought, warehouse)
        origin = Origin("receipt", day, move, supplier or 0, name, overdue=day < place.today)
        late = scene.lateness.get(supplier, Lateness())
        counted = self._get_day_counted_on(scene.sites[DIRECT], day, late.safe)
        return promising.Piece(move, "receipt", quantity, counted, counted, origin, DIRECT)

    # ------------------------------------------------------------
    # DATES
    # ------------------------------------------------------------

    @api.model
    def _get_turn(self, outlook):
        """Return which promise of an order line is served first: closed, then the first due."""
        line = outlook.line
        return line.state == "held", line.date or date.max, line.id

    @api.model
    def _share_pieces(self, group, order_line, scene, pieces):
        """Give each promise of an order line its pieces; of a kit, those of each component."""
        product = order_line.product_id
        units = [
            self._get_moved_units(one.line.quantity, one.line.unit_id, product) for one in group
        ]
        rounding = [self._get_rounding(one.line) for one in group]
        spare = max(one.line.left_before for one in group)
        for need, factor in self._get_held_needs(group, units, scene):
            found = pieces.get((order_line.id, need), [])
            wanted, near = ([one * factor for one in some] for some in (units, rounding))
            shares = promising.share(found, wanted, spare, near)
            for outlook, quantity, mine in zip(group, units, shares, strict=True):
                left = sum(piece.quantity for piece in mine if piece.source == "left")
                outlook.units, outlook.gone = quantity, min(outlook.gone, left / factor)
                whole = quantity * factor
                outlook.pieces += [
                    self._cover_direct(one, outlook, scene, need, whole) for one in mine
                ]

    @api.model
    def _get_rounding(self, line):
        """Return how far a closed promise may be from what left, in the product's unit.

        Its quantity was rounded in the unit of the order: 5 pieces are 0.42 dozens.
        """
        if line.state == "held":
            return 0.0
        return line.unit_id._compute_quantity(
            line.unit_id.rounding / 2, line.product_id.uom_id, round=False
        )

    @api.model
    def _get_held_needs(self, group, units, scene):
        """Return ((product, quantity in one), ...): of kits, as they were when promised."""
        product = group[0].line.product_id
        needs = scene.needs.get(product.id)
        if not needs:
            return ((product.id, 1.0),)
        lines = product.env["logistics.promise.line"].union(
            *(one.line for one in group if one.line.date)
        )
        left, total, parts = lines._get_left_shares(), 0.0, defaultdict(float)
        for outlook, quantity in zip(group, units, strict=True):
            if outlook.line in lines and left[outlook.line]:
                total += quantity / left[outlook.line]
                for part in outlook.line.part_ids:
                    parts[part.product_id.id] += part.quantity
        if not total or not parts:
            return needs
        return tuple(sorted((need, quantity / total) for need, quantity in parts.items()))

    @api.model
    def _cover_direct(self, piece, outlook, scene, product, whole):
        """Let the supplier bring what is not ordered yet and goes straight to the customer.

        `whole` is how much was promised, which decides who the supplier is.
        """
        demand = self._prepare_held_demand(outlook.line)
        if piece.day is not None or product not in scene.get_direct(demand):
            return piece
        source = scene.network.replenishments.get((product, DIRECT))
        if not source:
            return piece
        source = source.pick(whole)
        return replace(piece, source="supplier", day=source.day, planned=source.day, ref=source.ref)

    @api.model
    def _date_outlook(self, outlook, scene):
        """Fill in when a promise is delivered; never, where nothing of it can be reserved."""
        pieces = outlook.pieces
        if all(piece.source == "left" for piece in pieces):
            outlook.left = max((piece.day for piece in pieces), default=None)
        elif self._get_serial_problem(scene.demands[outlook.number], scene):
            outlook.last = next(piece for piece in pieces if piece.source != "left")
            return
        days = [self._get_arrival(outlook, piece, scene) for piece in pieces]
        soonest = [self._get_arrival(outlook, piece, scene, False) for piece in pieces]
        if days and None not in days:
            outlook.expected, outlook.earliest = max(days), max(soonest)
        late = max(range(len(days)), key=lambda at: days[at] or promising.NEVER, default=None)
        outlook.last = None if late is None else pieces[late]

    @api.model
    def _get_prepared(self, line):
        """Return the day (ordinal) on which an order's preparation is over."""
        lead = max(0, math.ceil(line.order_line_id.customer_lead - line.company_id.security_lead))
        return line.held_on.toordinal() + min(lead, LONGEST)

    @api.model
    def _get_arrival(self, outlook, piece, scene, as_planned=True):
        """Return the day on which a piece is delivered, or None."""
        route = self._get_route(outlook, piece, scene)
        if piece.source == "left":
            left, arrives = (outlook.line.arrivals or {}).get(str(piece.key), (None, None))
            return arrives if left == piece.day else route.arrival(piece.day)
        place = scene.sites[piece.warehouse or DIRECT]
        ship_day = promising.ship_day(
            piece, place.site, place.today, as_planned, self._get_prepared(outlook.line)
        )
        return None if ship_day is None else route.arrival(ship_day)
