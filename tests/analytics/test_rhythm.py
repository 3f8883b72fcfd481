"""Each customer's own rhythm, and when the next order is due."""

import numpy as np
import pandas as pd
import pytest
from analytics import order_rhythm
from analytics.rhythm import _median_of_others

START = pd.Timestamp("2023-01-01")
END = START + pd.Timedelta(days=730)


def rows(days_by_customer):
    parts = [
        pd.DataFrame({"partner_id": customer, "date": START + pd.to_timedelta(days, unit="D")})
        for customer, days in days_by_customer.items()
    ]
    return pd.concat(parts, ignore_index=True)


def renewals(seed, n, shape):
    """Return orders of `n` customers with gamma gaps, and for each one more gap drawn anew."""
    rng = np.random.default_rng(seed)
    usual = rng.lognormal(3.2, 0.6, n)

    def gaps(size):
        return np.maximum(1, rng.gamma(shape, usual[:, None] / shape, (n, size)).round())

    days = np.floor(rng.uniform(0, 500, n))[:, None] + np.cumsum(gaps(500), axis=1)
    customer, place = np.nonzero(days <= 730)
    when = START + pd.to_timedelta(days[customer, place], unit="D")
    return pd.DataFrame({"partner_id": customer, "date": when}), gaps(1)[:, 0]


def test_usual_gap_is_the_median_and_silence_counts_against_it():
    orders = rows({7: [0, 10, 20, 30, 70], 8: [0, 30]})
    rhythm = order_rhythm(orders, START + pd.Timedelta(days=90))
    seven = rhythm.loc[7]
    assert (seven["orders"], seven["usual_gap"]) == (5, 10)
    assert (seven["gap_low"], seven["gap_high"]) == (10, 17.5)
    assert (seven["days_since_last"], seven["silence_ratio"]) == (20, 2)
    assert seven["expected_date"] == START + pd.Timedelta(days=80)
    assert rhythm.loc[8, "usual_gap"] == 30


def test_one_time_buyers_have_no_rhythm():
    rhythm = order_rhythm(rows({1: [5, 5], 2: [0, 9]}), END)
    one = rhythm.loc[1]
    assert one["state"] == "one_order" and one["orders"] == 1 and one["days_since_last"] == 725
    for name in ("usual_gap", "gap_low", "expected_date", "expected_from", "silence_ratio"):
        assert pd.isna(one[name])


def test_all_rows_of_a_day_are_one_order_and_returns_are_none():
    orders = rows({1: [0, 0, 10, 13, 20]})
    orders["is_return"] = [False, False, False, True, False]
    orders["date"] += pd.to_timedelta([1, 9, 15, 3, 23], unit="h")
    rhythm = order_rhythm(orders, START + pd.Timedelta(days=20), is_return="is_return")
    assert rhythm.loc[1, "orders"] == 3 and rhythm.loc[1, "usual_gap"] == 10
    assert rhythm.loc[1, "days_since_last"] == 0


def test_nothing_after_the_cutoff_is_seen():
    orders, _ = renewals(1, 60, 4)
    middle = START + pd.Timedelta(days=400)
    known = orders[orders["date"] <= middle]
    pd.testing.assert_frame_equal(order_rhythm(orders, middle), order_rhythm(known, middle))


@pytest.mark.parametrize("shape", [1, 4, 20])
def test_eight_in_ten_next_gaps_lie_within_the_interval(shape):
    orders, gap = renewals(3, 1500, shape)
    rhythm = order_rhythm(orders, END)
    known = rhythm["usual_gap"].notna()
    gap = gap[rhythm.index[known]]
    low = (rhythm["expected_from"] - rhythm["last_date"]).dt.days[known]
    high = (rhythm["expected_until"] - rhythm["last_date"]).dt.days[known]
    error = 3 * np.sqrt(0.1 * 0.9 / len(gap))
    # whole days: a little more than the level lies on or between the limits
    assert 0.07 - error < (gap < low).mean() < 0.1 + error
    assert 0.08 - error < (gap > high).mean() < 0.1 + error


def test_a_gap_is_compared_with_the_others_of_its_customer_only():
    rng = np.random.default_rng(2)
    n_gaps = np.array([0, 1, 2, 3, 7, 8])
    gaps = [np.sort(rng.integers(1, 50, n)).astype(float) for n in n_gaps]
    owner, starts = np.repeat(np.arange(6), n_gaps), np.cumsum(n_gaps) - n_gaps
    others = [np.median(np.delete(own, i)) for own in gaps for i in range(len(own)) if len(own) > 1]
    found = _median_of_others(np.concatenate(gaps), owner, starts, n_gaps)
    assert found[~np.isnan(found)] == pytest.approx(others)
    assert np.isnan(found).sum() == 1


def test_regular_customers_get_a_narrow_interval_among_irregular_ones():
    regular, _ = renewals(4, 200, 60)
    irregular, _ = renewals(5, 200, 1)
    both = pd.concat([regular, irregular.assign(partner_id=irregular["partner_id"] + 1000)])
    rhythm = order_rhythm(both, END)
    width = (rhythm["expected_until"] - rhythm["expected_from"]).dt.days / rhythm["usual_gap"]
    many = rhythm["orders"] > 10
    assert width[many & (rhythm.index < 1000)].median() < 0.6
    assert width[many & (rhythm.index >= 1000)].median() > 1.5


def test_states_follow_silence():
    steady = {customer: np.arange(0, 700, 20) for customer in range(40)}
    steady |= {100: np.arange(30, 731, 20), 101: np.arange(0, 720, 20), 102: [0, 20, 40, 60]}
    state = order_rhythm(rows(steady), START + pd.Timedelta(days=733))["state"]
    assert state[100] == "rhythm" and state[102] == "overdue"
    due = order_rhythm(rows({1: [0, 10], 2: [0, 25]}), START + pd.Timedelta(days=30))
    assert due["state"].tolist() == ["due", "rhythm"]
    assert due["expected_until"].isna().all()


def test_a_million_order_days_take_about_a_second():
    import time

    rng = np.random.default_rng(6)
    days = pd.to_timedelta(rng.integers(0, 1000, 1_000_000), unit="D")
    orders = pd.DataFrame({"partner_id": rng.integers(0, 100_000, 1_000_000), "date": START + days})
    begin = time.process_time()
    rhythm = order_rhythm(orders, START + pd.Timedelta(days=1000))
    assert time.process_time() - begin < 3  # 0.6 s on an idle machine
    assert len(rhythm) > 99_000


def test_no_order_is_expected_later_than_ten_years_after_the_last():
    rng = np.random.default_rng(0)
    start = rng.integers(0, 700, 20_000)
    life = 60 - 600 * np.log(1 - rng.random(20_000))
    customer = rng.integers(0, 20_000, 100_000)
    day = (start[customer] + rng.random(100_000) * life[customer]).astype(int).clip(max=1095)
    orders = pd.DataFrame(
        {"partner_id": customer, "date": pd.Timestamp("2022-01-01") + pd.to_timedelta(day, "D")}
    )
    rhythm = order_rhythm(orders, "2024-12-31")
    waits = (rhythm["expected_until"] - rhythm["last_date"]).dt.days
    assert 365 < waits.max() <= 3650
    assert (rhythm["expected_date"] <= rhythm["expected_until"]).sum() > 1_000


def test_says_what_is_wrong():
    orders = rows({1: [0, 3]})
    with pytest.raises(ValueError, match="level must be between 0 and 1"):
        order_rhythm(orders, END, level=80)
    with pytest.raises(ValueError, match="lacks the column.*date"):
        order_rhythm(orders.drop(columns="date"), END)
    with pytest.raises(ValueError, match="date is missing in 1 row"):
        order_rhythm(orders.assign(date=[pd.NaT, END]), END)
    assert len(order_rhythm(orders.iloc[:0], END)) == 0
