"""The engine and the plain reference agree, one request after the other."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import TODAY
from promising import promise
from worlds import as_network, as_request, draw_wish, draw_world

EXISTING = ("stock", "receipt")


def book(world, shipments):
    """Enter into the plain world what the engine has taken."""
    for shipment in shipments:
        pick = shipment.ship_day - world.houses[shipment.warehouse].handling
        for part in shipment.parts:
            if part.source in EXISTING:
                shelf = world.shelves[part.product, part.warehouse]
                shelf.promised.append((pick, round(part.quantity)))


def check_one(world, network, wish):
    """Promise one wish in both; return the engine's answer."""
    answer = promise([as_request(wish)], network)[0]
    expected = world.earliest(wish)
    assert answer.day == expected, (world, wish, answer)
    owed = {place: shelf.play()[0] for place, shelf in world.shelves.items()}
    book(world, answer.shipments)
    assert owed == {place: shelf.play()[0] for place, shelf in world.shelves.items()}
    check_way(world, wish, answer)
    if expected is None and answer.why == "no_source":
        check_partial(world, wish, answer)
    return answer


def check_way(world, wish, answer):
    for shipment in answer.shipments:
        house, way = world.houses[shipment.warehouse], wish.ways[shipment.warehouse]
        assert house.calendar.works(shipment.ship_day)
        assert way.customer.works(shipment.day)
        assert shipment.day >= max(wish.wanted or 0, TODAY)
        assert (shipment.ship_day, shipment.day) in world.shipping_days(wish, shipment.warehouse)


def check_partial(world, wish, answer):
    """Nothing covers all of it: as much as can be is offered."""
    delivered = sum(shipment.quantity for shipment in answer.shipments)
    assert delivered + answer.missing == pytest.approx(wish.quantity)
    assert delivered < wish.quantity


def most_offered(world, wish):
    units = [world.most(wish, at, world.shipping_days(wish, at)) for at in wish.ways]
    return sum(units) if wish.split else max(units)


@pytest.mark.parametrize("seed", range(6))
def test_first_possible_day_agrees_with_playing_the_days(seed):
    rng = random.Random(seed)
    for _case in range(100):
        world = draw_world(rng)
        network = as_network(world)
        for _request in range(rng.randint(1, 4)):
            check_one(world, network, draw_wish(rng, world))


@pytest.mark.parametrize("seed", range(5))
def test_what_is_offered_of_too_large_a_request_is_all_there_can_be(seed):
    rng = random.Random(seed)
    for _case in range(100):
        world = draw_world(rng)
        wish = draw_wish(rng, world)
        offered = most_offered(world, wish)
        answer = promise([as_request(wish)], as_network(world))[0]
        delivered = sum(shipment.quantity for shipment in answer.shipments)
        assert delivered == pytest.approx(min(offered, wish.quantity)), (world, wish, answer)


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_first_possible_day_agrees_in_worlds_that_hypothesis_shrinks(rng):
    world = draw_world(rng)
    network = as_network(world)
    for _request in range(rng.randint(1, 3)):
        check_one(world, network, draw_wish(rng, world))
