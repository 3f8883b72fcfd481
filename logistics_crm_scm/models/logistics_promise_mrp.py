import math
from collections import defaultdict

from odoo import api, models

from .. import promising
from ..tools.promise_data import Origin

DEPTH = 20  # levels of a bill of materials


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
            current = self.env["product.product"].union(*(set(part) for part in parts.values()))
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
    def _get_replenishments(self, scene, products, sellers):
        """Add what production can bring; where both could, what is there first."""
        found = super()._get_replenishments(scene, products, sellers)
        if not self._has_production():
            return found
        boms = self.env["mrp.bom"]._bom_find(
            products, company_id=scene.company.id, bom_type="normal"
        )
        for product in products:
            bom = boms[product]
            if not bom:
                continue
            for warehouse in scene.warehouses.ids:
                made = self._get_production(scene, bom, warehouse)
                bought = found.get((product.id, warehouse))
                if made and (not bought or made.day < bought.day):
                    found[product.id, warehouse] = made
        return found

    @api.model
    def _get_production(self, scene, bom, warehouse):
        """Return when production could bring goods: preparation, waiting for capacity, lead time.

        Preparation (`days_to_prepare_mo`) is the time to have the components, as Odoo knows it.
        """
        place = scene.sites[warehouse]
        start = place.site.workdays.next(place.today)
        if start is None:
            return None
        lead = bom.days_to_prepare_mo + self._get_queue_days(bom) + bom.produce_delay
        day = place.site.workdays.next(start + lead)
        if day is None:
            return None
        return promising.Replenishment(day, day, "production", Origin("production", day))

    @api.model
    def _get_queue_days(self, bom):
        """Return the days that the busiest work centre of a bill of materials is booked for."""
        days = 0
        for center in bom.operation_ids.workcenter_id:
            hours = center.resource_calendar_id.hours_per_day or 8.0
            load = center.workorder_ids.filtered(lambda w: w.state not in ("done", "cancel"))
            minutes = sum(load.mapped("duration_expected"))
            days = max(days, math.floor(minutes / 60 / hours))
        return days
