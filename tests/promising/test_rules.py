"""The rules of promising, one example each."""

from datetime import date

import pytest
from promising import (
    Network,
    Replenishment,
    Request,
    Route,
    Site,
    Supply,
    Timeline,
    WorkDays,
    promise,
)

MONDAY = date(2026, 3, 2).toordinal()
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(MONDAY + 1, MONDAY + 7)
NEXT_MONDAY = MONDAY + 7
NEVER = WorkDays(weekdays=())
WEEK = WorkDays(weekdays=range(5))


def line(quantity, key="line", needs=((1, 1),), houses=(1,), route=None, **options):
    route = route or Route()
    return Request(key, needs, quantity, dict.fromkeys(houses, route), **options)


def network(*timelines, site=None, **options):
    """Return warehouses 1, 2, … with one timeline each of product 1."""
    sites = {at: site or Site(MONDAY) for at in range(1, max(2, len(timelines) + 1))}
    found = {(1, at): timeline for at, timeline in enumerate(timelines, 1)}
    return Network(MONDAY, sites, found | options.pop("more", {}), **options)


def ask(request, *timelines, **options):
    return promise([request], network(*timelines, **options))[0]


def stock(free=0, receipts=(), demands=(), perishable=()):
    supplies = [Supply(day, quantity, ref=f"receipt {day}") for day, quantity in receipts]
    return Timeline(MONDAY, free, supplies, demands, perishable)


def made_of(answer):
    return [(part.source, part.quantity, part.day) for part in answer.parts]


# ------------------------------------------------------------
# FROM STOCK AND RECEIPTS
# ------------------------------------------------------------


def test_what_is_in_stock_is_delivered_today():
    answer = ask(line(5), stock(5))
    assert (answer.day, answer.likely, answer.missing, answer.why) == (MONDAY, MONDAY, 0, "")
    assert made_of(answer) == [("stock", 5, MONDAY)]


def test_stock_goes_first_and_receipts_follow_as_they_come():
    answer = ask(line(9), stock(2, [(WEDNESDAY, 4), (TUESDAY, 5), (FRIDAY, 9)]))
    assert answer.day == WEDNESDAY
    expected = [("stock", 2, MONDAY), ("receipt", 5, TUESDAY), ("receipt", 2, WEDNESDAY)]
    assert made_of(answer) == expected


def test_stock_that_a_later_promise_needs_is_not_there():
    answer = ask(line(5), stock(5, [(FRIDAY, 5)], [(THURSDAY, 1)]))
    assert answer.day == FRIDAY


def test_a_receipt_before_the_later_promise_sets_stock_free():
    answer = ask(line(5), stock(5, [(WEDNESDAY, 1)], [(THURSDAY, 1)]))
    assert answer.day == MONDAY


def test_an_earlier_line_of_the_call_gets_stock_that_a_larger_one_for_later_can_leave():
    timeline = stock(1, [(TUESDAY, 2)])
    lines = [line(1, "later", wanted=WEDNESDAY), line(1, "now"), line(1, "then", wanted=THURSDAY)]
    later, now, then = promise(lines, network(timeline))
    assert [later.day, now.day, then.day] == [WEDNESDAY, MONDAY, THURSDAY]
    assert made_of(now) == [("stock", 1, MONDAY)]
    assert made_of(later) == made_of(then) == [("receipt", 1, TUESDAY)]


def test_overdue_receipts_count_as_of_today_and_overdue_promises_are_still_owed():
    assert ask(line(3), stock(0, [(MONDAY - 9, 5)], [(MONDAY - 4, 2)])).day == MONDAY
    assert ask(line(4), stock(0, [(MONDAY - 9, 5)], [(MONDAY - 4, 2)])).missing == 1


def test_a_backlog_is_served_before_any_new_promise():
    answer = ask(line(2), stock(-5, [(TUESDAY, 5), (FRIDAY, 2)]))
    assert answer.day == FRIDAY
    assert made_of(answer) == [("receipt", 2, FRIDAY)]


def test_likely_follows_the_likely_day_of_the_receipt():
    late = Supply(FRIDAY, 5, likely=TUESDAY)
    answer = ask(line(5), Timeline(MONDAY, 0, [late]))
    assert (answer.likely, answer.day) == (TUESDAY, FRIDAY)


def test_nothing_anywhere_is_no_day_and_all_is_missing():
    answer = ask(line(5))
    assert (answer.day, answer.likely, answer.missing) == (None, None, 5)
    assert (answer.why, answer.shipments) == ("no_source", [])


def test_of_a_line_that_nothing_covers_the_most_is_offered_as_soon_as_it_can_be():
    answer = ask(line(9), stock(2, [(WEDNESDAY, 3)], [(FRIDAY, 1)]))
    assert (answer.day, answer.missing, answer.why) == (None, 5, "no_source")
    assert [(ship.quantity, ship.day) for ship in answer.shipments] == [(4, WEDNESDAY)]


def test_what_is_kept_back_for_others_is_not_there():
    answer = ask(line(4, kept_back={(1, 1): 2}), stock(5, [(FRIDAY, 1)]))
    assert answer.day == FRIDAY


# ------------------------------------------------------------
# WHAT EXPIRES
# ------------------------------------------------------------


def test_what_expires_first_goes_first():
    timeline = stock(5, perishable=[(FRIDAY, 2), (TUESDAY, 1)])
    promise([line(3)], network(timeline))
    assert timeline.available(MONDAY) == timeline.available(SUNDAY) == 5


def test_what_expires_before_the_wanted_day_does_not_count():
    timeline = stock(0, [(FRIDAY, 2)], perishable=[(TUESDAY, 2)])
    assert ask(line(2, wanted=WEDNESDAY), timeline).day == FRIDAY


def test_what_expires_on_the_day_it_is_picked_still_counts():
    assert ask(line(2, wanted=TUESDAY), stock(perishable=[(TUESDAY, 2)])).day == TUESDAY


def test_it_leaves_before_it_expires_where_the_customer_receives_no_sooner():
    fridays = Route(customer=WorkDays(weekdays=(4,)))
    answer = ask(line(2, route=fridays), stock(perishable=[(TUESDAY, 2)]))
    assert (answer.shipments[0].ship_day, answer.day) == (TUESDAY, FRIDAY)


def test_it_does_not_leave_early_to_wait_for_the_wanted_day_while_it_expires():
    answer = ask(line(2, wanted=FRIDAY), stock(perishable=[(TUESDAY, 2)]))
    assert answer.day is None


def test_a_promise_that_can_wait_for_a_receipt_leaves_what_expires_to_the_next():
    timeline = stock(0, [(TUESDAY, 1)], [(WEDNESDAY, 1)], [(FRIDAY, 1)])
    assert ask(line(1), timeline).day == MONDAY


def test_what_no_promise_can_use_before_it_expires_is_there_beside_a_backlog():
    timeline = stock(0, (), [(FRIDAY, 9)], [(TUESDAY, 2)])
    assert timeline.available(TUESDAY) == 2
    assert timeline.available(WEDNESDAY) == 0


def test_what_expired_before_today_is_gone():
    assert stock(perishable=[(MONDAY - 1, 5)]).available(MONDAY) == 0


# ------------------------------------------------------------
# REPLENISHMENT
# ------------------------------------------------------------


def test_a_supplier_brings_what_is_lacking_and_stock_goes_first():
    brought = {(1, 1): Replenishment(THURSDAY, WEDNESDAY, "supplier", "Agrolait")}
    answer = ask(line(5), stock(2), replenishments=brought)
    assert (answer.day, answer.likely) == (THURSDAY, WEDNESDAY)
    assert made_of(answer) == [("stock", 2, MONDAY), ("supplier", 3, THURSDAY)]


def test_a_line_that_is_not_from_stock_is_procured_for_itself():
    brought = {(1, 1): Replenishment(THURSDAY, THURSDAY, "production")}
    timeline = stock(9)
    answer = ask(line(5, from_stock=False), timeline, replenishments=brought)
    assert made_of(answer) == [("production", 5, THURSDAY)]
    assert timeline.available(MONDAY) == 9
    assert ask(line(5, from_stock=False), stock(9)).why == "no_source"


def test_a_replenishment_of_before_today_is_dated_today():
    brought = {(1, 1): Replenishment(MONDAY - 3, MONDAY - 3)}
    answer = ask(line(5), replenishments=brought)
    assert answer.day == MONDAY
    assert made_of(answer) == [("supplier", 5, MONDAY)]


# ------------------------------------------------------------
# SEVERAL WAREHOUSES
# ------------------------------------------------------------


def test_of_warehouses_that_deliver_on_the_same_day_the_first_named_ships():
    answer = ask(line(2, houses=(2, 1)), stock(5), stock(5))
    assert [ship.warehouse for ship in answer.shipments] == [2]


def test_without_splitting_one_warehouse_ships_all_of_it_even_if_later():
    answer = ask(line(5, houses=(1, 2)), stock(3), stock(2, [(FRIDAY, 9)]))
    assert answer.day == FRIDAY
    assert [ship.warehouse for ship in answer.shipments] == [2]


def test_splitting_delivers_sooner_from_several():
    answer = ask(line(5, houses=(1, 2), split=True), stock(3), stock(2, [(FRIDAY, 9)]))
    assert answer.day == MONDAY
    assert [(ship.warehouse, ship.quantity) for ship in answer.shipments] == [(1, 3), (2, 2)]


def test_nothing_is_split_where_one_warehouse_delivers_on_the_same_day():
    answer = ask(line(5, houses=(1, 2), split=True), stock(3), stock(5))
    assert [ship.warehouse for ship in answer.shipments] == [2]


def test_splitting_takes_from_a_supplier_what_stock_elsewhere_does_not_cover():
    brought = {(1, 2): Replenishment(TUESDAY, TUESDAY)}
    request = line(5, houses=(1, 2), split=True, route=Route())
    answer = ask(request, stock(3), stock(0), replenishments=brought)
    assert answer.day == TUESDAY
    assert [(ship.warehouse, ship.quantity) for ship in answer.shipments] == [(2, 5)]


def test_each_warehouse_of_a_split_ships_what_expires_in_time():
    timelines = stock(perishable=[(TUESDAY, 2)]), stock(0, [(FRIDAY, 3)])
    answer = ask(line(5, houses=(1, 2), split=True), *timelines)
    assert [(ship.quantity, ship.day) for ship in answer.shipments] == [(2, MONDAY), (3, FRIDAY)]
    assert answer.day == FRIDAY


def test_what_nothing_covers_is_offered_from_all_warehouses_only_when_split():
    timelines = (2, 3)
    split = ask(line(9, houses=(1, 2), split=True), *map(stock, timelines))
    single = ask(line(9, houses=(1, 2)), *map(stock, timelines))
    assert (split.missing, single.missing) == (4, 6)


def test_a_line_without_a_warehouse_says_so():
    answer = promise([Request("line", ((1, 1),), 5, {})], network(stock(9)))[0]
    assert (answer.why, answer.missing) == ("no_warehouse", 5)


def test_one_warehouse_that_never_works_does_not_hinder_another():
    timelines = network(stock(9), stock(9))
    timelines.sites[1] = Site(MONDAY, NEVER)
    answer = promise([line(5, houses=(1, 2), split=True)], timelines)[0]
    assert [ship.warehouse for ship in answer.shipments] == [2]


# ------------------------------------------------------------
# KITS
# ------------------------------------------------------------


def test_a_kit_waits_for_its_last_component():
    more = {(2, 1): stock(0, [(FRIDAY, 10)])}
    answer = ask(line(5, needs=((1, 1), (2, 2))), stock(5), more=more)
    assert answer.day == FRIDAY
    assert made_of(answer) == [("stock", 5, MONDAY), ("receipt", 10, FRIDAY)]


def test_a_kit_that_needs_a_product_twice_needs_the_sum():
    twice = ((1, 1), (1, 2))
    assert ask(line(2, needs=twice), stock(5, [(FRIDAY, 1)])).day == FRIDAY
    assert ask(line(2, needs=twice), stock(6)).day == MONDAY


@pytest.mark.parametrize("needs", [((1, 2),), ((1, 1), (1, 1)), ((1, 2), (2, 1))])
def test_of_a_kit_only_whole_ones_are_offered(needs):
    answer = ask(line(9, needs=needs), stock(5), more={(2, 1): stock(9)})
    assert [ship.quantity for ship in answer.shipments] == [2]
    assert answer.missing == 7


def test_a_kit_and_a_line_share_the_stock_of_a_component():
    needs = ((1, 2), (2, 1))
    lines = [line(2, "kit", needs=needs), line(3, "component")]
    kit, component = promise(lines, network(stock(6), more={(2, 1): stock(9)}))
    assert (kit.day, component.day, component.missing) == (MONDAY, None, 1)


def test_a_component_with_nothing_of_it_does_not_matter():
    assert ask(line(2, needs=((1, 1), (2, 0))), stock(2)).day == MONDAY


# ------------------------------------------------------------
# WHO IS FIRST
# ------------------------------------------------------------


def test_the_smallest_of_equal_priority_is_served_first():
    large, small = promise([line(5, "large"), line(2, "small")], network(stock(5)))
    assert (large.day, small.day) == (None, MONDAY)


def test_priority_comes_before_size():
    first, small = promise([line(5, "first"), line(2, "small", priority=1)], network(stock(5)))
    assert (first.day, small.day) == (MONDAY, None)


def test_the_last_unit_is_promised_once():
    place = network(stock(1))
    assert promise([line(1)], place)[0].day == MONDAY
    assert promise([line(1)], place)[0].day is None


def test_more_supply_can_cost_a_line_that_chooses_between_warehouses_its_day():
    """Why `promise` claims no more: the small line moves, and the large one lacks what it takes."""
    lines = [line(2, "small", houses=(2, 1)), line(3, "large", houses=(1,))]

    def days(first, second):
        place = network(first, second)
        place.sites[2] = Site(TUESDAY)
        return [answer.day for answer in promise(lines, place)]

    assert days(stock(1, [(FRIDAY, 2)]), stock(2)) == [TUESDAY, FRIDAY]
    assert days(stock(2, [(FRIDAY, 2)]), stock(2)) == [MONDAY, None]


# ------------------------------------------------------------
# CALENDARS
# ------------------------------------------------------------


def test_picking_takes_its_days_and_starts_after_the_cut_off():
    answer = ask(line(1), stock(1), site=Site(TUESDAY, handling=2))
    assert answer.day == THURSDAY


def test_preparation_delays_the_shipping():
    assert ask(line(1, lead=3), stock(1)).day == THURSDAY


def test_who_does_not_work_at_weekends_ships_on_monday():
    answer = ask(line(1), stock(0, [(SATURDAY, 1)]), site=Site(MONDAY, WEEK))
    assert answer.day == NEXT_MONDAY


def test_transit_counts_the_days_on_which_the_carrier_drives():
    route = Route(2, carrier=WEEK)
    assert ask(line(1, route=route), stock(0, [(FRIDAY, 1)])).day == NEXT_MONDAY + 1


def test_it_is_delivered_on_a_day_on_which_the_customer_receives():
    route = Route(1, customer=WorkDays(weekdays=(3,), off=(THURSDAY,)))
    assert ask(line(1, route=route), stock(1)).day == THURSDAY + 7


def test_it_is_shipped_as_late_as_it_can_be_for_the_wanted_day():
    answer = ask(line(1, wanted=FRIDAY, route=Route(2)), stock(1))
    assert (answer.shipments[0].ship_day, answer.day) == (WEDNESDAY, FRIDAY)


def test_a_wanted_day_in_the_past_is_as_soon_as_possible():
    assert ask(line(1, wanted=MONDAY - 30), stock(1)).day == MONDAY


@pytest.mark.parametrize(
    ("why", "site", "route"),
    [
        ("no_workday", Site(MONDAY, NEVER), Route()),
        ("no_carrier_day", Site(MONDAY), Route(1, carrier=NEVER)),
        ("no_receiving_day", Site(MONDAY), Route(customer=NEVER)),
    ],
)
def test_where_nobody_ever_works_there_is_no_day_and_the_reason(why, site, route):
    for wanted in (None, date.max.toordinal()):
        answer = ask(line(5, route=route, wanted=wanted, split=True), stock(9), site=site)
        assert (answer.day, answer.why, answer.missing) == (None, why, 5)
        assert answer.shipments == []


def test_a_carrier_that_never_drives_does_not_matter_without_transit():
    assert ask(line(5, route=Route(0, carrier=NEVER)), stock(9)).day == MONDAY


def test_weeks_may_differ():
    odd_mondays = WorkDays(weekdays=(0,), second=())
    first = odd_mondays.next(MONDAY)
    assert odd_mondays.next(first + 1) == first + 14
    assert odd_mondays.previous(first + 13) == first


# ------------------------------------------------------------
# QUANTITIES
# ------------------------------------------------------------


def test_stock_that_is_not_kept_is_always_there():
    answer = ask(line(1e12), untracked=frozenset({1}))
    assert (answer.day, made_of(answer)) == (MONDAY, [("untracked", 1e12, MONDAY)])


def test_huge_quantities_are_covered_to_the_unit():
    assert ask(line(1e12), stock(1e12)).day == MONDAY
    assert ask(line(1e12), stock(1e12 - 1000)).missing == pytest.approx(1000)


def test_tiny_fractions_are_not_promised_from_nothing():
    assert ask(line(1e-6), stock(0)).day is None
    assert ask(line(1e-6), stock(1e-6)).day == MONDAY


def test_rounding_does_not_hold_back_the_last_unit():
    place = network(stock(0.3))
    lines = [line(0.1, key) for key in "abc"]
    assert [answer.day for answer in promise(lines, place)] == [MONDAY] * 3
    assert place.timelines[1, 1].available(MONDAY) < 1e-6


def test_the_first_day_with_enough_is_found_on_a_timeline():
    timeline = stock(2, [(WEDNESDAY, 3)], perishable=[(TUESDAY, 1)])
    assert timeline.earliest(3, MONDAY) == MONDAY
    assert timeline.earliest(4, MONDAY) == WEDNESDAY
    assert timeline.earliest(3, TUESDAY + 1) == WEDNESDAY
    assert timeline.earliest(6, MONDAY) is None
    assert timeline.days() == [MONDAY, WEDNESDAY]
