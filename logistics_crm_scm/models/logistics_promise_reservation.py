from odoo import api, models

from .. import promising
from ..tools import supply_sql
from ..tools.promise_data import Demand
from ..tools.recipe_pairs import follow
from ..tools.supply_rows import Leaving, Receipt, SupplyRows
from .logistics_promise_mrp import OPEN_MOVE, OPEN_ORDER
from .logistics_promise_scene import Scene

# Only these: flushing all would compute what documents say of themselves while they are made.
READ_MODELS = ("stock.location", "stock.lot", "stock.move", "stock.quant")


class LogisticsPromise(models.AbstractModel):
    """Which delivery may take what is in stock: whoever is to leave first as promised."""

    _inherit = "logistics.promise"

    @api.model
    def _get_stock_shares(self, moves):
        """Share what is free in stock among all that is to leave, as promises are foreseen.

        Parameters
        ----------
        moves : stock.move
            Deliveries of one company that are picked from warehouses' stock.

        Returns
        -------
        dict of (int, int) to dict
            By product and warehouse: for each open move, of theirs or of others, by its id what
            it takes of the free stock, in the product's unit; for None what is set aside from it.
            Who takes nothing is left out.
        """
        # sudo: who reserves for one delivery need not see the others that wait for the goods
        engine = self.sudo().with_company(moves.company_id)
        own = moves.location_id.warehouse_id.sudo()
        scene = Scene(moves.company_id, own | engine._get_other_warehouses(own, moves.company_id))
        engine._read_sites(scene)
        for model in READ_MODELS:
            self.env[model].flush_model()
        places = engine._get_places(scene)
        scene.allocations = engine._get_allocations(scene, moves.product_id)
        stock = engine._read_stock_rows(scene, moves.product_id, places)
        scene.rows = {"stock": stock, "receipts": engine._read_receipts(scene, places, moves)}
        query = supply_sql.line_demand(places, moves.product_id.ids, scene.company.id)
        engine._read_transfers(scene, moves.product_id)
        needs = engine._get_needs(scene, self.env.execute_query(query))
        needs = {place: wanted for place, wanted in needs.items() if place[1] in own.ids}
        needs |= engine._get_needs_beside_production(moves)
        shares = {}
        free_orders = engine._get_orders_without_promise(moves)
        free_orders |= engine._get_transfers_without_promise(scene, moves)
        for place, wanted in needs.items():
            wanted = [one for one in wanted if one.key not in free_orders or one.ordered]
            if not wanted:
                continue
            today = scene.sites[place[1]].today
            free, fresh = engine._get_loose_stock(scene, place)
            taken = shares[place] = {}
            if kept_back := max(need.kept_back for need in wanted):
                taken[None] = kept_back
            coming = engine._get_supplies(scene, place)
            for piece in promising.peg(wanted, today, free, coming, fresh):
                if piece.source == "stock":
                    taken[piece.key] = taken.get(piece.key, 0.0) + piece.quantity
        return shares

    @api.model
    def _get_orders_without_promise(self, moves):
        """Return the ids of moves that production need not leave goods to, as in Odoo.

        What other manufacturing orders take, where nobody was promised what they make, nor
        anything that is made of it.
        """
        if not any(move._is_taken_by_production() for move in moves):
            return set()
        open_order = [OPEN_ORDER]
        others = self.env["stock.move"].search(
            [
                ("product_id", "in", moves.product_id.ids),
                ("company_id", "=", moves.company_id.id),
                ("id", "not in", moves.ids),
                OPEN_MOVE,
                "|",
                ("raw_material_production_id", "any", open_order),
                ("move_dest_ids.raw_material_production_id", "any", open_order),
            ]
        )
        if not others:
            return set()
        promised = self._get_promised_contents(moves.company_id)
        orders = (others | others.move_dest_ids).raw_material_production_id
        orders = orders.filtered(
            lambda order: not promised & set(order.move_finished_ids.product_id.ids)
        )
        free = orders.move_raw_ids
        return set((free | free.move_orig_ids).ids) - set(moves.ids)

    @api.model
    def _get_transfers_without_promise(self, scene, moves):
        """Return the ids of other transfers that these need not leave goods to, as in Odoo.

        What they bring was promised to nobody in another warehouse.
        """
        others = set(scene.legs) - set(moves.ids)
        if not others or not any(move._is_sent_elsewhere() for move in moves):
            return set()
        return {move for move in others if not self._is_awaited(scene, scene.legs[move].place)}

    @api.model
    def _get_promised_contents(self, company):
        """Return the ids of all that is promised, and of all that it is made of."""
        held = [("line_id.state", "=", "held"), ("company_id", "=", company.id)]
        promised = self.env["product.product"]
        for model in ("logistics.promise.part", "logistics.promise.component"):
            groups = self.env[model]._read_group(held, ["product_id"])
            promised = promised.union(*(product for (product,) in groups))
        pairs = self._get_content_pairs(promised, company)
        below = {(product, component) for component, product in pairs}
        return set(promised.ids) | follow(promised.ids, below)

    @api.model
    def _get_needs_beside_production(self, moves):
        """Return {(product, warehouse): [promising.Need]} of what production takes of as well."""
        if not self._has_production():
            return {}
        made = self._get_promised_production(moves.company_id)
        recipes = self._follow_needs(made, moves.company_id)
        taken = {need for parts in recipes.values() for need, _factor in parts}
        if not taken & set(moves.product_id.ids):
            return {}
        demands = [
            self._complete_demand(Demand(product, 1.0, warehouse=warehouse))
            for warehouse, mine in moves.sudo()
            .grouped(lambda one: one.location_id.warehouse_id)
            .items()
            for product in mine.product_id
        ]
        engine = self.with_context(flushed=True)
        scene = engine._get_scene(demands, moves.company_id)
        places = {move._get_promise_place() for move in moves} & scene.leaving.keys()
        return {place: scene.leaving[place] for place in places}

    @api.model
    def _read_receipts(self, scene, places, moves):
        """Return the SupplyRows of receipts: who was promised one needs no stock."""
        self.env["purchase.order.line"].flush_model(["partner_id"])
        query = supply_sql.receipts(places, moves.product_id.ids, scene.company.id, [])
        receipts = SupplyRows(Receipt, self.env.execute_query(query))
        scene.lateness = self._get_lateness(receipts.suppliers, scene.company)
        return receipts

    @api.model
    def _postpone_blocked(self, scene, excluding=None):
        """Let those wait for receipts for whom the stock is not, since it is set aside for others.

        Orders without a date, and those that were promised what is to be brought. They keep their
        turn before later orders, but not before those the stock is kept for. The rows of demand
        are changed: what is blocked today is due when something comes.
        """
        places = {share.place for share in scene.allocations}
        if not places:
            return
        # what is brought of these is settled
        made = set(self._get_recipe_products(scene.recipes).ids)
        query = supply_sql.line_demand(
            self._get_places(scene),
            sorted({product for product, _place in places}),
            scene.company.id,
        )
        excluded = set(excluding.ids) if excluding else ()
        rows = [row for row in self.env.execute_query(query) if row[-1] not in excluded]
        needs = self._get_needs(scene, rows)
        for place in places & needs.keys():
            kept = [one for one in needs[place] if one.undated or place[0] not in made]
            kept = {one.key for one in kept if one.kept_back}
            for move, day, quantity in self._get_blocked(scene, place, needs[place], kept):
                scene.postponed.add((place, move))
                self._move_demand(scene, place, day, quantity)

    @api.model
    def _leave_out_undated(self, scene, products, excluding=None):
        """Let orders without a date wait behind what was promised before, and is planned anew."""
        places = self._get_places(scene)
        query = supply_sql.line_demand(places, products.ids, scene.company.id)
        excluded = set(excluding.ids) if excluding else ()
        rows = [row for row in self.env.execute_query(query) if row[-1] not in excluded]
        scene.dated_only = True
        for place, needs in self._get_needs(scene, rows).items():
            for need in needs:
                if need.undated:
                    self._take_from_day(scene, place, need.day, need.quantity)

    @api.model
    def _get_blocked(self, scene, place, needs, kept):
        """Yield (move, day, quantity) of some needs that would have stock if it were not kept."""
        free = sum(quantity for _last, quantity in scene.rows["stock"].get(place, ()))
        pieces = promising.peg(needs, scene.sites[place[1]].today, free)
        left = free - sum(piece.quantity for piece in pieces if piece.source == "stock")
        for piece in pieces:
            if piece.source == "none" and piece.key in kept and left > 0:
                yield piece.key, piece.planned, min(piece.quantity, left)
                left -= piece.quantity

    @api.model
    def _move_demand(self, scene, place, planned, quantity):
        """Move a quantity of demand from its day to the days of receipts, or leave it out."""
        self._take_from_day(scene, place, planned, quantity)
        leaving = scene.rows["demand"][place]
        for receipt in sorted(scene.rows["receipts"][place]):
            used = min(quantity, receipt.quantity)
            leaving.append(Leaving(receipt.day, used, 0.0))
            quantity -= used

    @api.model
    def _take_from_day(self, scene, place, planned, quantity):
        leaving = scene.rows["demand"][place]
        at, row = next((at, row) for at, row in enumerate(leaving) if row.day == planned)
        leaving[at] = row._replace(quantity=row.quantity - quantity)
