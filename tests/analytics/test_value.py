"""Customer value, its bands, its reasons, and the hold-out test."""

import json

import numpy as np
import pandas as pd
import pytest
from analytics import (
    VALUE_REASON_CODES,
    BetaGeoNBD,
    GammaGamma,
    ShrunkenRate,
    customer_value,
    evaluate_holdout,
    fit_purchase_model,
    fit_spend_model,
    holdout_cutoff,
    summarize_orders,
    value_bands,
    value_reasons,
)
from analytics.totals import compare_totals
from simulate import bgnbd_customers, order_rows

PARAMS = {"r": 0.8, "alpha": 6.0, "a": 0.7, "b": 3.0}


@pytest.fixture(scope="module")
def orders():
    return order_rows(np.random.default_rng(21), 300, 700)


@pytest.fixture(scope="module")
def frame(orders):
    return summarize_orders(orders, orders["date"].max())


@pytest.fixture(scope="module")
def model():
    return BetaGeoNBD.from_params(PARAMS)


@pytest.fixture(scope="module")
def spend(frame):
    return fit_spend_model(frame)


def test_value_is_expected_orders_times_expected_order(frame, model, spend):
    value = customer_value(model, spend, frame)
    product = value["expected_orders"] * value["expected_average"]
    assert np.allclose(value["expected_value"], product)
    history = (frame["frequency"], frame["recency"], frame["T"])
    weeks = 365.25 / 7
    assert np.allclose(value["expected_orders"], model.expected_purchases(weeks, *history))
    assert value.index.equals(frame.index)


def test_unit_of_time_does_not_change_the_value(orders, spend):
    values = []
    for unit, factor in (("W", 1), ("D", 7)):
        frame = summarize_orders(orders, orders["date"].max(), unit)
        params = {**PARAMS, "alpha": PARAMS["alpha"] * factor}
        model = BetaGeoNBD.from_params(params)
        values.append(customer_value(model, spend, frame, 1, 0.1, unit)["expected_value"])
    assert np.allclose(*values)


def test_discount_lowers_value_and_more_so_over_longer_time(frame, model, spend):
    def total(horizon, rate):
        return customer_value(model, spend, frame, horizon, rate)["expected_value"].sum()

    assert total(1, 0.2) < total(1, 0) and total(2, 0.2) / total(2, 0) < total(1, 0.2) / total(1, 0)
    assert total(1, 0.2) > total(1, 0) / 1.2


def test_customer_with_only_returns_left_has_no_negative_value(frame, model, spend):
    frame = frame.assign(average_order=-5.0)
    assert (customer_value(model, spend, frame)["expected_value"] >= 0).all()


def test_value_says_what_is_wrong(frame, model, spend):
    with pytest.raises(ValueError, match="lacks the column.*recency"):
        customer_value(model, spend, frame.drop(columns="recency"))
    with pytest.raises(ValueError, match="horizon must be above 0"):
        customer_value(model, spend, frame, horizon=0)


def test_bands_are_fifth_half_and_rest_with_ties_together():
    bands = value_bands(np.arange(1, 11))
    assert bands.tolist() == ["low"] * 5 + ["medium"] * 3 + ["high"] * 2
    assert set(value_bands([0.0, 0.0, 0.0])) == {"low"}
    tied = value_bands([5.0] * 10)
    assert len(set(tied)) == 1
    assert value_bands([]).tolist() == []


def test_reasons_tell_rhythm_silence_and_money(frame, model, spend):
    value = customer_value(model, spend, frame)
    reasons = value_reasons(frame, value)
    assert len(reasons) == len(frame)
    for row, days in zip(reasons, frame["days_since_last"], strict=True):
        assert row[0]["days"] == days and row[-1]["code"] == "average"
        for reason in row:
            assert set(reason) == {"code", *VALUE_REASON_CODES[reason["code"]]}
            assert all(type(figure) in (str, int, float) for figure in reason.values())
    assert {row[0]["code"] for row in reasons} == {"one_order", "rhythm", "overdue"}


def test_reasons_leave_out_what_the_model_cannot_tell(frame, spend):
    model = ShrunkenRate().fit(frame["frequency"], frame["recency"], frame["T"])
    value = customer_value(model, spend, frame)
    assert value["probability_alive"].isna().all()
    codes = {reason["code"] for row in value_reasons(frame, value) for reason in row}
    assert "alive" not in codes


def test_silence_of_twice_the_usual_gap_is_overdue():
    frame = pd.DataFrame(
        {
            "frequency": [3, 3],
            "days_since_first": [50, 80],
            "days_since_last": [20, 50],
            "average_order": [9.0, 9.0],
        }
    )
    value = pd.DataFrame({"probability_alive": [0.9, 0.4], "expected_average": [10.0, 10.0]})
    assert [row[0]["code"] for row in value_reasons(frame, value)] == ["rhythm", "overdue"]


def test_shrunken_rate_lies_between_own_and_mean_rate():
    rng = np.random.default_rng(6)
    rate = rng.gamma(2, 1 / 10, 3000)
    T = rng.uniform(20, 60, 3000)
    frequency = rng.poisson(rate * T)
    recency = np.where(frequency > 0, T * 0.9, 0)
    model = ShrunkenRate().fit(frequency, recency, T)
    expected = model.expected_purchases(1, frequency, recency, T)
    assert np.corrcoef(expected, rate)[0, 1] > 0.8
    assert ((expected - rate) ** 2).mean() < ((frequency / T - rate) ** 2).mean()
    assert model.expected_purchases_new(1) == pytest.approx(0.2, rel=0.05)
    assert model.expected_purchases(20, 0, 0, 30) == pytest.approx(
        20 * model.expected_purchases(1, 0, 0, 30)
    )


def test_drop_out_in_the_data_keeps_bgnbd():
    rng = np.random.default_rng(12)
    history = bgnbd_customers(rng, 2000, *PARAMS.values(), longest=60)
    choice = fit_purchase_model(*history)
    assert (choice.name, choice.code, choice.reason) == ("bgnbd", None, None)


def test_only_first_orders_fall_back_and_expect_little():
    choice = fit_purchase_model([0] * 30, [0] * 30, np.linspace(5, 50, 30))
    assert (choice.name, choice.code) == ("shrunken_rate", "no_repeat")
    assert 0 <= choice.model.expected_purchases(52, 0, 0, 50) < 1


def test_hold_out_result_is_plain_json(orders):
    result = evaluate_holdout(orders)
    assert result["enough"] and result["model"] in ("bgnbd", "shrunken_rate")
    assert json.loads(json.dumps(result)) == result
    assert sum(row["customers"] for row in result["buckets"]) == len(
        summarize_orders(orders, result["cutoff"])
    )


def test_steady_customers_beat_nothing_and_the_result_says_so():
    days = np.arange(0, 721, 30)
    orders = pd.DataFrame(
        {
            "partner_id": np.repeat(np.arange(60), len(days)),
            "date": pd.Timestamp("2022-01-01") + pd.to_timedelta(np.tile(days, 60), unit="D"),
            "amount": 100.0,
        }
    )
    # the past rate is exactly right here
    result = evaluate_holdout(orders, "2023-05-26", "2023-12-22")
    assert result["enough"] and not result["beats_baseline"]
    assert result["code"] == "baseline_better"
    assert "not below" in result["reason"]


def steady(rng, n=300, before=24, after=12, fade=1.0, rise=1.0):
    """Return monthly chances of an order that change by `fade`, and amounts by `rise`, after."""
    rate = rng.beta(1, 4, n)
    month = np.arange(before + after)
    chance = np.where(month < before, rate[:, None], np.minimum(fade * rate[:, None], 1))
    customer, when = np.nonzero(rng.random(chance.shape) < chance)
    amount = rng.gamma(4, 25, len(when)) * np.where(when < before, 1, rise)
    date = pd.Timestamp("2022-01-15") + pd.to_timedelta(30 * when, unit="D")
    return pd.DataFrame({"partner_id": customer, "date": date, "amount": amount})


@pytest.mark.parametrize(
    ("change", "code"),
    [({}, None), ({"rise": 3.0}, "value_far_off"), ({"rise": 0.3}, "value_far_off")],
)
def test_values_whose_total_does_not_come_true_are_not_believable(change, code):
    orders = steady(np.random.default_rng(31), **change)
    result = evaluate_holdout(orders, pd.Timestamp("2022-01-15") + pd.Timedelta(days=23 * 30))
    assert result["believable"] == (code is None)
    if result["beats_baseline"]:
        assert result["code"] == code
    if code:
        told = result["totals"]["value"]
        assert told["far_off"] and not result["totals"]["orders"]["far_off"]
        assert (told["low"] > 1.5) if change["rise"] < 1 else (told["high"] < 1 / 1.5)


def test_orders_that_stop_make_the_total_far_off():
    orders = steady(np.random.default_rng(32), fade=0.3)
    result = evaluate_holdout(orders, pd.Timestamp("2022-01-15") + pd.Timedelta(days=23 * 30))
    assert result["beats_baseline"] and result["code"] == "orders_far_off"
    assert "orders were expected" in result["reason"]


def test_a_few_customers_prove_no_total_wrong():
    told = compare_totals(np.full(6, 10.0), np.array([0.0, 0.0, 0.0, 0.0, 0.0, 200.0]))
    assert not told["far_off"] and told["low"] < 0.5 and told["high"] is None
    assert compare_totals(np.full(50, 10.0), np.zeros(50))["far_off"]


def test_calibration_never_sees_the_hold_out(orders):
    cutoff = pd.Timestamp("2024-06-01")
    later = orders["date"] > cutoff
    changed = orders.assign(amount=orders["amount"].where(~later, orders["amount"] * 50))
    one, two = (evaluate_holdout(rows, cutoff) for rows in (orders, changed))
    assert one["metrics"]["value_total"] == two["metrics"]["value_total"]
    assert one["actual"]["value_total"] != two["actual"]["value_total"]


@pytest.mark.parametrize(
    ("n", "days", "code"),
    [(20, 700, "too_few_customers"), (300, 60, "too_short"), (0, 700, "too_few_customers")],
)
def test_too_little_data_is_a_reason(n, days, code):
    result = evaluate_holdout(order_rows(np.random.default_rng(1), n, days))
    assert not result["enough"] and not result["beats_baseline"]
    assert result["code"] == code
    assert str(result["args"]["needed"]) in result["reason"]


def test_orders_without_amounts_before_the_hold_out_are_a_reason(orders):
    first, last = orders["date"].min(), orders["date"].max()
    free = orders["amount"].where(orders["date"] > first + (last - first) * 0.7, 0.0)
    result = evaluate_holdout(orders.assign(amount=free))
    assert (result["code"], result["args"], result["enough"]) == ("no_value", {}, False)


def test_customers_who_never_repeat_are_a_reason(orders):
    first = orders.sort_values("date").drop_duplicates("partner_id")
    assert evaluate_holdout(first, "2024-06-01")["code"] == "too_few_repeaters"


def test_hold_out_takes_the_last_third_by_default():
    assert holdout_cutoff("2024-01-01", "2024-03-31") == pd.Timestamp("2024-03-01")


def test_spend_of_every_order_counts(frame):
    spend = fit_spend_model(frame)
    assert isinstance(spend, GammaGamma)
    assert spend.n_customers_ == len(frame)
