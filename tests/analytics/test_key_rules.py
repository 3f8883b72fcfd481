"""Rules that describe key accounts: small, honest, readable, and never by revenue."""

import json

import numpy as np
import pandas as pd
import pytest
from analytics import KeyAccountRules, abc_classes, fulfils, refuse_money
from analytics._rule_text import _round_limit
from sklearn.base import clone


def customers(seed, n):
    """Return customers of whom those with many lanes, or from Malta with few, are key accounts."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "lanes": rng.integers(1, 21, n),
            "country": rng.choice(["France", "Italy", "Malta"], n, p=[0.5, 0.3, 0.2]),
            "days_since_first": rng.uniform(0, 900, n).round(2),
            "on_contract": rng.random(n) < 0.3,
            "noise": rng.normal(size=n),
        },
        index=np.arange(n) + 1000,
    )
    odds = np.where(frame["lanes"] >= 15, 0.9, np.where(frame["country"] == "Malta", 0.75, 0.04))
    return frame, rng.random(n) < odds


@pytest.fixture(scope="module")
def fitted():
    frame, key = customers(1, 3000)
    return KeyAccountRules().fit(frame, key), frame, key


def test_planted_rules_are_found(fitted):
    rules = fitted[0].rules_
    assert rules[0]["conditions"] == [{"column": "lanes", "operator": ">=", "value": 15}]
    told = {(c["column"], c["operator"], c["value"]) for c in rules[1]["conditions"]}
    assert told == {("country", "=", "Malta"), ("lanes", "<", 15)}
    assert fitted[0].code_ is None and fitted[0].reason_ is None


def test_tree_and_rules_are_small(fitted):
    model = fitted[0]
    assert model.depth_ <= 4 and model.n_leaves_ <= 13
    assert all(1 <= len(rule["conditions"]) <= 4 for rule in model.rules_)
    for size in ({"max_depth": 5}, {"max_leaf_nodes": 14}):
        with pytest.raises(ValueError, match="1 to 4 levels and 2 to 13 leaves"):
            KeyAccountRules(**size).fit(*fitted[1:])


def test_conditions_say_each_thing_once(fitted):
    frame, key = customers(2, 800)
    for rules in (fitted[0].rules_, KeyAccountRules(min_precision=0.3).fit(frame, key).rules_):
        for rule in rules:
            sides = [
                (c["column"], c["operator"]) for c in rule["conditions"] if c["operator"] != "!="
            ]
            assert len(sides) == len(set(sides))
            equal = {c["column"] for c in rule["conditions"] if c["operator"] == "="}
            unequal = {c["column"] for c in rule["conditions"] if c["operator"] == "!="}
            assert not equal & unequal


def test_rules_are_plain_data_that_find_the_customers_counted(fitted):
    model, frame, key = fitted
    assert json.loads(json.dumps(model.rules_)) == model.rules_
    taken = np.zeros(len(frame), dtype=int)
    for rule in model.rules_:
        inside = fulfils(frame, rule["conditions"])
        assert inside.sum() == rule["customers"] and key[inside].sum() == rule["key_accounts"]
        taken += inside
    assert taken.max() == 1
    assert np.array_equal(model.predict(frame), taken == 1)
    assert set(np.unique(model.match(frame))) <= set(range(-1, len(model.rules_)))


def test_precision_and_coverage_hold_for_customers_never_seen():
    fresh, fresh_key = customers(99, 40_000)
    told, true, seen = [], [], []
    for seed in range(8):
        frame, key = customers(seed, 250)
        model = KeyAccountRules().fit(frame, key)
        inside = model.predict(fresh)
        told.append((model.precision_, model.coverage_))
        true.append((fresh_key[inside].mean(), fresh_key[inside].sum() / fresh_key.sum()))
        for rule in model.rules_:
            match = fulfils(fresh, rule["conditions"])
            seen.append((rule["precision"], rule["precision_seen"], fresh_key[match].mean()))
    assert np.mean(told, axis=0) == pytest.approx(np.mean(true, axis=0), abs=0.06)
    precision, on_training, actual = np.mean(seen, axis=0)
    assert abs(precision - actual) < 0.05
    assert abs(precision - actual) < on_training - actual


@pytest.mark.parametrize("n", [150, 1000])
def test_noise_gives_no_rule(n):
    rng = np.random.default_rng(n)
    frame = pd.DataFrame(rng.normal(size=(n, 8))).add_prefix("x")
    model = KeyAccountRules().fit(frame, rng.random(n) < 0.3)
    assert model.rules_ == [] and model.code_ == "no_rules" and "0.5" in model.reason_
    assert not model.precision_ > 0.45
    assert not model.predict(frame).any()


def test_too_few_key_accounts_are_said():
    frame, _ = customers(3, 200)
    model = KeyAccountRules().fit(frame, np.arange(200) < 7)
    assert model.code_ == "too_few_keys" and "Only 7 key accounts" in model.reason_
    assert model.rules_ == [] and (model.match(frame) == -1).all()


@pytest.mark.parametrize(
    "name",
    ["revenue", "Revenue_12m", "average_order", "margin_share", "clv_12m", "TotalSpend"]
    + ["totalAmount", "Revenue12m", "umsatz", "GMV", "order_total", "年销售额"],
)
def test_columns_named_like_money_are_refused(name):
    frame, key = customers(4, 300)
    with pytest.raises(ValueError, match=f"1 column.* made of revenue: {name}"):
        KeyAccountRules().fit(frame.assign(**{name: 1.0}), key)


def test_column_that_ranks_like_the_amount_is_refused_whatever_its_name():
    frame, key = customers(5, 300)
    amount = np.random.default_rng(5).lognormal(5, 1, 300)
    with pytest.raises(ValueError, match="made of revenue: size_index"):
        KeyAccountRules().fit(frame.assign(size_index=np.log(amount)), key, amount)
    refuse_money(frame, amount)


@pytest.mark.parametrize("n", [60, 300, 2000])
def test_how_often_customers_order_is_no_revenue_where_orders_are_of_even_value(n):
    rng = np.random.default_rng(n)
    orders = rng.geometric(1 / 9, n)
    amount = np.array([rng.normal(100, 20, count).sum() for count in orders])
    frame = pd.DataFrame({"orders": orders, "lanes": rng.integers(1, 21, n)})
    refuse_money(frame, amount)
    model = KeyAccountRules().fit(frame, amount > np.quantile(amount, 0.5), amount)
    assert model.rules_[0]["conditions"][0]["column"] == "orders"
    with pytest.raises(ValueError, match="made of revenue: fee"):
        refuse_money(pd.DataFrame({"fee": orders * 2}), orders * 99.0)


@pytest.mark.parametrize("n", [100, 300, 2000])
def test_classes_of_the_amount_are_refused_in_numbers_texts_and_flags(n):
    amount = np.random.default_rng(n).lognormal(5, 1, n)
    classes = abc_classes(amount)
    best = pd.array(classes == "A", dtype="boolean")
    best[3] = pd.NA
    copies = {
        "tier": classes,
        "level": pd.Series(classes).map({"A": 1, "B": 2, "C": 3}),
        "rank_down": -np.digitize(amount, [80, 300]),
        "status": np.where(amount >= np.quantile(amount, 0.8), "vip", "std"),
        "vip": best,
    }
    for name, copy in copies.items():
        with pytest.raises(ValueError, match=f"made of revenue: {name}"):
            refuse_money(pd.DataFrame({name: copy}), amount)


@pytest.mark.parametrize("n", [100, 300, 2000])
def test_what_only_the_few_largest_have_is_no_revenue(n):
    rng = np.random.default_rng(n)
    amount = rng.lognormal(5, 1, n)
    for count in (1, 2, 3):
        largest = amount >= np.sort(amount)[-count]
        refuse_money(pd.DataFrame({"edi": largest, "warehouses": 1 + largest}), amount)
    cities = rng.choice(list("abcdefghijklmnopqrst"), n)
    refuse_money(pd.DataFrame({"city": cities, "pair": np.arange(n) // 2}), rng.permutation(amount))
    pairs = pd.Series(rng.permutation(np.arange(n) // 2)).astype(str)
    refuse_money(pd.DataFrame({"pair": pairs}), amount)


def test_texts_that_are_bins_of_the_amount_are_refused():
    frame, key = customers(5, 300)
    amount = np.random.default_rng(5).lognormal(5, 1, 300)
    bins = pd.qcut(amount, 5, labels=list("abcde")).astype(str)
    with pytest.raises(ValueError, match="made of revenue: size"):
        KeyAccountRules().fit(frame.assign(size=bins), key, amount)
    refuse_money(frame.assign(code=np.arange(300).astype(str), orders_total=1.0), amount)


def test_missing_numbers_are_named_and_missing_texts_are_no_category():
    frame, key = customers(6, 600)
    with pytest.raises(ValueError, match="lanes has 1 value.* missing"):
        KeyAccountRules().fit(frame.assign(lanes=np.where(np.arange(600) == 3, np.nan, 5)), key)
    country = frame["country"].where(np.arange(600) > 100)
    for texts in (country, country.astype(object), country.astype("category")):
        model = KeyAccountRules().fit(frame.assign(country=texts), key)
        inside = fulfils(frame.assign(country=texts), model.rules_[0]["conditions"])
        assert inside.sum() == model.rules_[0]["customers"]


def test_a_column_that_a_rule_asks_for_and_is_not_there_is_named(fitted):
    model, frame, _key = fitted
    asked = model.rules_[0]["conditions"][0]["column"]
    with pytest.raises(ValueError, match=f"lacks the column.* {asked}"):
        model.predict(frame.drop(columns=asked))


@pytest.mark.parametrize(
    ("values", "threshold", "limit"),
    [
        ([1, 2, 3, 9], 6.0, 9),
        ([12.31, 12.87], 12.5, 12.8),
        ([0.0, 1000.0, 1600.0], 1300, 1600),
        ([99.0, 131.0], 115, 100),
        ([-3.0, 0.5], -1, 0),
        ([0.00012, 0.00019], 0.00015, 0.0001),
    ],
)
def test_limits_are_as_short_as_they_can_be(values, threshold, limit):
    values = np.array(values)
    found = _round_limit(values, threshold, False)
    assert values[values <= threshold].max() < found <= values[values > threshold].min()
    assert len(f"{found:g}") <= len(f"{limit:g}") + (limit == 0.0001)


def test_yes_or_no_reads_as_such():
    frame, _ = customers(7, 600)
    model = KeyAccountRules().fit(frame, ~frame["on_contract"])
    assert model.rules_[0]["conditions"] == [
        {"column": "on_contract", "operator": "!=", "value": True}
    ]
    assert model.precision_ == 1 and model.coverage_ == 1 and model.shrinkage_ == 1


def test_same_seed_same_rules_and_parameters_are_kept(fitted):
    model, frame, key = fitted
    again = clone(model).fit(frame, key)
    assert again.rules_ == model.rules_ and again.precision_ == model.precision_
    assert again.get_params() == KeyAccountRules().get_params()


def test_best_customers_of_online_retail_are_described_without_their_revenue(online_retail):
    groups = online_retail.groupby("partner_id")
    end = online_retail["date"].max()
    frame = pd.DataFrame(
        {
            "orders": groups["invoice"].nunique(),
            "lines": groups.size(),
            "days_since_first": (end - groups["date"].min()).dt.days,
            "days_since_last": (end - groups["date"].max()).dt.days,
        }
    )
    amount = groups["amount"].sum()
    model = KeyAccountRules().fit(frame, abc_classes(amount) == "A", amount)
    assert model.depth_ <= 4 and model.n_leaves_ <= 13
    assert all(rule["lift"] > 2 for rule in model.rules_)
    assert model.precision_ > 2 * model.base_rate_ and model.coverage_ > 0.5
    assert {c["column"] for rule in model.rules_ for c in rule["conditions"]} <= set(frame)


@pytest.mark.parametrize("kind", ["datetime64[s]", "object", "period[D]"])
def test_dates_are_refused_and_never_become_categories(kind):
    frame, key = customers(5, 300)
    since = pd.Series(pd.Timestamp("2024-01-01"), index=frame.index)
    since = since.dt.date if kind == "object" else since.astype(kind)
    with pytest.raises(ValueError, match="since holds dates: give days before"):
        KeyAccountRules().fit(frame.assign(since=since), key)


def test_what_is_neither_yes_nor_no_makes_no_key_account():
    frame, key = customers(5, 300)
    with pytest.raises(ValueError, match="key has .* value.s. that are neither 0 nor 1"):
        KeyAccountRules().fit(frame, np.where(key, 2, 1))
