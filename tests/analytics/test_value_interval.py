"""Intervals of orders and value hold what comes as often as they say."""

import numpy as np
import pandas as pd
import pytest
from analytics import (
    BetaGeoNBD,
    GammaGamma,
    ParetoNBD,
    ShrunkenRate,
    fit_purchase_model,
    fit_spend_model,
    summarize_orders,
    value_intervals,
)
from simulate import order_rows, pareto_futures

TRUE = {"r": 1.2, "alpha": 6.0, "s": 0.6, "beta": 30.0}
SPEND = {"p": 5.0, "q": 4.0, "v": 60.0}
YEARS = 0.5
WEEKS = YEARS * 365.25 / 7


def world(seed, n, s=TRUE["s"]):
    """Return a frame of `n` customers with known behaviour, and what they order afterwards."""
    rng = np.random.default_rng(seed)
    theta = {**TRUE, "s": s}.values()
    frequency, recency, T, later = pareto_futures(rng, n, *theta, 100, WEEKS)
    scale = rng.gamma(SPEND["q"], 1 / SPEND["v"], n)
    orders = frequency + 1
    frame = pd.DataFrame({"frequency": frequency, "recency": recency, "T": T, "orders": orders})
    frame["average_order"] = rng.gamma(SPEND["p"] * orders, 1 / scale) / orders
    value = np.where(later, rng.gamma(SPEND["p"] * np.maximum(later, 1), 1 / scale), 0.0)
    return frame, later, value


def history(frame):
    return [frame[name] for name in ("frequency", "recency", "T")]


def outside(interval, name, seen):
    low, high = interval[f"{name}_low"], interval[f"{name}_high"]
    return (seen < low).mean(), (seen > high).mean()


@pytest.mark.parametrize("n", [150, 4000])
def test_eight_in_ten_lie_within_limits_of_eighty_per_cent(n):
    below, above, inner = [], [], []
    for seed in range(3):
        frame, orders, value = world(seed, n)
        model, spend = ParetoNBD().fit(*history(frame)), fit_spend_model(frame)
        interval = value_intervals(model, spend, frame, YEARS, random_state=seed)
        for name, seen in (("orders", orders), ("value", value)):
            low, high = outside(interval, name, seen)
            below.append(low), above.append(high)
        busy = (interval["orders_low"] > 2).to_numpy()
        inner.append(1 - sum(outside(interval[busy], "value", value[busy])))
    # ten per cent may lie above; three standard errors of a share among all customers drawn
    error = 3 * np.sqrt(0.1 * 0.9 / (3 * n))
    assert np.mean(above[0::2]) < 0.1 + error and np.mean(below[0::2]) < 0.1 + error
    assert np.mean(above[1::2]) < 0.1 + error and np.mean(below[1::2]) < 0.1 + error
    # and they are no wider than needed, where orders do not come in ones and twos
    assert np.mean(inner) == pytest.approx(0.8, abs=0.04 + 3 * np.sqrt(0.16 / n))


def test_higher_level_is_wider_and_expectation_lies_within():
    frame, *_ = world(5, 400)
    model, spend = ParetoNBD.from_params(TRUE), GammaGamma.from_params(SPEND)
    narrow, wide = (value_intervals(model, spend, frame, YEARS, level=x) for x in (0.5, 0.95))
    assert (wide["value_low"] <= narrow["value_low"]).all()
    assert (wide["value_high"] >= narrow["value_high"]).all()
    expected = model.expected_purchases(WEEKS, *history(frame))
    busy = expected > 3
    assert (wide["orders_low"] <= expected).all()
    assert (wide["orders_high"] >= expected)[busy].all()


def test_parameters_are_drawn_as_uncertain_as_the_fit_says():
    frame, *_ = world(6, 60)
    model, spend = ParetoNBD().fit(*history(frame)), fit_spend_model(frame)
    drawn = [model.draw_model(np.random.default_rng(seed)).params_["r"] for seed in range(300)]
    spread = np.std(np.log(drawn))
    told = model.standard_errors_["r"] / model.params_["r"]
    assert spread == pytest.approx(told, rel=0.2)
    assert value_intervals(model, spend, frame).index.equals(frame.index)


@pytest.mark.parametrize("kind", [BetaGeoNBD, ParetoNBD, ShrunkenRate])
def test_draws_have_the_expected_mean(kind):
    frame, *_ = world(7, 500)
    model = kind().fit(*history(frame))
    drawn = model.draw_purchases(np.random.default_rng(1), 20.0, *history(frame), size=200)
    expected = model.expected_purchases(20.0, *history(frame)).mean()
    assert drawn.mean() == pytest.approx(expected, abs=4 * drawn.std() / np.sqrt(drawn.size))


def test_without_drop_out_the_shrunken_rate_covers_too():
    frame, orders, value = world(8, 3000, s=1e-6)
    model, spend = ShrunkenRate().fit(*history(frame)), fit_spend_model(frame)
    interval = value_intervals(model, spend, frame, YEARS)
    for name, seen in (("orders", orders), ("value", value)):
        assert max(outside(interval, name, seen)) < 0.1 + 3 * np.sqrt(0.09 / 3000)
    assert 1 - sum(outside(interval, "value", value)) == pytest.approx(0.8, abs=0.05)


def test_chance_of_an_order_is_that_seen():
    frame, orders, _ = world(9, 4000)
    model, spend = ParetoNBD.from_params(TRUE), GammaGamma.from_params(SPEND)
    chance = value_intervals(model, spend, frame, YEARS)["probability_order"]
    assert chance.mean() == pytest.approx((orders > 0).mean(), abs=3 * 0.5 / np.sqrt(4000))


def test_same_seed_same_limits_and_mistakes_are_named():
    orders = order_rows(np.random.default_rng(3), 50, 400)
    frame = summarize_orders(orders, orders["date"].max())
    model, spend = BetaGeoNBD().fit(*history(frame)), fit_spend_model(frame)
    one, two = (value_intervals(model, spend, frame, random_state=4) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert len(value_intervals(model, spend, frame.iloc[:0])) == 0
    with pytest.raises(ValueError, match="level between 0 and 1"):
        value_intervals(model, spend, frame, level=80)
    with pytest.raises(ValueError, match="lacks the column.*T"):
        value_intervals(model, spend, frame.drop(columns="T"))


def test_eight_in_ten_customers_of_cdnow_did_what_their_interval_says(cdnow_sample):
    cutoff = pd.Timestamp("1997-09-30")
    frame = summarize_orders(cdnow_sample, cutoff)
    choice = fit_purchase_model(*history(frame))
    interval = value_intervals(choice.model, fit_spend_model(frame), frame, 273 / 365.25)
    later = cdnow_sample[cdnow_sample["date"] > cutoff]
    days = later.drop_duplicates(["partner_id", "date"]).groupby("partner_id").size()
    value = later.groupby("partner_id")["amount"].sum()
    for name, seen in (("orders", days), ("value", value)):
        below, above = outside(interval, name, seen.reindex(frame.index).fillna(0))
        assert below + above < 0.2 + 3 * np.sqrt(0.16 / len(frame))
