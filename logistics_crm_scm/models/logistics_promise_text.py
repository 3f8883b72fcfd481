from datetime import date
from functools import partial

from odoo import api, models
from odoo.tools import float_repr, format_date, formatLang, get_lang

from ..tools.lateness import Lateness, share_kept
from ..tools.promise_data import DIRECT, LONGEST

DIGITS = 9  # most that a quantity is shown with


class LogisticsPromise(models.AbstractModel):
    """Why a promise is what it is, in words, and how far it can be trusted."""

    _inherit = "logistics.promise"

    @api.model
    def _explain(self, promised, scene):
        """Fill in the confidence and the explanation of each promise."""
        for item in promised:
            for part in item.answer.parts:
                use = item.demand.group, part.product, part.warehouse, part.source
                scene.used[use] = scene.used.get(use, 0.0) + part.quantity
        for at, item in enumerate(promised):
            if not item.problem:
                item.confidence = self._get_confidence(item, scene) if item.answer.day else False
            item.explanation = item.problem or self._explain_one(at, item, scene)
            item.tell = partial(self._explain_in, at, scene)

    @api.model
    def _explain_one(self, at, item, scene):
        sentences = [
            *self._explain_parts(item, scene),
            self._explain_together(item),
            *self._explain_way(at, item, scene),
            *self._explain_date(item, scene),
        ]
        return " ".join(sentence for sentence in sentences if sentence)

    @api.model
    def _explain_in(self, at, scene, item, lang):
        """Return the explanation in another language."""
        reader = self.with_context(lang=lang)
        if item.problem:
            return reader._get_problem(item.demand, scene)
        return reader._explain_one(at, item, scene)

    @api.model
    def _get_confidence(self, item, scene):
        """Return the share of comparable dates kept by the weakest source, False if unknown."""
        shares = []
        for shipment in item.answer.shipments:
            kept, number = scene.kept.get(shipment.warehouse, (0, 0))
            shares.append(share_kept(kept, number))
            for part in shipment.parts:
                supplier = part.ref.supplier_id if part.ref else 0
                if supplier:
                    late = scene.lateness.get(supplier, Lateness())
                    own = part.warehouse == shipment.warehouse
                    needed = shipment.ship_day if own else shipment.day
                    shares.append(late.kept(needed - part.ref.planned))
        known = [share for share in shares if share is not False]
        return round(min(known), 4) if known else False

    # ------------------------------------------------------------
    # SENTENCES
    # ------------------------------------------------------------

    @api.model
    def _explain_parts(self, item, scene):
        sentences = []
        kit = item.demand.product.id in scene.needs
        for part in item.answer.parts:
            product = self.env["product.product"].browse(part.product)
            what = self._format_amount(part.quantity, product)
            if kit:
                what += " " + product.display_name
            sentences.append(self._explain_part(part, what, scene))
        if kit and item.answer.day:
            sentences.append(self._explain_component(item))
        if item.answer.missing:
            sentences.append(self._explain_missing(item, scene))
        sentences += self._explain_allocations(item, scene)
        return sentences

    @api.model
    def _explain_component(self, item):
        """Name the component of a kit that is there last, where there is one."""
        days = {}
        for part in item.answer.parts:
            days[part.product] = max(part.day, days.get(part.product, 0))
        last = max(days, key=days.get, default=None)
        if last is None or len(days) < 2 or days[last] == min(days.values()):
            return ""
        name = self.env["product.product"].browse(last).display_name
        return self.env._("%(name)s is there last and decides the date.", name=name)

    @api.model
    def _explain_allocations(self, item, scene):
        """Say what is set aside for this customer, or for others."""
        customer = item.demand.ship_to.commercial_partner_id
        for share in scene.allocations:
            if share.place[0] != item.demand.product.id:
                continue
            values = {
                "left": self._format_amount(share.left, item.demand.product),
                "place": self._get_place_name(share.place[1]),
                "name": share.name,
            }
            if share.serves(customer):
                yield self.env._(
                    "%(left)s in %(place)s are set aside for this customer (%(name)s).", **values
                )
            else:
                yield self.env._(
                    "%(left)s in %(place)s are set aside for other customers (%(name)s).", **values
                )

    @api.model
    def _explain_part(self, part, what, scene):
        place = self._get_place_name(part.warehouse)
        if part.source == "stock":
            return self.env._("%(what)s free in stock in %(place)s.", what=what, place=place)
        if part.source == "untracked":
            return self.env._(
                "%(what)s from %(place)s: its stock is not counted, so it is taken as there.",
                what=what,
                place=place,
            )
        planned = self._format_day(part.ref.noted or part.ref.planned)
        if part.source == "receipt":
            text = self.env._(
                "%(what)s on receipt %(name)s in %(place)s, planned for %(day)s.",
                what=what,
                name=part.ref.name or self.env._("without number"),
                place=place,
                day=planned,
            )
        elif part.warehouse == DIRECT:
            text = self.env._(
                "%(what)s straight from %(name)s, at the earliest on %(day)s.",
                what=what,
                name=part.ref.name,
                day=planned,
            )
        elif part.source == "production":
            text = self._explain_production(part, what, place, scene)
        else:
            text = self.env._(
                "%(what)s to be bought from %(name)s for %(place)s, there on %(day)s at the"
                " earliest.",
                what=what,
                name=part.ref.name,
                place=place,
                day=planned,
            )
        who = self._explain_subcontract(part, scene)
        late = self._explain_lateness(part, scene)
        return " ".join(filter(None, (text, who, self._explain_counted(part, scene), late)))

    @api.model
    def _explain_subcontract(self, part, scene):
        makers = scene.subcontracted.get(part.product, ())
        if part.source != "supplier" or part.ref.supplier_id not in makers:
            return ""
        return self.env._(
            "%(name)s makes it; whether the components are there is not known.", name=part.ref.name
        )

    @api.model
    def _explain_counted(self, part, scene):
        """Say why a receipt counts from another day than the document says."""
        if part.ref.waits:
            return self.env._(
                "%(name)s sends on its own days only (days added: %(days)s).",
                name=part.ref.name,
                days=part.ref.waits,
            )
        if not part.ref.noted:
            return ""
        site = scene.sites[part.warehouse]
        if part.ref.source_id:
            return self.env._(
                "%(place)s does not have the goods before: it counts from %(day)s.",
                place=self._get_place_name(part.ref.source_id),
                day=self._format_day(part.ref.planned),
            )
        if part.ref.leg:
            return self.env._(
                "%(transfer)s is to bring it and is planned for later: it counts from %(day)s.",
                transfer=part.ref.leg,
                day=self._format_day(part.ref.planned),
            )
        if part.ref.component_id:
            component = self.env["product.product"].browse(part.ref.component_id)
            return self.env._(
                "It waits for %(name)s and counts from %(day)s.",
                name=component.display_name,
                day=self._format_day(part.ref.planned),
            )
        texts = []
        shift = part.ref.planned - part.ref.noted - part.ref.steps
        if shift and part.ref.planned >= site.today:
            texts.append(self.env._("That is after the cut-off: it counts from the next day."))
        if part.ref.steps:
            texts.append(self.env._("It is in stock %(days)s days later.", days=part.ref.steps))
        return " ".join(texts)

    @api.model
    def _explain_production(self, part, what, place, scene):
        text = self.env._(
            "%(what)s from production in %(place)s, finished on %(day)s at the earliest.",
            what=what,
            place=place,
            day=self._format_day(part.ref.planned),
        )
        recipe = scene.network.recipes.get((part.product, part.warehouse))
        if recipe and (work := recipe.get_work(part.quantity)):
            text += " " + self.env._("Making them takes %(days)s working days.", days=work + 1)
        component = self.env["product.product"].browse(part.ref.component_id)
        if component:
            text += " " + self.env._("%(name)s is what it waits for.", name=component.display_name)
        elif part.ref.center_id:
            center = self.env["mrp.workcenter"].browse(part.ref.center_id)
            text += " " + self.env._("%(name)s is busy before.", name=center.display_name)
        return text

    @api.model
    def _explain_lateness(self, part, scene):
        if part.ref.overdue:
            return self.env._("It is overdue, so we do not count on it today.")
        late = scene.lateness.get(part.ref.supplier_id, Lateness())
        if not late.safe and part.day > part.ref.planned:
            return self.env._(
                "The warehouse is closed then: we count on %(day)s.", day=self._format_day(part.day)
            )
        if not late.safe:
            return ""
        return self.env._(
            "Nine in ten of the supplier's last %(number)s receipts came at most %(safe)s days"
            " late, half at most %(median)s, so we count on %(day)s.",
            number=late.number,
            safe=late.safe,
            median=max(0, late.median),
            day=self._format_day(part.day),
        )

    @api.model
    def _explain_missing(self, item, scene):
        why = item.answer.why
        if why == "no_warehouse":
            return self._explain_no_way(item, scene)
        places = ", ".join(map(self._get_place_name, scene.candidates(item.demand)))
        if why == "no_workday":
            return self.env._(
                "Not known, because %(places)s never works: its calendar has no working hours."
                " Give it some, or another calendar.",
                places=places,
            )
        if why == "no_carrier_day":
            return self.env._(
                "Not known, because the carrier never drives: its calendar has no working hours."
                " Give it some, or another calendar."
            )
        if why == "no_receiving_day":
            return self.env._(
                "Not known, because %(customer)s never receives: its delivery days have no"
                " working hours. Give them some, or other ones.",
                customer=item.demand.ship_to.display_name,
            )
        return self._explain_no_source(item, scene)

    @api.model
    def _explain_no_way(self, item, scene):
        """Say why no warehouse may deliver: what takes too long, or that none promises."""
        demand = item.demand
        if lost := scene.get_without_supplier(demand):
            return self._explain_no_direct(lost, scene)
        if demand.long_lead:
            return self._explain_too_long(demand.product.display_name, demand.long_lead)
        carrier = scene.carriers[item.answer.key]
        for place in scene.candidates(demand):
            if item.transits[place] > LONGEST:
                return self._explain_too_long(carrier.name or "", item.transits[place])
            if (days := scene.sites[place].site.handling) > LONGEST:
                return self._explain_too_long(self._get_place_name(place), days)
        return self.env._("Not known, because no warehouse promises this.")

    @api.model
    def _explain_too_long(self, who, days):
        return self.env._(
            "Not known, because the lead time of %(who)s is %(days)s days: more than ten years.",
            who=who,
            days=round(days),
        )

    @api.model
    def _get_place_name(self, warehouse):
        return self.env["stock.warehouse"].browse(warehouse).name if warehouse else ""

    @api.model
    def _format_day(self, day):
        """Return a day (ordinal) as its reader writes dates; a thousand lines have few days."""
        env = self.env
        key = (env.lang, env.uid, env.company.id)
        texts = env.cr.cache.setdefault("logistics_promise_days", {}).setdefault(key, {})
        if day not in texts:
            texts[day] = format_date(env, date.fromordinal(day))
        return texts[day]

    @api.model
    def _format_amount(self, quantity, product):
        """Return a quantity in the product's own unit."""
        unit = self.env["uom.uom"].browse(product.product_tmpl_id.uom_id.id)
        return f"{self._format_quantity(quantity)} {unit.name}"

    @api.model
    def _format_quantity(self, quantity):
        """Return a quantity as its reader writes numbers, without zeros that say nothing."""
        if 0 <= quantity < 1000 and quantity == int(quantity):
            return str(int(quantity))  # the usual case, a thousand times an answer
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        while quantity and not float(float_repr(quantity, digits)) and digits < DIGITS:
            digits += 1  # something is not nothing
        text = formatLang(self.env, quantity, digits=digits)
        point = get_lang(self.env).decimal_point
        return text.rstrip("0").rstrip(point) if point in text else text
