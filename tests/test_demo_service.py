"""The demo's customer service is believable on any day: hours kept, some in time, some late."""

from datetime import date, datetime, time
from functools import cache

import pytest
from demo_company import generate
from demo_customers import BAD_SEASON, CHINA, DAYS, MAIN
from demo_service import make_calls, make_cases

TODAY = date(2026, 3, 11)

company = cache(generate)


@pytest.fixture(scope="module", params=[MAIN, CHINA], ids=lambda profile: profile.code)
def demo(request):
    return company(TODAY, request.param)


@pytest.fixture(scope="module")
def cases(demo):
    return make_cases(demo, TODAY)


def test_the_same_day_gives_the_same_cases(demo, cases):
    assert make_cases(demo, TODAY) == cases


def test_nothing_has_happened_yet_that_comes_later(cases):
    now = datetime.combine(TODAY, time(6))
    for case in cases:
        told = [case.received, case.answered, case.solved, *(m[1] for m in case.messages)]
        assert all(moment <= now for moment in told if moment)


def test_each_case_goes_forward(cases):
    for case in cases:
        steps = [case.received, case.answered, *(case.waiting or ()), case.solved]
        steps = [step for step in steps if step]
        assert steps == sorted(steps)


def test_people_answer_on_working_days(cases):
    moments = [moment for case in cases for _who, moment, _text in case.messages]
    assert all(moment.weekday() < 5 and 8 <= moment.hour <= 16 for moment in moments)


def test_most_are_solved_and_some_still_wait(cases):
    states = [case.state for case in cases]
    assert states.count("closed") > 0.65 * len(cases)
    assert states.count("new") >= 3
    assert "open" in states


def test_an_ended_case_is_solved_or_given_up_and_an_open_one_is_not(cases):
    for case in cases:
        assert bool(case.solved) == (case.state in ("solved", "closed"))


def test_the_bad_season_brings_more_cases_a_day():
    cases = make_cases(company(TODAY, MAIN), TODAY)
    ago = [(TODAY - case.received.date()).days for case in cases]
    first, last = DAYS - BAD_SEASON[1], DAYS - BAD_SEASON[0]
    bad = sum(first <= days < last for days in ago) / (last - first)
    quiet = sum(7 < days < first for days in ago) / (first - 7)
    assert bad > 1.3 * quiet


def test_claims_ask_for_money_and_not_all_of_it_is_paid(cases):
    claims = [case for case in cases if case.claimed]
    assert claims
    assert all(case.settled <= case.liable <= case.claimed for case in claims)
    assert any(case.settled for case in claims)


def test_cases_are_about_orders_that_the_customer_placed_before(demo, cases):
    orders = {line["order"]: line for line in demo.lines}
    for case in cases:
        order = orders[case.order]
        assert order["customer"] == case.customer
        assert order["date"] <= case.received.date().isoformat()


def test_some_calls_of_yesterday_wait_to_be_returned(demo):
    calls = make_calls(demo, TODAY)
    waiting = [c for c in calls if c.outcome in ("missed", "callback", "voicemail")]
    assert len(waiting) == 5
    assert any(not call.customer for call in waiting)
