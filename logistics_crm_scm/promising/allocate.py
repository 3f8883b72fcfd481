"""Promise requests one after the other, each from what the ones before have left.

Requests of the same priority are served by size, the smallest first, whatever order they come in.
So more requests are served in full, nobody gains by asking first within a call, and within one
warehouse more supply makes no promise later: a smaller request that moves to an earlier day moves
to one on which the larger ones behind it could not have been served anyway.
"""

import math

from .structures import Answer, Network, Part, Shipment
from .timeline import TOLERANCE, enough


def promise(requests, network: Network):
    """Promise each request.

    Parameters
    ----------
    requests : list of Request
        In any order.
    network : Network
        Changed by it: its timelines are what is left afterwards.

    Returns
    -------
    list of Answer
        In the order of `requests`.
    """
    order = sorted(range(len(requests)), key=lambda at: _rank(requests[at]))
    answers = [None] * len(requests)
    for at in order:
        answers[at] = _answer(requests[at], network)
    return answers


def _rank(request):
    return (request.priority, request.quantity, request.wanted or 0, request.needs)


def _answer(request, network):
    options = [_Option(request, network, warehouse) for warehouse in request.routes]
    if not options:
        return Answer(request.key, missing=request.quantity, why="no_warehouse")
    plans = [(option.plan(), option) for option in options]
    found = [(plan, option) for plan, option in plans if plan]
    best = min(found, key=lambda pair: pair[0].day) if found else None
    if request.split and len(options) > 1:
        several = _split(request, options, best[0].day if best else None)
        if several:
            return _made(request, several)
    if best:
        return _made(request, [(best[1], best[0], request.quantity)])
    return _uncovered(request, options)


def _made(request, choices):
    shipments = [option.ship(quantity, plan) for option, plan, quantity in choices]
    return Answer(
        request.key,
        day=max(shipment.day for shipment in shipments),
        likely=max(shipment.likely for shipment in shipments),
        shipments=shipments,
    )


def _uncovered(request, options):
    """Say what can be delivered of a request that cannot be covered as a whole."""
    reasons = {option.why for option in options}
    if not any(option.open for option in options):
        return Answer(request.key, missing=request.quantity, why=min(reasons))
    shipments, rest = [], request.quantity
    for option in options if request.split else [_most(options)]:
        if not option.open or rest <= TOLERANCE:
            continue
        part = option.partial(rest)
        if part:
            rest -= part.quantity
            shipments.append(part)
    return Answer(request.key, shipments=shipments, missing=rest, why="no_source")


def _most(options):
    return max((option for option in options if option.open), key=lambda option: option.ever())


def _split(request, options, bound):
    """Return the choices that deliver everything from several warehouses before `bound`."""
    days = sorted({day for option in options for day in option.delivery_days()})
    for day in days:
        if bound is not None and day >= bound:
            return None
        rest, choices = request.quantity, []
        for option in options:
            plan = option.plan_for(day)
            quantity = min(rest, option.units(plan.ship_day)) if plan else 0.0
            if quantity > TOLERANCE:
                choices.append((option, plan, quantity))
                rest -= quantity
            if rest <= TOLERANCE:
                return choices
    return None


class _Plan:
    """A ship day and the delivery day that follows from it."""

    __slots__ = ("day", "ship_day")

    def __init__(self, ship_day, day):
        self.ship_day = ship_day
        self.day = day


class _Option:
    """One warehouse for one request."""

    def __init__(self, request, network, warehouse):
        self.request = request
        self.network = network
        self.warehouse = warehouse
        self.route = request.routes[warehouse]
        self.site = network.sites[warehouse]
        self.first, self.target = self._bounds()

    @property
    def open(self):
        return self.first is not None and self.target is not None

    @property
    def why(self):
        if self.first is None:
            return "no_workday"
        return "no_receiving_day" if self.target is None else "no_source"

    def _bounds(self):
        """Return the first possible ship day, and the first day on which to deliver."""
        start = self.site.release + self.site.handling
        start = max(start, self.network.today + self.request.lead)
        first = self.site.workdays.next(start)
        wanted = max(self.request.wanted or 0, self.network.today)
        return first, self.route.customer.next(wanted)

    # ------------------------------------------------------------
    # WHAT IS THERE
    # ------------------------------------------------------------

    def existing(self, product, day):
        """Return what is available of a product to ship on `day`, without new procurement."""
        if product in self.network.untracked:
            return math.inf
        timeline = self.network.timelines.get((product, self.warehouse))
        if timeline is None or not self.request.from_stock:
            return 0.0
        return timeline.available(self._pick_day(day), self._kept_back(product))

    def _pick_day(self, ship_day):
        return max(self.network.today, ship_day - self.site.handling)

    def _kept_back(self, product):
        return self.request.kept_back.get((product, self.warehouse), 0.0)

    def _replenished(self, product, day):
        source = self.network.replenishments.get((product, self.warehouse))
        return source if source and source.day <= self._pick_day(day) else None

    def covers(self, quantity, day):
        """Tell whether so many units can leave on `day`."""
        return all(
            self._replenished(product, day)
            or enough(self.existing(product, day), quantity * factor)
            for product, factor in self.request.needs
        )

    def units(self, day):
        """Return how many units can leave on `day`; of a kit, whole ones."""
        least = math.inf
        for product, factor in self.request.needs:
            if not self._replenished(product, day):
                least = min(least, self.existing(product, day) / factor)
        if len(self.request.needs) > 1 and math.isfinite(least):
            least = math.floor(least + TOLERANCE)
        return least

    def _change_days(self):
        """Return the ship days on which more may be available, sorted."""
        days = set()
        for product, _factor in self.request.needs:
            timeline = self.network.timelines.get((product, self.warehouse))
            source = self.network.replenishments.get((product, self.warehouse))
            days.update(timeline.days() if timeline and self.request.from_stock else ())
            days.update([source.day] if source else ())
        ships = {max(self.first, day + self.site.handling) for day in days}
        return sorted(ships | {self.first})

    # ------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------

    def plan(self):
        """Return the plan that delivers everything first, None where nothing does."""
        if not self.open:
            return None
        latest = self._latest_ship_day(self.target)
        if latest is not None and self.covers(self.request.quantity, latest):
            return _Plan(latest, self.target)
        for change in self._change_days():
            ship_day = self.site.workdays.next(max(change, latest or 0))
            if ship_day is not None and self.covers(self.request.quantity, ship_day):
                return self._plan_leaving(ship_day)
        return None

    def plan_for(self, day):
        """Return the plan that leaves as late as it can and still arrives by `day`."""
        ship_day = self._latest_ship_day(day) if self.open else None
        return None if ship_day is None else self._plan_leaving(ship_day)

    def delivery_days(self):
        """Return the delivery days that follow from the days on which more is available."""
        if not self.open:
            return set()
        ships = {self.site.workdays.next(day) for day in self._change_days()} - {None}
        plans = {self._plan_leaving(day) for day in ships} - {None}
        return {plan.day for plan in plans}

    def _plan_leaving(self, ship_day):
        arrival = self.route.arrival(ship_day)
        return None if arrival is None else _Plan(ship_day, max(arrival, self.target))

    def _latest_ship_day(self, day):
        """Return the last working day that delivers by `day`, None where none is left."""
        ship_day = self.site.workdays.previous(day, self.first)
        while ship_day is not None:
            arrival = self.route.arrival(ship_day)
            if arrival is not None and arrival <= day:
                return ship_day
            ship_day = self.site.workdays.previous(ship_day - 1, self.first)
        return None

    # ------------------------------------------------------------
    # TAKE
    # ------------------------------------------------------------

    def ship(self, quantity, plan):
        """Take so many units out of the network as planned."""
        parts = [
            part
            for product, factor in self.request.needs
            for part in self._take(product, quantity * factor, plan.ship_day)
        ]
        return self._shipment(quantity, plan, parts)

    def _shipment(self, quantity, plan, parts):
        likely = self._likely(parts, plan)
        return Shipment(self.warehouse, quantity, plan.ship_day, plan.day, likely, parts)

    def _take(self, product, quantity, ship_day):
        existing = min(quantity, self.existing(product, ship_day))
        if product in self.network.untracked:
            today = self.network.today
            return [Part("untracked", product, self.warehouse, quantity, today, today)]
        parts = []
        if existing > TOLERANCE:
            timeline = self.network.timelines[product, self.warehouse]
            day = self._pick_day(ship_day)
            parts = timeline.take(existing, day, product, self.warehouse)
        rest = quantity - existing
        if rest > TOLERANCE * max(1.0, quantity):
            parts.append(self._bring(product, rest, ship_day))
        return parts

    def _bring(self, product, quantity, ship_day):
        found = self._replenished(product, ship_day)
        place = (product, self.warehouse)
        return Part(found.source, *place, quantity, found.day, found.likely, found.ref)

    def _likely(self, parts, plan):
        """Return when these parts are delivered more likely than not."""
        ready = max((part.likely for part in parts), default=self.network.today)
        ship_day = self.site.workdays.next(max(ready + self.site.handling, self.first))
        arrival = None if ship_day is None else self.route.arrival(ship_day)
        return plan.day if arrival is None else min(plan.day, max(arrival, self.target))

    def ever(self):
        """Return how many units could leave at all, sooner or later."""
        return max(self.units(day) for day in self._change_days())

    def partial(self, quantity):
        """Take as much as can be delivered of `quantity`, as early as that much can be."""
        most = min(quantity, self.ever())
        if most <= TOLERANCE:
            return None
        for change in self._change_days():
            ship_day = self.site.workdays.next(change)
            if ship_day is not None and enough(self.units(ship_day), most):
                plan = self._plan_leaving(ship_day)
                return self.ship(most, plan) if plan else None
        return None
