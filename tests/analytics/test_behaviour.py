"""How customers order is told by what is known, and where they were before by what was."""

import numpy as np
import pandas as pd
import pytest
from analytics import (
    BEHAVIOUR_FEATURES,
    SEGMENTS,
    RFMSegmenter,
    StableSegmenter,
    behaviour_features,
    known_features,
    last_moves,
    segment_trail,
    summarize_orders,
)
from sklearn.metrics import adjusted_rand_score

TODAY = pd.Timestamp("2026-01-31")
WINDOW = pd.DateOffset(months=36)


def frame(rows):
    orders = pd.DataFrame(rows, columns=["partner_id", "date", "amount", "is_return"])
    return orders.assign(date=pd.to_datetime(orders["date"]))


def monthly(partner, months=24, amount=100.0, keep=lambda month: True):
    days = pd.date_range(end=TODAY, periods=months, freq="MS") + pd.Timedelta(days=9)
    return [(partner, day, amount, False) for day in days if keep(day.month)]


def test_rhythm_season_and_returns_are_told_in_figures():
    winter = monthly(2, keep=lambda month: month in (12, 1, 2))
    rows = [*monthly(1), *winter, (1, "2026-01-12", -600.0, True)]
    told = behaviour_features(frame(rows), TODAY, is_return="is_return")
    assert list(told.columns) == list(BEHAVIOUR_FEATURES)
    even, seasonal = told.loc[1], told.loc[2]
    assert even["season_share"] == pytest.approx(0.25)
    assert seasonal["season_share"] == pytest.approx((6 + 1) / (6 + 4))
    assert even["gap_spread"] < 0.05 < seasonal["gap_spread"]
    assert even["return_share"] == pytest.approx(600 / 2400)
    assert seasonal["return_share"] == 0
    assert even["average_order"] == pytest.approx(75)
    assert even["days_since_last"] == 21


def test_what_comes_after_the_cutoff_changes_nothing():
    rows = frame([*monthly(1), *monthly(2, keep=lambda month: month % 2)])
    cutoff = TODAY - pd.Timedelta(days=200)
    before = behaviour_features(rows[rows["date"] <= cutoff], cutoff)
    pd.testing.assert_frame_equal(behaviour_features(rows, cutoff), before)


def test_a_short_history_has_no_season_and_few_orders_no_regularity():
    told = behaviour_features(frame(monthly(1, months=2)), TODAY)
    assert np.isnan(told.loc[1, "season_share"]) and np.isnan(told.loc[1, "gap_spread"])


def test_features_that_are_unknown_or_alike_are_left_out():
    table = pd.DataFrame({"a": [1.0, 2.0, np.nan, 9.0], "same": 3.0, "rare": [np.nan] * 3 + [1.0]})
    known = known_features(table)
    assert list(known.columns) == ["a"] and known["a"].tolist() == [1.0, 2.0, 2.0, 9.0]


def test_planted_kinds_of_buyers_are_found_by_how_they_order():
    rng, rows, kinds = np.random.default_rng(4), [], {}
    for partner in range(240):
        kind = kinds[partner] = partner % 3
        gap, amount = ((7, 50), (30, 2000), (30, 60))[kind]
        day = rng.integers(0, gap)
        while day < 700:
            date = TODAY - pd.Timedelta(days=int(day))
            if kind < 2 or date.month in (10, 11, 12):
                rows.append((partner, date, amount * rng.gamma(20, 1 / 20), False))
            day += max(rng.normal(gap, gap / 6), 1)
    told = known_features(behaviour_features(frame(rows), TODAY))
    model = StableSegmenter().fit(told)
    found = [kinds[partner] for partner in told.index]
    assert model.code_ is None
    assert adjusted_rand_score(found, model.labels_) > 0.9


def test_segments_of_an_earlier_day_are_those_a_run_on_that_day_found():
    rows = frame([row for partner in range(30) for row in monthly(partner, 3 + partner % 20)])
    cutoff = TODAY - pd.Timedelta(days=90)
    trail = segment_trail(rows, [cutoff, TODAY], WINDOW)
    assert list(trail) == [TODAY, cutoff]
    then = RFMSegmenter().fit_transform(summarize_orders(rows[rows["date"] <= cutoff], cutoff))
    pd.testing.assert_frame_equal(trail[cutoff], then)


def test_the_last_move_of_each_customer_is_found_with_its_day():
    days = [TODAY - pd.Timedelta(days=back) for back in (0, 90, 180)]
    codes = list(SEGMENTS)
    segments = {  # newest first; None: no customer yet
        "steady": [codes[1], codes[1], codes[1]],
        "fell lately": [codes[7], codes[1], codes[1]],
        "fell before": [codes[7], codes[7], codes[1]],
        "came lately": [codes[3], None, None],
        "fell, came new": [codes[7], codes[1], None],
    }
    trail = {}
    for place, day in enumerate(days):
        there = {name: row[place] for name, row in segments.items() if row[place]}
        scores = [f"{place}{code[0]}" for code in there.values()]
        trail[day] = pd.DataFrame({"segment": pd.Series(there), "rfm_score": scores})
    moves = last_moves(trail)
    assert set(moves.index) == {"fell lately", "fell before", "fell, came new"}
    assert moves.loc["fell lately", ["before", "after", "since"]].tolist() == [
        codes[1],
        codes[7],
        days[0],
    ]
    assert moves.loc["fell before", "since"] == days[1]
    assert moves.loc["fell before", ["rfm_before", "rfm_after"]].tolist() == ["2l", "1a"]


@pytest.mark.parametrize("seed", range(6))
def test_trail_is_what_runs_on_those_days_would_have_found(seed):
    rng, n = np.random.default_rng(seed), 700
    orders = pd.DataFrame(
        {
            "partner_id": rng.integers(0, 60, n),
            "date": pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 700, n), "D"),
            "amount": rng.gamma(2, 50, n).round(2),
            "back": rng.random(n) < 0.2,
        }
    )
    orders["amount"] *= np.where(orders["back"], -1, 1)
    days = [pd.Timestamp("2024-11-30") - pd.DateOffset(months=back) for back in range(13)]
    window = pd.DateOffset(months=12)
    trail = segment_trail(orders, days, window, is_return="back")
    for day in days:
        part = orders[(orders["date"] > day - window) & (orders["date"] <= day)]
        then = summarize_orders(part, day, is_return="back")
        pd.testing.assert_frame_equal(trail[day], RFMSegmenter().fit_transform(then))


def test_no_trail_no_moves():
    assert last_moves({}).empty
    assert segment_trail(frame(monthly(1)), [TODAY], WINDOW) == {}
