"""What each open delivery is waiting for, as things stand.

Who is to leave first is served first: from what is free, then from dated receipts, the earliest
first, and from what could still be brought where that is there before the receipt. Within one
product that is the order in which the fewest are late: whoever waits longer for an earlier receipt
makes nobody else earlier.
"""

import math
from collections import deque
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from .structures import Piece

TOLERANCE = 1e-6  # of a unit; less is rounding
NEVER = 10**7  # sorts after every day
EXISTING = ("stock", "receipt")  # sources of what is there or on order


@dataclass(frozen=True, slots=True)
class Need:
    """A quantity that is to leave a warehouse and that nothing is reserved for.

    Attributes
    ----------
    key : object
        The caller's name for it.
    day : int
        When it is planned to be picked.
    quantity : float
        In the product's unit.
    undated : bool
        Whether no date was promised for it: it is served after all that have one.
    kept_back : float
        What it must leave of what is in stock: set aside for others. What has a date takes of it
        nevertheless where no receipt comes in time.
    from_stock : bool
        Whether it may take what is in stock: not what is procured for it alone.
    since : int
        Of what has no date: who came first, and is served first among them.
    brought : float
        How much of it is to be bought or made for it, as it was promised. The rest was promised
        from what is there or on order: it waits for that, since nobody buys it again, and nobody
        whose goods are to be brought takes it away.
    asked : int or None
        When it was promised, on the scale of `Supply.noted`: what was ordered later may have been
        ordered for it.
    owner : object
        For whom: promises of the same one count together.
    claimed : bool
        Whether it is a component of what was promised to be made: somebody brings the rest of it.
    aside : dict of (int, int) to float
        By product and warehouse: what is set aside for others, of all that it may be made of.
    unpromised : bool
        Whether it belongs to no promise, such as what a manufacturing order takes. Whoever was
        promised something later was promised it beside this.
    lost : bool
        Whether it is made anew, since what it was promised from is gone: before anything is given
        to those who were promised later, and wait for other goods.
    waits : bool
        Whether nobody buys or makes it, such as what a transfer takes to another warehouse: what
        is there and on order is all that it gets.
    """

    key: object
    day: int
    quantity: float
    undated: bool = False
    kept_back: float = 0.0
    from_stock: bool = True
    since: int = 0
    brought: float = math.inf
    asked: float | None = None
    owner: object = None
    claimed: bool = False
    aside: dict = field(default_factory=dict)
    unpromised: bool = False
    lost: bool = False
    waits: bool = False

    @property
    def ordered(self):
        """Return how much of it was promised from what is there or on order."""
        return max(0.0, self.quantity - self.brought)

    @property
    def asked_of_supplier(self):
        """Return how much it was promised to be brought of, at least; 0 where that is not known.

        So who was to bring it does not change because less of it is needed meanwhile.
        """
        return self.brought if math.isfinite(self.brought) else 0.0

    @property
    def most_expected(self):
        """Return how much `expects` is at most."""
        return self.quantity if self.unpromised or self.lost else self.ordered

    def expects(self, other):
        """Return how much of what is there or on order is kept for it when another is served."""
        if None in (self.asked, other.asked):
            return self.ordered
        if self.asked < other.asked:
            return self.most_expected
        return 0.0 if other.unpromised and not self.unpromised else self.ordered

    def may_wait_for(self, day, noted):
        """Tell whether what was ordered since, and comes on a day, may have been ordered for it."""
        asked = math.inf if self.asked is None else self.asked
        return bool(self.brought) and asked < noted and day <= self.day


class InTime:
    """Brings any quantity on the day on which it is needed: what was promised counts as kept."""

    def pick(self, _quantity):
        """Return who brings a quantity: the same, whatever it is."""
        return self

    def soonest(self, _quantity, today):
        """Return the first day on which any quantity is brought."""
        return today

    def bring(self, _quantity, today, planned=0):
        """Return the source, the day and the reference of any quantity."""
        return "production", max(today, planned), None


class Pegging:
    """What is there and will be of one product in one warehouse, given to one need after another.

    Parameters
    ----------
    today : int
        What is planned for before counts as of today.
    free : float
        On hand and not reserved; where it is negative, the first receipts make up for it.
    supplies : iterable of Supply
        Dated receipts.
    perishable : iterable of (int, float)
        Last day on which it may leave, and quantity, of free stock that expires; not in `free`.
    replenishment : Replenishment, Making or None
        What covers the rest, and what would wait longer for a receipt.
    """

    def __init__(self, today, free=0.0, supplies=(), perishable=(), replenishment=None):
        self._today, self.brings = today, replenishment
        self._pools = sorted([last, quantity] for last, quantity in perishable if last >= today)
        self._stock = [[today, free, "stock", None, None]]
        coming = sorted(supplies, key=lambda supply: supply.day)
        self._stock += [
            [max(one.day, today), one.quantity, "receipt", one.ref, one.noted] for one in coming
        ]
        self._later, self._expected, self._due = deque(), deque(), 0.0
        _cover_deficit(self._stock)

    def expect(self, needs):
        """Keep for needs that are served later what was promised to them from what is on order."""
        self._later = deque(sorted((one for one in needs if not one.undated), key=self.turn))
        self._expected = deque(
            one for one in self._later if one.ordered or one.unpromised or one.lost
        )
        self._due = sum(one.most_expected for one in self._expected)

    def turn(self, need):
        """Return the sort key of when a need is served.

        By day, then whoever was promised first; what has no date at last.
        """
        asked = math.inf if need.asked is None else need.asked
        return need.undated, need.since * need.undated, max(need.day, self._today), asked

    def serve(self, need, brings=None):
        """Return the pieces that cover a need, by day; one without a day is covered by nothing.

        `brings` covers the rest instead of who usually does.
        """
        self._take_turn(need)
        pieces = []
        rest = need.quantity - self._take_in_time(pieces, need)
        if rest > TOLERANCE:
            rest -= self._wait(pieces, need, rest)
        brings = brings or (InTime() if need.claimed else self.brings)
        brings = None if need.waits else brings
        brings = brings and brings.pick(max(rest, need.asked_of_supplier))
        soonest = brings.soonest(rest, self._today) if brings else NEVER
        rest -= self._take_late(pieces, need, rest, soonest)
        if rest > TOLERANCE * max(1.0, need.quantity):
            found = brings.bring(rest, self._today, need.day) if brings else ("none", None, None)
            where = (found[1], need.day, found[2])
            pieces.append(Piece(need.key, found[0], rest, *where, undated=need.undated))
        while len(self._stock) > 1 and self._stock[1][1] <= TOLERANCE:
            del self._stock[1]
        return pieces

    def _take_turn(self, need):
        """Expect nothing for a need any more that is served now; they are served in turn."""
        if self._later and self._later[0] is need:
            self._later.popleft()
        if self._expected and self._expected[0] is need:
            self._expected.popleft()
            self._due -= need.most_expected

    def _take_in_time(self, pieces, need):
        """Cover a need by what is there on its day and kept for nobody else; return how much."""
        rest, in_time = need.quantity, max(need.day, self._today)
        here = [pool for pool in self._pools if pool[0] >= in_time]
        here = here + self._stock[:1] if need.from_stock else []
        most = max(need.ordered, self._get_free(in_time, need)) if need.brought else need.quantity
        may = min(rest, most, sum(lot[1] for lot in here) - need.kept_back)
        for lot in here:
            used = _draw(pieces, need, lot, 1, may, ("stock", self._today, None))
            rest, may = rest - used, may - used
        if need.kept_back and not need.undated:
            rest -= self._spare(pieces, need, here, self._get_ordered_rest(need, rest))
        most -= need.quantity - rest
        rest -= _receive(pieces, need, self._stock[1:], min(rest, most), in_time)
        return need.quantity - rest

    def _take_late(self, pieces, need, rest, soonest):
        """Cover by receipts what waits no longer for them than for what could be brought."""
        before, in_time = rest, max(need.day, self._today)
        for lot in self._stock[1:]:
            if rest <= TOLERANCE or lot[0] > max(in_time, soonest):
                break
            free = min(rest, self._get_free(max(lot[0], in_time), need))
            rest -= _receive(pieces, need, [lot], free, NEVER)
        return before - rest

    def _spare(self, pieces, need, here, rest):
        """Cover a need by receipts that come in time, and only then by what is set aside."""
        before = rest
        rest -= _receive(pieces, need, self._stock[1:], rest, max(need.day, self._today))
        for lot in here:
            rest -= _draw(pieces, need, lot, 1, rest, ("stock", self._today, None))
        return before - rest

    def _get_ordered_rest(self, need, rest):
        """Return how much of the rest of a need was promised from what is there or on order."""
        return max(0.0, need.ordered - (need.quantity - rest))

    def _wait(self, pieces, need, rest):
        """Cover by later receipts what was promised from one, or was ordered since; return it."""
        before = rest
        ordered = self._get_ordered_rest(need, rest)
        rest -= _receive(pieces, need, self._stock[1:], ordered, NEVER)
        if need.asked is None:
            return before - rest
        for lot in self._stock[1:]:
            if rest <= TOLERANCE:
                break
            if lot[1] > TOLERANCE and lot[4] is not None and lot[4] > need.asked:
                free = min(rest, self._get_free(lot[0], need), self._get_free(lot[0], need, lot[4]))
                rest -= _receive(pieces, need, [lot], free, NEVER)
        return before - rest

    def _get_free(self, day, need, noted=None):
        """Return how much a need may take on a day of what others are served from later.

        Where `noted` says when it was ordered, it is also left to those for whom it comes in time
        and for whom it may have been ordered as well.
        """
        here = sum(lot[1] for lot in self._stock if lot[0] <= day)
        if noted is None and here - self._due >= need.quantity:  # enough for all
            return here - self._due
        free, there, due, at = math.inf, 0.0, 0.0, 0
        for one in self._expected if noted is None else self._later:
            waits = noted is not None and one.may_wait_for(day, noted)
            due += one.quantity if waits else one.expects(need)
            last = max(day, one.day)
            while at < len(self._stock) and self._stock[at][0] <= last:
                there += self._stock[at][1]
                at += 1
            fresh = sum(pool[1] for pool in self._pools if pool[0] >= last)
            free = min(free, there + fresh - due)
        return max(0.0, free)


def peg(needs, today, free=0.0, supplies=(), perishable=(), replenishment=None):
    """Say what each need of one product in one warehouse is covered by.

    Parameters
    ----------
    needs : iterable of Need
        Served by day, those of one day in the order given; what has no date at last.
    today, free, supplies, perishable, replenishment
        As of `Pegging`.

    Returns
    -------
    list of Piece
        By need, each need's own by day; a piece without a day is covered by nothing.
    """
    pegging = Pegging(today, free, supplies, perishable, replenishment)
    needs = sorted(needs, key=pegging.turn)
    pegging.expect(needs)
    pieces = []
    for need in needs:
        pieces += pegging.serve(need)
    return pieces


def _cover_deficit(stock):
    """Let the first receipts bring back what left beyond what was there."""
    missing, stock[0][1] = max(0.0, -stock[0][1]), max(0.0, stock[0][1])
    for lot in stock[1:]:
        used = min(missing, lot[1])
        lot[1] -= used
        missing -= used


def _receive(pieces, need, coming, rest, latest):
    """Cover a need by the receipts until a day; return how much of it."""
    before = rest
    for lot in coming:
        if lot[0] <= latest:
            rest -= _draw(pieces, need, lot, 1, rest, (lot[2], lot[0], lot[3]))
    return before - rest


def _draw(pieces, need, lot, at, rest, found):
    used = min(rest, lot[at])
    if used <= TOLERANCE:
        return 0.0
    lot[at] -= used
    source, day, ref = found
    pieces.append(Piece(need.key, source, used, day, need.day, ref, undated=need.undated))
    return used


def share(pieces, quantities, spare=0.0, rounding=()):
    """Share the pieces of an order line among its promises, one after another.

    What has left counts first, then what is ready, then what is to leave first; what was promised
    without a date comes last.

    Parameters
    ----------
    pieces : list of Piece
    quantities : list of float
        Of the promises, the oldest first, in the unit of the pieces.
    spare : float
        What left beyond what was promised: it is nobody's.
    rounding : sequence of float, optional
        For each promise, how far what left of it may be from its quantity, which is rounded in
        another unit; nothing by default.

    Returns
    -------
    list of list of Piece
        For each promise; what no piece covers is a piece without a day.
    """
    queue = sorted(pieces, key=_turn)
    queue = [[piece, piece.quantity] for piece in queue]
    for item in queue:
        if item[0].source == "left":
            used = min(spare, item[1])
            item[1] -= used
            spare -= used
    shares = []
    for quantity, near in zip_longest(quantities, rounding, fillvalue=0.0):
        got, rest = [], quantity
        for item in queue:
            used, left = min(rest, item[1]), item[0].source == "left"
            if left and item[1] - used <= near:
                used = item[1] if used > TOLERANCE else 0.0
            elif not left and rest <= near:
                break
            if used > TOLERANCE:
                item[1] -= used
                rest -= used
                got.append(replace(item[0], quantity=used))
        if rest > max(near, TOLERANCE * max(1.0, quantity)):
            got.append(Piece(None, "none", rest, None, 0))
        shares.append(got)
    return shares


def _turn(piece):
    rank = {"left": 0, "ready": 1}.get(piece.source, 2)
    return rank, piece.undated, piece.planned if rank == 2 else 0, piece.day or NEVER


def ship_day(piece, site, today, as_planned=True, prepared=0):
    """Return the first working day on which a piece can leave, or None.

    Parameters
    ----------
    piece : Piece
    site : Site
        The warehouse it leaves.
    today : int
    as_planned : bool
        Whether it waits for its planned day; otherwise it leaves as soon as it is there, not
        before what is ordered now.
    prepared : int
        The day on which its preparation is over: nothing leaves sooner than planned before.
    """
    if piece.day is None:
        return None
    handling = 0 if piece.source == "ready" else site.handling
    day = max(piece.day, today) + handling
    if piece.undated and piece.source != "ready":
        day = max(day, site.release + handling)  # nobody counts on the day it is planned for
    if as_planned:
        day = max(day, piece.planned + handling)
    elif piece.source != "ready":
        day = max(day, min(site.release, max(piece.planned, today)) + handling)
    if not as_planned:
        day = max(day, prepared)
    return site.workdays.next(day)
