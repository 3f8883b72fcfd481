"""Points in time and cut-offs: read alike wherever they come in, or refused with a sentence."""

import datetime

import numpy as np
import pandas as pd
import pytest
from analytics import (
    ChurnModel,
    LeadModel,
    ResponseModel,
    behaviour_features,
    class_moves,
    cohort_table,
    evaluate_holdout,
    find_leaks,
    order_rhythm,
    segment_trail,
    summarize_orders,
)
from analytics._moments import as_day, as_days, as_times
from simulate import regular_orders

N = 400
RNG = np.random.default_rng(3)
X = pd.DataFrame({"orders": RNG.normal(size=N), "source": RNG.choice(["web", "fair"], N)})
# what tells the outcome turns round among the newest fifth: only the order of time shows that
TURNED = np.where(np.arange(N) < 320, 1, -1)
Y = (RNG.random(N) < 1 / (1 + np.exp(-1.5 * TURNED * X["orders"]))).astype(int).to_numpy()
DAYS = pd.Series(pd.Timestamp("2023-02-01") + pd.to_timedelta(np.arange(N), unit="D"))
MODELS = [LeadModel(suspicious_auc=None), ResponseModel(suspicious_auc=None)]
ORDERS = regular_orders()
CUT = {
    "summarize_orders": lambda cutoff: summarize_orders(ORDERS, cutoff),
    "behaviour_features": lambda cutoff: behaviour_features(ORDERS, cutoff),
    "order_rhythm": lambda cutoff: order_rhythm(ORDERS, cutoff),
    "cohort_table": lambda cutoff: cohort_table(ORDERS, cutoff),
    "class_moves": lambda cutoff: class_moves(ORDERS, cutoff),
    "segment_trail": lambda cutoff: segment_trail(ORDERS, [cutoff], pd.Timedelta(days=400)),
    "churn features": lambda cutoff: ChurnModel().features(ORDERS, cutoff),
    "churn fit": lambda cutoff: ChurnModel().fit(ORDERS, cutoff),
}


def _auc(model, time, **given):
    return model.evaluate(X, Y, time, n_bootstrap=20, **given)["auc"]


@pytest.mark.parametrize("model", MODELS, ids=["lead", "response"])
@pytest.mark.parametrize(
    "told",
    [
        lambda days: days.dt.strftime("%d/%m/%Y"),
        lambda days: days.dt.strftime("%d.%m.%Y 08:30"),
        lambda days: days.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        lambda days: days.dt.tz_localize("Asia/Shanghai"),
        lambda days: days.dt.date.tolist(),
        lambda days: days.dt.to_period("D"),
        lambda days: list(days.dt.strftime("%Y%m%d")),
        lambda days: pd.Series(range(N), dtype="Int64"),
        lambda days: np.arange(N) / 7,
    ],
)
def test_the_newest_are_held_out_however_time_is_told(model, told):
    expected = _auc(model, range(N))
    assert expected < 0.4  # what the older ones teach is wrong for the newest
    assert _auc(model, told(DAYS)) == expected
    assert _auc(model, told(DAYS), outcome_time=told(DAYS)) == expected


@pytest.mark.parametrize("model", MODELS, ids=["lead", "response"])
@pytest.mark.parametrize(
    ("time", "message"),
    [
        (None, "time is missing: give a number or a date for each row"),
        ([str(place) for place in range(N)], r"time has 400 value\(s\) that are numbers written"),
        ([*range(N - 1), np.inf], r"time has 1 value\(s\) that are infinite; .* inf in row 399"),
        ([*range(N - 1), None], r"time has 1 value\(s\) that are missing; .* in row 399"),
        ([*range(N - 2), *DAYS[:2]], r"time has 398 value\(s\) that are numbers, where others are"),
        (["Monday", *DAYS[1:]], r"time has 1 value\(s\) that are no dates; .*'Monday' in row 0"),
        (["10:30"] * N, r"time has 400 value\(s\) that are no dates; the first is '10:30'"),
        (["02/01/2024"] * N, r"time has 400 value\(s\) that are of an unclear order of day and"),
        (np.zeros((N, 2)), r"time must be one-dimensional, but has shape \(400, 2\)"),
    ],
)
def test_times_that_have_no_order_are_refused(model, time, message):
    for use in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match=message):
            use(X, Y, time)


@pytest.mark.parametrize("model", MODELS, ids=["lead", "response"])
def test_outcomes_are_known_on_the_scale_of_time(model):
    with pytest.raises(ValueError, match="time holds numbers, outcome_time holds dates: they must"):
        model.fit(X, Y, range(N), outcome_time=DAYS)
    with pytest.raises(ValueError, match=r"outcome_time has 1 value\(s\) that are missing"):
        model.evaluate(X, Y, DAYS, outcome_time=[*DAYS[:-1], pd.NaT])


@pytest.mark.parametrize("model", MODELS, ids=["lead", "response"])
@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.where(Y, "won", "lost"), r"y has 400 value\(s\) that are neither 0 nor 1; the first"),
        (np.column_stack([Y, Y]), r"y must be one column, but has shape \(400, 2\)"),
        ([2, *Y[1:]], r"y has 1 value\(s\) that are neither 0 nor 1; the first is 2 in row 0"),
        ([np.nan, *Y[1:]], r"y has 1 value\(s\) that are neither 0 nor 1; the first is nan in row"),
        (None, "y must be one column"),
    ],
)
def test_outcomes_are_zeros_and_ones(model, y, message):
    for use in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match=message):
            use(X, y, range(N))


@pytest.mark.parametrize("model", MODELS, ids=["lead", "response"])
@pytest.mark.parametrize("dtype", ["bool", "boolean", "Int8", object])
def test_outcomes_may_be_of_any_type_of_yes_and_no(model, dtype):
    given = pd.Series(Y).astype("Int64").astype(dtype)
    assert model.evaluate(X, given, range(N), n_bootstrap=20)["auc"] == _auc(model, range(N))


@pytest.mark.parametrize("read", CUT.values(), ids=CUT)
@pytest.mark.parametrize("missing", [None, pd.NaT, np.nan, np.datetime64("NaT"), pd.NA])
def test_a_missing_cutoff_is_told(read, missing):
    with pytest.raises(ValueError, match="cutoff is missing: a date is needed"):
        read(missing)


@pytest.mark.parametrize("read", CUT.values(), ids=CUT)
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (20250630, "cutoff is 20250630, a number, not a date: write 2024-01-31 for January 31"),
        (np.int64(20250630), "cutoff is .*20250630.*, a number, not a date"),
        ("soon", "cutoff is 'soon', which tells no date"),
        ("01/02/2025", "cutoff is '01/02/2025', which tells no date, or not clearly which"),
        (["2024-12-31"], "cutoff is .*, not a date"),
    ],
)
def test_what_is_no_date_is_no_cutoff(read, wrong, message):
    with pytest.raises(ValueError, match=message):
        read(wrong)


@pytest.mark.parametrize("read", list(CUT.values())[:7], ids=list(CUT)[:7])
@pytest.mark.parametrize(
    "cutoff",
    [
        pd.Timestamp("2024-12-31 23:30", tz="America/New_York"),
        datetime.datetime(2024, 12, 31, 1, tzinfo=datetime.UTC),
        datetime.date(2024, 12, 31),
        "31.12.2024",
        "2024-12-31 18:00",
        np.datetime64("2024-12-31T05"),
    ],
)
def test_a_cutoff_is_its_own_day(read, cutoff):
    assert str(read(cutoff)) == str(read("2024-12-31"))


def test_a_hold_out_without_cutoff_chooses_one():
    assert evaluate_holdout(ORDERS, None)["cutoff"] == evaluate_holdout(ORDERS)["cutoff"]
    with pytest.raises(ValueError, match="end is 20250101, a number, not a date"):
        evaluate_holdout(ORDERS, end=20250101)
    with pytest.raises(ValueError, match="end is 20250101, a number, not a date"):
        ChurnModel().evaluate(ORDERS, end=20250101)


def test_moments_of_several_zones_each_count_on_their_own_day():
    zones = ["Asia/Shanghai", "America/New_York", None]
    moments = [pd.Timestamp("2024-03-05 23:30", tz=zone) for zone in zones]
    texts = ["2024-03-05T23:30:00+08:00", "2024-03-05 23:30-0500", "2024-03-05T00:10Z"]
    for told in (moments, texts, moments + texts):
        days = as_days(pd.Series(told, dtype=object), "date")
        assert days.dt.strftime("%Y-%m-%d").unique().tolist() == ["2024-03-05"]


def test_moments_of_several_zones_are_in_the_order_in_which_they_were():
    texts = ["2024-03-05T01:00:00+08:00", "2024-03-04T12:30:00-05:00", "2024-03-04T17:15:00"]
    assert np.argsort(as_times("time", texts)).tolist() == [0, 2, 1]


@pytest.mark.parametrize("text", ["10:30", "now", "2024", "Jan", "-5", "7", "May 3", "2024-13-01"])
def test_texts_that_tell_less_than_a_date_are_none(text):
    with pytest.raises(ValueError, match=r"date has 1 value\(s\) that are no dates; the first is"):
        as_days(pd.Series([text]), "date")


@pytest.mark.parametrize("text", ["20240305", "2024-03-05", "5 March 2024", "Mar 5, 2024"])
def test_texts_that_tell_a_date_are_read(text):
    assert as_day(text) == as_days(pd.Series([text]), "date")[0] == pd.Timestamp("2024-03-05")


def test_what_was_known_late_is_found_however_dates_are_told():
    late = pd.Series(["31/01/2024"] * (N - 1) + ["02/02/2024"])
    for cutoff in ("2024-02-01", "2024-02-01 13:00", datetime.date(2024, 2, 1)):
        (leak,) = find_leaks(X, Y, as_of={"orders": late}, cutoff=cutoff)
        assert (leak["code"], leak["args"]["as_of"]) == ("after_cutoff", "2024-02-02")
    missing = late.where(late == "31/01/2024", None)
    assert find_leaks(X, Y, as_of={"orders": missing}, cutoff="2024-02-01") == []


@pytest.mark.parametrize(
    ("as_of", "cutoff", "message"),
    [
        (DAYS, 20240101, "as_of of orders holds dates, cutoff holds numbers: they must be alike"),
        (DAYS, [pd.NaT] * N, r"cutoff has 400 value\(s\) that are missing"),
        (DAYS[:3], "2024-01-01", "as_of of orders: 3 dates were given for 400 rows"),
    ],
)
def test_what_cannot_be_compared_with_a_cutoff_is_told(as_of, cutoff, message):
    with pytest.raises(ValueError, match=message):
        find_leaks(X, Y, as_of={"orders": as_of}, cutoff=cutoff)
