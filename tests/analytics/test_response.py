"""Who will answer a campaign, chosen and judged in the order of time."""

import json

import numpy as np
import pandas as pd
import pytest
from analytics import LeakageError, NotEnoughError, ResponseModel, TabularClassifier, list_lift
from analytics.evaluation import auc


def contacts(rng, n=1500):
    """Return contacts, who answered, and days."""
    X = pd.DataFrame(
        {"orders": rng.poisson(3, n), "channel": rng.choice(["mail", "phone", None], n)}
    )
    score = 0.6 * (X["orders"] - 3) + (X["channel"] == "phone") - 1
    y = (rng.random(n) < 1 / (1 + np.exp(-score))).astype(int)
    return X, y, pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n) // 5, unit="D")


def test_an_honest_model_beats_the_rate_of_answers_without_an_alarm():
    X, y, days = contacts(np.random.default_rng(0))
    result = ResponseModel().evaluate(X, y, days)
    assert result["enough"] and result["beats_baseline"] and result["code"] is None
    assert result["believable"]
    assert result["baseline"]["auc"] == 0.5 and result["difference"]["auc"]["low"] > 0
    assert (result["trained_on"], result["n"]) == (1200, 300)
    assert not result["drift_alarm"] and result["drift"] == []
    assert json.loads(json.dumps(result)) == result


def test_the_newest_contacts_teach_nothing_that_is_judged_on_them():
    X, y, days = contacts(np.random.default_rng(1))
    first = ResponseModel().fit(X[:1200], y[:1200], days[:1200]).predict_proba(X[1200:])[:, 1]
    assert ResponseModel().evaluate(X, y, days)["auc"] == auc(y[1200:], first)


def test_the_order_of_rows_does_not_matter():
    X, y, days = contacts(np.random.default_rng(2))
    mixed = np.random.default_rng(3).permutation(len(X))
    first = ResponseModel().evaluate(X, y, days)
    second = ResponseModel().evaluate(X.iloc[mixed], y[mixed], days[mixed])
    assert second["auc"] == pytest.approx(first["auc"], abs=1e-3)
    assert second["n"] == first["n"]


def test_recency_alone_can_be_the_baseline():
    X, y, days = contacts(np.random.default_rng(20))
    result = ResponseModel().evaluate(X, y, days, baseline_columns=["orders"])
    alone = ResponseModel().fit(X[["orders"]][:1200], y[:1200], days[:1200])
    p = alone.predict_proba(X[["orders"]][1200:])[:, 1]
    assert result["baseline"]["auc"] == auc(y[1200:], p)
    assert result["beats_baseline"]  # the channel tells something that orders do not
    same = ResponseModel().evaluate(X[["orders"]], y, days, baseline_columns=["orders"])
    assert not same["beats_baseline"] and same["difference"]["auc"]["value"] == 0


def test_chances_that_did_not_come_true_on_the_newest_are_not_believed():
    X, y, days = contacts(np.random.default_rng(23))
    y[1200:] *= np.random.default_rng(24).random(300) < 0.35  # ranked as before, and far fewer
    result = ResponseModel().evaluate(X, y, days)
    assert result["beats_baseline"] and not result["believable"]
    assert result["code"] == "not_calibrated_answers"
    assert result["args"]["expected"] > 15 + result["args"]["actual"]
    assert "were expected to answer" in result["reason"]


def test_answers_not_known_when_the_newest_part_began_teach_nothing():
    X, y, days = contacts(np.random.default_rng(21))
    start = days[1200]
    known = days + pd.Timedelta(days=30)
    result = ResponseModel().evaluate(X, y, days, outcome_time=known)
    assert result["trained_on"] == int((known <= start).sum()) < 1200
    assert result["n"] == 300


def test_so_many_answers_as_asked_for_are_needed():
    X, y, days = contacts(np.random.default_rng(22))
    needed = int(y.sum()) + 1
    result = ResponseModel(min_answers=needed).evaluate(X, y, days)
    assert (result["code"], result["args"]["needed"]) == ("too_few_responses", needed)
    assert ResponseModel(min_answers=10).evaluate(X[:300], y[:300], days[:300])["enough"]


def test_the_reach_of_a_list_is_the_share_of_answers_in_its_best_part():
    p = np.arange(10, 0, -1) / 10
    y = [1, 1, 0, 1, 0, 0, 0, 0, 1, 0]
    rows = list_lift(np.r_[p, p], ["a"] * 10 + ["b"] * 10, np.r_[y, np.zeros(10)])
    assert {row["list"]: row["reach"] for row in rows} == {"a": 0.5, "b": None}


def test_answers_that_say_nothing_are_no_gain():
    X, y, days = contacts(np.random.default_rng(4))
    mixed = np.random.default_rng(5).permutation(y)
    result = ResponseModel().evaluate(X, mixed, days)
    assert result["enough"] and not result["beats_baseline"] and result["code"] == "no_gain"


def test_too_few_answers_are_said():
    X, y, days = contacts(np.random.default_rng(6))
    few = np.where(np.cumsum(y) <= 20, y, 0)
    result = ResponseModel().evaluate(X, few, days)
    assert (result["code"], result["args"]) == ("too_few_responses", {"count": 20, "needed": 40})
    assert result["reason"] == "Only 20 answered; 40 are needed."
    with pytest.raises(NotEnoughError, match="Only 20 did not answer; 40 are needed"):
        ResponseModel().fit(X, 1 - few, days)


def test_too_few_answers_among_the_newest_are_said():
    X, y, days = contacts(np.random.default_rng(6))
    result = ResponseModel().evaluate(X, np.where(np.arange(len(y)) < 1200, y, 0), days)
    assert (result["code"], result["args"]) == (
        "too_few_responses_newest",
        {"count": 0, "needed": 10},
    )


def test_columns_of_one_thing_make_one_reason():
    """What says the same never raises a chance in one line and lowers it in the next."""
    rng = np.random.default_rng(5)
    days = rng.gamma(2, 40, 2000)
    X = pd.DataFrame({"days": days, "silence": days / 20 + rng.normal(0, 0.3, 2000)})
    X["more"] = rng.normal(size=2000)
    y = (rng.random(2000) < 1 / (1 + np.exp(days / 60 - X["more"]))).astype(int)
    X.loc[:4, "silence"] = np.nan
    model = ResponseModel(suspicious_auc=None).fit(X, y, np.arange(2000))
    told = model.reasons(X, [("silence", "days", "not there")])
    effects = model.model_.contributions(X)
    for row in (0, 1, 700, 1400):
        by_column = {one["column"]: one["effect"] for one in told[row]}
        first = "days" if row < 5 else "silence"
        both = effects.loc[row, ["days", "silence"]].sum()
        assert set(by_column) <= {first, "more"}
        assert by_column.get(first, 0.0) == pytest.approx(both, abs=0.05)


def test_too_few_answers_before_the_newest_are_said():
    X, y, days = contacts(np.random.default_rng(6))
    same_day = ResponseModel().evaluate(X, y, np.zeros(len(y)))
    assert same_day["code"] == "too_few_responses_before"
    assert same_day["args"] == {"count": 0, "needed": 40}
    late = np.zeros(len(y), dtype=int)
    late[np.argsort(days)[:40:2]] = late[np.argsort(days)[-100::2]] = 1
    result = ResponseModel().evaluate(X, late, days)
    assert result["code"] == "too_few_responses_before"
    assert result["args"] == {"count": 20, "needed": 40}


def test_columns_are_found_by_name_in_any_order_and_said_where_missing():
    X, y, days = contacts(np.random.default_rng(6))
    model = ResponseModel().fit(X, y, days)
    again = model.predict_proba(X.iloc[:, ::-1].assign(more=1.0))
    assert np.array_equal(again, model.predict_proba(X))
    with pytest.raises(ValueError, match=f"lacks the column.s. {X.columns[0]}"):
        model.predict_proba(X.iloc[:, 1:])
    with pytest.raises(ValueError, match="more than one column of the name"):
        ResponseModel().fit(pd.concat([X, X], axis=1), y, days)


def test_changed_contacts_raise_the_alarm():
    X, y, days = contacts(np.random.default_rng(7))
    X.loc[1200:, "orders"] += 4
    result = ResponseModel().evaluate(X, y, days)
    assert result["drift_alarm"]
    assert [alarm["column"] for alarm in result["drift"]] == ["orders"]


def test_lift_is_told_per_list_the_best_first():
    p = [0.2, 0.4, 0.1, 0.1, 0.9]
    lifts = list_lift(p, ["spring", "spring", "autumn", "autumn", None], [0, 1, 0, 1, 1])
    assert [row["list"] for row in lifts] == ["spring", "autumn"]
    spring = lifts[0]
    assert (spring["n"], spring["answers"]) == (2, 1)
    assert spring["expected"] == pytest.approx(0.6)
    assert spring["lift"] == pytest.approx(0.3 / 0.2)
    assert spring["actual_lift"] == pytest.approx(1)
    assert "answers" not in list_lift(p, list("aabbb"))[0]


def test_lists_are_judged_on_the_newest_contacts():
    X, y, days = contacts(np.random.default_rng(8))
    result = ResponseModel().evaluate(X, y, days, lists=X["channel"])
    lists = {row["list"]: row for row in result["lists"]}
    assert set(lists) == {"mail", "phone"}
    assert lists["phone"]["lift"] > 1 > lists["mail"]["lift"]
    assert lists["phone"]["actual_lift"] > lists["mail"]["actual_lift"]


def test_reasons_name_columns_with_their_values():
    X, y, days = contacts(np.random.default_rng(9))
    model = ResponseModel().fit(X, y, days)
    best = pd.DataFrame({"orders": [9, 0], "channel": ["phone", None]})
    (first, *_), second = model.reasons(best)
    assert (first["code"], first["column"], first["value"]) == ("feature", "orders", 9)
    assert first["effect"] > 0 > second[0]["effect"]
    assert {"channel": None}.items() <= {r["column"]: r["value"] for r in second}.items()
    assert json.loads(json.dumps(model.reasons(X))) == model.reasons(X)


def test_what_raises_the_chance_of_one_contact_lowers_that_of_no_other():
    rng = np.random.default_rng(21)
    X = pd.DataFrame({"orders": rng.poisson(5, 3000), "silence": rng.gamma(2, 1, 3000)})
    X["channel"] = rng.choice(["mail", "phone"], 3000)
    # many orders help by telephone, and hinder by mail
    tilt = np.where(X["channel"] == "phone", 1.0, -0.4) * (X["orders"] - 5) / 2
    y = (rng.random(3000) < 1 / (1 + np.exp(1 - tilt + X["silence"] / 4))).astype(int)
    model = ResponseModel(candidates=("trees",)).fit(X, y, np.arange(3000))
    told = [reason for row in model.reasons(X) for reason in row]
    for column in ("orders", "silence"):
        found = [(one["value"], one["effect"] > 0) for one in told if one["column"] == column]
        raising = [value for value, up in found if up]
        lowering = [value for value, up in found if not up]
        assert raising and lowering
        assert max(raising) < min(lowering) or max(lowering) < min(raising)
    channels = {(one["value"], one["effect"] > 0) for one in told if one["column"] == "channel"}
    assert len(channels) == len({value for value, _up in channels}) == 2


def test_what_was_known_only_after_the_contact_is_refused():
    X, y, days = contacts(np.random.default_rng(10))
    assert ResponseModel().fit(X, y, days, as_of={"orders": days})
    with pytest.raises(LeakageError, match="orders is as of"):
        ResponseModel().fit(X, y, days, as_of={"orders": days + pd.Timedelta(days=1)})
    with pytest.raises(LeakageError, match="orders is as of"):
        ResponseModel().evaluate(X, y, days, as_of={"orders": days + pd.Timedelta(days=1)})


def test_a_column_filled_in_by_the_answer_is_refused_and_named():
    X, y, days = contacts(np.random.default_rng(11))
    X["thanked"] = np.where(y == 1, "yes", None)
    with pytest.raises(LeakageError, match="thanked") as caught:
        ResponseModel().evaluate(X, y, days)
    assert caught.value.columns == ["thanked"]


def test_a_value_learned_after_one_of_the_newest_contacts_is_caught():
    X, y, days = contacts(np.random.default_rng(13))
    known = days.where(np.arange(len(y)) < len(y) - 9, days + pd.Timedelta(days=1))
    with pytest.raises(LeakageError, match="orders is as of .* in 9 row"):
        ResponseModel().evaluate(X, y, days, as_of={"orders": known})


def test_says_what_is_wrong():
    X, y, days = contacts(np.random.default_rng(12))
    with pytest.raises(ValueError, match="holdout_share must be a share between 0 and 1"):
        ResponseModel(holdout_share=2).evaluate(X, y, days)
    with pytest.raises(ValueError, match=r"X lacks the column\(s\) colour"):
        ResponseModel().evaluate(X, y, days, baseline_columns=["orders", "colour"])
    with pytest.raises(ValueError, match=r"y has 1 value\(s\) that are neither 0 nor 1"):
        ResponseModel().fit(X, np.where(np.arange(len(y)) == 3, 7, y), days)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        ResponseModel().fit(X, y, days[:9])
    with pytest.raises(ValueError, match=r"time has 1 value\(s\) that are missing"):
        ResponseModel().fit(X, y, days.where(np.arange(len(y)) != 5))
    with pytest.raises(TypeError, match="X must be a pandas DataFrame"):
        ResponseModel().fit(X.to_numpy(), y, days)


@pytest.fixture(scope="module")
def calls(bank):
    contacts, y = bank
    return contacts.drop(columns="duration"), y


def test_bank_calls_to_come_are_told_as_well_as_published_and_the_alarm_is_raised(calls):
    X, y = calls
    result = ResponseModel().evaluate(X, y, np.arange(len(y)))
    assert result["n"] == pytest.approx(0.2 * len(y), abs=1)
    assert result["auc"] >= 0.73
    assert result["beats_baseline"]
    assert result["drift_alarm"]
    assert "euribor3m" in [alarm["column"] for alarm in result["drift"]]


def test_a_model_chosen_on_bank_calls_drawn_at_random_fails_on_those_to_come(calls):
    X, y = calls
    cut = int(0.8 * len(y))
    model = TabularClassifier(random_state=0).fit(X[:cut], y[:cut])
    assert model.chosen_ == "trees"
    assert auc(y[cut:], model.predict_proba(X[cut:])[:, 1]) < 0.73


def test_the_duration_of_a_bank_call_is_known_only_after_it_and_is_refused(bank):
    X, y = bank
    with pytest.raises(LeakageError, match="duration"):
        ResponseModel().evaluate(X, y, np.arange(len(y)))


def test_contacts_not_seen_that_are_told_too_well_are_refused():
    rng, n = np.random.default_rng(30), 3000
    parts = pd.DataFrame({name: rng.normal(size=n) for name in "abcdef"})
    y = (rng.random(n) < 1 / (1 + np.exp(-2.2 * parts.sum(axis=1)))).astype(int)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n) // 5, unit="D")
    with pytest.raises(LeakageError, match=r"The AUC of 0\.9\d\d is above 0\.870"):
        ResponseModel().evaluate(parts, y, days)
    assert ResponseModel(suspicious_auc=None).evaluate(parts, y, days)["auc"] > 0.87
