"""What holds for every promise, whatever the warehouses, calendars and requests."""

import copy
import random
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import TODAY
from promising import promise
from test_reference import book
from worlds import PRODUCTS, as_network, as_request, draw_wish, draw_world

EXISTING = ("stock", "receipt")
RANDOMS = st.randoms(use_true_random=False)
SETTINGS = settings(max_examples=150, deadline=None)


def draw_call(rng, most=5, **options):
    """Return a world, wishes and one request for each, of one or two priorities."""
    world = draw_world(rng)
    wishes = [draw_wish(rng, world, **options) for _ in range(rng.randint(1, most))]
    priorities = rng.choice(((0,), (0, 1)))
    requests = [as_request(wish, at, rng.choice(priorities)) for at, wish in enumerate(wishes)]
    return world, wishes, requests


def told(answer):
    """Return an answer without its key, for comparison."""
    shipments = [
        (ship.warehouse, ship.quantity, ship.ship_day, ship.day) for ship in answer.shipments
    ]
    return answer.day, answer.missing, answer.why, tuple(shipments)


def taken(answers, sources=EXISTING):
    """Return the quantity of each product and warehouse that the parts add up to."""
    total = defaultdict(float)
    for answer in answers:
        for part in answer.parts:
            if part.source in sources:
                total[part.product, part.warehouse] += part.quantity
    return total


# ------------------------------------------------------------
# WHAT IS PROMISED IS THERE
# ------------------------------------------------------------


@SETTINGS
@given(RANDOMS)
def test_no_promise_held_before_is_served_later_or_less(rng):
    world, _wishes, requests = draw_call(rng)
    before = {place: shelf.play()[0] for place, shelf in world.shelves.items()}
    for answer in promise(requests, as_network(world)):
        book(world, answer.shipments)
    assert before == {place: shelf.play()[0] for place, shelf in world.shelves.items()}


@SETTINGS
@given(RANDOMS)
def test_parts_never_exceed_the_stock_and_the_receipts_they_name(rng):
    world, _wishes, requests = draw_call(rng)
    answers = promise(requests, as_network(world))
    receipts, stock = Counter(), Counter()
    for part in (part for answer in answers for part in answer.parts):
        if part.source == "receipt":
            receipts[part.ref] += part.quantity
        elif part.source == "stock":
            stock[part.product, part.warehouse] += part.quantity
    for (place, at), quantity in receipts.items():
        assert quantity <= world.shelves[place].receipts[at][1] + 1e-6
    for place, quantity in stock.items():
        shelf = world.shelves[place]
        good = sum(left for last, left in shelf.expiring if last >= TODAY)
        assert quantity <= max(0, shelf.free) + good + 1e-6


@SETTINGS
@given(RANDOMS)
def test_parts_add_up_to_what_is_shipped_and_the_rest_is_missing(rng):
    world, wishes, requests = draw_call(rng)
    answers = promise(requests, as_network(world))
    for wish, answer in zip(wishes, answers, strict=True):
        shipped = sum(shipment.quantity for shipment in answer.shipments)
        assert shipped + answer.missing == pytest.approx(wish.quantity)
        assert (answer.day is None) == bool(answer.missing) == bool(answer.why)
        for shipment in answer.shipments:
            needed, got = Counter(), Counter()
            for product, factor in wish.needs:
                needed[product] += factor * shipment.quantity
            for part in shipment.parts:
                got[part.product] += part.quantity
                assert part.warehouse == shipment.warehouse
            assert got == pytest.approx(needed)


@SETTINGS
@given(RANDOMS)
def test_every_part_is_there_when_it_is_picked_and_likely_is_never_later_than_sure(rng):
    world, _wishes, requests = draw_call(rng)
    for answer in promise(requests, as_network(world)):
        if answer.day is not None:
            assert answer.likely <= answer.day
            assert answer.day == max(shipment.day for shipment in answer.shipments)
        for shipment in answer.shipments:
            pick = shipment.ship_day - world.houses[shipment.warehouse].handling
            assert pick >= TODAY
            assert shipment.likely <= shipment.day
            assert all(TODAY <= part.likely <= part.day <= pick for part in shipment.parts)


@SETTINGS
@given(RANDOMS)
def test_ships_on_working_days_and_delivers_on_receiving_days_not_before_wanted(rng):
    world, wishes, requests = draw_call(rng)
    for wish, answer in zip(wishes, promise(requests, as_network(world)), strict=True):
        assert wish.split or len(answer.shipments) <= 1
        for shipment in answer.shipments:
            assert world.houses[shipment.warehouse].calendar.works(shipment.ship_day)
            assert wish.ways[shipment.warehouse].customer.works(shipment.day)
            assert shipment.day >= max(TODAY, wish.wanted or 0)
            assert shipment.ship_day >= TODAY + wish.lead


@SETTINGS
@given(RANDOMS)
def test_a_request_that_is_not_from_stock_takes_none(rng):
    world = draw_world(rng)
    wish = draw_wish(rng, world)
    wish.from_stock = False
    answers = promise([as_request(wish)], as_network(world))
    assert not taken(answers)


# ------------------------------------------------------------
# FAIRNESS
# ------------------------------------------------------------


@SETTINGS
@given(RANDOMS)
def test_the_order_of_lines_does_not_matter(rng):
    world, _wishes, requests = draw_call(rng)
    shuffled = rng.sample(requests, len(requests))
    first = promise(requests, as_network(world))
    second = promise(shuffled, as_network(world))
    assert {a.key: told(a) for a in first} == {a.key: told(a) for a in second}


@SETTINGS
@given(RANDOMS)
def test_without_keys_the_order_of_lines_changes_none_of_the_answers(rng):
    world, wishes, _requests = draw_call(rng)
    wishes += rng.choices(wishes, k=2)
    requests = [as_request(wish) for wish in wishes]
    shuffled = rng.sample(requests, len(requests))
    first = promise(requests, as_network(world))
    second = promise(shuffled, as_network(world))
    assert Counter(map(told, first)) == Counter(map(told, second))


@SETTINGS
@given(RANDOMS)
def test_one_call_promises_what_single_calls_in_its_order_would(rng):
    world, _wishes, requests = draw_call(rng)
    network = as_network(world)
    size = {request.key: (request.priority, request.quantity) for request in requests}
    if len(set(size.values())) < len(size):
        return
    together = {answer.key: told(answer) for answer in promise(requests, as_network(world))}
    for request in sorted(requests, key=lambda request: size[request.key]):
        assert told(promise([request], network)[0]) == together[request.key]


@SETTINGS
@given(RANDOMS)
def test_the_next_call_finds_what_the_one_before_left(rng):
    world, _wishes, requests = draw_call(rng)
    network = as_network(world)
    for answer in promise(requests, network):
        book(world, answer.shipments)
    fresh = as_network(world)
    for place, timeline in network.timelines.items():
        for day in range(TODAY, TODAY + 30):
            assert timeline.available(day) == pytest.approx(fresh.timelines[place].available(day))


@SETTINGS
@given(RANDOMS)
def test_requests_of_lower_priority_never_change_those_of_higher(rng):
    world, wishes, _requests = draw_call(rng)
    high = [as_request(wish, at, 0) for at, wish in enumerate(wishes)]
    low = [as_request(draw_wish(rng, world), 10 + at, 1) for at in range(3)]
    alone = promise(high, as_network(world))
    among = promise(low + high, as_network(world))[3:]
    assert [told(answer) for answer in alone] == [told(answer) for answer in among]


# ------------------------------------------------------------
# MORE SUPPLY
# ------------------------------------------------------------


def with_more(rng, world):
    """Return the same world with more stock, another receipt or more that expires."""
    more = copy.deepcopy(world)
    shelf = rng.choice(list(more.shelves.values()) or [None])
    if shelf is None:
        return more
    kind = rng.choice(("stock", "receipt", "expiring", "brought"))
    if kind == "stock":
        shelf.free += rng.randint(1, 5)
    elif kind == "receipt":
        shelf.receipts.append((TODAY + rng.randint(-1, 14), rng.randint(1, 6)))
    elif kind == "expiring":
        shelf.expiring.append((TODAY + rng.randint(0, 12), rng.randint(1, 5)))
    else:
        shelf.brought_from = min(shelf.brought_from or TODAY + 18, TODAY + rng.randint(0, 18))
    return more


def later(before, after):
    """Tell whether a day got later; none at all is the latest."""
    return (before.day or 10**9) < (after.day or 10**9)


@settings(max_examples=400, deadline=None)
@given(RANDOMS)
def test_more_supply_makes_no_single_promise_later(rng):
    world = draw_world(rng)
    request = as_request(draw_wish(rng, world))
    before = promise([request], as_network(world))[0]
    after = promise([request], as_network(with_more(rng, world)))[0]
    assert not later(before, after)
    assert after.missing <= before.missing + 1e-6


def draw_alike(rng):
    """Return a world without expiry, and requests for one product each from one warehouse."""
    world = draw_world(rng, perishable=False)
    wishes = [draw_wish(rng, world, kits=False, houses=(1,)) for _ in range(rng.randint(2, 6))]
    for wish in wishes:
        wish.needs = [(rng.choice(PRODUCTS[:1] * 3 + PRODUCTS), 1)]
    return world, [as_request(wish, at) for at, wish in enumerate(wishes)]


@pytest.mark.parametrize("seed", range(4))
def test_more_supply_makes_none_of_several_promises_later_within_one_warehouse(seed):
    rng = random.Random(seed)
    for _case in range(500):
        world, requests = draw_alike(rng)
        more = with_more(rng, world)
        if any(shelf.expiring for shelf in more.shelves.values()):
            continue
        before, after = promise(requests, as_network(world)), promise(requests, as_network(more))
        pairs = list(zip(before, after, strict=True))
        assert not [pair for pair in pairs if pair[0].day and later(*pair)], (world, more, pairs)
