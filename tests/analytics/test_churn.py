"""Who will stay away, from what was known and judged on what came after."""

import json

import numpy as np
import pandas as pd
import pytest
from analytics import (
    REGULAR_SPREAD,
    ChurnModel,
    LeakageError,
    NotEnoughError,
    expected_order,
)
from analytics._scorers import SCORERS
from analytics.churn_features import churn_features, prepare_orders, stayed_away
from analytics.churn_reasons import CHURN_REASON_CODES, churn_reasons

START, END = pd.Timestamp("2023-01-01"), pd.Timestamp("2025-06-18")
DAYS = (END - START).days


def rows(*lines):
    frame = pd.DataFrame(lines, columns=["partner_id", "date", "amount", "back"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


ORDERS = rows(
    (1, "2024-01-01", 100.0, False),
    (1, "2024-01-11", 100.0, False),
    (1, "2024-01-31", 100.0, False),
    (1, "2024-03-01", 100.0, False),
    (1, "2024-03-05", -40.0, True),
    (2, "2024-02-10", 50.0, False),
    (2, "2024-05-01", 50.0, False),
    (3, "2024-03-20", -9.0, True),
)


def regulars(rng, n, leaving=0.5):
    """Return orders of customers with rhythms of 10 to 45 days, some of whom leave for good.

    Before they leave, their orders shrink.
    """
    lines = []
    for customer in range(n):
        gap = rng.uniform(10, 45)
        last = rng.uniform(0.4 * DAYS, DAYS) if rng.random() < leaving else DAYS
        day = rng.uniform(0, gap)
        while day <= last:
            shrunk = 0.3 if last < DAYS and day > last - 100 else 1
            lines.append((customer, day, shrunk * rng.lognormal(5, 0.5)))
            day += max(gap * (1 + 0.2 * rng.normal()), 1)
    frame = pd.DataFrame(lines, columns=["partner_id", "day", "amount"])
    return frame.assign(date=START + pd.to_timedelta(frame.pop("day").astype(int), unit="D"))


def forgetful(rng, n):
    """Return orders of customers who all order alike, whatever they did before."""
    counts = rng.poisson(DAYS / 110, n) + 1
    day = rng.integers(0, DAYS + 1, counts.sum())
    date = START + pd.to_timedelta(day, unit="D")
    return pd.DataFrame(
        {"partner_id": np.repeat(np.arange(n), counts), "date": date, "amount": 100.0}
    )


@pytest.fixture(scope="module")
def shop():
    return regulars(np.random.default_rng(0), 250)


@pytest.fixture(scope="module")
def model(shop):
    return ChurnModel().fit(shop, END)


@pytest.fixture(scope="module")
def frame(shop, model):
    return model.features(shop, END)


def test_features_are_what_was_known_at_the_cut_off():
    prepared = prepare_orders(ORDERS, "2024-12-31", is_return="back")
    table = churn_features(prepared, "2024-03-31", horizon=45)
    assert table.index.tolist() == [1, 2]
    one = table.loc[1]
    assert (one["orders"], one["days_since_last"], one["days_since_first"]) == (4, 30, 90)
    assert (one["usual_days"], one["mean_days"]) == (20, 20)
    assert one["gap_spread"] == pytest.approx(np.std([10, 20, 30], ddof=1) / 20)
    assert one["silence"] == pytest.approx(30 / 20)
    assert (one["orders_last"], one["orders_before"]) == (1, 2)
    assert one["trend"] == pytest.approx(np.log(1.5 / 2.5))
    assert one["average_order"] == 90 and one["last_order_ratio"] == pytest.approx(60 / 90)
    assert one["return_share"] == pytest.approx(40 / 400)
    assert one["orders_per_month"] == pytest.approx(4 / 3)
    two = table.loc[2]
    assert two["orders"] == 1 and np.isnan(two[["usual_days", "gap_spread", "trend"]]).all()


def test_features_of_the_season_need_a_year_of_history():
    lines = [(1, day, 1.0, False) for day in ("2023-01-01", "2023-05-01", "2023-06-01")]
    prepared = prepare_orders(rows(*lines, (2, "2024-01-01", 1.0, False)), "2024-12-31")
    table = churn_features(prepared, "2024-04-15", horizon=60)
    assert table.loc[1, "season_orders"] == 2 and np.isnan(table.loc[2, "season_orders"])


def test_nothing_after_the_cut_off_is_seen(shop):
    later = shop["date"] > "2024-12-31"
    scrambled = shop.assign(
        date=shop["date"].where(~later, END), amount=shop["amount"].where(~later, 1e6)
    )
    pd.testing.assert_frame_equal(
        ChurnModel().features(shop, "2024-12-31"), ChurnModel().features(scrambled, "2024-12-31")
    )
    first, second = (ChurnModel().fit(orders, "2024-12-31") for orders in (shop, scrambled))
    table = first.features(shop, "2024-12-31")
    np.testing.assert_array_equal(first.predict_proba(table), second.predict_proba(table))


def test_who_sends_something_back_has_not_ordered():
    prepared = prepare_orders(ORDERS, "2024-12-31", is_return="back")
    assert stayed_away(prepared, "2024-03-02", 30, [1, 2]).tolist() == [1, 1]
    assert stayed_away(prepared, "2024-03-02", 60, [1, 2]).tolist() == [1, 0]
    assert stayed_away(prepared, "2024-05-01", 60, [1, 2]).tolist() == [1, 1]
    assert stayed_away(prepared, "2024-04-30", 1, [1, 2]).tolist() == [1, 0]


def test_outcomes_of_training_are_complete_before_the_evaluation_begins(shop):
    result = ChurnModel(horizon=60).evaluate(shop, END)
    begins = pd.Timestamp(result["cutoff"])
    assert begins + pd.Timedelta(days=60) == END
    assert len(result["snapshots"]) == 4
    for snapshot in result["snapshots"]:
        assert pd.Timestamp(snapshot["cutoff"]) + pd.Timedelta(days=60) <= begins


def test_regular_customers_who_left_are_found(shop):
    result = ChurnModel(horizon=60).evaluate(shop, END)
    assert result["enough"] and result["beats_baseline"] and result["reason"] is None
    assert result["auc"] > 0.95 and result["ece"] < 0.08
    assert result["frequency_difference"]["auc"]["low"] > 0
    assert json.loads(json.dumps(result)) == result


def test_thirty_customers_are_enough():
    result = ChurnModel().evaluate(regulars(np.random.default_rng(0), 30), END)
    assert result["enough"] and result["n"] == 30
    assert result["auc"] > 0.8


def test_a_part_of_a_long_past_teaches_nearly_as_much(shop):
    whole = ChurnModel().evaluate(shop, END)
    part = ChurnModel(max_rows=400).evaluate(shop, END)
    assert part["n"] == whole["n"]
    assert sum(one["customers"] for one in whole["snapshots"]) > 800
    assert part["auc"] > whole["auc"] - 0.05


def test_where_the_past_says_nothing_there_is_no_gain():
    result = ChurnModel().evaluate(forgetful(np.random.default_rng(2), 150), END)
    assert result["enough"] and not result["beats_baseline"]
    assert result["code"] == "no_gain" and "No gain over the baseline" in result["reason"]
    auc = result["difference"]["auc"]
    assert result["args"]["auc_low"] == auc["low"] and auc["low"] <= 0


def test_chances_that_do_not_come_true_are_not_to_be_believed():
    """Half of the customers paused for once in the days that the model learned from."""
    rng, rows, start = np.random.default_rng(4), [], pd.Timestamp("2023-01-31")
    for partner in range(300):
        gap, last = rng.uniform(10, 30), 700 if partner % 8 else rng.uniform(200, 700)
        for day in np.arange(rng.uniform(0, gap), last, gap):
            date = start + pd.Timedelta(days=int(day))
            if partner % 2 or not pd.Timestamp("2024-07-04") < date < pd.Timestamp("2024-10-02"):
                rows.append((partner, date, 100.0))
    orders = pd.DataFrame(rows, columns=["partner_id", "date", "amount"])
    result = ChurnModel(n_snapshots=1).evaluate(orders, "2024-12-31")
    expected = sum(one["n"] * one["expected"] for one in result["calibration"]) / result["n"]
    assert expected > result["rate"] + 0.15
    assert result["enough"] and not result["believable"]
    assert result["code"] in ("no_gain", "not_calibrated")


@pytest.mark.parametrize(
    ("orders", "code", "needed"),
    [
        (lambda rng: regulars(rng, 29), "too_few_customers", 30),
        (lambda rng: regulars(rng, 60, leaving=0), "too_few_churned", 10),
        (lambda rng: regulars(rng, 60).query("date < '2024-01-01'"), "too_few_kept", 10),
        (lambda rng: regulars(rng, 60).query("date > '2024-12-20'"), "too_short", 180),
        (lambda rng: regulars(rng, 60)[:0], "too_few_customers", 30),
    ],
)
def test_too_little_is_said_with_its_reason(orders, code, needed):
    result = ChurnModel().evaluate(orders(np.random.default_rng(3)), END)
    assert not result["enough"] and not result["beats_baseline"]
    assert (result["code"], result["args"]["needed"]) == (code, needed)
    assert result["args"]["count"] < needed and str(result["args"]["count"]) in result["reason"]


def test_an_order_with_a_wrong_date_is_no_lack_of_customers():
    orders = regulars(np.random.default_rng(6), 60)
    wrong = pd.concat([orders, orders.iloc[:1].assign(date=pd.Timestamp("2034-05-06"))])
    result = ChurnModel().evaluate(wrong)
    assert (result["code"], result["args"]["count"]) == ("too_few_active", 0)
    assert "730 days up to 2033-11-07" in result["reason"] and "wrong date" in result["reason"]
    assert json.loads(json.dumps(result)) == result
    first = pd.Timestamp(orders["date"].min())
    with pytest.raises(NotEnoughError, match="ordered by the last day looked at"):
        ChurnModel().fit(orders, first - pd.Timedelta(days=1))


def test_too_little_stops_a_fit():
    with pytest.raises(NotEnoughError, match="Only 12 customers .*; 30 are needed") as caught:
        ChurnModel().fit(regulars(np.random.default_rng(4), 12), END)
    assert caught.value.code == "too_few_customers"


def test_the_next_order_is_expected_in_the_customers_own_rhythm():
    prepared = prepare_orders(ORDERS, "2024-12-31", is_return="back")
    table = churn_features(prepared, "2024-03-11", 45)
    dates = expected_order(table, "2024-03-11")
    assert dates.loc[1, "expected_date"] == pd.Timestamp("2024-03-21")
    assert dates.loc[1, "overdue_days"] == 0
    assert dates.loc[2].isna().all()
    late = expected_order(churn_features(prepared, "2024-04-01", 45), "2024-04-01")
    assert late.loc[1, "expected_date"] == pd.Timestamp("2024-03-21")
    assert late.loc[1, "overdue_days"] == 11


def test_dates_expected_come_near_those_of_the_next_orders(shop):
    model, cutoff = ChurnModel(), pd.Timestamp("2024-12-31")
    dates = expected_order(model.features(shop, cutoff), cutoff)
    due = dates[(dates["overdue_days"] == 0) & dates["expected_date"].notna()]
    later = shop[shop["date"] > cutoff].groupby("partner_id")["date"].min()
    error = (later - due["expected_date"]).dt.days.abs()
    # rhythms of 10 to 45 days vary by a fifth
    assert error.median() <= 6


def test_customers_gone_for_years_are_not_scored(shop):
    recent, everybody = (ChurnModel(active_days=d).features(shop, END) for d in (100, 730))
    assert recent["days_since_last"].max() <= 100 < everybody["days_since_last"].max()


def test_the_longest_silent_customer_is_at_risk_for_the_rhythm_he_had(model, frame):
    scores, reasons = model.predict(frame, END), model.reasons(frame)
    at = int(np.argmax(frame["silence"]))
    assert scores["churn_probability"].iloc[at] > 0.9
    first = reasons[at][0]
    assert first["code"] == "rhythm" and first["effect"] > 0
    assert first["days"] == frame["days_since_last"].iloc[at]
    assert first["usual_days"] == round(frame["usual_days"].iloc[at])
    assert first["days"] > 3 * first["usual_days"]


def test_who_returned_nothing_is_told_nothing_of_returns():
    frame = pd.DataFrame({"return_share": [0.0, 0.25]})
    none, some = churn_reasons(frame, pd.DataFrame({"return_share": [-0.4, 0.4]}))
    assert none == []
    assert some == [{"code": "returns", "share": 0.25, "effect": 0.4}]


def test_reasons_have_the_figures_promised_strongest_first(model, frame):
    reasons = model.reasons(frame)
    assert len(reasons) == len(frame) and any(reasons)
    for customer in reasons:
        assert len(customer) <= 3
        sizes = [abs(reason["effect"]) for reason in customer]
        assert sizes == sorted(sizes, reverse=True)
        for reason in customer:
            figures = set(CHURN_REASON_CODES[reason["code"]])
            assert set(reason) == figures | {"code", "effect"}
    assert json.loads(json.dumps(reasons)) == reasons


def test_customers_with_one_order_are_told_so_and_have_no_date(shop):
    once = pd.DataFrame({"partner_id": range(900, 960), "amount": 50.0})
    once["date"] = START + pd.to_timedelta(np.arange(60) * 14, unit="D")
    orders = pd.concat([shop, once])
    model = ChurnModel().fit(orders, END)
    frame = model.features(orders, END)
    scores = model.predict(frame, END)
    assert scores.loc[900:, ["expected_date", "overdue_days"]].isna().all().all()
    assert scores["churn_probability"].notna().all()
    codes = {reason["code"] for reason in sum(model.reasons(frame.loc[900:]), [])}
    assert "one_order" in codes and "rhythm" not in codes


def told_by_code(reasons, code):
    return [reason for customer in reasons for reason in customer if reason["code"] == code]


@pytest.mark.parametrize("kind", SCORERS)
def test_what_raises_the_risk_of_one_customer_lowers_that_of_no_other(kind):
    rng = np.random.default_rng(12)
    frame = regulars(rng, 600).assign(back=False)
    mixed = pd.concat([frame, forgetful(rng, 400).assign(partner_id=lambda f: f.partner_id + 900)])
    model = ChurnModel(candidates=(kind,)).fit(mixed, END)
    told = model.reasons(model.features(mixed, END))
    by_word = {}
    for reason in told_by_code(told, "regularity"):
        regular = reason["spread"] < REGULAR_SPREAD
        by_word.setdefault(regular, set()).add(reason["effect"] > 0)
    assert by_word and all(len(directions) == 1 for directions in by_word.values())
    for code, figure in (("last_order", "ratio"), ("season", "orders"), ("tenure", "days")):
        values = [(one[figure], one["effect"] > 0) for one in told_by_code(told, code)]
        raising = [value for value, up in values if up]
        lowering = [value for value, up in values if not up]
        if raising and lowering:
            assert max(raising) <= min(lowering) or max(lowering) <= min(raising)


@pytest.mark.parametrize("wrong", [{"horizon": 0}, {"horizon": "90"}, {"n_snapshots": 0}])
def test_parameters_that_are_no_numbers_of_days_or_snapshots_are_refused(shop, wrong):
    for ask in (lambda model: model.fit(shop, END), lambda model: model.evaluate(shop)):
        with pytest.raises(ValueError, match=f"{min(wrong)} must be a whole number above 0"):
            ask(ChurnModel(**wrong))


def test_more_features_can_be_given_and_are_named_in_reasons(shop):
    def complaints(cutoff):
        active = ChurnModel(horizon=60).features(shop, cutoff)
        silent = stayed_away(prepare_orders(shop, END), cutoff, 60, active.index)
        rng = np.random.default_rng(5)
        return pd.DataFrame({"complaints": rng.poisson(0.3 + silent)}, index=active.index)

    model = ChurnModel(horizon=60).fit(shop, END, extra=complaints)
    frame = model.features(shop, END, extra=complaints)
    assert "complaints" in model.columns_
    told = [reason for customer in model.reasons(frame) for reason in customer]
    assert {"complaints"} == {r["column"] for r in told if r["code"] == "feature"}


def test_a_feature_that_knows_the_outcome_is_refused(shop):
    def closed(cutoff):
        customers = ChurnModel().features(shop, cutoff).index
        away = stayed_away(prepare_orders(shop, END), cutoff, 90, customers)
        noise = np.random.default_rng(6).normal(0, 0.2, len(away))
        return pd.DataFrame({"account_closed": away + noise}, index=customers)

    with pytest.raises(LeakageError, match="account_closed") as caught:
        ChurnModel().fit(shop, END, extra=closed)
    assert caught.value.columns == ["account_closed"]
    model = ChurnModel(suspicious_auc=None).fit(shop, END, extra=closed)
    assert "account_closed" in model.columns_


def test_a_feature_dated_after_the_cut_off_is_refused(shop):
    def grades(cutoff):
        customers = ChurnModel().features(shop, cutoff).index
        table = pd.DataFrame({"grade": 1.0}, index=customers)
        return table, {"grade": cutoff + pd.Timedelta(days=1)}

    with pytest.raises(LeakageError, match="grade is as of .*, after the cut-off"):
        ChurnModel().fit(shop, END, extra=grades)


def test_how_long_a_customer_is_known_counts_only_where_it_does_not_tell_the_date():
    rng = np.random.default_rng(8)
    orders = regulars(rng, 250)
    all_from_the_start = ChurnModel().fit(orders, END)
    arrival = START + pd.to_timedelta(rng.uniform(0, DAYS, 250), unit="D")
    arriving = orders[orders["date"] >= arrival[orders["partner_id"]]]
    coming_and_going = ChurnModel().fit(arriving, END)
    assert "days_since_first" not in all_from_the_start.columns_
    assert "days_since_first" in coming_and_going.columns_


def test_columns_may_have_other_names(shop):
    renamed = shop.rename(columns={"partner_id": "who", "date": "when", "amount": "much"})
    columns = {"customer": "who", "date": "when", "amount": "much"}
    first = ChurnModel().evaluate(shop, END, n_bootstrap=10)
    assert ChurnModel().evaluate(renamed, END, n_bootstrap=10, **columns) == first


@pytest.fixture(scope="module")
def online_retail_churn(online_retail):
    return ChurnModel(horizon=90).evaluate(online_retail)


def test_churn_of_online_retail_is_told_as_well_as_published(online_retail_churn):
    result = online_retail_churn
    assert (result["cutoff"], result["end"]) == ("2011-09-10", "2011-12-09")
    assert result["auc"] >= 0.73


def test_churn_of_online_retail_beats_frequency_and_rhythm_beyond_doubt(online_retail_churn):
    result = online_retail_churn
    assert result["frequency"]["auc"] == pytest.approx(0.722, abs=2e-3)
    assert result["frequency_difference"]["auc"]["low"] > 0
    assert result["difference"]["auc"]["low"] > 0 and result["beats_baseline"]
    assert result["believable"]


def test_without_any_order_it_says_so_and_needs_no_clock():
    nothing = ORDERS.iloc[:0]
    told = ChurnModel().evaluate(nothing, is_return="back")
    assert (told["enough"], told["code"], told["cutoff"]) == (False, "too_few_customers", None)
    assert told["args"]["count"] == 0


def test_extras_that_tell_of_a_customer_twice_are_refused(shop):
    def twice(cutoff):
        index = [*shop["partner_id"].unique(), shop["partner_id"].iloc[0]]
        return pd.DataFrame({"grade": 1.0}, index=index)

    with pytest.raises(ValueError, match=r"extra has 1 row\(s\) of a customer"):
        ChurnModel().fit(shop, END, extra=twice)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (lambda ids: pd.DataFrame({"calls": 1.0}, index=ids.astype(str) + "x"), "none of them is"),
        (lambda ids: pd.DataFrame({"calls": 1.0}, index=ids.astype(str)), "values such as '"),
        (lambda ids: pd.DataFrame({"orders": 1.0}, index=ids), "1 column.s. that are made of"),
        (lambda ids: None, "extra must return a DataFrame .* it returned NoneType"),
    ],
)
def test_extras_that_do_not_fit_the_customers_are_refused_with_their_cause(shop, told, message):
    numbers = shop.assign(partner_id=pd.factorize(shop["partner_id"])[0])
    ids = pd.Index(numbers["partner_id"].unique())
    with pytest.raises(ValueError, match=message):
        ChurnModel().fit(numbers, END, extra=lambda cutoff: told(ids))


def test_extras_of_some_customers_or_of_nobody_are_welcome(shop):
    one = shop["partner_id"].iloc[:1]
    few = ChurnModel().fit(shop, END, extra=lambda cutoff: pd.DataFrame({"calls": 1.0}, index=one))
    assert "calls" in few.columns_
    none = pd.DataFrame({"calls": pd.Series([], dtype=float)})
    ChurnModel().fit(shop, END, extra=lambda cutoff: none)
