import math
from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from odoo.addons.logistics_crm.models.logistics_api_arguments import MOST

from .. import promising
from ..tools.promise_data import DIRECT, FURTHEST, LONGEST, Promised


class LogisticsPromise(models.AbstractModel):
    """Order promising: when can we deliver, from where, and why then?

    The arithmetic is in `promising`, which knows no Odoo; this model brings it what is there:
    free stock, dated receipts, what is promised already, lead times, calendars and transit. All
    of it is read for all lines at once: the number of queries does not grow with their number.

    Stock counts where deliveries are picked from (the warehouse's stock location and below it).
    Returns of customers are no supply before somebody has looked at them. What is reserved, and
    what confirmed orders need later, is not promised to anybody else.
    """

    _name = "logistics.promise"
    _description = "Order Promising"

    @api.model
    def _promise(self, demands, company=None, excluding=None):
        """Promise the lines, each from what the ones before have left.

        Parameters
        ----------
        demands : list of Demand
            In any order; see `tools.promise_data`.
        company : res.company, optional
            Whose goods; the current one by default.
        excluding : sale.order.line, optional
            Lines whose own moves are not counted: those that are promised anew.

        Returns
        -------
        list of Promised
            In the order of `demands`. Nothing is held by asking.

        Raises
        ------
        UserError
            A quantity is no number.
        """
        company = company or self.env.company
        # sudo: who asks for a date need not read the suppliers' orders behind it
        engine = self.sudo().with_company(company)
        demands = engine._share_prefetch(demands)
        demands = [engine._complete_demand(demand) for demand in demands]
        scene = engine._get_scene(demands, company, excluding)
        engine._book_promised(scene)
        promised = [Promised(demand, promising.Answer(at)) for at, demand in enumerate(demands)]
        requests = defaultdict(list)
        for at, item in enumerate(promised):
            item.problem = engine._get_problem(item.demand, scene)
            if not item.problem:
                requests[item.demand.group].append(engine._prepare_request(at, item, scene))
        for answer in engine._answer(requests.values(), promised, scene):
            promised[answer.key].answer = answer
        for item in promised:
            engine._add_direct_parts(item, scene)
        engine._join_deliveries(promised, scene)
        engine._explain(promised, scene)
        return promised

    @api.model
    def _answer(self, groups, promised, scene):
        """Yield the answers: the requests of a group share what there is, groups do not."""
        network = scene.network
        for requests in groups:
            if any(promised[one.key].demand.together for one in requests):
                yield from self._answer_together(requests, network, promised, scene)
                continue
            own = network.fresh() if len(groups) > 1 else network
            yield from promising.promise(requests, own)

    @api.model
    def _share_prefetch(self, demands):
        """Return the demands with records that are read together, not one by one."""
        shared = {}
        for name in ("product", "unit", "ship_to", "warehouse", "carrier"):
            ids = {id_ for one in demands for id_ in (getattr(one, name) or self.browse()).ids}
            shared[name] = tuple(ids)
        return [
            replace(
                demand,
                **{
                    name: record.with_env(self.env).with_prefetch(ids)
                    for name, ids in shared.items()
                    if (record := getattr(demand, name))
                },
            )
            for demand in demands
        ]

    @api.model
    def _complete_demand(self, demand):
        """Check a demand and fill in what was left open."""
        product = demand.product
        unit = demand.unit or product.product_tmpl_id.uom_id
        if not math.isfinite(demand.quantity):
            raise UserError(self.env._("“quantity” must be a number."))
        lead = product.product_tmpl_id.sale_delay if demand.lead is None else demand.lead
        return replace(
            demand,
            unit=unit,
            quantity=unit.round(demand.quantity),
            ship_to=demand.ship_to or self.env["res.partner"],
            wanted=min(demand.wanted, FURTHEST) if demand.wanted else None,
            warehouse=demand.warehouse or self.env["stock.warehouse"],
            carrier=demand.carrier or self.env["delivery.carrier"],
            routes=(demand.routes or self.env["stock.route"]).sudo(),
            lead=max(0, min(lead, LONGEST)),
            long_lead=lead if lead > LONGEST else 0,
        )

    @api.model
    def _check_unit(self, product, unit):
        """Refuse a unit that cannot be converted to the product's."""
        if problem := self._get_unit_problem(product, unit):
            raise UserError(problem)

    @api.model
    def _get_unit_problem(self, product, unit):
        own = product.product_tmpl_id.uom_id
        if unit == own or unit._has_common_reference(own):
            return ""
        return self.env._(
            "“unit”: %(unit)s cannot be converted to %(own)s, the unit of %(product)s.",
            unit=unit.name,
            own=own.name,
            product=product.display_name,
        )

    @api.model
    def _get_problem(self, demand, scene):
        """Return why a line cannot be promised at all, an empty text where it can."""
        product = demand.product
        if product.type == "service":
            return self.env._("A service: there is nothing to deliver.")
        if product.type == "combo":
            return self.env._("A combination: each of its products is promised by itself.")
        if not product.active:
            return self.env._("%(name)s is archived and no longer sold.", name=product.display_name)
        if demand.quantity < 0:
            return self.env._("A negative quantity is a return: there is nothing to deliver.")
        if demand.quantity == 0:
            return self.env._("The quantity is zero: there is nothing to deliver.")
        if demand.quantity > MOST:
            return self.env._(
                "The quantity is more than %(most)s: nobody promises that.",
                most=formatLang(self.env, MOST, digits=0),
            )
        problem = self._get_unit_problem(product, demand.unit)
        if problem or self._get_moved_units(demand.quantity, demand.unit, product):
            return problem or self._get_serial_problem(demand, scene)
        own = product.product_tmpl_id.uom_id
        return self.env._(
            "%(quantity)g %(unit)s of %(name)s is less than %(least)g %(own)s, the least that can"
            " be moved.",
            quantity=demand.quantity,
            unit=demand.unit.name,
            name=product.display_name,
            least=own.rounding,
            own=own.name,
        )

    @api.model
    def _get_serial_problem(self, demand, scene):
        """Return that a part of what has a serial number cannot be delivered, an empty text else.

        Nor can it for kits, whose components are delivered.
        """
        for need, factor in scene.get_needs(demand):
            template = demand.product.browse(need).product_tmpl_id
            if template.tracking != "serial":
                continue
            units = self._get_moved_units(demand.quantity, demand.unit, demand.product)
            number = template.uom_id.round(units * factor)
            if number != math.floor(number):
                return self.env._(
                    "%(name)s has serial numbers: only whole %(unit)s can be delivered.",
                    name=template.display_name,
                    unit=template.uom_id.name,
                )
        return ""

    @api.model
    def _get_moved_units(self, quantity, unit, product):
        """Return how much of a product is moved for a quantity, in its own unit.

        Odoo rounds it to what is measured of the product: 1.36 kg for 3 lb.
        """
        own = product.product_tmpl_id.uom_id
        return unit._compute_quantity(quantity, own, rounding_method="HALF-UP")

    @api.model
    def _prepare_request(self, at, item, scene):
        """Return the request of a demand to the arithmetic."""
        demand = item.demand
        units = self._get_moved_units(demand.quantity, demand.unit, demand.product)
        item.factor = units / demand.quantity
        item.transits = {
            place: scene.transits[at, place][0] for place in (DIRECT, *scene.warehouses.ids)
        }
        item.unknown_ways = scene.unknown_ways[at]
        item.subcontracted = scene.subcontracted
        lead = max(0, math.ceil(demand.lead - scene.company.security_lead))
        direct = scene.is_direct(demand)
        warehouses = [DIRECT] if direct else scene.candidates(demand)
        warehouses = [place for place in warehouses if self._is_near(place, item, scene)]
        if scene.get_without_supplier(demand):
            warehouses = []
        wanted = demand.wanted.toordinal() if demand.wanted else 0
        wanted = max(wanted, scene.network.today + math.ceil(demand.lead))
        needs, beside = scene.get_needs(demand), ()
        if not direct:
            beside = scene.get_direct(demand)
            amounts = {need: units * factor for need, factor in needs if need in beside}
            wanted = max([wanted, *self._get_direct_days(at, amounts, scene)])
        return promising.Request(
            key=at,
            needs=tuple(need for need in needs if need[0] not in beside),
            quantity=units,
            routes={place: scene.routes[at, place] for place in warehouses},
            wanted=wanted,
            lead=lead,
            split=demand.split and not direct,
            priority=self._get_priority(demand),
            kept_back=scene.kept_back_from(demand),
            ways=scene.line_ways.get(at, {}),
            from_stock=not direct,
            to_order=frozenset(scene.get_made_to_order(demand)),
        )

    @api.model
    def _get_direct_days(self, at, amounts, scene):
        """Return the days on which the customer receives what suppliers deliver to there.

        `amounts` has how much of each product it is.
        """
        route, brings = scene.routes[at, DIRECT], scene.network.replenishments
        return [
            route.arrival(brings[product, DIRECT].pick(amount).day) or 0
            for product, amount in amounts.items()
            if (product, DIRECT) in brings
        ]

    @api.model
    def _add_direct_parts(self, item, scene):
        """Name the components of a kit that suppliers deliver beside what our warehouses do."""
        demand = item.demand
        if item.problem or scene.is_direct(demand):
            return
        direct = scene.get_direct(demand)
        for shipment in item.answer.shipments:
            for product, factor in scene.get_needs(demand):
                if product in direct:
                    quantity = shipment.quantity * factor
                    bring = scene.network.replenishments[product, DIRECT].pick(quantity)
                    amounts = quantity, bring.day, bring.likely, bring.ref
                    shipment.parts.append(promising.Part(bring.source, product, DIRECT, *amounts))

    @api.model
    def _is_near(self, place, item, scene):
        """Tell whether a warehouse can deliver within the time that dates are given for."""
        days = (item.demand.long_lead, item.transits[place], scene.sites[place].site.handling)
        return max(days) <= LONGEST

    @api.model
    def _get_priority(self, demand):
        """Return who chooses first among lines that are promised together.

        What was promised before, then class A, B, others.
        """
        if demand.first:
            return -1
        customer = demand.ship_to.commercial_partner_id
        return {"a": 0, "b": 1}.get(customer.key_account_class, 2)

    @api.model
    def _get_components(self, products, company):
        """Return what decides beside `products`: what they are made of, and who is made there."""
        engine = self.sudo()  # whoever may confirm an order promises what it is made of
        needs = engine._get_kit_needs(products, company)
        ids = {need for parts in needs.values() for need, _factor in parts}
        components = self.env["product.product"].browse(ids)
        recipes = engine._get_recipes(products | components, company)
        others = engine._get_recipe_products(recipes) | engine._get_turn_products(recipes, company)
        return components | others.sudo(False)

    @api.model
    def _get_content_pairs(self, products, company):
        """Return {(component, what is made of it)} of products: a hook for production."""
        return set()

    @api.model
    def _get_kit_needs(self, products, company):
        """Return {product: ((component, quantity in one), ...)}: a hook for kits."""
        return {}

    @api.model
    def _get_recipes(self, products, company):
        """Return how the products, and what they are made of, are made: a hook for production."""
        return {}

    @api.model
    def _get_recipe_products(self, recipes):
        """Return the products that recipes name."""
        return self.env["product.product"]

    @api.model
    def _get_turn_products(self, recipes, company):
        """Return products whose turn stands for what recipes share beside products."""
        return self.env["product.product"]

    @api.model
    def _get_network_recipes(self, scene):
        """Return {(product, warehouse): promising.Recipe}."""
        return {}

    @api.model
    def _get_delays(self, scene, infos):
        """Return how long suppliers take: a hook for those who make it themselves.

        Parameters
        ----------
        scene : Scene
        infos : set of (int, product.supplierinfo)
            Products with those whom they may be bought from.

        Returns
        -------
        dict of (int, product.supplierinfo) to int
        """
        return {(product, info): info.delay for product, info in infos}

    @api.model
    def _now(self):
        """Return the time from which everything is counted (naive UTC)."""
        return fields.Datetime.now()
