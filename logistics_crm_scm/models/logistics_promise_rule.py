from operator import attrgetter

from odoo import api, models

BY_SEQUENCE = attrgetter("sequence")


class LogisticsPromise(models.AbstractModel):
    """Whether Odoo buys or makes what can be had both ways: its orderpoint, routes and rules."""

    _inherit = "logistics.promise"

    @api.model
    def _read_choices(self, scene, sellers):
        """Note which of buying and making Odoo chooses, where both are possible.

        Where its rules name neither, somebody buys or makes by hand: nothing is noted.
        """
        both = self.env["product.product"].browse(sorted(sellers.keys() & scene.recipes.keys()))
        if not both:
            return
        houses = scene.warehouses.filtered("buy_to_resupply").filtered("manufacture_to_resupply")
        if houses:
            scene.choices = self._get_choices(both, houses)

    @api.model
    def _get_choices(self, products, houses):
        """Return {(product, warehouse): ``buy`` or ``manufacture``}, whatever their number."""
        reordered = self._get_reordering_routes(products, houses)
        choose = Chooser(self._get_rules(products, houses, reordered))
        choices = {}
        for product in products:
            template = product.product_tmpl_id
            for house in houses:
                own = reordered.get((product, house.lot_stock_id))
                action = choose(house, own, template.route_ids, template.categ_id)
                if action:
                    choices[product.id, house.id] = action
        return choices

    @api.model
    def _get_reordering_routes(self, products, houses):
        """Return {(product, location): route} of the reordering rules that name one."""
        found = self.env["stock.warehouse.orderpoint"].search_fetch(
            [
                ("product_id", "in", products.ids),
                ("location_id", "in", houses.lot_stock_id.ids),
                ("route_id", "!=", False),
            ],
            ["product_id", "location_id", "route_id"],
        )
        return {(one.product_id, one.location_id): one.route_id for one in found}

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
        """Return ``buy`` or ``manufacture``, an empty text where it is neither.

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
            if rule.procure_method == "make_to_stock":
                return ""
            location = rule.location_src_id
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
