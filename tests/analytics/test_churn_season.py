"""Churn before a strong season: the same days a year ago tell how strong it is."""

import numpy as np
import pandas as pd
import pytest
from analytics import ChurnModel, dump_model, load_model

END, PEAK, WIDTH = pd.Timestamp("2025-12-20"), 310, 30


def trade(rng, n, strength, years=3.0):
    """Return orders at random with a season in November that multiplies them, of n customers.

    Customers come all the time, and leave for good after some months.
    """
    days = int(365 * years)
    dates = END - pd.to_timedelta(np.arange(days)[::-1], unit="D")
    apart = np.abs(dates.dayofyear.to_numpy() - PEAK)
    season = 1 + strength * np.exp(-((np.minimum(apart, 365 - apart) / WIDTH) ** 2) / 2)
    rate = rng.gamma(1.2, 1 / 60, n)
    first = rng.integers(-200, days - 1, n)
    gone = first + rng.exponential(500, n)
    day = np.arange(days)
    here = (day >= first[:, None]) & (day < gone[:, None])
    ordered = here & (rng.random((n, days)) < 1 - np.exp(-rate[:, None] * season))
    customer, number = np.nonzero(ordered)
    amount = rng.lognormal(4, 0.5, len(customer))
    return pd.DataFrame({"partner_id": customer, "date": dates[number], "amount": amount})


def expected(check):
    bins = check["calibration"]
    return sum(row["n"] * row["expected"] for row in bins) / check["n"]


@pytest.fixture(scope="module")
def seasonal():
    return trade(np.random.default_rng(0), 600, strength=6)


@pytest.fixture(scope="module")
def check(seasonal):
    return ChurnModel().evaluate(seasonal, END, n_bootstrap=50)


def test_chances_before_a_strong_season_come_true(check):
    assert check["believable"] and check["beats_baseline"]
    assert check["season"]["shift"] < -0.3
    assert abs(expected(check) - check["rate"]) < 0.06


def test_a_season_is_not_known_from_one_year(seasonal):
    one_year = seasonal[seasonal["date"] > END - pd.Timedelta(days=450)]
    check = ChurnModel().evaluate(one_year, END, n_bootstrap=10)
    assert check["season"]["shift"] == 0.0 and check["season"]["cutoff"] is None
    # What two years more are good for: by as much are the chances off without them.
    assert expected(check) - check["rate"] > 0.1


def test_steady_trade_has_next_to_no_season():
    shifts = []
    for seed in range(4):
        orders = trade(np.random.default_rng(seed), 300, strength=0)
        shifts.append(ChurnModel().fit(orders, END).season_["shift"])
    assert np.mean(np.abs(shifts)) < 0.15


def test_after_the_season_more_stay_away():
    orders = trade(np.random.default_rng(2), 600, strength=6)
    cutoff = END - pd.Timedelta(days=15)  # what it learned from includes the season of this year
    model = ChurnModel(horizon=60).fit(orders, cutoff)
    assert model.season_["shift"] > 0.3
    assert model.season_["cutoff"] == "2024-12-05"


def ups_and_downs(rng, n, years=3.0):
    """Return orders of n customers whose trade goes up and down for months, in no season."""
    days = int(365 * years)
    dates = END - pd.to_timedelta(np.arange(days)[::-1], unit="D")
    mood = np.zeros(days)
    for day in range(1, days):
        mood[day] = 0.983 * mood[day - 1] + 0.18 * rng.normal()
    rate = rng.gamma(1.2, 1 / 60, n)
    ordered = rng.random((n, days)) < 1 - np.exp(-rate[:, None] * np.exp(0.5 * mood))
    customer, number = np.nonzero(ordered)
    return pd.DataFrame({"partner_id": customer, "date": dates[number], "amount": 100.0})


def test_ups_and_downs_that_do_not_come_again_are_no_season():
    seasons = [
        ChurnModel(horizon=60).fit(ups_and_downs(np.random.default_rng(seed), 300), END).season_
        for seed in range(4)
    ]
    assert np.mean([season["repeats"] for season in seasons]) < 0.4
    assert np.mean([abs(season["shift"]) for season in seasons]) < 0.2


def test_the_season_moves_the_baseline_as_well_and_the_order_of_customers_not_at_all(seasonal):
    cutoff = END - pd.Timedelta(days=90)
    model = ChurnModel().fit(seasonal, cutoff)
    frame = model.features(seasonal, cutoff)
    told = model.predict(frame, cutoff)
    both = model.predict_proba(frame)
    np.testing.assert_allclose(both.sum(axis=1), 1)
    model.season_ = {**model.season_, "shift": 0.0}
    without = model.predict(frame, cutoff)
    for column in ("churn_probability", "rhythm_probability"):
        assert (told[column] < without[column]).all()
        assert told[column].rank().corr(without[column].rank()) > 0.9999


def test_the_season_is_learned_from_what_was_known(seasonal):
    cutoff = END - pd.Timedelta(days=90)
    known = seasonal[seasonal["date"] <= cutoff]
    assert ChurnModel().fit(seasonal, cutoff).season_ == ChurnModel().fit(known, cutoff).season_


def test_a_stored_model_keeps_its_season(seasonal):
    cutoff = END - pd.Timedelta(days=90)
    model = ChurnModel().fit(seasonal, cutoff)
    frame = model.features(seasonal, cutoff)
    again = load_model(dump_model(model, b"k" * 32), b"k" * 32)
    np.testing.assert_array_equal(again.predict_proba(frame), model.predict_proba(frame))
