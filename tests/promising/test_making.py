"""Production from components: examples, and random cases beside arithmetic day by day."""

import random

import pytest
from promising import (
    Making,
    Network,
    Recipe,
    Replenishment,
    Request,
    Route,
    Site,
    Supply,
    Timeline,
    WorkDays,
    book,
    make_endless,
    promise,
)

TODAY = 739677  # a Monday
TABLE, LEG, WOOD = 1, 2, 3
HERE = 1


def network(lead=2, factor=4.0, recipes=None, workdays=None, **timelines):
    """Return a house that makes tables of legs."""
    days = workdays or WorkDays()
    recipes = recipes or {TABLE: Recipe(((LEG, factor),), TODAY, lead, days, lambda *ref: ref)}
    names = {"table": TABLE, "leg": LEG, "wood": WOOD}
    return Network(
        TODAY,
        {HERE: Site(TODAY, days)},
        {(names[name], HERE): timeline for name, timeline in timelines.items()},
        recipes={(product, HERE): recipe for product, recipe in recipes.items()},
    )


def line(quantity, product=TABLE, key="line"):
    return Request(key, ((product, 1),), quantity, {HERE: Route()})


def stock(free=0, receipts=(), demands=()):
    return Timeline(TODAY, free, [Supply(*receipt) for receipt in receipts], demands)


def test_components_in_stock_are_made_after_the_lead_time():
    answer = promise([line(2)], network(leg=stock(8)))[0]
    assert (answer.day, answer.parts[0].source) == (TODAY + 2, "production")


def test_the_component_that_comes_last_is_named():
    answer = promise([line(2)], network(leg=stock(7, [(TODAY + 3, 1)])))[0]
    assert (answer.day, answer.parts[0].ref) == (TODAY + 5, (TODAY + 5, LEG))


def test_what_lacks_is_the_component():
    answer = promise([line(2)], network(leg=stock(7)))[0]
    assert (answer.day, answer.lacking) == (None, {LEG})


def test_it_begins_and_ends_on_working_days():
    week = WorkDays(range(5))
    answer = promise([line(1)], network(leg=stock(0, [(TODAY + 5, 4)]), lead=5, workdays=week))[0]
    assert answer.day == TODAY + 14  # begins on Monday, five days later is a Saturday


def test_a_component_that_two_parts_need_counts_once():
    recipes = {
        TABLE: Recipe(((LEG, 1.0), (WOOD, 1.0)), TODAY),
        LEG: Recipe(((WOOD, 1.0),), TODAY),
    }
    assert promise([line(1)], network(recipes=recipes, wood=stock(1)))[0].day is None


def test_what_is_made_of_itself_ends():
    recipes = {TABLE: Recipe(((LEG, 1.0),), TODAY), LEG: Recipe(((TABLE, 1.0),), TODAY)}
    assert promise([line(1)], network(recipes=recipes, wood=stock(1)))[0].day is None


def test_components_of_what_is_promised_already_are_taken():
    for legs, day in ((4, TODAY), (5, None)):
        world = network(leg=stock(8), table=stock(demands=[(TODAY + 4, 1)]))
        book(world)
        assert promise([line(legs, LEG)], world)[0].day == day


def test_a_promise_that_a_receipt_will_cover_takes_no_components():
    world = network(leg=stock(4), table=stock(0, [(TODAY + 6, 1)], [(TODAY + 4, 1)]))
    book(world)
    assert promise([line(4, LEG)], world)[0].day == TODAY


def test_any_quantity_is_made_once_all_components_can_be_bought():
    world = network()
    world.replenishments[LEG, HERE] = Replenishment(TODAY + 7, TODAY + 7)
    make_endless(world)
    made = world.replenishments[TABLE, HERE]
    assert (made.source, made.day) == ("production", TODAY + 9)


def test_pegging_uses_components_up():
    world = network(leg=stock(8))
    days = [Making(world, (TABLE, HERE)).bring(1, TODAY)[1] for _number in range(3)]
    assert days == [TODAY + 2, TODAY + 2, None]


@pytest.mark.parametrize("seed", range(300))
def test_random_cases_agree_with_playing_the_days(seed):
    """Each in turn gets the first day on which nobody before goes short, and no day is missed."""
    rng = random.Random(seed)
    lead, factor, free = rng.randint(0, 3), rng.randint(1, 3), rng.randint(0, 12)
    receipts = [(TODAY + rng.randint(1, 8), rng.randint(1, 6)) for _one in range(rng.randint(0, 4))]
    world = network(lead, float(factor), leg=stock(free, receipts))
    used = []
    for _turn in range(5):
        product, quantity = rng.choice([TABLE, LEG]), rng.randint(1, 4)
        legs, wait = (quantity * factor, lead) if product == TABLE else (quantity, 0)
        days = range(TODAY, TODAY + 10)
        first = next((day for day in days if _lasts(free, receipts, [*used, (day, legs)])), None)
        answer = promise([line(quantity, product)], world)[0]
        assert answer.day == (None if first is None else first + wait)
        if first is None:
            return  # what there is of it is taken all the same
        used.append((first, legs))


def _lasts(free, receipts, used):
    """Tell whether there are never fewer than no legs."""
    return all(
        free
        + sum(quantity for at, quantity in receipts if at <= day)
        - sum(quantity for at, quantity in used if at <= day)
        >= 0
        for day in range(TODAY, TODAY + 10)
    )


def made(pace, *parts):
    """Return a recipe that takes so many working days a unit on the one work centre."""
    needs = tuple((part, 1.0) for part in parts)
    return Recipe(needs, TODAY, ref=lambda *ref: ref, centers=((9, pace),))


def days_of(quantities, recipes, needs=((TABLE, 1),)):
    """Return the days from today on which requests of so many units are delivered."""
    world = network(recipes=recipes, leg=stock(1000), wood=stock(1000))
    requests = [
        Request(str(number), needs, quantity, {HERE: Route()})
        for number, quantity in enumerate(quantities)
    ]
    return [answer.day - TODAY for answer in promise(requests, world)]


def test_many_small_orders_take_a_work_centre_as_long_as_one():
    recipes = {TABLE: made(0.9, LEG)}
    assert days_of([2], recipes) == [1]
    assert days_of([1, 1], recipes) == [0, 1]
    assert max(days_of([1] * 10, recipes)) == days_of([10], recipes)[0] == 8


def test_parts_of_one_work_centre_are_made_one_after_the_other():
    shelf = 77
    recipes = {TABLE: made(1.0, LEG), shelf: made(1.0, WOOD)}
    assert days_of([3], recipes, ((TABLE, 1), (shelf, 1))) == [5]
