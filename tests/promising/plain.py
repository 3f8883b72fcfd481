"""What promising means, played through day by day. Slow, small and written without the engine.

Quantities are whole numbers; days are counted from `TODAY`, a Monday.
"""

from dataclasses import dataclass, field
from datetime import date

TODAY = date(2026, 3, 2).toordinal()
END = TODAY + 34


@dataclass
class Shelf:
    """A product in a warehouse."""

    free: int = 0
    receipts: list = field(default_factory=list)  # (day, quantity)
    promised: list = field(default_factory=list)  # (day, quantity)
    expiring: list = field(default_factory=list)  # (last day, quantity)
    brought_from: int | None = None
    kept_back: int = 0
    _answers: dict = field(default_factory=dict, repr=False)

    def play(self, extra_day=None, extra=0):
        """Return how much is owed each evening, and what of `extra` was not handed out."""
        expiring = sorted([last, quantity] for last, quantity in self.expiring)
        stock, owed, evenings, lacking = max(0, self.free), 0, [], extra
        for day in range(TODAY, END):
            stock += sum(q for d, q in self.receipts if max(d, TODAY) == day)
            expiring = [lot for lot in expiring if lot[0] >= day]
            paid = min(stock, owed)
            stock, owed = stock - paid, owed - paid
            if day == extra_day:
                stock, lacking = _hand_out(extra, expiring, stock)
            asked = sum(q for d, q in self.promised if max(d, TODAY) == day)
            asked += max(0, -self.free) if day == TODAY else 0
            stock, left = _hand_out(asked, expiring, stock)
            owed += left
            evenings.append(owed)
        return evenings, lacking

    def spares(self, quantity, day):
        """Tell whether so much can be picked on `day` without owing anybody more than before."""
        question = quantity, day, len(self.promised)
        if question not in self._answers:
            before, _none = self.play()
            after, lacking = self.play(day, quantity + self.kept_back)
            self._answers[question] = not lacking and after == before
        return self._answers[question]

    def brings(self, day):
        return self.brought_from is not None and self.brought_from <= day


def _hand_out(quantity, expiring, stock):
    """Take what expires first; return what is left of the stock, and what is lacking."""
    for lot in expiring:
        used = min(lot[1], quantity)
        lot[1], quantity = lot[1] - used, quantity - used
    return max(0, stock - quantity), max(0, quantity - stock)


@dataclass
class Calendar:
    weekdays: frozenset = frozenset(range(7))
    off: frozenset = frozenset()

    def works(self, day):
        return date.fromordinal(day).weekday() in self.weekdays and day not in self.off


@dataclass
class House:
    release: int = TODAY
    handling: int = 0
    calendar: Calendar = field(default_factory=Calendar)


@dataclass
class Way:
    transit: int = 0
    carrier: Calendar = field(default_factory=Calendar)
    customer: Calendar = field(default_factory=Calendar)

    def received(self, ship_day):
        """Return when the customer receives what leaves on `ship_day`."""
        day, driven = ship_day, 0
        while driven < self.transit:
            day += 1
            driven += self.carrier.works(day)
            if day > END + 60:
                return None
        while not self.customer.works(day):
            day += 1
            if day > END + 60:
                return None
        return day


@dataclass
class Wish:
    """A line: products with the number that goes into one unit, and ways by warehouse."""

    needs: list
    quantity: int
    ways: dict
    wanted: int | None = None
    lead: int = 0
    split: bool = False
    from_stock: bool = True
    kept_back: dict = field(default_factory=dict)


@dataclass
class World:
    houses: dict
    shelves: dict  # by product and warehouse
    endless: set = field(default_factory=set)

    def shipping_days(self, wish, warehouse):
        """Return the days on which to ship and when each delivers, as the customer wants it."""
        house, way = self.houses[warehouse], wish.ways[warehouse]
        first = max(max(house.release, TODAY) + house.handling, TODAY + wish.lead)
        target = max(wish.wanted or TODAY, TODAY)
        while not way.customer.works(target):
            target += 1
            if target > END + 60:
                return []
        ships = [day for day in range(first, END) if house.calendar.works(day)]
        found = [(day, way.received(day)) for day in ships]
        found = [(day, received) for day, received in found if received is not None]
        early = [day for day, received in found if received < target]
        on_time = [(day, received) for day, received in found if received >= target]
        if early and not any(received == target for _day, received in on_time):
            on_time.append((early[-1], target))  # it has to wait somewhere, but not for long
        return on_time

    def can_ship(self, wish, warehouse, units, ship_day):
        pick = ship_day - self.houses[warehouse].handling
        total = {}
        for product, factor in wish.needs:
            total[product] = total.get(product, 0) + factor * units
        return all(self._has(wish, (p, warehouse), q, pick) for p, q in total.items())

    def _has(self, wish, place, quantity, pick):
        shelf = self.shelves.get(place, Shelf())
        if place[0] in self.endless or shelf.brings(pick) or quantity == 0:
            return True
        return wish.from_stock and shelf.spares(quantity, pick)

    def most(self, wish, warehouse, shipping_days, until=END + 400):
        """Return how many units one warehouse can have delivered on `until` or before."""
        days = [ship for ship, day in shipping_days if day <= until]
        for units in range(wish.quantity, 0, -1):
            if any(self.can_ship(wish, warehouse, units, day) for day in days):
                return units
        return 0

    def earliest(self, wish):
        """Return the first day on which all of it can have been delivered, or None."""
        ways = {house: self.shipping_days(wish, house) for house in wish.ways}
        for day in sorted({day for found in ways.values() for _ship, day in found}):
            units = [self.most(wish, house, found, day) for house, found in ways.items()]
            if (sum(units) if wish.split else max(units)) >= wish.quantity:
                return day
        return None
