from operator import attrgetter

from odoo import api, models

BY_SEQUENCE = attrgetter("sequence")


class LogisticsPromise(models.AbstractModel):
    """From whom Odoo buys, and whether it buys or makes: its orderpoints, routes and rules."""

    _inherit = "logistics.promise"

    @api.model
    def _read_reordering(self, scene, sellers):
        """Read what the reordering rules of products that are bought or made say, in one query.

        The rule for the warehouse's stock comes before those for shelves in it.
        """
        products = sellers.keys() | scene.recipes.keys()
        if not products or not scene.warehouses:
            return
        found = self.env["stock.warehouse.orderpoint"].search_fetch(
            [
                ("product_id", "in", sorted(products)),
                ("location_id", "child_of", scene.warehouses.lot_stock_id.ids),
            ],
            ["product_id", "location_id", "route_id", "supplier_id"],
        )
        read = set()
        for rule in found.sorted(lambda one: (one.location_id.parent_path.count("/"), one.id)):
            place = rule.product_id.id, rule.location_id.warehouse_id.id
            if place in read:
                continue
            read.add(place)
            if rule.route_id:
                scene.reordering_routes[place] = rule.route_id
            if rule.supplier_id:
                scene.reordering_sellers[place] = rule.supplier_id
        scene.reordered = read

    @api.model
    def _get_resupplied(self, scene):
        """Return the warehouses that buy what they lack, and those that make it."""
        buying, making = scene.warehouses.filtered("buy_to_resupply"), scene.warehouses.browse()
        if self._has_production():
            making = scene.warehouses.filtered("manufacture_to_resupply")
        return buying, making

    @api.model
    def _read_choices(self, scene, sellers):
        """Note which of buying, making and bringing it from another warehouse Odoo chooses.

        Where its rules name none of these, somebody buys or makes by hand: nothing is noted.
        """
        buying, making = self._get_resupplied(scene)
        houses = buying | making
        both = sellers.keys() & scene.recipes.keys()
        routed = {product for product, routes in scene.product_routes.items() if routes}
        routed |= {product for product, _house in scene.reordering_routes}
        products = both | (routed & (scene.to_order | sellers.keys() | scene.recipes.keys()))
        if not houses or not products:
            return
        products = self.env["product.product"].browse(sorted(products))
        choices = self._get_choices(products, houses, scene.reordering_routes)
        either = buying & making
        scene.choices = {
            (product, house): action
            for (product, house), action in choices.items()
            if action == "transfer" or (product in both and house in either.ids)
        }

    @api.model
    def _get_choices(self, products, houses, reordered):
        """Return {(product, warehouse): ``buy``, ``manufacture`` or ``transfer``}.

        `reordered` has the routes that reordering rules name, by product and warehouse.
        """
        choose = Chooser(self._get_rules(products, houses, reordered))
        choices = {}
        for product in products:
            template = product.product_tmpl_id
            for house in houses:
                own = reordered.get((product.id, house.id))
                action = choose(house, own, template.route_ids, template.categ_id)
                if action:
                    choices[product.id, house.id] = action
        return choices

    @api.model
    def _read_line_ways(self, scene, sellers):
        """Note how what is procured for a line comes by the routes that are chosen on the line.

        Only where that may be otherwise than what its product usually does.
        """
        asked = {}
        buying, making = self._get_resupplied(scene)
        houses = buying & making
        for at, demand in enumerate(scene.demands):
            if demand.routes:
                ordered = scene.get_made_to_order(demand) - scene.get_direct(demand)
                for product in ordered & sellers.keys() & scene.recipes.keys():
                    asked[at, product] = demand.routes
        if not asked or not houses:
            return
        products = self.env["product.product"].browse(sorted({product for _at, product in asked}))
        choose = Chooser(self._get_rules(products, houses, asked))
        bought = {product: sellers[product] for product in products.ids}
        brings = self._get_replenishments(scene, bought, {})
        for (at, number), routes in asked.items():
            template = products.browse(number).product_tmpl_id
            for house in houses:
                action = choose(house, routes, template.route_ids, template.categ_id)
                place = number, house.id
                way = {"buy": (brings.get(place), None), "transfer": (None, None)}.get(action)
                if action == "manufacture" and number not in (*scene.archived, *scene.too_long):
                    own = self._get_made_in(house, scene.recipes[number])
                    way = None, own and self._get_recipe(scene, house.id, number, *own)
                if way:
                    scene.line_ways.setdefault(at, {})[place] = way

    @api.model
    def _get_rules(self, products, houses, reordered):
        """Return the stock.rule records that may bring products to warehouses."""
        templates = products.product_tmpl_id
        routes = templates.route_ids | templates.categ_id.total_route_ids | houses.route_ids
        routes = routes.union(*reordered.values())
        return self.env["stock.rule"].search_fetch(
            [
                ("action", "!=", "push"),
                ("route_id", "in", routes.ids),
                ("warehouse_id", "in", [False, *houses.ids]),
                "|",
                ("company_id", "=", False),
                ("company_id", "child_of", houses.company_id.ids),
            ],
            [
                "action",
                "location_dest_id",
                "location_src_id",
                "procure_method",
                "route_id",
                "sequence",
                "warehouse_id",
            ],
        )


class Chooser:
    """The rule that Odoo takes to bring a product to a warehouse's stock, without a query each.

    As `stock.rule._get_rule` does, which asks the database for one product at a time.

    Parameters
    ----------
    rules : stock.rule
        All that may be taken.
    """

    def __init__(self, rules):
        self._rules, self._known = {}, {}
        for rule in rules.sorted(lambda one: (one.sequence, one.id)):
            found = self._rules.setdefault((rule.location_dest_id, rule.route_id), {})
            found.setdefault(rule.warehouse_id.id, rule)

    def __call__(self, warehouse, reordering, routes, category):
        """Return ``buy``, ``manufacture`` or, from another warehouse, ``transfer``; else nothing.

        Parameters
        ----------
        warehouse : stock.warehouse
        reordering : stock.route or None
            That of the product's reordering rule.
        routes : stock.route
            Those of the product itself.
        category : product.category
        """
        key = warehouse, reordering, routes, category
        if key not in self._known:
            groups = (reordering or (), routes, category.total_route_ids, warehouse.route_ids)
            ordered = [route for group in groups for route in sorted(group, key=BY_SEQUENCE)]
            self._known[key] = self._follow(warehouse, ordered)
        return self._known[key]

    def _follow(self, warehouse, routes):
        """Follow the steps inside the warehouse to the rule that brings goods into it."""
        location, seen = warehouse.lot_stock_id, set()
        while location.warehouse_id == warehouse and location not in seen:
            seen.add(location)
            rule = self._find(location, warehouse, routes)
            if rule is None:
                return ""
            if rule.action in ("buy", "manufacture"):
                return rule.action
            location = rule.location_src_id
            if location.usage == "transit" or location.warehouse_id - warehouse:
                return "transfer"
            if rule.procure_method == "make_to_stock":
                return ""
        return ""

    def _find(self, location, warehouse, routes):
        """Return the rule for a location, else for the one around it, and so on; or None."""
        while location:
            for route in routes:
                found = self._rules.get((location, route), {})
                rule = found.get(warehouse.id) or found.get(False)
                if rule:
                    return rule
            location = location.location_id
        return None
