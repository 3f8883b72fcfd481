"""Columns that know the answer are caught, and named."""

import numpy as np
import pandas as pd
import pytest
from analytics import LeakageError, TabularClassifier, find_leaks
from analytics.evaluation import auc
from analytics.leakage import column_auc


@pytest.fixture
def honest():
    """A table whose columns say a little about the outcome, and the outcome."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 500)
    columns = {"days": rng.normal(y * 0.5, 1), "country": rng.choice(["DE", "FR"], 500)}
    return pd.DataFrame(columns), y


def planted(kind, y, rng):
    """Return a column that knows the outcome in one way or another."""
    return {
        "copy": y + rng.normal(0, 0.2, len(y)),
        "upside_down": -y + rng.normal(0, 0.2, len(y)),
        "curved": np.where(y, rng.choice([-3, 3], len(y)), 0) + rng.normal(0, 0.5, len(y)),
        "filled_in_after": np.where(y, rng.normal(size=len(y)), np.nan),
        "reason": np.where(y, rng.choice(["price", "moved"], len(y)), "none"),
        "flag": y.astype(bool),
    }[kind]


@pytest.mark.parametrize(
    "kind", ["copy", "upside_down", "curved", "filled_in_after", "reason", "flag"]
)
def test_a_planted_column_is_found_and_named(honest, kind):
    X, y = honest
    X[kind] = planted(kind, y, np.random.default_rng(1))
    (leak,) = find_leaks(X, y)
    assert (leak["column"], leak["code"]) == (kind, "too_good")
    assert leak["args"]["auc"] > 0.87 and kind in leak["reason"]


@pytest.mark.parametrize("kind", ["copy", "upside_down", "filled_in_after"])
def test_a_planted_column_is_found_among_few_rows(honest, kind):
    X, y = (part[:40] for part in honest)
    X = X.assign(tag=planted(kind, y, np.random.default_rng(1)))
    assert [leak["column"] for leak in find_leaks(X, y)] == ["tag"]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_column_tells_at_least_what_its_ranking_tells(sign):
    for seed in range(10):
        rng = np.random.default_rng(seed)
        y = np.tile([0, 1], 30)
        column = pd.Series(rng.normal(y, 0.6), name="x")
        assert column_auc(sign * column, y) >= auc(y, column.rank(pct=True))


@pytest.mark.parametrize("timed", [False, True])
def test_a_model_with_a_planted_column_is_refused_and_the_column_named(honest, timed):
    X, y = honest
    X["tag"] = planted("copy", y, np.random.default_rng(1))
    with pytest.raises(LeakageError, match=r"above 0\.870.*tag") as caught:
        TabularClassifier(random_state=0).fit(X, y, time=np.arange(500) if timed else None)
    assert caught.value.code == "model_too_good" and caught.value.columns[0] == "tag"


def test_the_limit_is_a_parameter(honest):
    X, y = honest
    X["tag"] = planted("copy", y, np.random.default_rng(1))
    assert TabularClassifier(suspicious_auc=None, random_state=0).fit(X, y)
    assert find_leaks(X, y, limit=1.0) == []


def test_honest_columns_are_let_pass(honest):
    assert find_leaks(*honest) == []


def test_an_identifier_tells_nothing(honest):
    X, y = honest
    assert find_leaks(X.assign(name=[f"customer {at}" for at in range(500)]), y) == []


def test_values_known_only_after_the_cut_off_are_found(honest):
    X, y = honest
    days = pd.Series(pd.Timestamp("2024-06-01")).repeat(500).reset_index(drop=True)
    days[7] = pd.Timestamp("2024-07-02")
    (leak,) = find_leaks(X, y, as_of={"days": days, "country": "2024-05-31"}, cutoff="2024-06-30")
    assert (leak["column"], leak["code"]) == ("days", "after_cutoff")
    assert leak["args"]["count"] == 1
    assert "as of 2024-07-02, after the cut-off of 2024-06-30" in leak["reason"]


def test_each_row_may_have_its_own_cut_off(honest):
    X, y = honest
    cutoff = pd.date_range("2024-01-01", periods=500)
    assert find_leaks(X, y, as_of={"days": cutoff}, cutoff=cutoff) == []
    (leak,) = find_leaks(X, y, as_of={"days": cutoff + pd.Timedelta(days=1)}, cutoff=cutoff)
    assert leak["args"]["count"] == 500


def test_says_what_is_wrong(honest):
    X, y = honest
    with pytest.raises(ValueError, match="as_of needs a cutoff"):
        find_leaks(X, y, as_of={"days": "2024-01-01"})
    with pytest.raises(ValueError, match=r"X lacks the column\(s\) month"):
        find_leaks(X, y, as_of={"month": "2024-01-01"}, cutoff="2024-01-01")


def test_a_column_of_telco_filled_in_after_the_outcome_is_refused_and_the_others_are_not(telco):
    X, y = telco
    assert find_leaks(X, y) == []
    told = np.random.default_rng(2).random(len(y)) < 0.9
    X = X.assign(left_on=np.where((y == 1) & told, np.arange(len(y)), np.nan))
    assert [leak["column"] for leak in find_leaks(X, y)] == ["left_on"]
    with pytest.raises(LeakageError, match="left_on"):
        TabularClassifier(random_state=0).fit(X, y)


def test_among_few_rows_only_what_is_above_beyond_chance_is_refused():
    rng = np.random.default_rng(5)
    refused = 0
    for _run in range(40):
        column = rng.normal(size=160)
        y = (rng.random(160) < 1 / (1 + np.exp(-2.2 * column))).astype(int)  # honest, AUC about .85
        refused += bool(find_leaks(pd.DataFrame({"column": column}), y))
    assert refused <= 2
    knows = pd.DataFrame({"column": y + rng.normal(0, 0.3, 160)})
    assert [leak["column"] for leak in find_leaks(knows, y)] == ["column"]


def test_honest_rows_few_as_they_are_may_look_perfect():
    rng, refused = np.random.default_rng(14), 0
    for _ in range(100):
        x = np.append(rng.normal(1.74, 1, 10), rng.normal(0, 1, 10))  # a true AUC of .89
        refused += bool(find_leaks(pd.DataFrame({"x": x}), np.repeat([1, 0], 10), limit=0.95))
    assert refused == 0
    known = pd.DataFrame({"x": np.repeat([1.0, 0.0], 40)})
    assert find_leaks(known, np.repeat([1, 0], 40), limit=0.95)[0]["code"] == "too_good"
