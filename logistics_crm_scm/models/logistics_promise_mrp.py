from collections import defaultdict
from datetime import UTC
from itertools import chain
from zoneinfo import ZoneInfo

from odoo import api, models

from .. import promising
from ..tools.promise_data import DIRECT, LONGEST, Origin
from ..tools.recipe_pairs import get_pairs

DEPTH = 20  # levels of a bill of materials
# while an order is being confirmed it is a draft whose moves are not
OPEN_ORDER = ("state", "not in", ("done", "cancel"))
OPEN_MOVE = ("state", "not in", ("draft", "done", "cancel"))


class LogisticsPromise(models.AbstractModel):
    """Kits and production, where the manufacturing application is installed."""

    _inherit = "logistics.promise"

    @api.model
    def _has_production(self):
        return "mrp.bom" in self.env

    @api.model
    def _get_kit_needs(self, products, company):
        """Take kits apart, level by level: the queries grow with the levels, not the products."""
        needs = super()._get_kit_needs(products, company)
        if not self._has_production():
            return needs
        parts = {product: {product: 1.0} for product in products}
        for _level in range(DEPTH):
            current = self.env["product.product"].union(*chain.from_iterable(parts.values()))
            kits = self.env["mrp.bom"]._bom_find(current, company_id=company.id, bom_type="phantom")
            kits = {product: kits[product] for product in current if kits[product]}
            if not kits:
                break
            parts = {product: self._open_kits(part, kits) for product, part in parts.items()}
        for product, part in parts.items():
            if set(part) != {product}:
                needs[product.id] = tuple(
                    sorted((component.id, factor) for component, factor in part.items())
                )
        return needs

    @api.model
    def _open_kits(self, part, kits):
        opened = defaultdict(float)
        for product, factor in part.items():
            if product not in kits:
                opened[product] += factor
                continue
            for component, amount in self._get_bom_amounts(kits[product], product).items():
                opened[component] += factor * amount
        return dict(opened)

    @api.model
    def _get_bom_amounts(self, bom, product):
        """Return {component: quantity in its own unit} for one of a product's own units."""
        batch = bom.product_uom_id._compute_quantity(bom.product_qty, product.uom_id, round=False)
        amounts = defaultdict(float)
        for line in bom.bom_line_ids:
            component = line.product_id
            if line._skip_bom_line(product) or component.type == "service":
                continue
            quantity = line.product_uom_id._compute_quantity(
                line.product_qty, component.uom_id, round=False
            )
            amounts[component] += quantity / (batch or 1.0)
        return amounts

    @api.model
    def _get_recipes(self, products, company):
        """Follow bills of materials down, and add what held promises have made of the same.

        Returns
        -------
        dict of int to tuple of (mrp.bom, tuple)
            By product: each bill of materials that some warehouse makes it by, with each component
            and its quantity in one.
        """
        recipes = super()._get_recipes(products, company)
        if not self._has_production():
            return recipes
        recipes |= self._follow_boms(products, company)
        others = self._get_promised_production(company).filtered(lambda one: one.id not in recipes)
        others = self._follow_boms(others, company)
        used = set(products.ids).union(*(self._get_used(one) for one in recipes.values()))
        # whoever shares with them shares with us
        while found := {
            one for one, made in others.items() if one in used or used & self._get_used(made)
        }:
            for product in found:
                recipes.setdefault(product, others.pop(product))
                used |= self._get_used(recipes[product]) | {product}
        return recipes

    @api.model
    def _get_turn_products(self, recipes, company):
        """Name each work centre by the first product that is made on it: it has its turn, too."""
        found = super()._get_turn_products(recipes, company)
        if not self._has_production():
            return found
        boms = self._get_recipe_boms(recipes)
        steps = self.env["mrp.routing.workcenter"]
        groups = steps._read_group(
            [
                ("workcenter_id", "in", boms.operation_ids.workcenter_id.ids),
                ("bom_id.company_id", "in", [False, company.id]),
            ],
            ["workcenter_id"],
            ["id:min"],
        )
        for bom in steps.browse([first for _center, first in groups]).bom_id:
            variants = bom.product_tmpl_id.with_context(active_test=False).product_variant_ids
            found |= bom.product_id or variants[:1]
        return found

    @api.model
    def _get_used(self, made):
        """Return what making something takes: components, and work centres as texts."""
        centers = {
            f"center {center}"
            for bom, _parts in made
            for center in bom.operation_ids.workcenter_id.ids
        }
        return centers.union(need for _bom, parts in made for need, _factor in parts)

    @api.model
    def _get_promised_production(self, company):
        """Return what held promises, or manufacturing orders, wait for production of.

        Also what was promised from a receipt: it may have to be made anew.
        """
        groups = self.env["logistics.promise.part"]._read_group(
            [
                ("line_id.state", "=", "held"),
                ("company_id", "=", company.id),
                "|",
                ("source", "=", "production"),
                "&",
                ("source", "=", "receipt"),
                ("product_id.product_tmpl_id.bom_ids.type", "=", "normal"),
            ],
            ["product_id"],
        )
        waiting = self.env["stock.move"]._read_group(
            [
                ("raw_material_production_id", "any", [OPEN_ORDER]),
                ("state", "in", ["confirmed", "waiting", "partially_available"]),
                ("company_id", "=", company.id),
            ],
            ["product_id"],
        )
        return self.env["product.product"].union(*(product for (product,) in groups + waiting))

    @api.model
    def _follow_boms(self, products, company):
        recipes, current = {}, products
        for _level in range(DEPTH):
            amounts = {
                product: [(bom, self._get_bom_amounts(bom, product)) for bom in boms]
                for product, boms in self._get_boms(current, company).items()
            }
            parts = (part for made in amounts.values() for _bom, part in made)
            components = self.env["product.product"].union(*chain.from_iterable(parts))
            kits = self._get_kit_needs(components, company)
            found = {
                product.id: tuple((bom, self._open_needs(part, kits)) for bom, part in made)
                for product, made in amounts.items()
            }
            recipes |= found
            parts = set(self._get_recipe_products(found).ids)
            current = self.env["product.product"].browse(parts - set(recipes))
            if not current:
                break
        return recipes

    @api.model
    def _get_boms(self, products, company):
        """Return {product: [mrp.bom]} by which some warehouse makes each, the first choice first.

        In one query, and as Odoo chooses: one without an operation type serves every warehouse, so
        what comes after it is left out. They are one by one, so that all are read together.
        """
        products = products.filtered(lambda one: one.type != "service")
        boms, found = self.env["mrp.bom"], defaultdict(list)
        if not products:
            return found
        domain = boms._bom_find_domain(products, company_id=company.id, bom_type="normal")
        by_template = boms.search(domain, order="sequence, product_id, id").grouped(
            "product_tmpl_id"
        )
        for product in products:
            for bom in by_template.get(product.product_tmpl_id, ()):
                if bom.product_id <= product:
                    found[product].append(bom)
                    if not bom.picking_type_id:
                        break
        return found

    @api.model
    def _get_made_in(self, warehouse, made):
        """Return the (mrp.bom, components) of what is made by which a warehouse makes it, or None.

        As Odoo chooses: the first for its own operation type or for none; else one for another
        operation type in the same warehouse.
        """
        own, other = warehouse.manu_type_id, None
        for bom, parts in made:
            if not bom.picking_type_id or bom.picking_type_id == own:
                return bom, parts
            if bom.picking_type_id.warehouse_id == warehouse:
                other = other or (bom, parts)
        return other

    @api.model
    def _open_needs(self, parts, kits):
        """Return ((component, quantity in one), ...) with kits taken apart."""
        needs = defaultdict(float)
        for product, amount in parts.items():
            for need, factor in kits.get(product.id) or ((product.id, 1.0),):
                needs[need] += amount * factor
        return tuple(sorted((need, factor) for need, factor in needs.items() if factor > 0))

    @api.model
    def _follow_needs(self, products, company):
        """Return {product: ((component, quantity in one), ...)} of what is made, all levels.

        Whichever warehouse makes it.
        """
        recipes = self._follow_boms(products, company)
        return {
            product: tuple(part for _bom, parts in made for part in parts)
            for product, made in recipes.items()
        }

    @api.model
    def _get_content_pairs(self, products, company):
        """Add the components of kits and of what is made, all levels."""
        pairs = super()._get_content_pairs(products, company)
        if not self._has_production():
            return pairs
        kits = self._get_kit_needs(products, company)
        parts = {need for needs in kits.values() for need, _factor in needs}
        made = self._follow_needs(products | products.browse(parts), company)
        return pairs | get_pairs(kits) | get_pairs(made)

    @api.model
    def _get_recipe_products(self, recipes):
        made = chain.from_iterable(recipes.values())
        ids = {need for _bom, parts in made for need, _factor in parts} | set(recipes)
        return super()._get_recipe_products(recipes) | self.env["product.product"].browse(ids)

    @api.model
    def _get_recipe_boms(self, recipes):
        made = chain.from_iterable(recipes.values())
        return self.env["mrp.bom"].union(*(bom for bom, _parts in made))

    @api.model
    def _get_network_recipes(self, scene):
        """Return how each warehouse that may make something does."""
        found = super()._get_network_recipes(scene)
        if not scene.recipes:
            return found
        boms = self._get_recipe_boms(scene.recipes)
        gone = self._get_archived_components(scene)
        self._book_orders(scene, boms.operation_ids.workcenter_id)
        for warehouse in scene.warehouses.filtered("manufacture_to_resupply"):
            for product, made in scene.recipes.items():
                choice = scene.choices.get((product, warehouse.id), "manufacture")
                if choice != "manufacture":
                    continue
                own = self._get_made_in(warehouse, made)
                if own is None:
                    scene.made_elsewhere.add((product, warehouse.id))
                    continue
                bom, parts = own
                if lacking := gone & gone.browse([need for need, _factor in parts]):
                    scene.archived[product] = lacking
                    continue
                if (days := bom.produce_delay + bom.days_to_prepare_mo) > LONGEST:
                    scene.too_long[product] = bom.display_name, days
                    continue
                recipe = self._get_recipe(scene, warehouse.id, product, bom, parts)
                if recipe:
                    found[product, warehouse.id] = recipe
        return found

    @api.model
    def _get_archived_components(self, scene):
        """Return the components of what is made that are archived."""
        made = chain.from_iterable(scene.recipes.values())
        needs = {need for _bom, parts in made for need, _factor in parts}
        return self.env["product.product"].browse(needs).filtered(lambda one: not one.active)

    @api.model
    def _get_recipe(self, scene, warehouse, product, bom, parts):
        """Return how a warehouse makes a product, None where it never works.

        Its components say themselves when they are there; those whose stock is not counted are
        there after the days to prepare.
        """
        place = scene.sites[warehouse]
        workdays = place.site.workdays
        first = workdays.next(place.opens)
        if first is None:
            return None
        if any(need in scene.network.untracked for need, _factor in parts) or not parts:
            first = workdays.next(first + bom.days_to_prepare_mo) or first

        def ref(day, component, center):
            ids = {"component_id": component or 0, "center_id": center or 0}
            return Origin("production", day, **ids)

        centers = self._get_paces(bom, self.env["product.product"].browse(product))
        return promising.Recipe(parts, first, bom.produce_delay, workdays, ref, centers)

    @api.model
    def _get_paces(self, bom, product):
        """Return the operations that a product needs of a bill of materials, one after another.

        Each as (work centre, working days that one of the product's own units takes, working days
        for setting up and cleaning).
        """
        steps = []
        own = bom.product_tmpl_id.uom_id
        for step in bom.operation_ids:
            if step._skip_operation_line(product):
                continue
            center = step.workcenter_id
            capacity, setup, cleanup = center._get_capacity(product, own, bom.product_qty or 1)
            minutes = step.time_cycle * 100.0 / (center.time_efficiency or 100.0)
            day = 60.0 * (center.resource_calendar_id.hours_per_day or 8.0)
            pace, fixed = minutes / day / (capacity or 1.0), (setup + cleanup) / day
            if pace + fixed > 0:
                steps.append((center.id, pace, fixed))
        return tuple(steps)

    @api.model
    def _book_orders(self, scene, centers):
        """Take the work centres' time that manufacturing orders need, as late as these plan it."""
        groups = self.env["mrp.workorder"]._read_group(
            [
                ("workcenter_id", "in", centers.ids),
                ("state", "not in", ["done", "cancel"]),
                ("production_id.state", "in", ["confirmed", "progress", "to_close"]),
            ],
            ["workcenter_id", "production_id"],
            ["duration_expected:sum"],
        )
        elsewhere = next(iter(scene.warehouses.ids), DIRECT)
        booked = defaultdict(float)
        for center, order, minutes in groups:
            house = order.picking_type_id.warehouse_id.id
            house = house if house in scene.sites else elsewhere
            zone, hours = (
                ZoneInfo(scene.sites[house].tz),
                center.resource_calendar_id.hours_per_day or 8.0,
            )
            end = order.date_finished or order.date_start or self._now()
            day = end.replace(tzinfo=UTC).astimezone(zone).date().toordinal()
            booked[day, center.id, house] += (minutes or 0.0) / 60 / hours
        for (day, center, house), work in sorted(booked.items()):
            place = scene.sites[house]
            workdays, today = place.site.workdays, place.today
            scene.network.load.book(center, today, day, min(work, LONGEST), workdays)
