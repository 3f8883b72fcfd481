"""The days of a small world of warehouses, played one by one. Slow, and written without the engine.

What is there on which day is told by whoever made the documents, or read from them by the tests.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

HORIZON = 75  # days; nothing in these worlds lies further out


@dataclass
class Week:
    """The weekdays on which somebody works, but for holidays."""

    weekdays: frozenset = frozenset(range(7))
    holidays: frozenset = frozenset()

    def works(self, day):
        return day.weekday() in self.weekdays and day not in self.holidays

    def following(self, day):
        """Return the first working day that is not before `day`."""
        while not self.works(day):
            day += timedelta(days=1)
        return day


@dataclass
class House:
    """A warehouse at a moment (naive UTC)."""

    record: object
    moment: object
    zone: str = "UTC"
    cutoff: float = 0.0
    week: Week = field(default_factory=Week)
    handling: int = 0

    def local(self, moment):
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone))

    def is_late(self, local):
        return bool(self.cutoff) and local.hour + local.minute / 60 >= self.cutoff

    @property
    def today(self):
        return self.local(self.moment).date()

    @property
    def release(self):
        """Return the first day on which an order of now is picked."""
        local = self.local(self.moment)
        return local.date() + timedelta(days=self.is_late(local))

    def counts_on(self, moment):
        """Return the day on which goods that are planned for a moment may be picked."""
        local = self.local(moment)
        planned = local.date() + timedelta(days=self.is_late(local))
        if planned < self.today:  # overdue: not today
            planned = self.today + timedelta(days=1)
        return self.week.following(planned)


@dataclass
class Way:
    """How goods come to a customer."""

    transit: int = 0
    carrier: Week = field(default_factory=Week)
    customer: Week = field(default_factory=Week)

    def received(self, day):
        for _driven in range(self.transit):
            day = self.carrier.following(day + timedelta(days=1))
        return self.customer.following(day)


@dataclass
class Shelf:
    """A product in a warehouse: what is free, what comes and what is to leave, by day."""

    today: date
    free: float = 0.0
    receipts: list = field(default_factory=list)
    leaving: list = field(default_factory=list)
    brought_from: date | None = None

    def play(self, extra_day=None, extra=0.0):
        """Return what is owed each evening, and what of `extra` was not there."""
        stock, owed, evenings, lacking = max(0.0, self.free), max(0.0, -self.free), [], extra
        for number in range(HORIZON):
            day = self.today + timedelta(days=number)
            stock += sum(q for d, q in self.receipts if max(d, self.today) == day)
            stock, owed = max(0.0, stock - owed), max(0.0, owed - stock)
            if day == extra_day:
                stock, lacking = max(0.0, stock - extra), max(0.0, extra - stock)
            asked = sum(q for d, q in self.leaving if max(d, self.today) == day)
            stock, owed = max(0.0, stock - asked), owed + max(0.0, asked - stock)
            evenings.append(owed)
        return evenings, lacking

    def spares(self, quantity, day):
        """Tell whether so much may leave on `day` without owing anybody more than before."""
        if self.brought_from and self.brought_from <= day:
            return True
        evenings, lacking = self.play(day, quantity)
        return not lacking and evenings == self.play()[0]


def first_day(shelves, way, quantity, wanted, start, split):
    """Return the first day on which all of it can be delivered, by trying every day, or None.

    Parameters
    ----------
    shelves : list of (House, Shelf)
        The warehouses that it may come from.
    wanted : date
        Not to be delivered before.
    start : date
        Not to leave before.
    split : bool
        Whether it may come from several warehouses.
    """
    target = way.customer.following(wanted)
    by_day = {}
    for house, shelf in shelves:
        first = max(house.release + timedelta(days=house.handling), start)
        for number in range(HORIZON):
            ship = first + timedelta(days=number)
            if house.week.works(ship):
                day = max(way.received(ship), target)
                by_day.setdefault(day, []).append((house, shelf, ship))
    most = {}
    for day in sorted(by_day):
        for house, shelf, ship in by_day[day]:
            pick = ship - timedelta(days=house.handling)
            units = _most(shelf, quantity, pick, most.get(house.record.id, 0))
            most[house.record.id] = units
        if (sum(most.values()) if split else max(most.values())) >= quantity:
            return day
    return None


def _most(shelf, quantity, day, least):
    """Return how many of so many units (a whole number) may leave on `day`, `least` at least."""
    units = least
    while units < quantity and shelf.spares(units + 1, day):
        units += 1
    return units
