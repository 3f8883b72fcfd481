from collections import defaultdict

from odoo import api, models

from .. import promising
from ..tools import supply_sql


class LogisticsPromise(models.AbstractModel):
    """What production that is promised will take of its components: nobody else gets that."""

    _inherit = "logistics.promise"

    @api.model
    def _read_needs(self, scene, excluding=None):
        """Note what leaves of all that recipes or manufacturing orders make or take, and claims.

        Filled in are `scene.leaving`, with the claims, and `scene.ready`; see `Scene`. The queries
        are constant.
        """
        products = {product for product, _place in promising.get_places(scene.network)}
        products |= {product for order in scene.orders for product in order.components}
        products |= {product for order in scene.orders for product, _place in order.places}
        if not products:
            return
        query = supply_sql.line_demand(self._get_places(scene), sorted(products), scene.company.id)
        excluded = set(excluding.ids) if excluding else ()
        rows = [row for row in self.env.execute_query(query) if row[-1] not in excluded]
        needs = self._get_needs(scene, rows)
        if scene.dated_only:
            for place, wanted in needs.items():
                needs[place] = [need for need in wanted if not need.undated]
        promised = self._get_promised_components(scene, {row[-1] for row in rows})
        self._add_claims(scene, needs, promised)
        if scene.orders:  # now that it is known when these have their components
            self._add_claims(scene, needs, promised)

    @api.model
    def _add_claims(self, scene, needs, promised):
        """Fill in `scene.leaving` with the claims, and when manufacturing orders are ready."""
        scene.leaving = {place: list(wanted) for place, wanted in needs.items()}
        facts = scene.network, scene.leaving, *promised, self._pegs(scene)
        claims = promising.claim(*facts, self._get_takers(scene), scene.bringers)
        for place, wanted in claims.items():
            scene.leaving[place] = [*scene.leaving.get(place, ()), *wanted]
        self._date_orders(scene)
        self._date_transfers(scene)

    @api.model
    def _get_takers(self, scene):
        """Return {(product, warehouse): moves} that manufacturing orders take components with."""
        takers = defaultdict(set)
        for order in scene.orders:
            takers[order.place].update(order.takes)
        return takers

    @api.model
    def _settle(self, scene):
        """Count on what is brought for those who need what recipes make or take.

        But not for those who wait for receipts, since the stock is set aside for others.
        """
        if not scene.network.recipes:
            return
        needs = {
            place: [need for need in wanted if (place, need.key) not in scene.postponed]
            for place, wanted in scene.leaving.items()
        }
        scene.settled = promising.settle(scene.network, needs, self._pegs(scene), scene.bringers)

    @api.model
    def _book_promised(self, scene):
        """Let production take what it needs for all that is promised already."""
        promising.book(scene.network, scene.leaving, scene.settled, self._pegs(scene))

    @api.model
    def _pegs(self, scene):
        """Return a callable that makes the Pegging of a place."""
        return lambda place, brings: self._get_pegging(scene, place, brings)

    @api.model
    def _get_promised_components(self, scene, order_lines):
        """Return what was promised to be made, and what of its components to be there or on order.

        Returns
        -------
        (dict, dict)
            By (order line, (product, warehouse)), in the product's unit.
        """
        made, existing = defaultdict(float), defaultdict(float)
        held = [
            ("line_id.order_line_id", "in", [one for one in order_lines if one]),
            ("line_id.state", "=", "held"),
            ("warehouse_id", "in", scene.warehouses.ids),
        ]
        by = ["line_id", "product_id", "warehouse_id"]
        parts = self.env["logistics.promise.part"]._read_group(
            [*held, ("source", "=", "production")], by, ["quantity:sum"]
        )
        for line, product, warehouse, quantity in parts:
            made[line.order_line_id.id, (product.id, warehouse.id)] += quantity
        components = self.env["logistics.promise.component"]._read_group(
            held, by, ["existing:sum", "made:sum"]
        )
        for line, product, warehouse, here, quantity in components:
            key = line.order_line_id.id, (product.id, warehouse.id)
            existing[key] += here
            made[key] += quantity
        return made, existing
