from odoo import api, models

from ..promising import NEVER


class LogisticsPromise(models.AbstractModel):
    """Why there is no date, without denying what there is."""

    _inherit = "logistics.promise"

    @api.model
    def _explain_no_source(self, item, scene):
        """Say why nothing covers a quantity, without denying what there is of it."""
        texts = [self._explain_no_supply(item, scene), *self._explain_choices(item, scene)]
        texts.append(self._explain_elsewhere(item, scene))
        return " ".join(filter(None, texts))

    @api.model
    def _explain_choices(self, item, scene):
        """Say what could be bought, but is not, by Odoo's rules."""
        places = scene.candidates(item.demand)
        for product in sorted({item.demand.product.id} | item.answer.lacking):
            if any(scene.choices.get((product, place)) == "manufacture" for place in places):
                name = self.env["product.product"].browse(product).display_name
                yield self.env._("%(name)s has a supplier, but its routes have it made.", name=name)
            if archived := scene.archived.get(product):
                yield self.env._(
                    "%(name)s is not made: of its bill of materials, %(components)s is archived.",
                    name=self.env["product.product"].browse(product).display_name,
                    components=", ".join(archived.mapped("display_name")),
                )
            for place in places:
                if (product, place) in scene.made_elsewhere:
                    yield self.env._(
                        "The bills of materials of %(name)s are for other warehouses than"
                        " %(place)s.",
                        name=self.env["product.product"].browse(product).display_name,
                        place=self._get_place_name(place),
                    )
                moved = scene.choices.get((product, place)) == "transfer"
                if moved and product != item.demand.product.id:
                    yield self.env._(
                        "The routes of %(name)s bring it to %(place)s from another warehouse; when"
                        " that could be there is not known.",
                        name=self.env["product.product"].browse(product).display_name,
                        place=self._get_place_name(place),
                    )
                seller = scene.reordering_sellers.get((product, place))
                bought = (product, place) in scene.network.replenishments
                if seller and not bought and product not in scene.too_long:
                    yield self.env._(
                        "The reordering rule of %(name)s in %(place)s buys it from %(supplier)s,"
                        " of whom no lead time is known.",
                        name=self.env["product.product"].browse(product).display_name,
                        place=self._get_place_name(place),
                        supplier=seller.partner_id.display_name,
                    )

    @api.model
    def _explain_transfer(self, missing, demand, scene):
        """Say that rules bring it from another warehouse, where they do."""
        places = [
            place
            for place in scene.candidates(demand)
            if scene.choices.get((demand.product.id, place)) == "transfer"
        ]
        if not places or scene.is_direct(demand):
            return ""
        return self.env._(
            "Not known when for %(missing)s, because its routes bring it to %(places)s from another"
            " warehouse, and when that could be there is not known.",
            missing=missing,
            places=", ".join(map(self._get_place_name, places)),
        )

    @api.model
    def _explain_no_supply(self, item, scene):
        demand = item.demand
        for product in sorted({demand.product.id} | item.answer.lacking):
            if product in scene.too_long:
                return self._explain_too_long(*scene.too_long[product])
        missing = self._format_amount(item.answer.missing, demand.product)
        lacking = item.answer.lacking - {demand.product.id}
        if lacking:
            return self._explain_no_component(missing, lacking, item, scene)
        moved = self._explain_transfer(missing, demand, scene)
        if moved:
            return moved
        if scene.is_direct(demand):
            return self.env._(
                "Not known when for %(missing)s, because it goes straight from a supplier to the"
                " customer, and no supplier with a lead time is known.",
                missing=missing,
            )
        if scene.get_made_to_order(demand):
            return self.env._(
                "Not known when for %(missing)s, because it is procured for each order, and there"
                " is neither a supplier with a lead time nor a bill of materials to bring it.",
                missing=missing,
            )
        taken = self._explain_taken({demand.product.id}, item, scene)
        if not item.answer.shipments and not taken:
            return self.env._(
                "Not known when for %(missing)s, because nothing free is in stock, no receipt is"
                " planned, and there is neither a supplier with a lead time nor a bill of materials"
                " to bring more.",
                missing=missing,
            )
        shipped = bool(item.answer.shipments)
        if shipped and not demand.split and len(scene.candidates(demand)) > 1:
            text = self.env._(
                "Not known when for %(missing)s, because no single warehouse has or receives"
                " more, and there is neither a supplier with a lead time nor a bill of materials"
                " to bring it.",
                missing=missing,
            )
            asleep = self._explain_asleep({demand.product.id}, item, scene)
            awake = [one for one in scene.candidates(demand) if self._works(one, scene)]
            lacking = self._explain_transfers({(demand.product.id, one) for one in awake}, scene)
            return " ".join(filter(None, (text, asleep, *lacking)))
        if taken:
            text = self.env._(
                "Not known when for %(missing)s, because nothing more is free, and there is"
                " neither a supplier with a lead time nor a bill of materials to bring more.",
                missing=missing,
            )
            return f"{text} {taken}"
        return self.env._(
            "Not known when %(missing)s can be there: no more of it is free in stock or on its way,"
            " and it has no supplier with a lead time and no bill of materials to bring more.",
            missing=missing,
        )

    @api.model
    def _explain_no_direct(self, products, scene):
        """Say which components of a kit go straight from a supplier that nobody knows."""
        for product in sorted(products):
            if product in scene.too_long:
                return self._explain_too_long(*scene.too_long[product])
        names = self.env["product.product"].browse(sorted(products)).mapped("display_name")
        return self.env._(
            "Not known, because its component %(names)s goes straight from a supplier to the"
            " customer, and no supplier with a lead time is known.",
            names=", ".join(names),
        )

    @api.model
    def _explain_no_component(self, missing, lacking, item, scene):
        names = self.env["product.product"].browse(sorted(lacking)).mapped("display_name")
        if lacking <= scene.get_made_to_order(item.demand):
            return self.env._(
                "Not known when for %(missing)s, because its component %(names)s is procured for"
                " each order, and there is neither a supplier with a lead time nor a bill of"
                " materials to bring it.",
                missing=missing,
                names=", ".join(names),
            )
        taken = self._explain_taken(lacking, item, scene)
        if taken:
            text = self.env._(
                "Not known when for %(missing)s, because there is not enough of its component"
                " %(names)s: nothing more of it is free, and there is neither a supplier with a"
                " lead time nor a bill of materials to bring more.",
                missing=missing,
                names=", ".join(names),
            )
            return f"{text} {taken}"
        return self.env._(
            "Not known when for %(missing)s, because there is not enough of its component"
            " %(names)s: nothing more of it is free in stock, no receipt is planned, and there"
            " is neither a supplier with a lead time nor a bill of materials to bring more.",
            missing=missing,
            names=", ".join(names),
        )

    @api.model
    def _explain_taken(self, products, item, scene):
        """Say what is there or on its way of the products, and does not help."""
        awake = {place for place in scene.candidates(item.demand) if self._works(place, scene)}
        texts = [self._explain_asleep(products, item, scene)]
        for product in self.env["product.product"].browse(sorted(products)):
            rest = {
                kind: self._get_rest(kind, product.id, awake, item, scene)
                for kind in ("stock", "receipts")
            }
            texts += self._explain_expiring(product, awake, item, scene)
            apart = self._get_free_apart(product, awake, item, scene)
            texts += self._explain_apart(product, apart)
            rest["stock"] -= sum(apart.values()) + self._get_set_aside(product, awake, item, scene)
            texts.append(self._explain_own_lines(product, rest, awake, item, scene))
            amounts = {
                kind: self._format_amount(quantity, product)
                for kind, quantity in rest.items()
                if product.uom_id.compare(quantity, 0) > 0
            }
            if "stock" in amounts:
                texts.append(
                    self.env._(
                        "%(amount)s of %(name)s are in stock, but needed for others.",
                        amount=amounts["stock"],
                        name=product.display_name,
                    )
                )
            texts += self._get_stuck({(product.id, place) for place in awake}, scene)
            if "receipts" in amounts:
                texts.append(
                    self.env._(
                        "%(amount)s of %(name)s are ordered, but needed for others.",
                        amount=amounts["receipts"],
                        name=product.display_name,
                    )
                )
        return " ".join(filter(None, texts))

    @api.model
    def _explain_own_lines(self, product, rest, places, item, scene):
        """Say what other lines of the order take, and count it out of `rest` (by kind)."""
        own = 0.0
        for kind, source in (("stock", "stock"), ("receipts", "receipt")):
            used = sum(
                scene.used.get((item.demand.group, product.id, place, source), 0.0)
                - sum(
                    part.quantity
                    for part in item.answer.parts
                    if (part.product, part.warehouse, part.source) == (product.id, place, source)
                )
                for place in places
            )
            used = max(0.0, min(used, rest[kind]))
            rest[kind] -= used
            own += used
        if product.uom_id.compare(own, 0) <= 0:
            return ""
        return self.env._(
            "%(amount)s of %(name)s go to other lines of this order.",
            amount=self._format_amount(own, product),
            name=product.display_name,
        )

    @api.model
    def _get_rest(self, kind, product, places, item, scene):
        """Return what is read of a product, but for what this promise is made of."""
        source = {"stock": "stock", "receipts": "receipt"}[kind]
        keys = [(product, place) for place in places]
        if kind == "stock":
            found = sum(self._get_loose_stock(scene, key)[0] for key in keys)
        else:
            rows = [row for key in keys for row in scene.rows[kind][key]]
            stuck = {move for move, (day, _by) in scene.ready.items() if day is None}
            found = sum(
                row.quantity - self._get_missing(scene, row)
                for row in rows
                if row.move not in stuck
            )
        used = [part for part in item.answer.parts if part.product == product]
        found -= sum(part.quantity for part in used if part.source == source)
        if kind == "stock":  # what a transfer is to bring from another warehouse is stock as well
            for part in used:
                if part.source == "receipt" and part.ref.move_id in scene.feeds:
                    found -= min(part.quantity, self._get_given(part.ref.move_id, places, scene))
        return found

    @api.model
    def _get_given(self, receipt, places, scene):
        """Return how much of the stock of some warehouses is to leave for a receipt elsewhere."""
        legs = [leg for leg in scene.feeds[receipt] if leg.place[1] in places]
        return sum(
            quantity
            for leg in legs
            for day, quantity in leg.given
            if day <= max(leg.day, scene.sites[leg.place[1]].today)
        )

    @api.model
    def _get_set_aside(self, product, places, item, scene):
        """Return how much is set aside for others, which is said elsewhere."""
        kept = scene.kept_back_from(item.demand)
        return sum(kept.get((product.id, place), 0.0) for place in places)

    @api.model
    def _get_free_apart(self, product, places, item, scene):
        """Return {place: quantity} of a kit's component that is free where another one lacks."""
        if item.demand.product.id not in scene.needs:
            return {}
        free = {}
        for place in sorted(places):
            timeline = scene.network.timelines.get((product.id, place))
            stock = self._get_rest("stock", product.id, {place}, item, scene)
            quantity = min(stock, timeline.available(NEVER) if timeline else 0.0)
            if product.uom_id.compare(quantity, 0) > 0:
                free[place] = quantity
        return free

    @api.model
    def _explain_apart(self, product, free):
        return [
            self.env._(
                "%(amount)s of %(name)s are free in %(place)s, but a kit leaves one warehouse as a"
                " whole.",
                amount=self._format_amount(quantity, product),
                name=product.display_name,
                place=self._get_place_name(place),
            )
            for place, quantity in free.items()
        ]

    @api.model
    def _explain_expiring(self, product, places, item, scene):
        """Say what is in stock and does not last until it would be delivered."""
        texts = []
        expiring = [
            (place, last, quantity)
            for place in sorted(places)
            for last, quantity in self._get_loose_stock(scene, (product.id, place))[1]
        ]
        for place, last, quantity in expiring:
            until = scene.last_pick(product.id, place, last)
            values = {
                "amount": self._format_amount(quantity, product),
                "name": product.display_name,
                "place": self._get_place_name(place),
            }
            if until is None or until < scene.sites[place].today:
                text = self.env._(
                    "%(amount)s of %(name)s in %(place)s expire before they could be delivered.",
                    **values,
                )
                texts.append(text)
            elif until < self._get_wanted_pick(place, item, scene):
                day = until + scene.sites[place].site.handling
                text = self.env._(
                    "%(amount)s of %(name)s in %(place)s expire: they would have to leave by"
                    " %(day)s.",
                    **values,
                    day=self._format_day(day),
                )
                texts.append(text)
        return texts

    @api.model
    def _get_wanted_pick(self, place, item, scene):
        """Return the day (ordinal) on which to pick for the wanted date; today without one."""
        today, site = scene.sites[place].today, scene.sites[place].site
        wanted = max(item.put_off, item.demand.wanted.toordinal() if item.demand.wanted else 0)
        if not wanted:
            return today
        leave = scene.routes[item.answer.key, place].departure(wanted)
        day = None if leave is None else site.workdays.previous(leave)
        return today if day is None else day - site.handling

    @api.model
    def _explain_elsewhere(self, item, scene):
        """Say what is free in warehouses from which the order does not take."""
        demand, own = item.demand, set(scene.candidates(item.demand))
        if not demand.only or demand.product.id in scene.needs:
            return ""
        free = {}
        for place in scene.promising - own:
            key = demand.product.id, place
            timeline, kept = scene.network.timelines.get(key), scene.kept_back_from(demand)
            quantity = timeline.available(NEVER, kept.get(key, 0.0)) if timeline else 0.0
            if demand.product.uom_id.compare(quantity, 0) > 0:
                free[place] = quantity
        if not free:
            return ""
        return self.env._(
            "%(amount)s are free in %(others)s, but this takes from %(place)s only.",
            amount=self._format_amount(sum(free.values()), demand.product),
            others=", ".join(self._get_place_name(place) for place in sorted(free)),
            place=self._get_place_name(demand.warehouse.id),
        )

    @api.model
    def _works(self, place, scene):
        site = scene.sites[place]
        return site.site.workdays.next(site.today) is not None

    @api.model
    def _explain_asleep(self, products, item, scene):
        """Say what lies in warehouses that never work."""
        texts = []
        for place in scene.candidates(item.demand):
            if self._works(place, scene):
                continue
            for product in self.env["product.product"].browse(sorted(products)):
                quantity = self._get_rest("stock", product.id, {place}, item, scene)
                if product.uom_id.compare(quantity, 0) > 0:
                    text = self.env._(
                        "%(amount)s of %(name)s are in %(place)s, which never works: its calendar"
                        " has no working hours.",
                        amount=self._format_amount(quantity, product),
                        name=product.display_name,
                        place=self._get_place_name(place),
                    )
                    texts.append(text)
        return " ".join(texts)
