"""What production makes of the components that there are, for promises that wait for it."""

import math

from .claims import get_places, serve, settle
from .pegging import NEVER, TOLERANCE, Need
from .source import Source, Stocked
from .structures import QuantityBreaks, Replenishment
from .timeline import slack


def make_endless(network):
    """Add to the replenishments from when on production can make any quantity.

    That is once all components can be brought in any quantity, where no work centre takes its time
    for each unit, of the product itself or of what it is made of, and it does not depend on their
    quantity who brings components. A supplier who is sooner stays.
    """
    for place, recipe in network.recipes.items():
        product, warehouse = place
        source = Source((product, 1.0), network, warehouse)
        if _takes_centers(source) or any(part.has_breaks for part in source.parts):
            continue
        day = next((day for day in source.finished() if source.makes(day) == math.inf), None)
        bought = network.replenishments.get(place)
        if day is not None and (bought is None or day < bought.day):
            ref = recipe.ref and recipe.ref(day, None, None)
            made = Replenishment(day, day, "production", ref)
            network.replenishments[place] = bought.replace_later(made) if bought else made


def _takes_centers(source):
    """Tell whether work centres have a part in making something, however deep down."""
    made = bool(source.recipe and source.recipe.centers)
    return made or any(_takes_centers(part) for part in source.parts)


def book(network, needs=None, settled=None, get_pegging=None):
    """Let production cover what is promised already and neither stock nor a receipt covers in time.

    Its components and days of work centres are not promised to anybody else then, and a receipt
    that comes later is free for others. What nothing can cover takes nothing.

    Parameters
    ----------
    network : Network
        Its timelines and the load of its work centres are changed.
    needs, settled
        As of `serve`; by default what the timelines tell of what is promised already.
    get_pegging : callable, optional
        As of `claim`.
    """

    def from_timeline(place, brings):
        return network.timelines[place].pegging(brings)

    places = sorted(network.recipes.keys() & network.timelines.keys())
    get_pegging = get_pegging or from_timeline
    peggings = {place: get_pegging(place, Making(network, place)) for place in places}
    if needs is None:
        needs = {place: _get_demands(network, place) for place in get_places(network)}
        settled = settle(network, needs, get_pegging)
    for _place, _piece in serve(network, needs, settled, peggings):
        pass


def _get_demands(network, place):
    """Return a Need for each of what a timeline tells is promised already."""
    timeline = network.timelines.get(place)
    demands = timeline.demands() if timeline else ()
    return [Need((place, day), day, quantity) for day, quantity in demands]


class Making:
    """Production of one product in one warehouse, for pegging: it uses up the components.

    Parameters
    ----------
    network : Network
        Changed by it.
    place : (int, int)
        Product and warehouse.
    early : bool
        Whether work centres begin as soon as they can: right where who is due first is served
        first. Otherwise they begin as late as they may, and leave the days before to others.
    aside : dict of (int, int) to float, optional
        By product and warehouse: what it leaves of components.
    """

    def __init__(self, network, place, early=False, aside=None):
        product, self._warehouse = self._place = place
        self._begins_early, self._kept = early, Stocked(aside) if aside else None
        self._early = early and bool(network.recipes[place].centers)
        self._network = network
        self._need = (product, 1.0)
        self._other = network.replenishments.get(place)

    def pick(self, quantity):
        """Return the same production, beside whoever else brings a quantity."""
        if not isinstance(self._other, QuantityBreaks):
            return self
        found = Making(self._network, self._place, self._begins_early)
        found._kept, found._other = self._kept, self._other.pick(quantity)
        return found

    def beside(self, aside):
        """Return the same production, which leaves so much of its components."""
        return Making(self._network, self._place, self._begins_early, aside)

    def _get_source(self, network=None, **values):
        place = network or self._network, self._warehouse
        return Source(self._need, *place, self._kept, **values)

    def soonest(self, quantity, today):
        """Return the day on which a quantity could be made or bought, NEVER where it cannot be."""
        if quantity <= TOLERANCE:
            return today
        source = self._get_source(size=quantity, whole=True)
        made = source.ready(quantity, today)
        bought = self._other.soonest(quantity, today) if self._other else NEVER
        return bought if made is None else min(made, bought)

    def bring(self, quantity, today, planned=0):
        """Return the source, the day and the reference of a quantity; no day where none can.

        It is there on that day at the earliest, and made for the day that is planned.
        """
        source = self._get_source(size=quantity, whole=True)
        day = source.ready(quantity, today)
        if self._early and (day is None or day > planned) and self._fits(quantity, planned):
            return self._make_by_and_by(self._network, quantity, planned)
        other = self._other and self._other.bring(quantity, today)
        if day is None or (other and other[0] != "production" and other[1] < day):
            return other or ("none", None, None)
        later = planned > day and not self._early
        due = source.ready(quantity, planned) if later else day
        return "production", day, source.make(quantity, due or day)

    def _fits(self, quantity, planned):
        """Tell whether it is made in time by beginning with the components that are there."""
        return bool(self._make_by_and_by(self._network.fresh(), quantity, planned))

    def _make_by_and_by(self, network, quantity, planned):
        """Make whole units as their components come; return as `bring`, None if late."""
        rest, day, ref = quantity, None, None
        first = self._get_source(network)
        for start in sorted({network.today, *(day for part in first.parts for day in part.days())}):
            can = min((part.units(start) for part in first.parts), default=math.inf)
            batch = rest if can >= rest - slack(rest) else math.floor(can + slack(can))
            if start > planned or batch <= 0:
                continue
            source = self._get_source(network, size=batch, whole=True)
            day = source.ready(batch, start)
            if day is None or day > planned:
                return None
            ref = source.make(batch, day)
            rest -= batch
            if rest <= slack(quantity):
                return "production", day, ref
        return None
