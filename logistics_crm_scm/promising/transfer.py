"""What a transfer between two of our warehouses brings, by what the one it leaves can give."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Leg:
    """What is to leave one of our warehouses for another one, and nothing is reserved for.

    Attributes
    ----------
    key : object
        The caller's name for it.
    place : (int, int)
        Product and warehouse that it leaves.
    day : int
        When it is planned to leave.
    quantity : float
        In the product's unit.
    shares : list of (object, float)
        What it brings: receipts, the first to be there first, and how much of each.
    given : list of (int, float)
        When the warehouse can give how much, the first first; the rest it cannot give at all.
    """

    key: object
    place: tuple
    day: int
    quantity: float
    shares: list = field(default_factory=list)
    given: list = field(default_factory=list)

    def get_late(self, receipt, today):
        """Return [(day or None, quantity)] of what a receipt gets later than planned, or never."""
        in_time = max(self.day, today)
        return [
            (day, quantity)
            for to, day, quantity in self._hand_out()
            if to == receipt and (day is None or day > in_time)
        ]

    def _hand_out(self):
        """Yield receipt, day or None, and quantity: who is first gets what is there first."""
        given = [*self.given, (None, self.quantity)]
        for receipt, rest in self.shares:
            while rest > 0:
                day, quantity = given[0]
                used = min(rest, quantity)
                yield receipt, day, used
                rest -= used
                given[0] = day, quantity - used
                if quantity <= used and len(given) > 1:
                    del given[0]


def feed(legs, room):
    """Say which receipts get what of each leg; what is reserved for them comes first.

    Parameters
    ----------
    legs : list of (Leg, list of (tuple, object))
        Each with its receipts, and what these are sorted by.
    room : dict of object to float
        By receipt, how much of it may come of the legs; used up.
    """
    for leg, receipts in legs:
        rest = leg.quantity
        for _turn, receipt in sorted(receipts, reverse=True):
            used = min(rest, room[receipt])
            room[receipt] -= used
            rest -= used
            if used > 0:
                leg.shares.insert(0, (receipt, used))
