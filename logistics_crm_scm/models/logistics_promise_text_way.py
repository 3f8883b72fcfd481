import math

from odoo import api, models

from ..tools.promise_data import DIRECT


class LogisticsPromise(models.AbstractModel):
    """When a promise leaves, how long it is under way, and what the customer's wishes did to it."""

    _inherit = "logistics.promise"

    @api.model
    def _explain_way(self, at, item, scene):
        """Say when it leaves, how long it is under way, and when the customer receives."""
        if item.waits_for and not item.answer.day:
            return  # it does not leave before the rest of the order can
        for shipment in item.answer.shipments:
            days, who = scene.transits[at, shipment.warehouse]
            route = scene.routes[at, shipment.warehouse]
            there = route.carrier.add(shipment.ship_day, days)
            if shipment.warehouse == DIRECT:
                yield self._explain_receiving(shipment, route, there, item.demand)
                continue
            yield self._explain_leaving(shipment, scene, item.demand)
            if who and days:
                yield self._explain_transit(who, days, there - shipment.ship_day > days)
            elif who:
                yield self.env._("%(who)s delivers on the same day.", who=who)
            elif shipment.warehouse in item.unknown_ways:
                yield self.env._(
                    "No transit time to there is known, so only the day on which it leaves is sure:"
                    " choose a delivery method with transit days."
                )
            else:
                yield self.env._("No transit time is known: it counts as delivered that day.")
            yield self._explain_receiving(shipment, route, there, item.demand)

    @api.model
    def _explain_receiving(self, shipment, route, there, demand):
        """Say that the customer receives it later than it could be there, or than it is wanted."""
        wanted = demand.wanted.toordinal() if demand.wanted else shipment.day
        first = min(there, wanted)
        if shipment.day <= first or route.customer.next(first) != shipment.day:
            return ""
        return self.env._(
            "The customer takes no deliveries before %(day)s.", day=self._format_day(shipment.day)
        )

    @api.model
    def _explain_together(self, item):
        """Say what it leaves later for."""
        if not item.waits_for:
            return ""
        name = item.waits_for.display_name
        if item.answer.day:
            return self.env._(
                "The order is delivered at once: it leaves together with %(name)s.", name=name
            )
        if item.put_off:
            return self.env._(
                "The order is delivered at once, and %(name)s is there on %(day)s.",
                name=name,
                day=self._format_day(item.put_off),
            )
        return self.env._(
            "The order is delivered at once, and when %(name)s can be there is not known.",
            name=name,
        )

    @api.model
    def _explain_transit(self, who, days, rests):
        if days == 1:
            text = self.env._("%(who)s takes one day.", who=who)
        else:
            text = self.env._("%(who)s takes %(days)s days.", who=who, days=days)
        if rests:
            text += " " + self.env._("Days on which it does not drive are not counted.")
        return text

    @api.model
    def _explain_leaving(self, shipment, scene, demand):
        site = scene.sites[shipment.warehouse]
        place = self._get_place_name(shipment.warehouse)
        text = self.env._(
            "Leaves %(place)s on %(day)s.", place=place, day=self._format_day(shipment.ship_day)
        )
        release = site.site.release + site.site.handling
        if site.site.release > site.today and shipment.ship_day == site.site.workdays.next(release):
            text += " " + self.env._("Today's cut-off has passed.")
        text += self._explain_waiting(shipment, scene, demand)
        if not site.calendar:
            text += " " + self.env._("It has no working calendar, so every day counts.")
        return text

    @api.model
    def _explain_waiting(self, shipment, scene, demand):
        """Say why it leaves later than its goods let it: a closed day, or what is set aside."""
        site = scene.sites[shipment.warehouse]
        handling = site.site.handling
        own = [part for part in shipment.parts if part.warehouse == shipment.warehouse]
        goods = max((part.day + handling for part in own), default=0)
        ready = max(site.site.release + handling, goods, site.today + math.ceil(demand.lead))
        opens = site.site.workdays.next(ready)
        if ready < shipment.ship_day == opens:
            return " " + self.env._("It is closed until then.")
        place = (demand.product.id, shipment.warehouse)
        wanted = demand.wanted.toordinal() if demand.wanted else 0
        kept = scene.kept_back_from(demand).get(place)
        if kept and opens < shipment.ship_day and wanted < shipment.day:
            return " " + self.env._("Until then, too little is left beside what is set aside.")
        return ""

    @api.model
    def _explain_date(self, item, scene):
        """Say what the customer's own wishes did to the date."""
        if not item.answer.day:
            return
        wanted = item.demand.wanted
        if wanted and wanted.toordinal() < scene.network.today:
            yield self.env._(
                "The wanted date %(day)s has passed: this is as soon as possible.",
                day=self._format_day(wanted.toordinal()),
            )
        elif wanted and item.answer.day > wanted.toordinal():
            yield self.env._(
                "Later than the %(day)s wanted.", day=self._format_day(wanted.toordinal())
            )
        elif wanted and item.answer.day == wanted.toordinal():
            yield self.env._(
                "Not before %(day)s, as wanted.", day=self._format_day(item.answer.day)
            )
        if item.demand.lead:
            yield self.env._("Preparation takes %(days)s days.", days=round(item.demand.lead))
