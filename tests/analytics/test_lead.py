"""Which leads will be won, judged on the newest ones beside Odoo's own way."""

import json

import numpy as np
import pandas as pd
import pytest
from analytics import (
    BAYES_FIELDS,
    LEAD_FRAME,
    LEAD_REASON_CODES,
    LeadModel,
    LeakageError,
    NotEnoughError,
    OdooLeadBayes,
    creation_order,
    dump_model,
    lead_as_of,
    lead_features,
    load_model,
)
from analytics.evaluation import auc

DAY = 86_400


def make_frame(rng, n=1500, strength=1.0):
    """Return a frame of closed leads of which some things tell how they end."""
    frame = pd.DataFrame({name: np.full(n, -1) for name in LEAD_FRAME})
    frame["lead_id"] = np.arange(n) + 1
    frame["created"] = 1.6e9 + np.sort(rng.uniform(0, 700, n)) * DAY
    frame["source"] = rng.choice([-1, 4, 5, 6], n)
    frame["country"] = rng.choice([10, 11], n)
    frame["team"] = rng.choice([1, 2], n)
    frame["email"], frame["phone"] = rng.choice([0, 1, 2], n), rng.choice([0, 2], n)
    frame["is_lead"], frame["recommended"] = rng.random(n) < 0.5, rng.random(n) < 0.3
    frame["revenue"] = np.where(rng.random(n) < 0.5, rng.gamma(2, 5000, n).round(), 0)
    frame["orders_before"] = rng.poisson(1, n)
    frame["won_before"] = frame["lost_before"] = 0
    frame["known"] = frame["orders_before"] > 0
    frame["known_as_of"] = np.where(frame["known"], frame["created"] - 90 * DAY, np.nan)
    frame["history_as_of"] = np.where(frame["known"], frame["created"] - 9 * DAY, np.nan)
    frame["weekday"], frame["hour"] = rng.integers(1, 8, n), rng.integers(0, 24, n)
    frame["tag_7"] = rng.random(n) < 0.2
    odds = 0.4 * (frame["source"] == 4) + 1.5 * frame["recommended"]
    odds = strength * (odds + 0.5 * np.minimum(frame["orders_before"], 4) - 1.2)
    frame["outcome"] = (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(int)
    frame["closed"] = frame["created"] + rng.exponential(20, n) * DAY
    return frame


def given(frame):
    """Return what `fit` and `evaluate` want of a frame."""
    place, known = creation_order(frame)
    return {
        "X": lead_features(frame),
        "y": frame["outcome"].to_numpy(),
        "time": place,
        "as_of": lead_as_of(frame),
        "cutoff": pd.to_datetime(frame["created"], unit="s"),
        "outcome_time": known,
    }


def test_chances_that_did_not_come_true_on_the_newest_are_not_believed():
    frame = make_frame(np.random.default_rng(40), strength=2.0)
    lost = np.random.default_rng(41).random(len(frame)) > 0.6
    frame.loc[(frame.index >= 1200) & lost, "outcome"] = 0  # ranked as before, and far fewer
    result = LeadModel().evaluate(**given(frame))
    assert result["beats_baseline"] and not result["believable"]
    assert result["code"] == "not_calibrated_leads"
    assert result["args"]["expected"] > 15 + result["args"]["actual"]


def test_leads_are_told_better_than_by_odoo_and_both_on_the_same_leads():
    frame = make_frame(np.random.default_rng(0))
    result = LeadModel().evaluate(**given(frame))
    assert result["enough"] and result["beats_baseline"] and result["code"] is None
    assert result["believable"] and result["known_in_time"] and result["n"] == 300
    assert result["difference"]["auc"]["low"] > 0 and result["rate_difference"]["auc"]["low"] > 0
    for figures in (result, result["baseline"]):
        assert {"auc", "log_loss", "brier", "ece", "gain", "intervals"} <= figures.keys()
    # by hand: what had ended when the newest came teaches, nothing else
    started = frame["created"].iloc[1200]
    before = (frame.index < 1200) & (frame["closed"] < started)
    assert result["trained_on"] == before.sum() < 1200
    X, y = lead_features(frame), frame["outcome"].to_numpy()
    bayes = OdooLeadBayes().fit(X[before], y[before])
    assert result["baseline"]["auc"] == auc(y[1200:], bayes.predict_proba(X[1200:])[:, 1])
    assert json.loads(json.dumps(result)) == result


def test_a_leak_on_few_of_many_leads_is_caught_wherever_it_lies():
    frame = make_frame(np.random.default_rng(7), n=18_000)
    newest = frame.index >= len(frame) - 15_000
    # every third lead only: those that an evenly spread part would pass over
    marked = newest & (frame["outcome"] == 1) & (np.arange(len(frame)) % 3 == 1)
    marked &= np.random.default_rng(8).random(len(frame)) < 0.15
    frame["tag_9"] = marked
    for judge in (LeadModel().fit, LeadModel().evaluate):
        with pytest.raises(LeakageError, match="tag_9"):
            judge(**given(frame))


def test_the_newest_leads_teach_nothing_that_is_judged_on_them():
    frame = make_frame(np.random.default_rng(1))
    first = LeadModel().evaluate(**given(frame))
    turned = frame.copy()
    turned.loc[1200:, "outcome"] = 1 - turned.loc[1200:, "outcome"]
    second = LeadModel().evaluate(**given(turned))
    assert second["auc"] == pytest.approx(1 - first["auc"])


def test_chances_are_calibrated():
    frame = make_frame(np.random.default_rng(2), n=6000)
    result = LeadModel().evaluate(**given(frame))
    assert result["ece"] < 0.05
    assert result["baseline"]["ece"] > result["ece"]


def test_nothing_to_tell_is_no_gain_though_odoos_way_is_worse():
    frame = make_frame(np.random.default_rng(3), strength=0.0)
    result = LeadModel().evaluate(**given(frame))
    assert result["enough"] and not result["beats_baseline"]
    assert result["code"] in ("no_gain", "no_gain_over_rate") and result["reason"]


@pytest.mark.parametrize(("outcome", "code"), [(1, "too_few_won"), (0, "too_few_lost")])
def test_forty_won_and_forty_lost_are_needed(outcome, code):
    frame = make_frame(np.random.default_rng(4))
    rare, other = (frame.index[frame["outcome"] == one] for one in (outcome, 1 - outcome))
    few = frame.loc[sorted([*other, *rare[::10][:39]])]
    result = LeadModel().evaluate(**given(few))
    assert (result["code"], result["args"]) == (code, {"count": 39, "needed": 40})
    assert not result["enough"] and not result["beats_baseline"]
    with pytest.raises(NotEnoughError, match="39 leads were .*; 40 are needed"):
        LeadModel().fit(**given(few))
    enough = frame.loc[sorted([*other, *rare[::10][:40]])]
    assert LeadModel().evaluate(**given(enough))["enough"]


def test_a_column_filled_in_after_the_end_is_caught():
    frame = make_frame(np.random.default_rng(5))
    frame["tag_9"] = frame["outcome"] == 1
    with pytest.raises(LeakageError, match="tag_9") as caught:
        LeadModel().evaluate(**given(frame))
    assert caught.value.columns == ["tag_9"]


@pytest.mark.parametrize("column", ["history_as_of", "known_as_of"])
def test_what_was_known_only_after_the_lead_came_is_caught(column):
    frame = make_frame(np.random.default_rng(6))
    at = frame.index[frame["known"]][5]
    frame.loc[at, column] = frame.loc[at, "created"] + DAY
    with pytest.raises(LeakageError, match="is as of"):
        LeadModel().evaluate(**given(frame))


def test_leads_imported_at_once_are_judged_in_their_order_and_it_is_said():
    frame = make_frame(np.random.default_rng(7))
    frame["created"], frame["closed"] = 1.6e9, 1.6e9 + 30
    frame["known_as_of"] = frame["history_as_of"] = np.nan
    result = LeadModel().evaluate(**given(frame))
    assert result["enough"] and not result["known_in_time"]
    assert (result["n"], result["trained_on"]) == (300, 1200)


def test_the_order_of_rows_does_not_matter():
    frame = make_frame(np.random.default_rng(8))
    mixed = frame.sample(frac=1, random_state=3)
    first, second = (LeadModel().evaluate(**given(one)) for one in (frame, mixed))
    assert second["auc"] == pytest.approx(first["auc"], abs=1e-6)
    assert mixed.iloc[second["first"]]["lead_id"] == frame.iloc[first["first"]]["lead_id"]


def test_reasons_say_how_many_such_leads_were_won():
    frame = make_frame(np.random.default_rng(9))
    data = given(frame)
    model = LeadModel().fit(**data)
    X, y = data["X"], data["y"]
    told = model.reasons(X)
    assert {one["code"] for reasons in told for one in reasons} <= set(LEAD_REASON_CODES)
    row = int(np.flatnonzero(frame["recommended"])[0])
    reason = next(one for one in told[row] if one["code"] == "recommended")
    assert reason["value"] is True and reason["effect"] > 0
    assert reason["n"] == frame["recommended"].sum()
    assert reason["won"] == y[frame["recommended"]].sum()
    assert reason["rate"] == round(y.mean(), 4)
    other = int(np.flatnonzero(~frame["recommended"] & (model.predict_proba(X)[:, 1] < 0.25))[0])
    reason = next(one for one in told[other] if one["code"] == "recommended")
    assert reason["value"] is False and reason["effect"] < 0
    assert reason["n"] == (~frame["recommended"]).sum()
    assert json.loads(json.dumps(told)) == told


def test_a_reason_never_says_the_opposite_of_its_figures():
    frame = make_frame(np.random.default_rng(10))
    data = given(frame)
    for reasons in LeadModel().fit(**data).reasons(data["X"]):
        for one in reasons:
            if one["code"] != "usual":
                assert (one["won"] / one["n"] - one["rate"]) * one["effect"] > 0


def test_bands_are_fifths_of_the_leads_learned_from():
    frame = make_frame(np.random.default_rng(11))
    data = given(frame)
    scored = LeadModel().fit(**data).predict(data["X"])
    shares = scored["win_band"].value_counts(normalize=True)
    assert shares["high"] == pytest.approx(0.2, abs=0.03)
    assert shares["low"] == pytest.approx(0.5, abs=0.03)
    best = scored["win_band"] == "high"
    assert scored["win_probability"][best].min() >= scored["win_probability"][~best].max()


def test_values_never_seen_are_no_obstacle():
    frame = make_frame(np.random.default_rng(12))
    frame["language"] = -1
    model = LeadModel().fit(**given(frame))
    new = frame[:2].assign(language=88, source=999, country=-1, revenue=1e9)
    assert model.predict(lead_features(new))["win_probability"].between(0, 1).all()
    assert all(model.reasons(lead_features(new)))


def test_a_stored_lead_model_answers_as_before():
    frame = make_frame(np.random.default_rng(13))
    data = given(frame)
    model = LeadModel().fit(**data)
    back = load_model(dump_model(model, b"key"), b"key")
    pd.testing.assert_frame_equal(back.predict(data["X"]), model.predict(data["X"]))
    assert back.reasons(data["X"][:20]) == model.reasons(data["X"][:20])


def test_odoos_way_counts_as_odoo_does():
    X = pd.DataFrame({"team": ["1"] * 6, "source": ["a", "a", "a", "b", "b", None]})
    y = np.array([1, 1, 0, 0, 0, 1])
    model = OdooLeadBayes(fields=("source",)).fit(X, y)
    # won 3.1 to lost 3.1 in all; a 2.1 of 2.2 won, 1.1 of 3.2 lost (0.1 added to each count)
    expected = (2.1 / 2.2) / (2.1 / 2.2 + 1.1 / 3.2)
    p = model.predict_proba(X)[:, 1]
    assert p[0] == pytest.approx(expected)
    assert p[5] == pytest.approx(0.5)


def test_odoos_way_counts_rare_tags_for_nothing():
    rng = np.random.default_rng(14)
    X = pd.DataFrame({"team": ["1"] * 200, "tag_1": np.arange(200) < 49, "tag_2": True})
    y = np.where(X["tag_1"], 1, rng.integers(0, 2, 200))
    p = OdooLeadBayes(BAYES_FIELDS).fit(X, y).predict_proba(X)[:, 1]
    assert len(np.unique(p.round(9))) == 1


def test_says_what_is_wrong():
    data = given(make_frame(np.random.default_rng(15)))
    with pytest.raises(ValueError, match=r"y has 1 value\(s\) that are neither 0 nor 1"):
        LeadModel().fit(**{**data, "y": np.where(np.arange(1500) == 3, 7, data["y"])})
    with pytest.raises(ValueError, match="holdout_share must be a share between 0 and 1"):
        LeadModel(holdout_share=1.5).evaluate(**data)
    with pytest.raises(ValueError, match="the frame of leads lacks the column"):
        lead_features(make_frame(np.random.default_rng(15)).drop(columns="hour"))


def test_leads_without_a_team_are_of_one_team():
    frame = make_frame(np.random.default_rng(3))
    kwargs = given(frame)
    alone = LeadModel().evaluate(**{**kwargs, "X": kwargs["X"].drop(columns="team")})
    one = LeadModel().evaluate(**{**kwargs, "X": kwargs["X"].assign(team="1")})
    assert alone["enough"] and alone["baseline"]["auc"] == pytest.approx(one["baseline"]["auc"])


def test_columns_may_be_numbered_and_are_found_in_any_order():
    rng = np.random.default_rng(4)
    X = pd.DataFrame({0: rng.choice(["a", "b"], 400), 1: rng.normal(size=400)})
    y = (rng.random(400) < np.where(X[0] == "a", 0.7, 0.3)).astype(int)
    model = LeadModel().fit(X, y, time=range(400))
    assert model.predict(X[[1, 0]]).equals(model.predict(X))
    assert model.reasons(X[:1])
    with pytest.raises(ValueError, match=r"X lacks the column\(s\) 1; it has 0"):
        model.predict(X[[0]])


def test_too_few_won_before_the_newest_is_said():
    X = pd.DataFrame({"source": ["1", "2"] * 200})
    y = np.r_[np.zeros(340), np.ones(60)].astype(int)
    result = LeadModel().evaluate(X, y, time=range(400))
    assert result["code"] == "too_few_won_before"
    assert "before the newest part" in result["reason"]


def test_leads_of_one_time_are_judged_together_or_not_at_all():
    asked = given(make_frame(np.random.default_rng(31)))
    asked["outcome_time"] = None
    days = asked["time"] // 400  # four days of 400 leads, the newest of 300
    assert LeadModel().evaluate(**{**asked, "time": days})["n"] == 300
    days = np.minimum(days, 2)
    assert LeadModel().evaluate(**{**asked, "time": days})["n"] == 700
    result = LeadModel().evaluate(**{**asked, "time": np.zeros(1500)})
    assert result["code"] == "too_few_won_before" and not result["enough"]


def test_a_revenue_below_zero_counts_as_next_to_nothing_and_not_as_unknown():
    frame = make_frame(np.random.default_rng(14))
    model = LeadModel().fit(**given(frame))
    least = frame.loc[frame["revenue"] > 0, "revenue"].min()
    chances = [
        model.predict_proba(lead_features(frame.assign(revenue=amount)))[:, 1]
        for amount in (-500.0, least)
    ]
    np.testing.assert_allclose(*chances)
