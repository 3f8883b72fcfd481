"""What goes into order promising and what comes out."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .load import TOLERANCE, Load
from .workdays import WorkDays

EVERY_DAY = WorkDays()


@dataclass(slots=True)
class Supply:
    """A dated receipt.

    Attributes
    ----------
    day : int
        When it is counted on: its date plus what its source is usually late by.
    quantity : float
        In the product's unit.
    likely : int
        When it will be there more likely than not.
    ref : object
        Whatever the caller knows it by.
    noted : float or None
        When it was ordered, on any scale that the needs have as well.
    """

    day: int
    quantity: float
    likely: int = 0
    ref: object = None
    noted: float | None = None

    def __post_init__(self):
        self.likely = self.likely or self.day


@dataclass(frozen=True, slots=True)
class Replenishment:
    """What a supplier or our production could bring in any quantity, and from which day on."""

    day: int
    likely: int
    source: str = "supplier"
    ref: object = None

    def pick(self, _quantity):
        """Return who brings a quantity: the same, whatever it is."""
        return self

    def replace_later(self, other):
        """Return another who brings any quantity instead, if that is sooner."""
        return min(self, other, key=_by_day)

    def soonest(self, _quantity, _today):
        """Return the day from which on any quantity can be brought."""
        return self.day

    def bring(self, _quantity, today, _planned=0):
        """Return the source, the day and the reference of any quantity."""
        return self.source, max(self.day, today), self.ref


@dataclass(frozen=True, slots=True)
class QuantityBreaks:
    """Who brings more, where that depends on how much is asked for: suppliers have minimums.

    Attributes
    ----------
    steps : tuple of (float, Replenishment)
        From which quantity on whom is bought from, ascending; the first brings what is less, too.
    """

    steps: tuple

    @property
    def day(self):
        """Return the day from which on any quantity can be brought."""
        return max(one.day for _least, one in self.steps)

    def pick(self, quantity):
        """Return who brings a quantity."""
        return self.pick_between(quantity, quantity)[-1]

    def pick_between(self, least, most):
        """Return who may bring a quantity of which only bounds are known, by quantity."""
        found = []
        for start, one in self.steps:
            if start > most + TOLERANCE:
                break
            if start <= least + TOLERANCE:
                found = []
            found.append(one)
        return found or [self.steps[0][1]]

    def buy_together(self, quantity):
        """Return the same where up to a quantity may be bought at once: who is slower counts."""
        steps = []
        for at, (start, one) in enumerate(self.steps):
            later = [
                other for least, other in self.steps[at + 1 :] if least <= quantity + TOLERANCE
            ]
            steps.append((start, max(one, *later, key=_by_day) if later else one))
        return replace(self, steps=tuple(steps))

    def replace_later(self, other):
        """Return the same with another who brings any quantity where that is sooner."""
        steps = tuple((least, one.replace_later(other)) for least, one in self.steps)
        return replace(self, steps=steps)

    def soonest(self, quantity, _today):
        """Return the day on which a quantity can be brought."""
        return self.pick(quantity).day

    def bring(self, quantity, today, planned=0):
        """Return the source, the day and the reference of a quantity."""
        return self.pick(quantity).bring(quantity, today, planned)


def _by_day(replenishment):
    return replenishment.day


@dataclass(frozen=True, slots=True)
class Recipe:
    """How our production makes a product.

    Attributes
    ----------
    needs : tuple of (int, float)
        Each component once, and how much of it one unit takes.
    first : int
        First working day on which it may begin.
    lead : int
        Days from its beginning to its end.
    workdays : WorkDays
        Of the warehouse: it begins and ends on one of them.
    ref : callable
        Gives the reference of a part, from the day it is finished, the product whose
        components decide (or None) and the work centre that is busy until then (or None).
    centers : tuple of (int, float) or (int, float, float)
        One operation after another: the work centre, the working days that one unit takes, and
        those that each order takes whatever its size, such as for setting up.
    """

    needs: tuple
    first: int
    lead: int = 0
    workdays: WorkDays = EVERY_DAY
    ref: object = None
    centers: tuple = ()

    def finish(self, day):
        """Return when it is finished where all components are there on `day`, or None."""
        start = self.workdays.next(max(day, self.first))
        return None if start is None else self.workdays.next(start + self.lead)

    def start(self, day):
        """Return the last day on which to begin for it to be finished on `day`, or None."""
        end = self.workdays.previous(day)
        start = None if end is None else self.workdays.previous(end - self.lead)
        return None if start is None or start < self.first else start

    @property
    def steps(self):
        """Return (work centre, working days a unit, working days an order) of each operation."""
        return [(*step, 0.0)[:3] for step in self.centers]

    def get_work(self, units):
        """Return how many working days so many units take beyond the first."""
        days = sum(fixed + pace * units for _center, pace, fixed in self.steps)
        return max(0, math.ceil(days - TOLERANCE) - 1)


@dataclass(frozen=True, slots=True)
class Site:
    """A warehouse.

    Attributes
    ----------
    release : int
        First day on which an order of now may be picked: the next one after the cut-off.
    workdays : WorkDays
        When it ships.
    handling : int
        Days between picking and shipping.
    """

    release: int
    workdays: WorkDays = EVERY_DAY
    handling: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """The way from a warehouse to a customer.

    Attributes
    ----------
    transit : int
        Days under way, counted on the carrier's days.
    carrier : WorkDays
        When the carrier drives.
    customer : WorkDays
        When the customer receives.
    """

    transit: int = 0
    carrier: WorkDays = EVERY_DAY
    customer: WorkDays = EVERY_DAY

    def arrival(self, ship_day):
        """Return the day on which what leaves on `ship_day` is received, or None."""
        day = self.carrier.add(ship_day, self.transit)
        return None if day is None else self.customer.next(day)

    def departure(self, day):
        """Return the last day to leave on for the customer to receive it on `day`, or None."""
        return self.carrier.subtract(day, self.transit)


@dataclass(frozen=True, slots=True)
class Request:
    """A line to promise.

    Attributes
    ----------
    key : object
        The caller's name for it.
    needs : tuple of (int, float)
        Products with the quantity that goes into one unit: one pair, or a kit's components.
    quantity : float
        How many units; more than zero.
    routes : dict of int to Route
        The warehouses that may ship it, best first, each with its way to the customer.
    wanted : int or None
        Not to be delivered before this day.
    lead : int
        Days of preparation before it may leave.
    split : bool
        Whether it may come from several warehouses.
    priority : int
        Smaller numbers choose first.
    from_stock : bool
        False where it is procured for the order alone.
    kept_back : dict of (int, int) to float
        By product and warehouse: what is set aside for other customers.
    to_order : frozenset of int
        Products of `needs` that are procured for the order alone.
    ways : dict of (int, int) to (Replenishment or None, Recipe or None)
        By product and warehouse: who brings or makes it for this request, whatever others get.
    """

    key: object
    needs: tuple
    quantity: float
    routes: dict
    wanted: int | None = None
    lead: int = 0
    split: bool = False
    priority: int = 0
    from_stock: bool = True
    kept_back: dict = field(default_factory=dict)
    to_order: frozenset = frozenset()
    ways: dict = field(default_factory=dict)


class Timelines(Mapping):
    """Timelines that are made when somebody first looks at them: most are not looked at.

    Parameters
    ----------
    places : collection of (int, int)
        Product and warehouse.
    make : callable
        Returns the timeline of a place.
    """

    def __init__(self, places, make):
        self._places = places
        self._make = make
        self._made = {}

    def __getitem__(self, place):
        found = self._made.get(place)
        if found is None:
            if place not in self._places:
                raise KeyError(place)
            found = self._made[place] = self._make(place)
        return found

    def __iter__(self):
        return iter(self._places)

    def __len__(self):
        return len(self._places)


@dataclass(slots=True)
class Network:
    """Where goods are and will be.

    Attributes
    ----------
    today : int
        Nothing is promised before.
    sites : dict of int to Site
        By warehouse.
    timelines : mapping of (int, int) to Timeline
        By product and warehouse; where there is none, there is no stock and no receipt.
    replenishments : dict of (int, int) to Replenishment or QuantityBreaks
        By product and warehouse; where there is none, nobody could bring more.
    untracked : set of int
        Products whose stock is not kept: always there.
    recipes : dict of (int, int) to Recipe
        By product and warehouse: how more is made of what components there are.
    load : Load
        What work centres have to do, and what is promised and has no order there yet.
    """

    today: int
    sites: dict
    timelines: Mapping
    replenishments: dict = field(default_factory=dict)
    untracked: frozenset = frozenset()
    recipes: dict = field(default_factory=dict)
    load: Load = field(default_factory=Load)

    def follow(self, ways):
        """Return the same network in which some is brought or made otherwise; see `Request`."""
        if not ways:
            return self
        brought = self.replenishments | {place: bring for place, (bring, _recipe) in ways.items()}
        made = self.recipes | {place: recipe for place, (_bring, recipe) in ways.items()}
        brought = {place: bring for place, bring in brought.items() if bring}
        made = {place: recipe for place, recipe in made.items() if recipe}
        return replace(self, replenishments=brought, recipes=made)

    def fresh(self):
        """Return the same network with timelines of its own."""
        ours = self.timelines
        forks = Timelines(ours.keys(), lambda place: ours[place].fork())
        return replace(self, timelines=forks, load=self.load.fork())


@dataclass(frozen=True, slots=True)
class Part:
    """A quantity of a product, dated when it is available at the warehouse."""

    source: str
    product: int
    warehouse: int
    quantity: float
    day: int
    likely: int
    ref: object = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A quantity of an open delivery with what it is covered by.

    Attributes
    ----------
    key : object
        The caller's name for the delivery.
    source : str
        ``left`` the house, ``ready`` (picked), ``reserved``, ``stock``, ``receipt``, ``supplier``,
        ``production`` or ``none``.
    quantity : float
        In the product's unit.
    day : int or None
        When it is there (when it left); None where nothing covers it.
    planned : int
        When it is planned to be picked.
    ref : object
        What the receipt or the replenishment is known by.
    warehouse : int
        Which it leaves.
    undated : bool
        Whether no date was promised for it.
    """

    key: object
    source: str
    quantity: float
    day: int | None
    planned: int = 0
    ref: object = None
    warehouse: int = 0
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """What production of something promised takes.

    Attributes
    ----------
    product, warehouse : int
    quantity : float
        In the product's unit.
    existing : float
        How much of it is there or on order.
    made : float
        How much of it is to be made itself. The rest is to be bought.
    """

    product: int
    warehouse: int
    quantity: float
    existing: float
    made: float


@dataclass(slots=True)
class Shipment:
    """What leaves one warehouse for a line: units, days, and the parts it is made of.

    What production of it takes is in `components`, a row for each time that something is taken.
    """

    warehouse: int
    quantity: float
    ship_day: int
    day: int
    likely: int
    parts: list
    components: list = field(default_factory=list)


@dataclass(slots=True)
class Answer:
    """What can be promised for a request.

    Attributes
    ----------
    day, likely : int or None
        When everything is delivered for sure, and when more likely than not; None where not all
        of it is covered.
    shipments : list of Shipment
        What can be delivered, also where that is not everything.
    missing : float
        Units that nothing covers.
    why : str
        Where `day` is None: ``no_source``, ``no_workday``, ``no_carrier_day``,
        ``no_receiving_day`` or ``no_warehouse``.
    lacking : frozenset of int
        Products that there is not enough of: of a kit or of what is made, the components.
    """

    key: object
    day: int | None = None
    likely: int | None = None
    shipments: list = field(default_factory=list)
    missing: float = 0.0
    why: str = ""
    lacking: frozenset = frozenset()

    @property
    def parts(self):
        """Return the parts of all shipments, the first to be there first."""
        parts = [part for shipment in self.shipments for part in shipment.parts]
        return sorted(parts, key=lambda part: part.day)
