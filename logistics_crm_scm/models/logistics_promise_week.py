from datetime import date

from odoo import api, models

from ..tools.promise_data import Demand

WEEK = 7  # days


class LogisticsPromise(models.AbstractModel):
    """What is there to promise of a product, by warehouse and day, without a customer."""

    _inherit = "logistics.promise"

    @api.model
    def _get_week(self, products, company=None, days=WEEK):
        """Return what can be promised on each of the next days, whatever the number of products.

        Parameters
        ----------
        products : product.product
            Of a kit, whole ones are counted.
        company : res.company, optional
            Whose goods; the current one by default.
        days : int
            Today is the first.

        Returns
        -------
        date, list of dict
            The first day, and ``{product, product_id, unit, warehouse, counted, quantities,
            closed, later}`` by product and warehouse, quantities in the product's unit, each of
            them instead of, not on top of the others: who takes it all on the first day leaves
            nothing for the next. What is set aside for some customers is not in them.
            ``closed`` tells for each day whether nothing leaves the warehouse on it.
            ``counted`` is False where stock is not kept. ``later`` is the first day from which on
            a supplier or production could bring any quantity (ISO 8601), or False.
        """
        company = company or self.env.company
        # sudo: who asks what there is need not read the suppliers' orders behind it
        engine = self.sudo().with_company(company)
        demands = [Demand(product.sudo(), 1.0) for product in products]
        demands = [engine._complete_demand(demand) for demand in demands]
        scene = engine._get_scene(demands, company)
        engine._book_promised(scene)
        return date.fromordinal(scene.network.today), [
            engine._format_week(demand, warehouse, scene, days)
            for demand in demands
            for warehouse in scene.warehouses
            if warehouse.id in scene.promising
        ]

    @api.model
    def _format_week(self, demand, warehouse, scene, days):
        network, product = scene.network, demand.product
        kept_back = scene.kept_back_from(demand)
        needs = scene.needs.get(product.id) or ((product.id, 1.0),)
        counted = [need for need, _factor in needs if need not in network.untracked]
        later = [network.replenishments.get((need, warehouse.id)) for need in counted]
        site = network.sites[warehouse.id]
        return {
            "product": product.display_name,
            "product_id": product.id,
            "unit": product.uom_id.name,
            "warehouse": warehouse.name,
            "counted": bool(counted),
            "quantities": [
                self._get_free(needs, warehouse.id, network.today + number, network, kept_back)
                for number in range(days)
            ],
            "closed": [
                day < site.release or not site.workdays.works(day)
                for day in range(network.today, network.today + days)
            ],
            "later": bool(later)
            and all(later)
            and date.fromordinal(max(one.day for one in later)).isoformat(),
        }

    @api.model
    def _get_free(self, needs, warehouse, day, network, kept_back):
        """Return how many can be promised on a day, of a kit by its scarcest component."""
        least = None
        for product, factor in needs:
            if product in network.untracked:
                continue
            place = (product, warehouse)
            timeline = network.timelines.get(place)
            free = timeline.available(day, kept_back.get(place, 0.0)) if timeline else 0.0
            free /= factor
            least = free if least is None else min(least, free)
        if len(needs) > 1:
            least = (least or 0.0) // 1
        return least or 0.0
