"""Available to promise of one product in one warehouse, day by day."""

from bisect import bisect_right, insort
from collections import deque
from copy import copy
from dataclasses import dataclass
from itertools import accumulate, chain

from .pegging import Pegging


def slack(quantity):
    """Return what floating-point numbers may be wrong by in a quantity."""
    return max(1e-7, 1e-11 * abs(quantity))


def enough(available, quantity):
    """Tell whether a quantity is covered, but for rounding."""
    return available >= quantity - slack(quantity)


@dataclass(slots=True)
class Lot:
    """Stock or a receipt: what is left of it, and when it is there."""

    source: str
    left: float
    day: int
    likely: int
    ref: object = None
    last: int | None = None


class Timeline:
    """Stock, receipts and what is promised already.

    Who takes on a day no more than `available` tells lets nothing fail that is promised before:

    - What is there for good falls, on that day or later, to the least of what is left each day
      of stock and receipts after all that is promised until then.
    - What expires is there too, as far as promises of other days may not need it. All that is
      promised before it expires may use it up; whatever leaves later finds only what is good
      then. So the part of stock that helps on a day is the least, over the days until then, of
      what is still good and what is promised before.

    Promises that will fail anyway, as nothing covers them, wait for the next receipts and take
    those first.

    Parameters
    ----------
    today : int
        Receipts and demand of earlier days count as of today.
    free : float
        On hand and not reserved. Negative where more left than was there.
    supplies : iterable of Supply
        Dated receipts.
    demands : iterable of (int, float)
        Day on which it is picked, and quantity, of what is promised and not reserved.
    perishable : iterable of (int, float)
        Last day on which it may be picked, and quantity, of free stock that expires; not in
        `free`. The oldest goes first.
    """

    def __init__(self, today, free=0.0, supplies=(), demands=(), perishable=()):
        self.today = today
        self._pools = sorted((last, quantity) for last, quantity in perishable if last >= today)
        self._stock = max(0.0, free)
        self._supplies = sorted(supplies, key=lambda supply: max(today, supply.day))
        self._demands = []
        self._deltas = {today: self._stock}
        self._promised = {}
        self._known = None
        for last, _quantity in self._pools:
            self._deltas.setdefault(last + 1, 0.0)
        for supply in self._supplies:
            day = max(today, supply.day)
            self._deltas[day] = self._deltas.get(day, 0.0) + supply.quantity
        self._days = sorted(self._deltas)
        for day, quantity in chain([(today, -free)] if free < 0 else (), demands):
            self.take(quantity, max(today, day))

    def fork(self):
        """Return a timeline with the same past: what either takes, the other does not see."""
        self._curves()  # once for all forks
        fork = copy(self)
        fork._demands = self._demands.copy()
        fork._deltas = self._deltas.copy()
        fork._promised = self._promised.copy()
        fork._days = self._days.copy()
        return fork

    def available(self, day, kept_back=0.0):
        """Return what can be promised to be picked on `day`, without `kept_back`."""
        lasting, perishing = self._curves()
        at = bisect_right(self._days, max(day, self.today)) - 1
        return max(0.0, lasting[at] + perishing[at] - kept_back)

    def earliest(self, quantity, start, kept_back=0.0):
        """Return the first day from `start` on with that much available, or None."""
        for day in [start, *(day for day in self.days() if day > start)]:
            if enough(self.available(day, kept_back), quantity):
                return day
        return None

    def days(self):
        """Return the days on which more becomes available, today first."""
        lasting, _perishing = self._curves()
        rises = (at for at in range(1, len(lasting)) if lasting[at] > lasting[at - 1])
        return [self.today, *(self._days[at] for at in rises)]

    def expiries(self):
        """Return the last days on which some of the stock may be picked, sorted."""
        return [last for last, _quantity in self._pools]

    def take(self, quantity, day, owner=None):
        """Promise a quantity that is picked on `day`; `sources` tells the owner what it is."""
        self._demands.append((day, quantity, owner))
        if day not in self._deltas:
            insort(self._days, day)
        self._deltas[day] = self._deltas.get(day, 0.0) - quantity
        self._promised[day] = self._promised.get(day, 0.0) + quantity
        self._known = None

    def release(self, quantity, day):
        """Let nobody's promises for `day` take so much less: somebody brings it for them."""
        rest = quantity
        for at, (when, taken, owner) in enumerate(self._demands):
            if when == day and owner is None and rest > 0:
                used = min(rest, taken)
                self._demands[at] = (when, taken - used, None)
                rest -= used
        self._deltas[day] = self._deltas.get(day, 0.0) + quantity - rest
        self._promised[day] = self._promised.get(day, 0.0) - quantity + rest
        self._known = None

    # ------------------------------------------------------------
    # HOW MUCH
    # ------------------------------------------------------------

    def _curves(self):
        """Return, by day, what is there for good and what helps of the stock that expires."""
        if self._known is None:
            perishing = self._perishing()
            balance = accumulate(self._deltas[day] for day in self._days)
            held = [max(left, -helps) for left, helps in zip(balance, perishing, strict=True)]
            lasting = list(accumulate(reversed(held), min))
            lasting.reverse()
            self._known = lasting, perishing
        return self._known

    def _perishing(self):
        if not self._pools:
            return [0.0] * len(self._days)
        good = dict.fromkeys(self._days, 0.0)
        for last, quantity in self._pools:
            good[last + 1] -= quantity
        good[self.today] += sum(quantity for _last, quantity in self._pools)
        promised = accumulate((self._promised.get(day, 0.0) for day in self._days), initial=0.0)
        still_good = accumulate(good.values())
        return list(accumulate(map(sum, zip(still_good, promised, strict=False)), min))

    # ------------------------------------------------------------
    # WHAT FROM
    # ------------------------------------------------------------

    def sources(self):
        """Yield the owner, lot and quantity of what each promise is made of.

        The days are played through: stock that expires goes first, the oldest before the others,
        then other stock, then receipts as they come.
        """
        perishing = deque(self._lot("stock", quantity, last) for last, quantity in self._pools)
        lasting = deque([self._lot("stock", self._stock)])
        lasting.extend(self._receipt(supply) for supply in self._supplies)
        owed = 0.0
        for day, quantity, owner in sorted(self._demands, key=lambda demand: demand[0]):
            while perishing and perishing[0].last < day:
                perishing.popleft()
            if owed > 0:
                owed -= sum(used for _lot, used in _draw(lasting, owed, day))
            rest = quantity
            for lots in (perishing, lasting) if perishing else (lasting,):
                for lot, used in _draw(lots, rest, day):
                    rest -= used
                    yield owner, lot, used
            owed += rest

    def demands(self):
        """Return (day, quantity) of what is promised already, by day."""
        return sorted(demand for demand in self._promised.items() if demand[1] > slack(0))

    def pegging(self, replenishment):
        """Return what there is, to be given to what is promised, and who brings the rest."""
        return Pegging(self.today, self._stock, self._supplies, self._pools, replenishment)

    def _lot(self, source, quantity, last=None):
        return Lot(source, quantity, self.today, self.today, last=last)

    def _receipt(self, supply):
        day = max(self.today, supply.day)
        likely = max(self.today, min(supply.likely, day))
        return Lot("receipt", supply.quantity, day, likely, supply.ref)


def _draw(lots, quantity, day):
    """Yield which lots a quantity comes from that is picked on `day`, and how much of each."""
    rest = quantity
    while lots and lots[0].day <= day and rest > slack(quantity):
        used = min(rest, lots[0].left)
        if used > 0:
            lots[0].left -= used
            rest -= used
            yield lots[0], used
        if lots[0].left <= 0:
            lots.popleft()
