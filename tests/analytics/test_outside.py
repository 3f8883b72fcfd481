"""What is beyond all that was seen is taken as the edge of it, and no reason claims otherwise."""

import numpy as np
import pandas as pd
import pytest
from analytics import LeadModel, ResponseModel, TabularClassifier
from analytics._scorers import SCORERS, LinearScorer, sigmoid
from analytics._table import TableEncoder


def leads(seed=0, n=3000):
    """Return leads of which the dear ones are rarely won, and what became of them."""
    rng = np.random.default_rng(seed)
    revenue = rng.integers(4, 90, n) * 1000.0
    X = pd.DataFrame({"revenue": np.where(rng.random(n) < 0.3, np.nan, revenue)})
    X["orders_before"] = rng.poisson(2, n).astype(float)
    odds = 0.5 - 1.5 * (revenue > 50_000) * X["revenue"].notna() + 0.4 * X["orders_before"] - 1
    return X, (rng.random(n) < sigmoid(odds.to_numpy())).astype(int)


def at_edge(X, column, times):
    """Return two rows: one of the greatest value of a column, and one of so many times that."""
    rows = pd.concat([X.dropna()[:1]] * 2, ignore_index=True)
    return rows.assign(**{column: X[column].max() * np.array([1.0, times])})


@pytest.mark.parametrize("name", SCORERS)
@pytest.mark.parametrize("times", [1.01, 2, 100, 1e9])
@pytest.mark.parametrize("timed", [False, True])
def test_a_chance_beyond_what_was_seen_is_that_of_the_edge(name, times, timed):
    X, y = leads()
    model = TabularClassifier((name,), random_state=0)
    model.fit(X, y, time=np.arange(len(X)) if timed else None)
    for column in X.columns:
        edge, beyond = model.predict_proba(at_edge(X, column, times))[:, 1]
        assert beyond == edge
        low = X.dropna()[:2].assign(**{column: [X[column].min(), -1e6 * times]})
        low = low.assign(**{other: 0.0 for other in X.columns if other != column})
        edge, beyond = model.predict_proba(low)[:, 1]
        assert beyond == edge


def test_a_skewed_column_ends_at_what_was_seen_as_well():
    rng = np.random.default_rng(1)
    X = pd.DataFrame({"amount": np.exp(rng.normal(6, 1.5, 2000))})
    y = (rng.random(2000) < sigmoid(np.log(X["amount"].to_numpy()) - 6)).astype(int)
    scorer = LinearScorer().fit(X, y)
    assert scorer.encoder_.columns_[0]["log"]
    edge, beyond = scorer.margin(at_edge(X, "amount", 100))
    assert beyond == edge
    nothing = pd.DataFrame({"amount": [X["amount"].min(), 0.0]})
    assert np.ptp(scorer.margin(nothing)) == 0


def test_answers_of_customers_who_order_more_than_any_before_are_those_of_the_edge():
    rng = np.random.default_rng(2)
    X = pd.DataFrame({"orders": rng.integers(0, 11, 3000)})
    y = (rng.random(3000) < sigmoid(0.4 * X["orders"].to_numpy() - 2.5)).astype(int)
    model = ResponseModel().fit(X, y, np.arange(3000))
    new = pd.DataFrame({"orders": [10, 11, 100, 10**9]})
    chances = model.predict_proba(new)[:, 1]
    assert np.ptp(chances) == 0 and chances[0] < 0.9
    for reasons in model.reasons(new):
        assert all(np.isfinite(one["effect"]) for one in reasons)
    effects = [[one["effect"] for one in reasons] for reasons in model.reasons(new)]
    assert effects[0] == effects[-1]


def test_a_missing_value_stays_missing():
    X, y = leads(3)
    gone = X[X["revenue"].isna()]
    scorer = LinearScorer().fit(X, y)
    Z = scorer.encoder_.transform(gone)
    assert (Z[:, 0] == 0).all() and (Z[:, 1] == 1).all()
    assert np.isfinite(scorer.margin(gone)).all()


def test_a_column_without_any_value_stays_without_effect():
    X, y = leads(4)
    scorer = LinearScorer().fit(X.assign(nothing=np.nan), y)
    some = X[:3].assign(nothing=[np.nan, 1.0, 1e9])
    assert (scorer.contributions(some)[:, 2] == 0).all()


def test_a_column_that_moves_with_time_may_go_as_far_again():
    rng = np.random.default_rng(5)
    time = np.arange(2000)
    X = pd.DataFrame({"rate": 5 - time / 500 + rng.normal(0, 0.01, 2000), "z": rng.random(2000)})
    limits = TableEncoder().fit(X, time=time).columns_[0]["limits"]
    low, high = X["rate"].min(), X["rate"].max()
    assert limits == pytest.approx([2 * low - high, 2 * high - low])
    assert TableEncoder().fit(X).columns_[0]["limits"] == [low, high]
    assert TableEncoder().fit(X, time=time).columns_[1]["limits"] == [X["z"].min(), X["z"].max()]
    mixed = rng.permutation(2000)
    assert TableEncoder().fit(X, time=time[mixed]).columns_[0]["limits"] == [low, high]


def test_few_rows_do_not_move_by_chance():
    found = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        X = pd.DataFrame({"z": rng.normal(size=(20, 60, 200)[seed % 3])})
        limits = TableEncoder().fit(X, time=np.arange(len(X))).columns_[0]["limits"]
        found += limits[1] > X["z"].max()
    assert found <= 2


def test_a_reason_of_a_number_above_all_seen_is_told_of_those_above_a_number_seen():
    X, y = leads(6)
    model = LeadModel().fit(X, y, np.arange(len(X)))
    new = at_edge(X, "revenue", 20)
    inside, beyond = (
        next(one for one in reasons if one["code"] == "revenue") for reasons in model.reasons(new)
    )
    assert "above" not in inside
    assert inside["value"] == X["revenue"].max() and beyond["value"] == 20 * X["revenue"].max()
    such = (X["revenue"] > beyond["above"]).to_numpy()
    assert beyond["above"] < X["revenue"].max()
    assert (beyond["n"], beyond["won"]) == (such.sum(), y[such].sum())
    assert beyond["effect"] == inside["effect"]


def test_a_number_below_all_seen_is_no_reason():
    X, y = leads(7)
    X["revenue"] = X["revenue"].fillna(70_000) + 1000
    model = LeadModel().fit(X, y, np.arange(len(X)))
    small, usual = (
        {one["code"] for one in reasons}
        for reasons in model.reasons(X[:2].assign(revenue=[10.0, X["revenue"].min()]))
    )
    assert "revenue" in usual and "revenue" not in small


def test_models_stored_before_there_were_limits_answer_as_they_did():
    X, y = leads(8)
    scorer, older = LinearScorer().fit(X, y), LinearScorer().fit(X, y)
    for column in older.encoder_.columns_:
        del column["limits"]
    np.testing.assert_array_equal(scorer.margin(X), older.margin(X))
    model = LeadModel().fit(X, y, np.arange(len(X)))
    told = model.reasons(X[:20])
    for learned in model.rates_.values():
        del learned["seen"]
    assert model.reasons(X[:20]) == told
