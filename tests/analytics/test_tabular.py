"""One estimator for tables of mixed columns: honest choice, probabilities, exact reasons."""

from decimal import Decimal
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from analytics import TabularClassifier, figures
from analytics._scorers import UNCONFIRMED, Calibration, TreeScorer, overstated, sigmoid
from analytics._small_trees import SmallTrees
from analytics._table import TableEncoder
from analytics.tabular import newest_periods, newest_split
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.estimator_checks import parametrize_with_checks


def table(rng, n, rate=0.0):
    """Return a mixed table and outcomes drawn from a logistic rule over it."""
    X = pd.DataFrame(
        {
            "days": rng.exponential(40, n),
            "country": rng.choice(["DE", "FR", "IT"], n, p=[0.5, 0.3, 0.2]),
            "member": rng.random(n) < 0.4,
            "discount": np.where(rng.random(n) < 0.3, np.nan, rng.normal(10, 3, n)),
        }
    )
    score = X["days"] / 40 - 1 + (X["country"] == "FR") - X["member"] + X["discount"].isna() + rate
    return X, (rng.random(n) < sigmoid(score.to_numpy(dtype=float))).astype(int)


@pytest.fixture(scope="module")
def fitted():
    X, y = table(np.random.default_rng(0), 800)
    names = ("logistic", "trees")
    return X, {name: TabularClassifier((name,), random_state=0).fit(X, y) for name in names}


@parametrize_with_checks([TabularClassifier(n_trees=10)])
def test_has_the_manners_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("name", ["logistic", "trees"])
def test_contributions_add_up_to_the_log_odds(fitted, name):
    X, model = fitted[0], fitted[1][name]
    contributions = model.contributions(X)
    assert contributions.columns.tolist() == X.columns.tolist()
    total = contributions.sum(axis=1) + model.average_log_odds_
    np.testing.assert_allclose(total, model.log_odds(X), atol=1e-9)
    assert model.average_log_odds_ == pytest.approx(model.log_odds(X).mean())


def test_contributions_of_a_line_are_its_terms_against_the_average_customer(fitted):
    X, model = fitted[0], fitted[1]["logistic"]
    one, other = X.iloc[[0]], X.iloc[[0]].assign(country="FR", days=X["days"].iloc[5])
    moved = model.contributions(other).iloc[0] - model.contributions(one).iloc[0]
    assert moved[["member", "discount"]].tolist() == [0, 0]
    assert moved.sum() == pytest.approx(float((model.log_odds(other) - model.log_odds(one))[0]))
    np.testing.assert_allclose(model.contributions(X).mean(), 0, atol=1e-9)


def tree_worth(nodes, at, row, known, owners):
    """Value of a tree for a row of which only some columns are known, by definition."""
    if nodes["is_leaf"][at]:
        return nodes["value"][at]
    feature = nodes["feature_idx"][at]
    left, right = nodes["left"][at], nodes["right"][at]
    if owners[feature] in known:
        child = left if row[feature] <= nodes["num_threshold"][at] else right
        return tree_worth(nodes, child, row, known, owners)
    parts = [nodes["count"][c] * tree_worth(nodes, c, row, known, owners) for c in (left, right)]
    return sum(parts) / nodes["count"][at]


def shapley(worth, n):
    """Shapley values of `n` players by their definition."""
    values = np.zeros(n)
    for j in range(n):
        others = [k for k in range(n) if k != j]
        for size in range(n):
            for known in combinations(others, size):
                gain = worth({*known, j}) - worth(set(known))
                values[j] += gain / (n * comb(n - 1, size))
    return values


def test_contributions_of_trees_are_shapley_values():
    X, y = table(np.random.default_rng(1), 300)
    scorer = TreeScorer(n_trees=12, random_state=0).fit(X, y)
    Z, owners = scorer.encoder_.transform(X), scorer.encoder_.owners_
    trees = scorer.trees_
    for at in (0, 7, 150):

        def worth(known, row=Z[at]):
            return sum(tree_worth(trees.nodes_, root, row, known, owners) for root in trees.roots_)

        expected = shapley(worth, X.shape[1])
        np.testing.assert_allclose(scorer.contributions(X)[at], expected, atol=1e-10)


def test_trees_as_arrays_answer_like_those_of_scikit_learn():
    X, y = table(np.random.default_rng(2), 500)
    Z = TableEncoder().fit_transform(X)
    reference = HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.08,
        max_leaf_nodes=5,
        max_depth=3,
        min_samples_leaf=25,
        early_stopping=False,
        random_state=0,
    ).fit(Z, y)
    trees = SmallTrees(random_state=0).fit(Z, y)
    np.testing.assert_allclose(trees.margin(Z), reference.decision_function(Z), atol=1e-6)


def test_what_was_never_seen_is_taken_as_average(fitted):
    X, model = fitted[0], fitted[1]["logistic"]
    strange = X.iloc[:3].assign(country="Atlantis", days=np.nan)
    contributions = model.contributions(strange)
    assert contributions["country"].abs().max() == pytest.approx(0, abs=1e-12)
    assert contributions["days"].abs().max() == pytest.approx(0, abs=1e-12)
    assert np.isfinite(fitted[1]["trees"].predict_proba(strange)).all()


def test_a_missing_value_can_be_what_counts():
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, 600)
    gone = rng.random(600) < np.where(y, 0.6, 0.2)
    X = pd.DataFrame({"visit": np.where(gone, np.nan, 1.0)})
    model = TabularClassifier(random_state=0).fit(X, y)
    no, yes = model.predict_proba(pd.DataFrame({"visit": [1.0, np.nan]}))[:, 1]
    assert no == pytest.approx(0.4 / 1.2, abs=0.06) and yes == pytest.approx(0.75, abs=0.06)


def test_columns_may_be_of_any_pandas_type():
    X, y = table(np.random.default_rng(4), 200)
    typed = X.astype({"country": "category", "member": "boolean", "discount": "Float64"})
    typed.loc[3, "member"] = pd.NA
    seeded = TabularClassifier(("logistic",), random_state=0)
    first, second = (clone(seeded).fit(frame, y) for frame in (X, typed))
    difference = first.predict_proba(X) - second.predict_proba(X)
    assert np.abs(difference).max() < 0.03


def test_codes_that_are_partly_numbers_are_categories():
    X, y = table(np.random.default_rng(5), 400)
    texts = X.assign(code=np.where(y, "22423", "85123A"))
    mixed = texts.assign(code=[22423 if yes else "85123A" for yes in y])
    seeded = TabularClassifier(("logistic",), suspicious_auc=None, random_state=0)
    expected = clone(seeded).fit(texts, y).predict_proba(texts)
    assert np.array_equal(clone(seeded).fit(mixed, y).predict_proba(mixed), expected)


@pytest.mark.parametrize("add", [True, 2.5, None])
def test_decimals_beside_other_numbers_are_numbers(add):
    X, y = table(np.random.default_rng(6), 100)
    kinds = [Decimal(at) if at % 3 else add for at in range(100)]
    X = X.assign(kinds=pd.Series(kinds, dtype=object))
    assert TableEncoder().fit(X).columns_[-1]["kind"] == "numeric"


@pytest.mark.parametrize(
    "days",
    [
        pd.date_range("2024-01-01", periods=60),
        pd.date_range("2024-01-01", periods=60).date,
        pd.period_range("2024-01", periods=60, freq="M"),
        pd.to_timedelta(range(60), unit="D"),
        [pd.Timestamp("2024-01-01"), None] * 30,
    ],
)
def test_dates_are_refused_as_such_whatever_their_type(days):
    X, y = table(np.random.default_rng(7), 60)
    with pytest.raises(ValueError, match="since holds dates: give days before the cut-off"):
        TabularClassifier(random_state=0).fit(X.assign(since=days), y)


def test_rare_events_keep_their_rate():
    X, y = table(np.random.default_rng(5), 3000, rate=-4)
    assert y.mean() < 0.06
    p = TabularClassifier(random_state=0).fit(X, y).predict_proba(X)[:, 1]
    assert p.mean() == pytest.approx(y.mean(), abs=0.005)


def test_a_curved_relation_is_given_to_the_trees_and_a_straight_one_is_not():
    rng = np.random.default_rng(6)
    x = rng.normal(size=1500)
    X = pd.DataFrame({"x": x, "noise": rng.normal(size=1500)})
    straight = TabularClassifier(random_state=0).fit(X, rng.random(1500) < sigmoid(x))
    curved = TabularClassifier(random_state=0).fit(X, rng.random(1500) < sigmoid(2 * x**2 - 2))
    assert (straight.chosen_, curved.chosen_) == ("logistic", "trees")
    assert {row["name"] for row in curved.candidates_} == {"logistic", "trees"}
    losses = {row["name"]: row["log_loss"] for row in curved.candidates_}
    assert losses["trees"] < losses["logistic"]


def changing_times(rng, n=4000):
    """Return a table where a curved relation holds for long and is gone in the newest part."""
    x = rng.normal(size=(n, 2))
    old = np.arange(n) < 0.85 * n
    score = x[:, 0] + np.where(old, 2 * x[:, 1] ** 2 - 2, 0)
    return pd.DataFrame(x, columns=["a", "b"]), (rng.random(n) < sigmoid(score)).astype(int)


def test_the_newest_part_decides_where_time_is_given():
    X, y = changing_times(np.random.default_rng(7))
    at_random = TabularClassifier(random_state=0).fit(X, y)
    in_time = TabularClassifier(random_state=0).fit(X, y, time=np.arange(len(X)))
    assert at_random.chosen_ == "trees" and at_random.validation_["kind"] == "folds"
    assert in_time.chosen_ == "logistic" and in_time.validation_["kind"] == "time"


def test_the_order_of_rows_does_not_matter_where_time_is_given():
    X, y = changing_times(np.random.default_rng(8), 1000)
    time = pd.date_range("2024-01-01", periods=len(X), freq="h").to_numpy()
    mixed = np.random.default_rng(9).permutation(len(X))
    first = TabularClassifier(random_state=0).fit(X, y, time=time)
    second = TabularClassifier(random_state=0).fit(X.iloc[mixed], y[mixed], time=time[mixed])
    np.testing.assert_allclose(first.log_odds(X), second.log_odds(X), atol=1e-3)
    assert first.chosen_ == second.chosen_


def test_the_newest_part_is_of_whole_times_and_holds_both_outcomes():
    time = np.repeat(np.arange(20), 10)
    outcome = np.tile([0, 1], 100)
    before, held = newest_split(outcome, time, 0.12)
    assert set(time[held]) == {17, 18, 19} and time[before].max() == 16
    outcome = np.where(time >= 15, 0, outcome)
    before, held = newest_split(outcome, time, 0.12)
    assert time[held].min() == 14 and outcome[held].sum() == 5


def test_outcomes_not_known_yet_do_not_judge_what_comes_after():
    time = np.repeat(np.arange(20), 10)
    outcome = np.tile([0, 1], 100)
    before, held = newest_split(outcome, time, 0.1, outcome_time=time + 5)
    assert time[held].min() == 18 and time[before].max() == 13
    assert newest_split(outcome, time, 0.1, outcome_time=time + 50) is None


def test_without_enough_to_validate_the_simplest_is_taken_and_said_to_be_unvalidated():
    X, y = table(np.random.default_rng(10), 60)
    model = TabularClassifier(random_state=0).fit(X, y, time=np.zeros(60))
    assert (model.chosen_, model.validation_["kind"]) == ("logistic", "none")
    assert model.candidates_ == []


def test_overconfident_log_odds_are_drawn_in():
    rng = np.random.default_rng(11)
    margin = rng.normal(0, 1.5, 4000)
    y = (rng.random(4000) < sigmoid(margin)).astype(int)
    calibration = Calibration().fit(3 * margin + 1, y)
    assert calibration.helps_
    np.testing.assert_allclose(calibration.apply(3 * margin + 1), margin, atol=0.5)


def test_over_time_log_odds_are_never_stretched_nor_their_ranking_undone():
    rng = np.random.default_rng(12)
    margin = rng.normal(0, 1.5, 4000)
    y = (rng.random(4000) < sigmoid(margin)).astype(int)
    assert overstated(margin / 3, y) == 0
    assert not Calibration().draw_in(0.0, 0.5).helps_
    assert Calibration().draw_in(overstated(-margin, y), overstated(-margin, y)).slope_ > 0
    assert not Calibration().fit(-margin, y).helps_


def test_a_period_of_one_outcome_or_of_equal_chances_says_nothing():
    assert overstated(np.linspace(-1, 1, 9), np.ones(9)) == 0
    assert overstated(np.zeros(40), np.tile([0, 1], 20)) == pytest.approx(0, abs=1e-6)


def test_few_rows_say_less_of_how_far_log_odds_are_overstated():
    rng = np.random.default_rng(13)
    margin = rng.normal(0, 1.5, 8000)
    y = (rng.random(8000) < sigmoid(0.5 * margin)).astype(int)
    few = [overstated(margin[at::200], y[at::200]) for at in range(200)]
    assert overstated(margin, y) == pytest.approx(0.5, abs=0.06)
    assert 0.1 < np.mean(few) < 0.4


def test_what_only_the_newest_period_says_is_believed_to_a_part():
    assert Calibration().draw_in(0.5, 0.5).slope_ == pytest.approx(0.5)
    assert Calibration().draw_in(0.5, 0.9).slope_ == pytest.approx(0.5)
    assert Calibration().draw_in(0.5, 0.0).slope_ == pytest.approx(1 - 0.5 * UNCONFIRMED)


def test_the_period_before_the_newest_knows_nothing_of_it():
    time, outcome = np.repeat(np.arange(20), 10), np.tile([0, 1], 100)
    (_, newest), (trained, before) = newest_periods(outcome, time, 0.1, outcome_time=time + 2)
    assert time[newest].min() == 18 and set(time[before]) == {15, 16}
    assert time[trained].max() == 13
    assert len(newest_periods(outcome[:40], time[:40], 0.4, outcome_time=time[:40] + 2)) == 1


def losses_after(weaker, seeds=6, n=4000):
    """Return mean log-loss of the newest fifth, calibrated and not, where a column is weaker."""
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        a, known = rng.normal(size=n), int(0.8 * n)
        slope = np.where(weaker(np.arange(n) / known), 0.3, 1.2)
        X, y = pd.DataFrame({"a": a}), (rng.random(n) < sigmoid(slope * a - 0.8)).astype(int)
        model = TabularClassifier(random_state=0).fit(X[:known], y[:known], time=np.arange(known))
        chances = model.predict_proba(X[known:])[:, 1], sigmoid(model.log_odds(X[known:]))
        found.append([figures(y[known:], p)["log_loss"] for p in chances])
    return np.mean(found, axis=0)


def test_one_odd_newest_period_does_not_spoil_the_chances():
    calibrated, plain = losses_after(lambda at: (at > 0.9) & (at <= 1))
    assert calibrated < plain + 0.01  # 0.066 before two periods had to agree


@pytest.mark.parametrize(("since", "gain"), [(0.5, 0.008), (0.8, 0.03), (0.9, 0.012)])
def test_a_change_that_stays_is_followed(since, gain):
    calibrated, plain = losses_after(lambda at: at > since)
    assert calibrated < plain - gain


def test_where_nothing_changes_calibrating_costs_next_to_nothing():
    calibrated, plain = losses_after(lambda at: at < 0, n=1000)
    assert calibrated < plain + 0.001


def test_calibrating_over_time_keeps_the_rate():
    rng = np.random.default_rng(15)
    X = pd.DataFrame(rng.normal(size=(300, 40))).add_prefix("noise")
    y = (rng.random(300) < sigmoid(X["noise0"].to_numpy() - 1)).astype(int)
    model = TabularClassifier(("logistic",), C=100, validation_share=0.4, suspicious_auc=None)
    model.fit(X, y, time=np.arange(300))
    assert model.calibration_.helps_ and model.calibration_.slope_ < 0.7
    assert model.predict_proba(X)[:, 1].mean() == pytest.approx(y.mean(), abs=1e-6)


def test_the_simplest_is_kept_unless_another_is_better_beyond_chance():
    close = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        X = pd.DataFrame(rng.normal(size=(400, 2)), columns=["a", "b"])
        y = rng.random(400) < sigmoid((X["a"] + 0.5 * X["b"] ** 2 - 0.5).to_numpy())
        model = TabularClassifier(random_state=0).fit(X, y)
        simplest = model.candidates_[0]
        assert (model.chosen_ == "logistic") == (simplest["behind"] <= simplest["behind_error"])
        close += 0 < simplest["behind"] <= simplest["behind_error"]
    assert close


def test_the_same_seed_gives_the_same_model():
    X, y = table(np.random.default_rng(13), 300)
    first, second = (TabularClassifier(random_state=3).fit(X, y) for _ in range(2))
    assert first.candidates_ == second.candidates_
    np.testing.assert_array_equal(first.predict_proba(X), second.predict_proba(X))


def test_says_what_is_wrong():
    X, y = table(np.random.default_rng(14), 60)
    model = TabularClassifier()
    with pytest.raises(ValueError, match="y has only one class, 1"):
        model.fit(X, np.ones(60))
    with pytest.raises(ValueError, match=r"days has 1 value\(s\) that are infinite"):
        model.fit(X.assign(days=[np.inf, *range(59)]), y)
    with pytest.raises(ValueError, match="since holds dates"):
        model.fit(X.assign(since=pd.Timestamp("2024-01-01")), y)
    with pytest.raises(ValueError, match=r"y has 1 value\(s\) that are missing"):
        model.fit(X, [np.nan, *y[1:]])
    with pytest.raises(ValueError, match=r"time has 2 value\(s\) that are missing"):
        model.fit(X, y, time=[np.nan, np.nan, *range(58)])
    with pytest.raises(ValueError, match="candidates must be of logistic, trees"):
        TabularClassifier(("forest",)).fit(X, y)
    with pytest.raises(ValueError, match="days held numbers when the model was fitted"):
        TabularClassifier(("logistic",)).fit(X, y).predict(X.assign(days="long"))


@pytest.fixture(scope="module")
def telco_folds(telco):
    X, y = telco
    p = np.zeros(len(y))
    for kept, held in StratifiedKFold(5, shuffle=True, random_state=0).split(X, y):
        model = TabularClassifier(random_state=0).fit(X.iloc[kept], y[kept])
        p[held] = model.predict_proba(X.iloc[held])[:, 1]
    return y, p


def test_telco_churn_is_told_as_well_as_published(telco_folds):
    reached = figures(*telco_folds)
    assert 0.843 <= reached["auc"] <= 0.87
    assert reached["log_loss"] <= 0.420
    assert reached["brier"] <= 0.137
    assert reached["ece"] <= 0.02


def test_the_unit_of_a_skewed_column_does_not_matter():
    rng = np.random.default_rng(3)
    hours = rng.gamma(0.7, 0.2, 2000) * (rng.random(2000) < 0.7)
    y = (rng.random(2000) < sigmoid(6 * hours - 1.5)).astype(int)
    chances = [
        TabularClassifier(("logistic",), random_state=0)
        .fit(pd.DataFrame({"time": hours * unit}), y)
        .predict_proba(pd.DataFrame({"time": hours * unit}))[:, 1]
        for unit in (1, 3600)
    ]
    assert TableEncoder().fit(pd.DataFrame({"time": hours})).columns_[0]["log"]
    np.testing.assert_allclose(*chances, atol=1e-6)


@pytest.mark.parametrize("dtype", [object, "Int64", "boolean", bool, float])
def test_outcomes_of_any_type_are_the_same_outcomes(dtype):
    rng = np.random.default_rng(8)
    X = pd.DataFrame({"x": rng.normal(size=200)})
    y = (rng.random(200) < 1 / (1 + np.exp(-X["x"]))).astype(int)
    expected = TabularClassifier().fit(X, y).predict_proba(X)
    values = pd.Series(y.tolist(), dtype=dtype)
    np.testing.assert_array_equal(TabularClassifier().fit(X, values).predict_proba(X), expected)


def test_numbers_that_are_all_missing_may_come_as_texts():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.normal(size=200), "b": rng.normal(size=200)})
    y = (rng.random(200) < sigmoid(X["a"].to_numpy())).astype(int)
    model = TabularClassifier(("logistic",), random_state=0).fit(X, y)
    empty = X.assign(b=pd.array([None] * 200, dtype="string"))
    np.testing.assert_array_equal(
        model.predict_proba(empty), model.predict_proba(X.assign(b=np.nan))
    )


def test_a_number_beyond_all_floats_is_refused_with_its_column():
    X = pd.DataFrame({"size": pd.Series([10**400] + [1] * 99, dtype=object)})
    with pytest.raises(ValueError, match="size must hold numbers or texts: .* too large"):
        TabularClassifier().fit(X, np.arange(100) % 2)
