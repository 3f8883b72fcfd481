from collections import Counter, defaultdict
from functools import reduce
from operator import or_

from odoo import api, models

from .. import promising
from ..tools.lateness import Lateness
from ..tools.promise_data import DIRECT, LONGEST, Origin


class LogisticsPromise(models.AbstractModel):
    """What suppliers could bring, and whom we would buy how much from."""

    _inherit = "logistics.promise"

    @api.model
    def _get_sellers(self, products, company):
        """Return {product: [(quantity, product.supplierinfo)]}: whom we would buy it from today.

        By the product's own unit, ascending: from which quantity on whom Odoo takes. Odoo notes
        every supplier that is bought from, with a lead time of 0 days: that one is not known, so
        nothing is promised on it.
        """
        today = self._now().date()
        infos = self.env["product.supplierinfo"].search(
            [
                ("product_tmpl_id", "in", products.product_tmpl_id.ids),
                ("company_id", "in", [False, company.id]),
                ("delay", ">", 0),
                ("partner_id.active", "=", True),
                "|",
                ("date_start", "=", False),
                ("date_start", "<=", today),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", today),
            ]
        )
        by_template = infos.grouped("product_tmpl_id")
        sellers = {}
        for product in products.filtered(lambda one: one.product_tmpl_id.purchase_ok):
            found = by_template.get(product.product_tmpl_id, infos.browse())
            found = found.filtered(lambda one, own=product: one.product_id <= own)
            if found:
                sellers[product.id] = self._get_seller_steps(product, found, company)
        return sellers

    @api.model
    def _get_seller_steps(self, product, infos, company):
        """Return [(quantity, product.supplierinfo)]: from which quantity on which one counts."""
        least = {one: self._get_least_quantity(one, product) for one in infos}
        steps = []
        for quantity in sorted({0.0, *least.values()}):
            fitting = infos.filtered(lambda one, most=quantity: least[one] <= most)
            chosen = self._choose_seller(fitting, company) or infos[:1]
            if not steps or steps[-1][1] != chosen:
                steps.append((quantity, chosen))
        return steps

    @api.model
    def _get_least_quantity(self, info, product):
        """Return a supplier's minimum in the product's own unit."""
        unit, own = info.product_uom_id, product.product_tmpl_id.uom_id
        if not info.min_qty or not unit or unit == own:
            return max(0.0, info.min_qty)
        return max(0.0, unit._compute_quantity(info.min_qty, own, round=False))

    @api.model
    def _choose_seller(self, infos, company):
        """Return the cheapest of the first supplier, as `product.product._select_seller` does."""
        infos = infos.filtered(lambda one: one.partner_id == infos[0].partner_id)
        if len(infos) < 2:
            return infos
        currency, today = company.currency_id, self._now().date()

        def get_rank(info):
            price, own = info.price_discounted, info.currency_id
            if own and own != currency:
                price = own._convert(price, currency, company, today, round=False)
            return price, info.sequence, info.id

        return infos.sorted(get_rank)[:1]

    @api.model
    def _get_replenishments(self, scene, sellers, choices):
        """Return who could bring products to warehouses, by suppliers' lead times.

        `choices` as of the Scene: what is made, or brought from elsewhere, is not bought.

        Returns
        -------
        dict of (int, int) to promising.Replenishment or promising.QuantityBreaks
            By product and warehouse.
        """
        places = [DIRECT, *(one for one in scene.warehouses.ids if self._may_buy_for(scene, one))]
        bought = self._get_bought(scene, sellers, places, choices)
        partners = self.env["res.partner"].union(
            *(partner for steps in bought.values() for _least, partner, _delay in steps)
        )
        calendars = {partner: self._get_delivery_calendar(partner) for partner in partners}
        workdays = self._get_workdays(
            self.env["resource.calendar"].union(*calendars.values()), scene.company
        )
        found, known, asked = {}, {}, None
        for (product, place), steps in bought.items():
            brings = []
            for least, partner, delay in steps:
                lead = int(scene.company.days_to_purchase) + delay
                if lead > LONGEST:
                    scene.too_long[product] = partner.display_name, lead
                    continue
                key = partner.id, delay, place
                if key not in known:
                    days = workdays[calendars[partner].id]
                    known[key] = self._get_purchase(scene, partner, delay, days, place)
                if known[key]:
                    brings.append((least, known[key]))
            if len(brings) < len(steps):
                continue  # how much is bought from whom is not known before it is asked for
            found[product, place] = brings[0][1]
            if len(brings) > 1:
                asked = self._get_asked(scene) if asked is None else asked
                together = self._get_lacking(scene, (product, place), asked)
                breaks = promising.QuantityBreaks(tuple(brings))
                found[product, place] = breaks.buy_together(together)
        return found

    @api.model
    def _get_asked(self, scene):
        """Return {product: quantity} of what is asked for at once and is not to leave yet.

        Of kits, the components; of what we make, those of its first bill of materials. Of groups,
        such as quotations in a list, of which each is answered for itself, the one that asks most.
        """
        groups = defaultdict(Counter)
        for demand in scene.demands:
            line = demand.line
            if line and line.state == "sale" and line not in scene.excluding and line.move_ids:
                continue  # they are read
            asked = groups[demand.group]
            units = self._get_moved_units(demand.quantity, demand.unit, demand.product)
            needs = scene.needs.get(demand.product.id, ((demand.product.id, 1.0),))
            for need, factor in needs:
                asked[need] += units * factor
                for _bom, parts in scene.recipes.get(need, ())[:1]:
                    for part, per_unit in parts:
                        asked[part] += units * factor * per_unit
        return reduce(or_, groups.values(), Counter())

    @api.model
    def _get_lacking(self, scene, place, asked):
        """Return how much of a (product, warehouse) Odoo may have to buy at once, for all who wait.

        What is procured for each order is bought line by line.
        """
        product, warehouse = place
        if warehouse == DIRECT or product in scene.to_order:
            return 0.0
        rows = scene.rows
        leaving = rows["demand"][place]
        there = sum(quantity for _last, quantity in rows["stock"].get(place, ()))
        there += sum(one.given_back for one in leaving)
        coming = sum(one.quantity for one in rows["receipts"][place])
        return asked[product] + sum(one.quantity for one in leaving) - there - coming

    @api.model
    def _get_bought(self, scene, sellers, places, choices):
        """Return {(product, place): [(quantity, partner, days)]} of what no rule has brought else.

        It is bought from whom the reordering rule names, otherwise from whom Odoo takes from that
        quantity on. A rule plans what it buys by whom Odoo would take of any quantity, the last of
        these, whoever it is bought from.
        """
        infos = {(product, info) for product, steps in sellers.items() for _least, info in steps}
        named = {(product, info) for (product, _place), info in scene.reordering_sellers.items()}
        bought, delays = {}, self._get_delays(scene, infos | named)
        together = {info.partner_id.id for _product, info in infos | named}
        for place in places:
            for product, steps in sellers.items():
                if choices.get((product, place), "buy") != "buy":
                    continue
                own = scene.reordering_sellers.get((product, place))
                steps = [(0.0, own)] if own else steps
                planned = (
                    delays[product, steps[-1][1]] if (product, place) in scene.reordered else 0
                )
                steps = [
                    (
                        least,
                        info.partner_id.with_prefetch(together),
                        max(delays[product, info], planned),
                    )
                    for least, info in steps
                ]
                if all(delay > 0 and partner.active for _least, partner, delay in steps):
                    bought[product, place] = steps
        return bought

    @api.model
    def _may_buy_for(self, scene, warehouse):
        return self.env["stock.warehouse"].browse(warehouse).buy_to_resupply

    @api.model
    def _get_purchase(self, scene, partner, delay, workdays, place):
        """Return when a supplier could bring goods to a warehouse, None where never.

        The lead time begins at once, or after the supplier's holidays, and ends on a day on which
        the supplier sends.
        """
        site = scene.sites[place]
        ordered = workdays.reopen(site.today)
        if ordered is None:
            return None
        over = ordered + int(scene.company.days_to_purchase) + delay
        planned = workdays.next(over)
        if planned is None:
            return None
        waits = planned - over + ordered - site.today
        planned += scene.inbound.get(place, 0)
        if planned - site.today > 2 * LONGEST:  # the steps inside the warehouse
            return None
        late = scene.lateness.get(partner.id, Lateness())
        origin = Origin(
            "supplier", planned, supplier_id=partner.id, name=partner.display_name, waits=waits
        )
        day = self._get_day_counted_on(site, planned, late.safe)
        likely = min(day, self._get_day_counted_on(site, planned, late.median))
        return promising.Replenishment(day, likely, "supplier", origin)
