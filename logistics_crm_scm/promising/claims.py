"""What components held production will take, and what is brought for those who need them.

A component is sold, too, and goes into more than one product. Who asks for it sees what is promised
to be made of it only if that is among what is needed of the component: as a claim, for the day on
which production has to begin. And what is brought for those who buy the component takes nothing
away from production.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace

from .pegging import EXISTING, TOLERANCE, InTime


def claim(network, needs, made, existing, get_pegging, takers=(), bringers=()):
    """Say what held production will take of its components, level by level.

    What manufacturing orders take is changed in `needs`: it has the components that were promised
    to what they make.

    Parameters
    ----------
    network : Network
        Only its recipes and the load of its work centres are looked at.
    needs : dict of (int, int) to list of Need
        By product and warehouse, what is to leave; `Need.owner` tells for whom.
    made : dict of (owner, (int, int)) to float
        How much of a product was promised to be made for an owner. For what has no owner, such as
        a manufacturing order, all is made that is neither there nor on order.
    existing : dict of (owner, (int, int)) to float
        How much of a component was promised to be there or on order.
    get_pegging : callable
        Returns a new Pegging of a place, given the place and who brings the rest.
    takers : dict of (int, int) to set, optional
        By product and warehouse: the keys of needs from which manufacturing orders make it.
    bringers : dict of ((int, int), key) to Replenishment, optional
        Who covers the rest of a need, where that is known; else it is covered in time.

    Returns
    -------
    dict of (int, int) to list of Need
        By component and warehouse. Each has the key of what is made of it.
    """
    claims, takers, bringers = defaultdict(list), dict(takers), dict(bringers)
    made, existing = dict(made), dict(existing)
    load = network.load.fork()
    owners = {place for _owner, place in made}
    for place in _parents_first(network.recipes):
        wanted = [*needs.get(place, ()), *claims.get(place, ())]
        if place not in owners and all(need.owner and not _may_be_lost(need) for need in wanted):
            continue
        pegging = get_pegging(place, InTime())
        pegging.expect(wanted)
        for need in sorted(wanted, key=pegging.turn):
            rest = _sum_brought(pegging.serve(need, bringers.get((place, need.key))))
            if need.undated or need.waits:  # it is made at last, of what is left, or not at all
                continue
            for part in _get_made(need, place, rest, made):
                _claim_components(network, place, part, load, existing, claims)
        if place in takers:
            _hand_over(network.recipes[place], place, made, existing, needs, takers[place])
    return claims


def _may_be_lost(need):
    return need.lost or (need.ordered and not need.unpromised)


def _get_made(need, place, rest, made):
    """Return the parts of a need that are made: as promised, and anew where its goods are gone."""
    promised = _draw(made, (need.owner, place), rest) if need.owner else rest
    lost = 0.0
    if _may_be_lost(need):
        lost = rest - promised if need.lost else min(rest - promised, need.ordered)
    parts = (
        replace(need, quantity=promised),
        replace(need, quantity=lost, lost=True),
    )
    return [part for part in parts if part.quantity > TOLERANCE]


def _claim_components(network, place, need, load, existing, claims):
    """Add what making a need takes to the claims, for the last day on which it may begin."""
    recipe = network.recipes[place]
    day = max(network.today, begin(recipe, load, need.quantity, need.day) or network.today)
    for center, pace, fixed in recipe.steps:
        work = fixed + pace * need.quantity
        load.book(center, recipe.first, need.day, work, recipe.workdays)
    for product, amount in recipe.needs:
        if product not in network.untracked:
            below, quantity = (product, place[1]), need.quantity * amount
            brought = math.inf
            if not need.unpromised:
                here = 0.0 if need.lost else _draw(existing, (need.owner, below), quantity)
                brought = quantity - here
            own = {"quantity": quantity, "brought": brought, "day": day, "claimed": True}
            own |= {"from_stock": True, "kept_back": need.aside.get(below, 0.0)}
            claims[below].append(replace(need, **own))


def _hand_over(recipe, place, made, existing, needs, takers):
    """Let manufacturing orders have the components that were promised to what they make."""
    left = defaultdict(float)
    for (owner, of), quantity in made.items():
        for product, amount in recipe.needs if of == place else ():
            below = product, place[1]
            left[below] += _draw(existing, (owner, below), quantity * amount)
    for below, quantity in left.items():
        for at, need in enumerate(needs.get(below, ())):
            if need.key in takers:
                used = min(quantity, need.quantity)
                quantity -= used
                if used > TOLERANCE:
                    needs[below][at] = replace(need, brought=need.quantity - used)


def begin(recipe, load, quantity, day):
    """Return the last day on which to begin a quantity that is to be finished on `day`, or None."""
    at, left = day, 1.0
    for center, pace, fixed in reversed(recipe.steps):
        work = fixed + pace * quantity
        at, left = load.run_back(center, at, left, work, recipe.workdays)
        if at is None:
            return None
    start = recipe.start(day)
    return None if start is None else min(start, at)


def _draw(amounts, key, most):
    """Take at most so much out of what is noted for a key; return it."""
    used = min(most, amounts.get(key, 0.0))
    amounts[key] = amounts.get(key, 0.0) - used
    return used


def _parents_first(recipes):
    """Return the places of recipes, what is made of something before that."""
    order, seen = [], set()

    def visit(place):
        if place in seen or place not in recipes:
            return
        seen.add(place)
        for product, _amount in recipes[place].needs:
            visit((product, place[1]))
        order.append(place)

    for place in sorted(recipes):
        visit(place)
    return order[::-1]


def get_places(network):
    """Return the places of all that recipes make or take, sorted."""
    below = {
        (product, place[1])
        for place, recipe in network.recipes.items()
        for product, _amount in recipe.needs
        if product not in network.untracked
    }
    return sorted(below | network.recipes.keys())


@dataclass(slots=True)
class Settled:
    """What is counted on until a need is served.

    Attributes
    ----------
    made : dict of ((int, int), key) to float
        How much of a product in a warehouse is made for a need.
    claimed : dict of key to list of ((int, int), float, int)
        Components that are kept for what a need is made of: place, quantity and day.
    """

    made: dict = field(default_factory=lambda: defaultdict(float))
    claimed: dict = field(default_factory=lambda: defaultdict(list))


def settle(network, needs, get_pegging, bringers=None):
    """Keep for production what it claims, and count on what will be brought for others.

    So nobody who is served before production takes its components, and what is bought or made for
    others takes nothing away from it. What is made is counted on for the day on which it is needed;
    `serve` corrects that where it turns out otherwise.

    Parameters
    ----------
    network : Network
        Its timelines are changed.
    needs : dict of (int, int) to list of Need
        With the claims.
    get_pegging
        As of `claim`.
    bringers : dict of ((int, int), key) to Replenishment, optional
        Who covers the rest of a need, where that is known.

    Returns
    -------
    Settled
    """
    settled, bringers = Settled(), bringers or {}
    for place in get_places(network):
        if not needs.get(place) or place not in network.timelines:
            continue
        makes = place in network.recipes
        pegging = get_pegging(place, InTime() if makes else network.replenishments.get(place))
        pegging.expect(needs[place])
        for need in sorted(needs[place], key=pegging.turn):
            pieces = pegging.serve(need, bringers.get((place, need.key)))
            _settle_need(network.timelines[place], place, need, pieces, settled, makes)
    return settled


def _settle_need(timeline, place, need, pieces, settled, makes):
    """Settle one need by what covers it as things stand; what comes late is taken then."""
    day = max(need.day, timeline.today)
    for piece in pieces:
        exists = piece.source in EXISTING
        there = max(day, piece.day) if exists else day
        if not need.claimed and (not exists or there > day):
            timeline.release(piece.quantity, day)
        if exists and (need.claimed or there > day):
            timeline.take(piece.quantity, there)
        if need.claimed and exists:
            settled.claimed[need.key].append((place, piece.quantity, there))
        elif not exists and not need.claimed:
            settled.made[place, need.key] += piece.quantity * makes


def serve(network, needs, settled, peggings, bringers=None):
    """Yield what covers each need, of all products in the order in which they are due.

    Not one product after another: what they are made of may be the same. Claims have their turn as
    well, but whoever makes something of them says when that can be.

    Parameters
    ----------
    network : Network
        Its timelines are corrected where a need is not covered as was counted on.
    needs : dict of (int, int) to list of Need
        With the claims.
    settled : Settled
    peggings : dict of (int, int) to Pegging
        Of the places whose needs are to be served.
    bringers : dict of ((int, int), key) to Replenishment or Making, optional
        Who covers the rest of a need, where it is not who usually does.

    Yields
    ------
    (int, int), Piece
    """
    for place, need in _get_queue(needs, peggings):
        if need.claimed:
            peggings[place].serve(need)
            continue
        claimed = settled.claimed.pop(need.key, ())
        for below, quantity, day in claimed:
            network.timelines[below].release(quantity, day)
        brings = (bringers or {}).get((place, need.key))
        if need.aside and place in network.recipes and not brings:
            brings = peggings[place].brings.beside(_get_aside(network, need, claimed))
        pieces = peggings[place].serve(need, brings)
        if any(piece.day is None for piece in pieces):  # what it lacks may come: the rest is kept
            for below, quantity, day in claimed:
                network.timelines[below].take(quantity, day)
        for piece in pieces:
            yield place, piece
        less = settled.made.get((place, need.key), 0.0) - _sum_brought(pieces)
        _take_instead(network.timelines.get(place), need, pieces, less)


def _get_queue(needs, peggings):
    """Return (place, need) in the order in which they are due; the peggings expect them."""
    queue = []
    for place, pegging in peggings.items():
        pegging.expect(needs.get(place, ()))
        queue += [(pegging.turn(need), place, need) for need in needs.get(place, ())]
    queue.sort(key=lambda entry: entry[0])
    return [entry[1:] for entry in queue]


def _sum_brought(pieces):
    """Return how much of the pieces neither exists nor is on order."""
    return sum(piece.quantity for piece in pieces if piece.source not in EXISTING)


def _take_instead(timeline, need, pieces, less):
    """Take from what exists what was counted on to be made for a need, and is not."""
    for piece in reversed(pieces):
        if less > TOLERANCE and piece.source in EXISTING:
            used = min(less, piece.quantity)
            timeline.take(used, max(need.day, piece.day))
            less -= used


def _get_aside(network, need, claimed):
    """Return what making a need leaves for others of each component: not what it has claimed."""
    aside, own = dict(need.aside), defaultdict(float)
    for below, quantity, day in claimed:
        own[below] += quantity
        there = network.timelines[below].available(day)
        if below in aside:
            aside[below] = max(0.0, min(aside[below], there - own[below]))
    return aside
