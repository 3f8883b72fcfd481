"""What is filled in afterwards for a part of the rows is caught, and honest facts are let pass."""

import numpy as np
import pandas as pd
import pytest
from analytics import (
    ChurnModel,
    LeadModel,
    LeakageError,
    ResponseModel,
    find_doubts,
    find_leaks,
)
from analytics._scorers import sigmoid
from analytics.churn_features import prepare_orders, stayed_away


def table(seed=0, n=5000):
    """Return a table that tells a little of the outcome (AUC .76), the outcome, and chance."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, n))
    y = (rng.random(n) < sigmoid(0.8 * a + 0.4 * b - 1.2)).astype(int)
    return pd.DataFrame({"a": a, "b": b, "c": rng.choice(list("xyz"), n)}), y, rng


def known_for(share):
    return lambda y, rng: np.where(rng.random(len(y)) < share, y, np.nan)


def written_for(share, outcome=1, text="done", else_=None):
    def column(y, rng):
        written = (rng.random(len(y)) < share) & (y == outcome)
        return np.where(written, text, else_).astype(object)

    return column


def paid(y, rng):
    """Return amounts that only some of those who bought have; 0 for all others."""
    return np.where((rng.random(len(y)) < 0.3) & (y == 1), rng.lognormal(3, 1, len(y)), 0.0)


def lost_reason(y, rng):
    """Return a reason for some of those who were lost, and none for all others."""
    lost = (rng.random(len(y)) < 0.2) & (y == 0)
    return np.where(lost, rng.choice(["price", "moved"], len(y)), None).astype(object)


LEAKS = {
    "outcome, 10%": (known_for(0.1), "known_part"),
    "outcome, 20%": (known_for(0.2), "known_part"),
    "outcome, 50%": (known_for(0.5), "known_part"),
    "written for 30%": (written_for(0.3), "filled_in"),
    "written for 60%": (written_for(0.6), "filled_in"),
    "lost reason": (lost_reason, "filled_in"),
    "text or none": (written_for(0.3, else_="open"), "value"),
    "flag": (lambda y, rng: (rng.random(len(y)) < 0.3) & (y == 1), "value"),
    "paid": (paid, "other_than"),
    "noisy": (lambda y, rng: known_for(0.3)(y, rng) + rng.normal(0, 0.4, len(y)), "known_part"),
}


@pytest.mark.parametrize("kind", LEAKS)
@pytest.mark.parametrize("limit", [0.87, 0.95])
def test_a_column_that_knows_a_part_of_the_outcomes_is_found_and_named(kind, limit):
    X, y, rng = table()
    column, code = LEAKS[kind]
    X["tag"] = column(y, rng)
    if (kind, limit) == ("noisy", 0.95):
        return  # an AUC of .96 of the known rows is not surely above .95
    (leak,) = find_leaks(X, y, limit)
    assert (leak["column"], leak["code"]) == ("tag", code)


@pytest.mark.parametrize("model", [ResponseModel, LeadModel])
@pytest.mark.parametrize("kind", ["outcome, 10%", "outcome, 50%", "written for 30%"])
def test_models_refuse_what_is_written_afterwards_for_some(model, kind):
    X, y, rng = table()
    X["tag"] = LEAKS[kind][0](y, rng)
    with pytest.raises(LeakageError, match="tag is filled in for .*written afterwards") as caught:
        model().evaluate(X, y, np.arange(len(y)))
    assert caught.value.columns == ["tag"]


def test_the_message_counts_the_rows():
    X, y, rng = table()
    X["answered_on"] = written_for(0.3)(y, rng)
    count = int(X["answered_on"].notna().sum())
    (leak,) = find_leaks(X, y)
    assert leak["args"] == {
        "column": "answered_on",
        "rows": 5000,
        "value": None,
        "count": count,
        "ones": count,
        "rate": pytest.approx(100 * y.mean()),
    }
    assert leak["reason"].startswith(
        f"answered_on is filled in for {count} of 5000 rows, and the outcome is 1 in {count} of "
        f"them (of all rows in {100 * y.mean():.1f}%): that is written afterwards."
    )


def test_what_is_missing_only_without_the_outcome_is_found():
    X, y, rng = table()
    X["address"] = np.where((y == 0) & (rng.random(len(y)) < 0.6), None, "here").astype(object)
    (leak,) = find_leaks(X, y)
    assert (leak["code"], leak["args"]["ones"]) == ("left_empty", 0)


@pytest.mark.parametrize("index", [np.arange(5000)[::-1], np.zeros(5000, dtype=int)])
def test_any_index_does(index):
    X, y, rng = table()
    X["tag"] = written_for(0.3)(y, rng)
    assert [leak["column"] for leak in find_leaks(X.set_axis(index), y)] == ["tag"]


def test_all_guards_are_off_where_all_is_known_before():
    X, y, rng = table()
    X["tag"] = written_for(0.3)(y, rng)
    assert find_leaks(X, y, limit=1.0) == []
    assert ResponseModel(suspicious_auc=None).fit(X, y, np.arange(len(y)))
    assert LeadModel(suspicious_auc=None).fit(X, y, np.arange(len(y)))


def honest(seed):
    """Return a table of columns with honest effects of many kinds and sizes, and outcomes."""
    rng = np.random.default_rng(seed)
    n = int(rng.choice([150, 400, 1200]))
    score = np.full(n, float(rng.choice([-4, -3, -2, -1, 0, 1, 2.5])))
    level = rng.choice(12, n, p=rng.dirichlet(np.ones(12)))
    flag, some = rng.random(n) < rng.choice([0.02, 0.1, 0.4]), rng.random(n) < 0.5
    count, empty = rng.poisson(rng.choice([0.5, 2, 6]), n), rng.random(n) < rng.choice([0.1, 0.9])
    number, amount = rng.normal(size=n), np.where(rng.random(n) < 0.6, 0, rng.lognormal(3, 1, n))
    note = rng.random(n) < rng.choice([0.02, 0.2])
    score += rng.normal(0, rng.choice([0.3, 1, 1.5]), 12)[level] + flag * rng.normal(0, 1.5)
    score += rng.normal(0, 0.25) * (count - count.mean()) + (amount > 0) * rng.normal(0, 1)
    # missing at random; filled in for more of those who say yes (10% against 40%); a note
    score += np.where(empty, 0, number) * rng.normal(0, 0.7)
    score += some * rng.choice([-1.8, 1, 1.8]) + note * rng.choice([-2, 1, 2])
    columns = {
        "category": np.array([f"c{at}" for at in level], dtype=object),
        "flag": flag,
        "count": count.astype(float),
        "amount": amount,
        "number": np.where(empty, np.nan, number),
        "phone": np.where(some, rng.normal(size=n), np.nan),
        "note": np.where(note, rng.choice(["a", "b"], n).astype(object), None),
    }
    return pd.DataFrame(columns), (rng.random(n) < sigmoid(score)).astype(int)


def smooth(seed):
    """Return numbers of many shapes with strong effects that rise step by step, and outcomes."""
    rng = np.random.default_rng(seed)
    n = int(rng.choice([400, 1500, 3000]))
    shapes = {
        "normal": rng.normal(size=n),
        "days": rng.exponential(size=n),
        "amount": rng.lognormal(0, 1.2, n),
        "ratio": rng.standard_t(2, n),
        "share": rng.beta(0.5, 0.5, n),
        "count": rng.poisson(2, n).astype(float),
    }
    X = pd.DataFrame(shapes)
    name, base = rng.choice(X.columns), rng.choice([-3, -1.5, 0, 1])
    z = (X[name] - X[name].mean()) / X[name].std()
    score = base + rng.choice([-2.5, -1.2, 1.2, 2.5]) * z
    return X[[name]], (rng.random(n) < sigmoid(score)).astype(int)


def impossible(seed):
    """Return an honest table beside facts with which nobody says yes, and outcomes."""
    X, y = honest(seed)
    rng, n = np.random.default_rng([seed, 1]), len(y)
    country = rng.choice(["DE", "FR", "US", "IN"], n, p=[0.5, 0.25, 0.15, 0.1])
    optout, bound = rng.random(n) < 0.08, rng.integers(0, 24, n)
    address = np.where(rng.random(n) < 0.08, None, rng.choice(["a", "b"], n).astype(object))
    never = (country == "IN") | optout | pd.isna(address) | (bound > 20)
    X = X[["category", "note"]].assign(country=country, optout=optout, address=address, bound=bound)
    return X, np.where(never, 0, y)


def test_honest_columns_of_many_kinds_are_let_pass():
    judged = 0
    for seed in range(240):
        X, y = honest(seed)
        if 10 <= y.sum() <= len(y) - 10:
            judged += 1
            assert find_leaks(X, y) == [], seed
    assert judged >= 200


@pytest.mark.parametrize("kind", [smooth, impossible])
def test_steep_numbers_and_facts_that_make_a_yes_impossible_are_let_pass(kind):
    judged = 0
    for seed in range(240):
        X, y = kind(seed)
        if 10 <= y.sum() <= len(y) - 10:
            judged += 1
            codes = {leak["code"] for leak in find_leaks(X, y)}
            assert codes <= {"too_good"}, seed
    assert judged >= 200


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("upper", [True, False])
def test_the_end_of_a_range_that_only_those_with_the_outcome_reach_is_found(share, upper):
    X, y, rng = table()
    written = (y == 1) & (rng.random(len(y)) < share)
    minutes = np.where(written, rng.uniform(30, 60, len(y)), rng.uniform(0, 30, len(y)))
    X["minutes"] = minutes if upper else -minutes
    X.loc[rng.random(len(y)) < 0.1, "minutes"] = np.nan
    (leak,) = find_leaks(X, y, 0.95)
    assert (leak["column"], leak["code"]) == ("minutes", "above" if upper else "below")
    assert abs(float(leak["args"]["value"])) == pytest.approx(30, abs=1)
    with pytest.raises(LeakageError, match="minutes is .* or (more|less) in"):
        LeadModel().evaluate(X, y, np.arange(len(y)))


@pytest.mark.parametrize("rate", [0.4, 0.7])
def test_facts_with_which_nobody_says_yes_are_doubts_and_no_leaks(rate):
    rng = np.random.default_rng(8)
    n = 5000
    never = rng.random(n) < 0.12
    y = (rng.random(n) < np.where(never, 0, rate)).astype(int)
    columns = {
        "optout": never,
        "email": np.where(never, None, rng.choice(list("abc"), n)),
        "country": np.where(never, "IN", rng.choice(["DE", "FR"], n)),
        "months": np.where(never, rng.integers(20, 40, n), rng.integers(0, 20, n)),
    }
    X = pd.DataFrame(columns)
    assert find_leaks(X, y) == []
    doubts = find_doubts(X, y)
    codes = {"optout": "value", "email": "left_empty", "country": "value", "months": "above"}
    assert {one["column"]: one["code"] for one in doubts} == codes
    assert doubts[2]["reason"].startswith(
        f"country is IN in {never.sum()} of 5000 rows, and the outcome is 1 in 0 of them"
    )
    for model in (ResponseModel(), LeadModel()):
        told = model.evaluate(X, y, np.arange(n))["doubts"]
        assert {one["column"]: one["code"] for one in told} == codes


def test_what_settles_most_of_the_outcomes_is_a_leak_unless_known_since_the_beginning():
    rng = np.random.default_rng(9)
    y = (rng.random(5000) < 0.4).astype(int)
    spam = (y == 0) & (rng.random(5000) < 0.7)
    X = pd.DataFrame({"form": np.where(spam, "spam", rng.choice(["web", "fair"], 5000))})
    assert [leak["code"] for leak in find_leaks(X, y)] == ["value"]
    assert find_leaks(X, y, created=["form"]) == []
    assert [doubt["code"] for doubt in find_doubts(X, y, created=["form"])] == ["value"]
    X, order = X.rename(columns={"form": "source"}), np.arange(5000)
    assert [one["column"] for one in LeadModel().evaluate(X, y, order)["doubts"]] == ["source"]


def test_a_source_of_orders_alone_is_a_leak_though_known_since_the_beginning():
    X, y, rng = table()
    X["source"] = written_for(0.3, else_="web")(y, rng)
    with pytest.raises(LeakageError, match="source is done in"):
        LeadModel().evaluate(X, y, np.arange(len(y)))


def test_a_clear_score_of_some_rows_is_a_doubt_and_no_leak():
    rng = np.random.default_rng(10)
    seen, x = rng.random(5000) < 0.3, rng.normal(size=5000)
    y = (rng.random(5000) < np.where(seen, sigmoid(3 * x), 0.3)).astype(int)
    X = pd.DataFrame({"visits": np.where(seen, x, np.nan)})
    assert find_leaks(X, y) == []
    (doubt,) = find_doubts(X, y)
    assert doubt["code"] == "known_part" and 0.9 < doubt["args"]["auc"] < 0.935


def test_odoo_is_compared_with_by_all_that_it_looks_at():
    X, y, rng = table()
    everything = X.assign(source=written_for(0.3, else_="web")(y, rng))
    given = {"bayes_fields": ["source"], "n_bootstrap": 20}
    result = LeadModel().evaluate(X, y, np.arange(len(y)), bayes_X=everything, **given)
    assert result["baseline"]["auc"] == pytest.approx(0.65, abs=0.02)


@pytest.mark.parametrize(
    ("base", "rate", "rows"), [(0.02, 0.0, 200), (0.05, 0.0, 800), (0.3, 0.02, 1500), (0.3, 0, 600)]
)
def test_a_value_with_next_to_no_yes_is_no_leak_by_itself(base, rate, rows):
    rng = np.random.default_rng(3)
    level = np.where(np.arange(5000) < rows, "bots", "others").astype(object)
    y = (rng.random(5000) < np.where(level == "bots", rate, base)).astype(int)
    assert find_leaks(pd.DataFrame({"country": level}), y) == []


def test_a_list_of_addresses_of_which_nobody_answered_is_no_leak():
    rng = np.random.default_rng(6)
    bought = np.arange(5000) < 700
    y = (rng.random(5000) < np.where(bought, 0, 0.3)).astype(int)
    assert find_leaks(pd.DataFrame({"campaign": np.where(bought, "list", None)}), y) == []


def test_what_is_sure_to_be_older_may_be_that_clear():
    rng = np.random.default_rng(7)
    customer = rng.random(3000) < 0.3
    y = (rng.random(3000) < np.where(customer, 0.99, 0.15)).astype(int)
    X, days = pd.DataFrame({"known": customer}), pd.date_range("2024-01-01", periods=3000)
    assert [leak["code"] for leak in find_leaks(X, y)] == ["value"]
    dates = {"as_of": {"known": days}, "cutoff": days}
    assert find_leaks(X, y, **dates) == []
    assert LeadModel().fit(X, y, np.arange(3000), **dates)
    with pytest.raises(LeakageError, match="known is True in"):
        LeadModel().fit(X, y, np.arange(3000))


def test_facts_that_raise_odds_much_are_no_leaks():
    rng = np.random.default_rng(4)
    asked = rng.random(5000) < 0.1
    y = (rng.random(5000) < np.where(asked, 0.85, 0.2)).astype(int)
    X = pd.DataFrame({"asked": asked, "offer": np.where(asked, "sent", None)})
    assert find_leaks(X, y) == []


@pytest.mark.parametrize("limit", [0.87, 0.95])
def test_real_tables_are_let_pass(telco, bank, limit):
    for X, y in (telco, bank):
        X = X.drop(columns="duration", errors="ignore")  # of the call itself: a known leak
        assert find_leaks(X, y, limit) == []
        assert find_leaks(X[::9], y[::9], limit) == []


@pytest.fixture(scope="module")
def regulars():
    """Orders of a regular clientele, of whom a model knows well who stays away."""
    rng = np.random.default_rng(5)
    rows = []
    for partner in range(500):
        gap, day = rng.lognormal(3, 0.5), rng.uniform(0, 100)
        last = rng.choice([900, rng.uniform(300, 900)])
        while day < last:
            rows.append((partner, pd.Timestamp("2022-01-01") + pd.Timedelta(days=int(day)), 100.0))
            day += rng.gamma(20, gap / 20)
    return pd.DataFrame(rows, columns=["partner_id", "date", "amount"])


END = pd.Timestamp("2024-06-18")


def told(orders, tell):
    def extra(cutoff):
        customers = pd.Index(orders["partner_id"].unique())
        away = stayed_away(prepare_orders(orders, END), cutoff, 90, customers)
        values = tell(np.asarray(away, dtype=float), np.random.default_rng(cutoff.day))
        return pd.DataFrame({"note": values}, index=customers)

    return extra


def test_a_regular_clientele_is_told_above_the_limit(regulars):
    assert ChurnModel().fit(regulars, END).model_.validation_["auc"] > 0.87


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_extras_that_know_some_outcomes_are_refused_of_a_regular_clientele(regulars, share):
    with pytest.raises(LeakageError, match="note") as caught:
        ChurnModel().fit(regulars, END, extra=told(regulars, known_for(share)))
    assert caught.value.columns == ["note"]


def test_honest_extras_of_a_regular_clientele_are_let_pass(regulars):
    for size in (0, 0.3, 0.6, 0.9):
        says = told(regulars, lambda y, rng, size=size: rng.normal(size * y, 1))
        assert ChurnModel().fit(regulars, END, extra=says)


def test_extras_that_carry_their_day_may_be_clear(regulars):
    def dated(cutoff):
        table = told(regulars, known_for(0.2))(cutoff)
        return table, {"note": cutoff}

    assert ChurnModel().fit(regulars, END, extra=dated)


def test_a_name_of_each_customer_tells_nothing_of_themselves_on_other_days(regulars):
    def names(cutoff):
        customers = pd.Index(regulars["partner_id"].unique())
        return pd.DataFrame({"name": [f"c{at}" for at in customers]}, index=customers)

    assert ChurnModel().fit(regulars, END, extra=names)


def test_extras_that_know_the_outcome_only_together_are_refused(regulars):
    rng = np.random.default_rng(5)

    def says(cutoff):
        rows = prepare_orders(regulars, END)
        customers = rows["customer"].unique()
        away = stayed_away(rows, cutoff, 90, customers)
        hints = away[:, None] + rng.normal(0, 1.5, (len(away), 16))
        return pd.DataFrame(hints, index=customers).add_prefix("hint_")

    with pytest.raises(LeakageError) as caught:
        ChurnModel().fit(regulars, END, extra=says)
    assert caught.value.code == "extras_too_good"
    assert caught.value.args_["auc"] > caught.value.args_["without"] > 0.87
