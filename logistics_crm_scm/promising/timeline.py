"""Available to promise of one product in one warehouse, day by day."""

from bisect import bisect_right

from .structures import Part

TOLERANCE = 1e-6


def enough(available, quantity):
    """Tell whether a quantity is covered, but for rounding."""
    return available >= quantity - TOLERANCE * max(1.0, abs(quantity))


class Timeline:
    """Stock, receipts and what is promised already.

    What is available to promise on a day is the least that the balance of stock, receipts and
    earlier promises falls to on that day or later: who takes no more than that breaks no promise.

    Parameters
    ----------
    today : int
        Receipts and demand of earlier days count as of today.
    free : float
        On hand and not reserved. Negative where more left than was there.
    supplies : iterable of Supply
        Dated receipts.
    demands : iterable of (int, float)
        Day and quantity of what is promised and not reserved.
    perishable : iterable of (int, float)
        Last day on which it may leave, and quantity, of free stock that expires; not in `free`.
        The oldest goes first.
    """

    def __init__(self, today, free=0.0, supplies=(), demands=(), perishable=()):
        self.today = today
        self._free = free
        self._free_used = 0.0
        self._pools = sorted([last, quantity] for last, quantity in perishable if last >= today)
        self._arrivals = {}
        self._deltas = {today: free}
        for supply in supplies:
            day = max(supply.day, today)
            self._arrivals.setdefault(day, []).append(supply)
            self._deltas[day] = self._deltas.get(day, 0.0) + supply.quantity
        for day, quantity in sorted(demands):
            self._deduct(max(day, today), quantity)
        self._steps = None

    def available(self, day, kept_back=0.0):
        """Return what can be promised to leave on `day`, without `kept_back`."""
        days, least = self._balance()
        at = bisect_right(days, day) - 1
        base = least[at] if at >= 0 else 0.0
        fresh = sum(quantity for last, quantity in self._pools if last >= day)
        return max(0.0, max(0.0, base) + fresh - kept_back)

    def earliest(self, quantity, start, kept_back=0.0):
        """Return the first day from `start` on with that much available, or None."""
        if enough(self.available(start, kept_back), quantity):
            return start
        days, _least = self._balance()
        for day in days[bisect_right(days, start) :]:
            if enough(self.available(day, kept_back), quantity):
                return day
        return None

    def days(self):
        """Return the days on which more may become available, today included."""
        return self._balance()[0]

    def take(self, quantity, day, product=0, warehouse=0):
        """Promise a quantity that leaves on `day`; return the parts it is made of."""
        parts = self._take_perishable(quantity, day, product, warehouse)
        rest = quantity - sum(part.quantity for part in parts)
        if rest > TOLERANCE:
            parts += self._take_steps(rest, day, product, warehouse)
            self._deltas[day] = self._deltas.get(day, 0.0) - rest
            self._steps = None
        return parts

    # ------------------------------------------------------------

    def _deduct(self, day, quantity):
        """Count demand that exists: the oldest stock that is still good then goes first."""
        for pool in self._pools:
            if pool[0] >= day and quantity > 0:
                used = min(pool[1], quantity)
                pool[1] -= used
                quantity -= used
        self._deltas[day] = self._deltas.get(day, 0.0) - quantity

    def _balance(self):
        if self._steps is None:
            days = sorted(self._deltas)
            balance, total = [], 0.0
            for day in days:
                total += self._deltas[day]
                balance.append(total)
            for at in range(len(days) - 2, -1, -1):
                balance[at] = min(balance[at], balance[at + 1])
            self._steps = days, balance
        return self._steps

    def _take_perishable(self, quantity, day, product, warehouse):
        taken = 0.0
        for pool in self._pools:
            if pool[0] >= day and quantity > taken:
                used = min(pool[1], quantity - taken)
                pool[1] -= used
                taken += used
        return [self._stock(taken, product, warehouse)] if taken > TOLERANCE else []

    def _take_steps(self, quantity, day, product, warehouse):
        """Say which stock and receipts a quantity comes from: what is there first, first."""
        parts, before = [], 0.0
        days, least = self._balance()
        for at, start in enumerate(days):
            step = min(least[at], quantity) - before
            if start > day or step <= TOLERANCE:
                continue
            before += step
            parts += self._attribute(step, start, product, warehouse)
        return parts

    def _attribute(self, step, day, product, warehouse):
        parts = []
        if day == self.today:
            stock = min(step, max(0.0, self._free - self._free_used))
            self._free_used += stock
            step -= stock
            if stock > TOLERANCE:
                parts.append(self._stock(stock, product, warehouse))
        for supply in self._arrivals.get(day, ()):
            used = min(step, supply.quantity - supply.used)
            if used > TOLERANCE:
                supply.used += used
                step -= used
                likely = max(self.today, min(supply.likely, day))
                parts.append(Part("receipt", product, warehouse, used, day, likely, supply.ref))
        return parts

    def _stock(self, quantity, product, warehouse):
        return Part("stock", product, warehouse, quantity, self.today, self.today)
