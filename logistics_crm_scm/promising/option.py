"""One warehouse for one request: how much could leave when, and when it would be delivered."""

import math
from typing import NamedTuple

from .source import Source
from .structures import Shipment
from .timeline import slack


class Plan(NamedTuple):
    """A delivery day and the day on which to ship for it."""

    day: int
    ship_day: int


class Option:
    """One warehouse for one request.

    Parameters
    ----------
    request : Request
    needs : list of (int, float)
        Each product once.
    network : Network
    warehouse : int
    least : float, optional
        How many units may be asked for here; all of the request when None.

    Attributes
    ----------
    why : str
        Why nothing at all can be delivered from here, whatever is in stock; else empty.
    target : int
        The day on which the customer would best have it.
    soonest : int or None
        Nothing is delivered from here before.
    """

    def __init__(self, request, needs, network, warehouse, least=None):
        self.warehouse = warehouse
        self.today = network.today
        self.site = network.sites[warehouse]
        self.route = request.routes[warehouse]
        taken, load = {product for product, _factor in needs}, {}
        self.sources = [
            Source(need, network, warehouse, request, taken, load=load, least=least)
            for need in needs
        ]
        self.whole = len(request.needs) > 1 or request.needs[0][1] != 1
        start = max(self.site.release, self.today) + self.site.handling
        self.first = self.site.workdays.next(max(start, self.today + request.lead))
        self.target = self.route.customer.next(max(request.wanted or 0, self.today))
        self.soonest = None
        self.why = self._closed()

    def _closed(self):
        if self.first is None:
            return "no_workday"
        if self.target is None:
            return "no_receiving_day"
        arrival = self.route.arrival(self.first)
        if arrival is None:
            return "no_carrier_day"
        self.soonest = max(arrival, self.target)
        return ""

    @property
    def has_breaks(self):
        """Tell whether it depends on the quantity who brings it."""
        return any(source.has_breaks for source in self.sources)

    # ------------------------------------------------------------
    # HOW MUCH
    # ------------------------------------------------------------

    def covers(self, quantity, ship_day):
        """Tell whether so many units can leave on `ship_day`."""
        day = ship_day - self.site.handling
        return all(source.covers(quantity, day) for source in self.sources)

    def units(self, ship_day):
        """Return how many units can leave on `ship_day`; of a kit, whole ones."""
        day = ship_day - self.site.handling
        least = min((source.units(day) for source in self.sources), default=math.inf)
        if self.whole and math.isfinite(least):
            least = math.floor(least + slack(least))
        return least

    def lacking(self, quantity):
        """Return the products of which there will never be enough for so many units."""
        day = max((day for source in self.sources for day in source.days()), default=self.today)
        short = [source for source in self.sources if not source.covers(quantity, day)]
        return {source.scarcest(day)[-1] for source in short}

    # ------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------

    def plan(self, quantity):
        """Return the plan that delivers so many units first, None where none does."""
        return next((plan for plan in self.plans() if self.covers(quantity, plan.ship_day)), None)

    def most(self, quantity):
        """Return how many of so many units can be delivered at all, and the plan that is first."""
        most, best = 0.0, None
        for plan in self.plans():
            units = min(quantity, self.units(plan.ship_day))
            if units > most + slack(most):
                most, best = units, plan
        return most, best

    def plans(self):
        """Yield the plans between which availability differs, the first delivery first."""
        for ship_day in () if self.why else self._ship_days():
            arrival = self.route.arrival(ship_day)
            if arrival is not None:
                yield Plan(max(arrival, self.target), ship_day)

    def _ship_days(self):
        """Yield the last day that delivers on the target, and days with more before and after."""
        latest = self._latest()
        if latest is None:
            yield from self._later(self.first)
            return
        yield latest
        yield from self._before_expiry(latest)
        yield from self._later(latest + 1)

    def _latest(self):
        leave = self.route.departure(self.target)
        ship_day = None if leave is None else self.site.workdays.previous(leave)
        return None if ship_day is None or ship_day < self.first else ship_day

    def _before_expiry(self, latest):
        """Yield the days before `latest` on which stock may leave that expires until then.

        Only those from which it arrives on the target: it waits nowhere while it expires.
        """
        expiries = {day for source in self.sources for day in source.expiries()}
        ship_days = {self._last_with(day, latest) for day in expiries} - {None, latest}
        for ship_day in sorted(ship_days, reverse=True):
            if ship_day >= self.first and self.route.arrival(ship_day) == self.target:
                yield ship_day

    def _last_with(self, expiry, latest):
        return self.site.workdays.previous(min(latest, expiry + self.site.handling))

    def _later(self, start):
        """Yield the working days from `start` on with more than on the days before."""
        days = {day + self.site.handling for source in self.sources for day in source.days()}
        ships = {self.site.workdays.next(max(start, day)) for day in days if day >= start}
        if start == self.first:
            ships.add(start)
        yield from sorted(ships - {None})

    # ------------------------------------------------------------
    # TAKE
    # ------------------------------------------------------------

    def ship(self, quantity, plan):
        """Take so many units as planned. The parts that exist already are named at the end."""
        shipment = Shipment(self.warehouse, quantity, plan.ship_day, plan.day, plan.day, [])
        for source in self.sources:
            source.take(quantity, plan.ship_day - self.site.handling, shipment)
        return shipment

    def _waits_for_others(self, shipment, likely):
        """Tell whether it leaves later than its own parts let it, for what is set aside."""
        ready = max((part.day for part in shipment.parts), default=self.today)
        sure = self.site.workdays.next(max(ready + self.site.handling, self.first, likely))
        return sure < shipment.ship_day and any(source.kept_back for source in self.sources)

    def likely(self, shipment):
        """Return when a shipment is delivered more likely than not."""
        ready = max((part.likely for part in shipment.parts), default=self.today)
        ship_day = self.site.workdays.next(max(ready + self.site.handling, self.first))
        if ship_day is not None and self._waits_for_others(shipment, ship_day):
            return shipment.day
        arrival = None if ship_day is None else self.route.arrival(ship_day)
        return shipment.day if arrival is None else min(shipment.day, max(arrival, self.target))
