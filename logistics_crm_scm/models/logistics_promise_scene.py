from collections import defaultdict

from odoo import api, models

from .. import promising
from ..tools.promise_data import DIRECT


class Scene:
    """All that order promising knows for one call.

    Attributes
    ----------
    company : res.company
        Whose goods.
    warehouses : stock.warehouse
        Those that promise, or that a demand names, in their order; then those that may send
        goods to them.
    promising : set of int
        Those of them that promise to everybody.
    network : promising.Network
        Stock, receipts, lead times.
    routes : dict of (int, int) to promising.Route
        By number of the demand and warehouse.
    carriers : list of delivery.carrier
        By number of the demand; empty where nobody is named.
    transits : dict of (int, int) to (int, str)
        Days under way and who says so, by number of the demand and warehouse.
    unknown_ways : dict of int to set of int
        Warehouses in another country or state without a transit time, by number of the demand.
    needs : dict of int to tuple
        Components of kits, by product.
    recipes : dict of int to tuple of (mrp.bom, tuple)
        Bills of materials and components of what is made, by product; those for one warehouse's
        operation type before that for all.
    made_elsewhere : set of (int, int)
        Products that a warehouse has no bill of materials for, but another one has.
    choices : dict of (int, int) to str
        Whether Odoo's rules ``buy`` or ``manufacture`` what can be had both ways, or ``transfer``
        it from another warehouse, by product and warehouse; where they name nothing, whatever is
        sooner counts.
    line_ways : dict of int to dict
        How the routes on a line that is procured for itself bring it, by number of the demand; see
        `promising.Request.ways`.
    reordering_routes : dict of (int, int) to stock.route
    reordering_sellers : dict of (int, int) to product.supplierinfo
        What reordering rules name, by product and warehouse.
    reordered : set of (int, int)
        Products and warehouses that have a reordering rule.
    subcontracted : dict of int to set of int
        The suppliers who make a product of components, by product.
    lateness : dict of int to Lateness
        By supplier.
    kept : dict of int to (int, int)
        Promises kept and all, by warehouse.
    allocations : list of Share
        What is set aside for some customers.
    archived : dict of int to product.product
        Components that are archived, by what is made of them: nobody makes that.
    too_long : dict of int to (str, float)
        Whom nobody can wait for, and how many days they take, by product.
    rows : dict of str to mapping
        Free stock, demand and receipts as they were read, by product and warehouse.
    used : dict of tuple to float
        What the answers take, by group of demands, product, warehouse and source.
    days : dict of (int, int, int) to (int, int)
        When receipts are counted on, by warehouse, planned day and supplier: many are alike.
    leaving : dict of (int, int) to list of promising.Need
        What leaves of all that is made or goes into it, with the claims of held production.
    settled : promising.Settled
        What of that is counted on to be made, and kept for production.
    orders : list of MadeOrder
        Open manufacturing orders that wait for components; `by_place` has them by what they make.
    ready : dict of int to (int or None, int)
        By receipt of a manufacturing order that its components make late: the day (None: never),
        and the component.
    bringers : dict of ((int, int), int) to promising.Replenishment
        Who covers what manufacturing orders take and nobody has ordered, by place and move.
    legs : dict of int to promising.Leg
        By move: what is to leave a warehouse for another one and is not reserved.
    waiting : dict of (int, int) to list of promising.Need
        All that leaves where these do.
    feeds : dict of int to list of promising.Leg
        By move of a receipt: what it waits for in other warehouses.
    awaited : dict of int to set of int
        Products of transfers and the warehouses where some of it is promised.
    adrift : dict of int to (float, int)
        By move of a receipt out of transit: how much nobody brings, and the location.
    excluding : sale.order.line
        Those whose deliveries are not counted, since they are asked for again.
    to_order : set of int
        The products that some demand has procured for it alone.
    behind : dict of int to list of (int, str, float)
        By move of a receipt: what transfers are to bring and are planned for a later day; day,
        document and quantity.
    postponed : set of ((int, int), int)
        Places and moves of which demand was moved to later days.
    dated_only : bool
        Whether undated demand is left out.
    """

    def __init__(self, company, warehouses):
        self.company = company
        self.warehouses = warehouses
        self.demands, self.excluding, self.to_order = (), (), set()
        self.promising = set(warehouses.filtered("promise_ok").ids)
        self.network = None
        self.routes = {}
        self.carriers, self.transits, self.unknown_ways = [], {}, defaultdict(set)
        self.needs = {}
        self.recipes, self.made_elsewhere = {}, set()
        self.choices, self.subcontracted = {}, {}
        self.line_ways = {}
        self.reordering_routes, self.reordering_sellers, self.reordered = {}, {}, set()
        self.used = {}
        self.lateness = {}
        self.kept = {}
        self.rows = {}
        self.days = {}
        self.sites = {}
        self.inbound = {}
        self.idle = {}
        self.product_routes = {}
        self.direct_routes = set()
        self.order_routes = {}
        self.allocations, self._aside = [], {}
        self.too_long, self.archived = {}, {}
        self.demands = []
        self.ways = None
        self.leaving, self.settled = {}, promising.Settled()
        self.orders, self.by_place, self.ready, self.bringers = [], {}, {}, {}
        self.legs, self.waiting, self.feeds = {}, {}, {}
        self.adrift, self.behind, self.awaited = {}, {}, {}
        self.postponed, self.dated_only = set(), False

    def last_pick(self, product, warehouse, last):
        """Return the last day to pick what must not be under way after day `last`.

        The slowest way counts of those that the demands go; None where nothing arrives in time.
        """
        if self.ways is None:
            self._find_ways()
        handling = self.sites[warehouse].site.handling
        days = [last]
        for route in self.ways.get((product, warehouse), {}).values():
            received = route.customer.previous(last)
            days.append(None if received is None else route.departure(received))
        return None if None in days else min(days) - handling

    def _find_ways(self):
        self.ways = {}
        for at, demand in enumerate(self.demands):
            own = demand.product.id
            for product, _factor in self.needs.get(own) or ((own, 1.0),):
                for warehouse in self.warehouses.ids:
                    route = self.routes[at, warehouse]
                    key = (route.transit, route.carrier.shape, route.customer.shape)
                    self.ways.setdefault((product, warehouse), {})[key] = route

    def candidates(self, demand):
        """Return the ids of the warehouses that may ship a demand, the preferred one first."""
        if demand.only and demand.warehouse:
            return [demand.warehouse.id] if demand.warehouse in self.warehouses else []
        named = demand.warehouse.id
        found = [one for one in self.warehouses.ids if one in self.promising or one == named]
        return sorted(found, key=lambda warehouse: warehouse != named)

    def get_aside(self, customer):
        """Return {(product, warehouse): quantity} that is set aside for other customers."""
        if customer not in self._aside:
            kept = self._aside[customer] = {}
            for share in self.allocations:
                if not share.serves(customer):
                    kept[share.place] = kept.get(share.place, 0.0) + share.left
        return self._aside[customer]

    def kept_back_from(self, demand):
        """Return {(product, warehouse): quantity} that a demand leaves for other customers."""
        return self.get_aside(demand.ship_to.commercial_partner_id)

    def get_needs(self, demand):
        """Return ((product, quantity in one), ...) of a demand: of a kit, its components."""
        own = demand.product.id
        return self.needs.get(own) or ((own, 1.0),)

    def get_direct(self, demand):
        """Return the products of a demand that their suppliers deliver straight to the customer."""
        return self._get_with_routes(demand, self.direct_routes)

    def get_made_to_order(self, demand):
        """Return the products of a demand that are procured for the order alone."""
        return self._get_with_routes(demand, self.order_routes.keys())

    def is_direct(self, demand):
        """Tell whether suppliers deliver all of it straight to the customer."""
        return len(self.get_direct(demand)) == len(self.get_needs(demand))

    def get_without_supplier(self, demand):
        """Return the components of a kit that go straight from a supplier nobody knows."""
        if demand.product.id not in self.needs:
            return set()
        brings = self.network.replenishments
        return {product for product in self.get_direct(demand) if (product, DIRECT) not in brings}

    def _get_with_routes(self, demand, routes):
        """Return the products of which the routes, else those of the order line, are these.

        Odoo procures each component of a kit by its own routes, whatever those of the kit are.
        """
        chosen = set(demand.routes.ids)
        return {
            product
            for product, _factor in self.get_needs(demand)
            if routes & (chosen or self.product_routes.get(product, set()))
        }


class LogisticsPromise(models.AbstractModel):
    _inherit = "logistics.promise"

    @api.model
    def _get_scene(self, demands, company, excluding=None):
        """Read all that the demands need, whatever their number."""
        warehouses = self._get_promising_warehouses(demands, company)
        answering = warehouses.ids
        warehouses |= self._get_other_warehouses(warehouses, company)
        scene = Scene(company, warehouses)
        products = self.env["product.product"].union(*(demand.product for demand in demands))
        scene.needs = self._get_kit_needs(products, company)
        components = {need for needs in scene.needs.values() for need, _factor in needs}
        products |= self.env["product.product"].browse(components - set(products.ids))
        scene.recipes = self._get_recipes(products, company)
        products |= self._get_recipe_products(scene.recipes)
        orders = self._get_orders(products, company)
        products |= self._get_order_products(orders)
        self._read_sites(scene)
        self._read_routes(scene, demands)
        scene.demands, scene.excluding = demands, excluding or self.env["sale.order.line"]
        self._read_product_routes(scene, products)
        scene.to_order = set().union(*map(scene.get_made_to_order, demands))
        sellers = self._get_sellers(products, company)
        self._read_reordering(scene, sellers)
        self._read_choices(scene, sellers)
        rows = scene.rows = self._read_supply_rows(scene, products, excluding)
        infos = [info for steps in sellers.values() for _least, info in steps]
        suppliers = {one.partner_id.id for one in (*infos, *scene.reordering_sellers.values())}
        suppliers |= rows["receipts"].suppliers
        scene.lateness = self._get_lateness(suppliers, company)
        scene.kept = self._get_kept_promises(warehouses)
        scene.allocations = self._get_allocations(scene, products)
        if demands and all(demand.first for demand in demands):
            self._leave_out_undated(scene, products, excluding)
        else:
            self._postpone_blocked(scene, excluding)
        scene.network = promising.Network(
            today=min(scene.sites[one].today for one in (DIRECT, *answering)),
            sites={key: site.site for key, site in scene.sites.items()},
            timelines=self._get_timelines(scene),
            untracked=frozenset(
                product.id for product in products if not product.product_tmpl_id.is_storable
            ),
        )
        scene.network.replenishments = self._get_replenishments(scene, sellers, scene.choices)
        scene.network.recipes = self._get_network_recipes(scene)
        self._read_line_ways(scene, sellers)
        self._note_orders(scene, orders)
        self._read_transfers(scene, products, excluding)
        self._read_needs(scene, excluding)
        self._count_transfers(scene)
        self._settle(scene)
        promising.make_endless(scene.network)
        return scene

    @api.model
    def _get_promising_warehouses(self, demands, company):
        """Return the warehouses of the company that promise; those asked for by name as well."""
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id), ("promise_ok", "=", True)]
        )
        named = [demand.warehouse for demand in demands if demand.warehouse]
        named = self.env["stock.warehouse"].union(*named) if named else warehouses.browse()
        return warehouses | named.filtered(lambda one: one.active and one.company_id == company)

    @api.model
    def _get_other_warehouses(self, warehouses, company):
        """Return the rest of the company's warehouses: they promise nothing, but send goods."""
        if not warehouses:
            return warehouses
        return self.env["stock.warehouse"].search(
            [("company_id", "=", company.id), ("id", "not in", warehouses.ids)]
        )

    @api.model
    def _read_product_routes(self, scene, products):
        """Find which products are delivered by the supplier, or procured for each order.

        Read from the templates: a product's own fields are copied from there one by one.
        """
        by_category = {
            category: set(category.total_route_ids.ids)
            for category in products.product_tmpl_id.categ_id
        }
        for product in products:
            template = product.product_tmpl_id
            routes = by_category.get(template.categ_id, set())
            scene.product_routes[product.id] = routes.union(template.route_ids.ids)
        rules = self.env["stock.rule"].search_fetch(
            [
                ("action", "!=", "push"),
                ("location_dest_id.usage", "=", "customer"),
                ("company_id", "in", [False, scene.company.id]),
                "|",
                ("action", "=", "buy"),
                ("procure_method", "=", "make_to_order"),
            ],
            ["action", "route_id", "procure_method", "location_src_id"],
        )
        for rule in rules:
            if rule.action == "buy":
                scene.direct_routes.add(rule.route_id.id)
            elif rule.location_src_id.usage == "internal":
                scene.order_routes[rule.route_id.id] = rule
