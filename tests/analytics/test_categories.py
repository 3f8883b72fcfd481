"""Columns of many categories keep what they tell, and those of mere chance do no harm."""

import numpy as np
import pandas as pd
import pytest
from analytics import (
    LeadModel,
    ResponseModel,
    TabularClassifier,
    dump_model,
    figures,
    load_model,
)
from analytics._many_levels import learn_many
from analytics._scorers import SCORERS, sigmoid
from analytics._table import TableEncoder
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder


def accounts(seed, n, count, spread=1.2, skewed=False):
    """Return leads of so many accounts, each with a chance of its own, and their outcomes."""
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, count + 1) if skewed else np.ones(count)
    which, z = rng.choice(count, n, p=share / share.sum()), rng.normal(size=n)
    effects = rng.normal(0, spread, count)
    y = (rng.random(n) < sigmoid(effects[which] + 0.3 * z - 0.7)).astype(int)
    return pd.DataFrame({"account": [f"acc{at}" for at in which], "z": z}), y


def one_hot(X, y, new):
    """Return the chances of a plain logistic regression on one column for each category."""
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["account"]), remainder="passthrough"
    )
    plain = make_pipeline(columns, LogisticRegression(max_iter=500))
    return plain.fit(X, y).predict_proba(new)[:, 1]


def assert_as_good(reached, plain, loss=0.005):
    assert reached["auc"] >= plain["auc"] - 0.01
    assert reached["log_loss"] <= plain["log_loss"] + loss


@pytest.mark.parametrize(
    ("count", "n", "skewed"),
    [
        (30, 8000, False),
        (85, 8000, True),
        (200, 8000, False),
        (500, 8000, False),
        (51, 3333, False),
    ],
)
def test_many_categories_tell_leads_and_answers_as_well_as_a_column_for_each(count, n, skewed):
    X, y = accounts(3, n, count, skewed=skewed)
    held = int(0.8 * n)
    plain = figures(y[held:], one_hot(X[:held], y[:held], X[held:]))
    leads = LeadModel().evaluate(X, y, np.arange(n), bayes_fields=["account"], n_bootstrap=50)
    assert leads["n"] == n - held
    assert_as_good(leads, plain)
    assert leads["auc"] > leads["baseline"]["auc"]
    answers = ResponseModel().evaluate(X, y, np.arange(n), n_bootstrap=50)
    assert_as_good(answers, plain)
    assert answers["beats_baseline"]


@pytest.mark.parametrize("name", SCORERS)
def test_either_candidate_keeps_what_many_categories_tell(name):
    X, y = accounts(4, 6000, 200)
    ours, plain = np.zeros(len(y)), np.zeros(len(y))
    folds = StratifiedKFold(3, shuffle=True, random_state=1)
    for kept, held in folds.split(X, y):
        model = TabularClassifier((name,), folds=2, suspicious_auc=None, random_state=0)
        ours[held] = model.fit(X.iloc[kept], y[kept]).predict_proba(X.iloc[held])[:, 1]
        plain[held] = one_hot(X.iloc[kept], y[kept], X.iloc[held])
    # trees lose as much where they are given the effects drawn by
    loss = 0.005 if name == "logistic" else 0.012
    assert_as_good(figures(y, ours), figures(y, plain), loss)


@pytest.mark.parametrize("count", [500, 5000])
@pytest.mark.parametrize("name", SCORERS)
def test_many_categories_of_mere_chance_do_no_harm(name, count):
    rng = np.random.default_rng(count)
    X = pd.DataFrame({"z": rng.normal(size=8000)})
    y = (rng.random(8000) < sigmoid(0.5 * X["z"].to_numpy() - 0.7)).astype(int)
    noisy = X.assign(account=[f"acc{at}" for at in rng.integers(0, count, 8000)])
    losses, ranks = [], []
    for frame in (X, noisy):
        model = TabularClassifier((name,), random_state=0).fit(frame[:6000], y[:6000])
        reached = figures(y[6000:], model.predict_proba(frame[6000:])[:, 1])
        losses.append(reached["log_loss"])
        ranks.append(reached["auc"])
    assert losses[1] == pytest.approx(losses[0], abs=0.003)
    assert ranks[1] == pytest.approx(ranks[0], abs=0.01)


def test_many_categories_of_mere_chance_are_no_gain():
    found = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        count = (40, 500, 2000)[seed % 3]
        X = pd.DataFrame({"account": rng.integers(0, count, 1500).astype(str)})
        y = (rng.random(1500) < 0.35).astype(int)
        result = ResponseModel().evaluate(X, y, np.arange(1500), n_bootstrap=100)
        found += result["beats_baseline"]
    assert found <= 1


def test_a_column_that_names_every_row_tells_nothing():
    rng = np.random.default_rng(6)
    X = pd.DataFrame({"reference": [f"SO{at}" for at in range(900)], "z": rng.normal(size=900)})
    y = (rng.random(900) < sigmoid(X["z"].to_numpy())).astype(int)
    for name in SCORERS:
        model = TabularClassifier((name,), random_state=0).fit(X, y)
        assert model.contributions(X)["reference"].abs().max() == 0


def test_no_row_gives_its_own_outcome_away():
    rng = np.random.default_rng(7)
    codes = rng.integers(0, 300, 2400)
    y = (rng.random(2400) < sigmoid(rng.normal(0, 1.2, 300)[codes])).astype(float)
    turned, row = y.copy(), int(np.flatnonzero(y == 1)[0])
    turned[row] = 0
    known, blind, *_ = learn_many(codes, y, np.zeros(2400))
    other, other_blind, *_ = learn_many(codes, turned, np.zeros(2400))
    assert known[codes[row]] > other[codes[row]] + 0.2
    others = np.setdiff1d(np.arange(2400), np.flatnonzero(codes == codes[row]))
    # the folds are drawn anew, since they hold the same share of ones: by that all may differ
    assert abs(blind[row] - other_blind[row]) < np.abs(blind - other_blind)[others].max() + 0.1


def test_effects_are_those_the_outcomes_were_drawn_by():
    rng = np.random.default_rng(8)
    effects = rng.normal(0, 1, 60)
    codes, z = rng.integers(0, 60, 30_000), rng.normal(size=30_000)
    y = (rng.random(30_000) < sigmoid(effects[codes] + z - 0.5)).astype(float)
    learned, unseen, level, _new = learn_many(codes, y, z - 0.5)
    assert 0.8 < learned.std() / effects.std() < 1.05
    assert (learned + level).mean() == pytest.approx(effects.mean(), abs=0.15)
    assert np.corrcoef(learned, effects)[0, 1] > 0.99
    assert np.corrcoef(unseen, effects[codes])[0, 1] > 0.98


def test_of_two_columns_where_one_is_part_of_the_other_none_counts_twice():
    rng = np.random.default_rng(9)
    source = rng.integers(0, 25, 8000)
    campaign = source * 12 + rng.integers(0, 12, 8000)
    y = (rng.random(8000) < sigmoid(rng.normal(0, 1, 25)[source] - 0.5)).astype(int)
    X = pd.DataFrame({"campaign": campaign, "source": source}).astype(str)
    model = TabularClassifier(("logistic",), suspicious_auc=None, random_state=0).fit(X, y)
    importances = model.importances(X)
    assert importances["source"] > 5 * importances["campaign"]


@pytest.mark.parametrize("name", SCORERS)
def test_a_category_never_seen_among_many_is_a_usual_one(name):
    X, y = accounts(10, 4000, 100)
    model = TabularClassifier((name,), suspicious_auc=None, random_state=0).fit(X, y)
    z = np.zeros(101)
    every = pd.DataFrame({"account": [*(f"acc{at}" for at in range(100)), "new"], "z": z})
    chances = model.log_odds(every)
    assert chances[-1] == pytest.approx(np.mean(chances[:-1]), abs=0.25)
    gone = model.predict_proba(every.assign(account=None))
    assert np.isfinite(gone).all()


@pytest.mark.parametrize("name", SCORERS)
@pytest.mark.parametrize(("spread", "base"), [(1.5, -3), (2, -3)])
def test_a_category_never_seen_gets_the_chance_that_they_have_on_average(name, spread, base):
    expected, came = [], []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        effects = rng.normal(base, spread, 2000)
        codes = rng.integers(0, 100, 4000)
        y = (rng.random(4000) < sigmoid(effects[codes])).astype(int)
        X = pd.DataFrame({"account": [f"a{at}" for at in codes]})
        model = TabularClassifier((name,), suspicious_auc=None, random_state=0).fit(X, y)
        new = pd.DataFrame({"account": ["new"]})
        expected.append(model.predict_proba(new)[0, 1])
        came.append(np.mean([y[codes == at].mean() for at in range(100)]))
        total = model.contributions(new).sum(axis=1) + model.average_log_odds_
        np.testing.assert_allclose(total, model.log_odds(new), atol=1e-9)
    assert 0.75 < np.mean(expected) / np.mean(came) < 1.2


def test_a_model_stored_before_there_was_an_effect_of_the_unseen_answers():
    X, y = accounts(16, 2000, 60)
    model = TabularClassifier(("logistic",), suspicious_auc=None, random_state=0).fit(X, y)
    (many,) = (one for one in model.model_.encoder_.columns_ if one["kind"] == "many")
    del many["unseen"]
    again = load_model(dump_model(model, b"secret"), b"secret")
    assert np.isfinite(again.predict_proba(X.assign(account="new"))).all()


@pytest.mark.parametrize("count", [8, 60])
def test_ids_are_the_same_whether_they_come_as_integers_or_as_floats(count):
    rng = np.random.default_rng(17)
    ids = rng.integers(1, count + 1, 3000)
    y = (rng.random(3000) < sigmoid(rng.normal(0, 1.5, count + 1)[ids])).astype(int)
    whole = pd.DataFrame({"account": pd.Categorical(ids)})
    floats = pd.Series(ids.astype(float))
    floats[0] = np.nan
    others = (floats.astype("category"), floats.astype(object), pd.Series(ids).astype(str))
    forms = [pd.DataFrame({"account": form}) for form in others]
    for learned, told in ((whole, forms), (forms[0], [whole])):
        model = TabularClassifier(("logistic",), suspicious_auc=None, random_state=0)
        chances = model.fit(learned, y).predict_proba(whole)[1:]
        for form in told[: 3 if count > 20 else 1]:
            form = form.astype("category")
            np.testing.assert_allclose(model.predict_proba(form)[1:], chances, atol=1e-12)


def test_models_stored_with_ids_as_floats_still_know_them():
    rng = np.random.default_rng(18)
    X = pd.DataFrame({"account": pd.Categorical(rng.integers(1, 7, 600).astype(float))})
    y = (rng.random(600) < X["account"].astype(float) / 8).astype(int)
    model = TabularClassifier(("logistic",), suspicious_auc=None, random_state=0).fit(X, y)
    before = model.predict_proba(X)
    (column,) = model.model_.encoder_.columns_
    column["levels"] = [f"{level}.0" for level in column["levels"]]
    np.testing.assert_array_equal(model.predict_proba(X), before)


def test_chances_do_not_depend_on_where_a_row_stands():
    X, y = accounts(19, 2500, 80)
    order = np.random.default_rng(0).permutation(len(y))
    first, second = TableEncoder(), TableEncoder()
    Z, turned = first.fit_transform(X, y), second.fit_transform(X.iloc[order], y[order])
    np.testing.assert_allclose(turned, Z[order], atol=1e-6)
    np.testing.assert_allclose(second.transform(X), first.transform(X), atol=1e-6)


@pytest.mark.parametrize("name", SCORERS)
def test_contributions_of_many_categories_add_up(name):
    X, y = accounts(11, 3000, 60)
    model = TabularClassifier((name,), suspicious_auc=None, random_state=0).fit(X, y)
    total = model.contributions(X).sum(axis=1) + model.average_log_odds_
    np.testing.assert_allclose(total, model.log_odds(X), atol=1e-9)
    assert model.importances(X).index[0] == "account"


def test_reasons_name_the_category_of_many_and_how_many_such_leads_were_won():
    X, y = accounts(12, 4000, 60, spread=1.5)
    model = LeadModel().fit(X, y, np.arange(4000))
    told = [one for reasons in model.reasons(X) for one in reasons if one["code"] == "account"]
    assert len(told) > 1000
    one = told[0]
    such = X["account"] == one["value"]
    assert (one["n"], one["won"]) == (such.sum(), y[such].sum())
    assert all((one["won"] / one["n"] - one["rate"]) * one["effect"] > 0 for one in told)
    answers = ResponseModel().fit(X, y, np.arange(4000)).reasons(X[:50])
    assert any(one["column"] == "account" for reasons in answers for one in reasons)


def test_a_stored_model_of_many_categories_answers_as_before():
    X, y = accounts(13, 2000, 300)
    model = TabularClassifier(suspicious_auc=None, random_state=0).fit(X, y)
    again = load_model(dump_model(model, b"secret"), b"secret")
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))


def test_without_outcomes_the_most_frequent_of_many_categories_are_columns():
    X, _ = accounts(14, 2000, 60)
    encoder = TableEncoder().fit(X[["account"]])
    assert encoder.columns_[0]["kind"] == "categorical"
    assert encoder.transform(X[["account"]]).shape == (2000, 21)


def test_a_table_of_many_categories_stays_small():
    X, y = accounts(15, 20_000, 5000)
    encoder = TableEncoder()
    assert encoder.fit_transform(X, y).shape == (20_000, 2)
    assert encoder.owners_.tolist() == [0, 1]
