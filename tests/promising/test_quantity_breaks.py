"""Suppliers have minimums: who brings it depends on how much is asked for."""

import math
import random

import pytest
from promising import (
    Making,
    Need,
    Network,
    Pegging,
    QuantityBreaks,
    Recipe,
    Replenishment,
    Request,
    Route,
    Site,
    Supply,
    Timeline,
    make_endless,
    promise,
)

TODAY = 739677  # a Monday
BOLT, TABLE = 1, 2
SMALL, BIG = (Replenishment(TODAY + days, TODAY + days, ref=days) for days in (20, 2))
BREAKS = QuantityBreaks(((0.0, SMALL), (100.0, BIG)))


def world(breaks=BREAKS, houses=(1,), product=BOLT, **timelines):
    """Return warehouses in which whoever is bought from depends on the quantity."""
    return Network(
        TODAY,
        {house: Site(TODAY) for house in houses},
        {(product, int(name[1:])): timeline for name, timeline in timelines.items()},
        {(product, house): breaks for house in houses},
    )


def line(quantity, needs=((BOLT, 1),), houses=(1,), **options):
    return Request("line", needs, quantity, {house: Route() for house in houses}, **options)


def stock(free=0, receipts=()):
    return Timeline(TODAY, free, [Supply(*receipt) for receipt in receipts])


@pytest.mark.parametrize(("quantity", "days"), [(1, 20), (99, 20), (100, 2), (500, 2)])
def test_the_quantity_that_is_asked_for_decides(quantity, days):
    answer = promise([line(quantity)], world())[0]
    assert (answer.day, answer.parts[0].ref) == (TODAY + days, days)


def test_whoever_has_the_lowest_minimum_brings_less_than_that():
    answer = promise([line(1)], world(QuantityBreaks(((50.0, SMALL), (100.0, BIG)))))[0]
    assert answer.day == TODAY + 20


def test_what_is_in_stock_is_not_bought():
    answer = promise([line(120)], world(w1=stock(30)))[0]
    assert {part.source: part.ref for part in answer.parts} == {"stock": None, "supplier": 20}
    assert promise([line(130)], world(w1=stock(30)))[0].day == TODAY + 2


def test_what_a_receipt_brings_until_it_leaves_may_be_bought_less():
    late = stock(0, [(TODAY + 5, 30)])
    assert promise([line(120)], world(w1=late))[0].day == TODAY + 20
    assert promise([line(130)], world(w1=late))[0].day == TODAY + 2


def test_a_slower_supplier_of_much_does_not_delay_what_is_just_too_little_for_it():
    slow = QuantityBreaks(((0.0, BIG), (100.0, SMALL)))
    assert promise([line(104)], world(slow, w1=stock(5)))[0].day == TODAY + 2
    assert promise([line(105)], world(slow, w1=stock(5)))[0].day == TODAY + 20


def test_a_part_of_a_split_delivery_does_not_count_as_the_whole():
    houses = world(houses=(1, 2), w1=stock(60), w2=stock(30))
    answer = promise([line(120, houses=(1, 2), split=True)], houses)[0]
    assert answer.day == TODAY + 20
    one = promise([line(300, houses=(1, 2), split=True)], world(houses=(1, 2)))[0]
    assert (one.day, len(one.shipments)) == (TODAY + 2, 1)


def test_components_count_as_much_as_production_takes():
    for tables, days in ((24, 21), (25, 3)):
        network = world()
        network.recipes[TABLE, 1] = Recipe(((BOLT, 4.0),), TODAY, 1)
        make_endless(network)
        answer = promise([line(tables, ((TABLE, 1),))], network)[0]
        assert (answer.day, answer.parts[0].source) == (TODAY + days, "production")


def test_production_is_only_preferred_to_whoever_is_later():
    network = world()
    network.recipes[BOLT, 1] = Recipe((), TODAY, 7)
    make_endless(network)
    for quantity, days in ((5, 7), (500, 2)):
        assert promise([line(quantity)], network.fresh())[0].day == TODAY + days
    assert Making(network, (BOLT, 1)).bring(500, TODAY)[:2] == ("supplier", TODAY + 2)
    assert Making(network, (BOLT, 1)).pick(5).bring(5, TODAY)[:2] == ("production", TODAY + 7)


def test_who_brings_it_stays_the_same_though_less_is_left_to_be_brought():
    need = Need("line", TODAY + 2, 120, brought=120, asked=1.0)
    pieces = Pegging(TODAY, 50, replenishment=BREAKS).serve(need)
    assert [(one.source, one.day) for one in pieces][-1] == ("supplier", TODAY + 2)
    other = Need("other", TODAY + 2, 70)
    assert Pegging(TODAY, 0, replenishment=BREAKS).serve(other)[0].day == TODAY + 20


@pytest.mark.parametrize("seed", range(40))
def test_what_was_promised_is_kept_when_it_is_looked_at_again(seed):
    rng = random.Random(seed)
    bounds = sorted(rng.sample(range(1, 120), rng.randint(1, 3)))
    steps = ((at, Replenishment(day, day)) for at in (0, *bounds) for day in [_day(rng)])
    breaks, houses = QuantityBreaks(tuple(steps)), (1, 2)[: rng.randint(1, 2)]
    supplies = {house: [(_day(rng), rng.randint(1, 60))] for house in houses}
    free = {house: rng.randint(0, 60) for house in houses}
    own = {f"w{house}": stock(free[house], supplies[house]) for house in houses}
    network = world(breaks, houses, **own)
    request = line(rng.randint(1, 150), houses=houses, split=rng.random() < 0.5)
    answer = promise([request], network)[0]
    for shipment in answer.shipments:
        _check_again(shipment, breaks, free, supplies)


def _day(rng):
    return TODAY + rng.randint(0, 30)


def _check_again(shipment, breaks, free, supplies):
    """Check that it is there on the day when it leaves, by what it is promised to be made of."""
    house = shipment.warehouse
    brought = sum(part.quantity for part in shipment.parts if part.source == "supplier")
    need = Need("line", shipment.ship_day, shipment.quantity, brought=brought, asked=1.0)
    coming = [Supply(*receipt) for receipt in supplies[house]]
    pieces = Pegging(TODAY, free[house], coming, replenishment=breaks).serve(need)
    assert max(piece.day for piece in pieces) <= shipment.ship_day
    assert math.isclose(sum(piece.quantity for piece in pieces), shipment.quantity)


@pytest.mark.parametrize(
    ("together", "days"), [(0, [3, 15, 9]), (9, [3, 15, 9]), (10, [15, 15, 9]), (50, [15, 15, 9])]
)
def test_who_is_slower_counts_where_more_may_be_bought_at_once(together, days):
    steps = ((0, Replenishment(3, 3)), (10, Replenishment(15, 15)), (20, Replenishment(9, 9)))
    found = QuantityBreaks(steps).buy_together(together)
    assert [found.pick(quantity).day for quantity in (5, 12, 30)] == days
