"""A changed population raises an alarm, an unchanged one does not."""

import json

import numpy as np
import pandas as pd
import pytest
from analytics import DriftReference, drift_alarms, population_drift


def frame(**columns):
    return pd.DataFrame(columns)


def test_psi_is_that_of_its_definition():
    then = frame(color=["red"] * 80 + ["blue"] * 20)
    now = frame(color=["red"] * 50 + ["blue"] * 50)
    expected = (0.5 - 0.8) * np.log(0.5 / 0.8) + (0.5 - 0.2) * np.log(0.5 / 0.2)
    assert population_drift(then, now).loc["color", "psi"] == pytest.approx(expected)


def test_numbers_are_cut_at_the_tenths_of_the_reference():
    then, now = frame(x=np.arange(1000.0)), frame(x=np.repeat(np.arange(500.0), 2))
    # five tenths double their share, five become empty, which counts as half a row
    expected = 5 * 0.1 * np.log(2) + 5 * (5e-4 - 0.1) * np.log(5e-4 / 0.1)
    assert population_drift(then, now).loc["x", "psi"] == pytest.approx(expected)


def test_nothing_has_changed_in_the_same_frame():
    columns = {"x": [1.0, np.nan, 3.0], "color": ["a", None, "b"], "yes": [True, False, None]}
    mixed = frame(**{name: values * 50 for name, values in columns.items()})
    assert (population_drift(mixed, mixed)["psi"] == 0).all()
    assert drift_alarms(population_drift(mixed, mixed)) == []


def test_values_that_go_missing_raise_the_alarm():
    x = np.arange(400.0)
    now = frame(x=np.where(np.arange(400) % 2, x, np.nan))
    assert population_drift(frame(x=x), now).loc["x", "alarm"]


def test_a_new_category_raises_the_alarm():
    then = frame(color=["red", "blue"] * 200)
    assert population_drift(then, frame(color=["red", "green"] * 200)).loc["color", "alarm"]


@pytest.mark.parametrize("mass", [0.0, 999.0])
def test_a_value_that_many_rows_share_is_watched(mass):
    rest = np.linspace(1, 500, 60)
    then = frame(days=np.concatenate([np.full(940, mass), rest]))
    now = frame(days=np.concatenate([np.full(500, mass), np.repeat(rest, 9)[:500]]))
    assert population_drift(then, now).loc["days", "alarm"]


def test_few_rows_raise_no_alarm_by_chance():
    rng, alarms = np.random.default_rng(0), 0
    for _ in range(200):
        alarms += population_drift(frame(x=rng.normal(size=60)), frame(x=rng.normal(size=40)))[
            "alarm"
        ].sum()
    # two expected; more than eight have a chance below one in a thousand
    assert alarms <= 8


def many_columns(rng, n):
    numbers = {f"x{number}": rng.normal(size=n) for number in range(6)}
    rare = rng.choice(30, n, p=(1 / np.arange(1, 31)) / (1 / np.arange(1, 31)).sum())
    return frame(
        **numbers,
        orders=rng.poisson(1, n).astype(float),
        amount=rng.lognormal(0, 1.5, n),
        known=np.where(rng.random(n) < 0.05, np.nan, rng.normal(size=n)),
        country=rare.astype(str),
    )


@pytest.mark.parametrize(("then", "now"), [(100, 100), (300, 300), (1000, 1000), (100, 300)])
def test_at_most_one_of_twenty_frames_without_a_change_raises_an_alarm(then, now):
    rng, n = np.random.default_rng(then + now), 150
    alarms = sum(
        population_drift(many_columns(rng, then), many_columns(rng, now))["alarm"].any()
        for _ in range(n)
    )
    assert alarms <= 0.05 * n


@pytest.mark.parametrize("n", [100, 300, 1000])
@pytest.mark.parametrize(
    "shift",
    [
        lambda rows: rows.assign(x0=rows["x0"] + 1.2),
        lambda rows: rows.assign(orders=rows["orders"] + 1),
        lambda rows: rows.assign(amount=rows["amount"] * 10),
        lambda rows: rows.assign(country=rows["country"].where(rows.index % 2 == 0, "new")),
    ],
)
def test_a_real_change_of_one_column_of_many_is_found(n, shift):
    rng, found = np.random.default_rng(n), 0
    for _ in range(20):
        rows = many_columns(rng, n)
        found += drift_alarms(population_drift(many_columns(rng, n), shift(rows))) != []
    assert found >= 15


def test_a_reference_keeps_shares_and_no_rows():
    then, now = frame(x=np.arange(300.0)), frame(x=np.arange(300.0) + 200, other=1)
    reference = DriftReference().fit(then)
    pd.testing.assert_frame_equal(reference.compare(now), population_drift(then, now))
    assert max(np.size(value) for value in reference.columns_[0].values()) < 20


def test_alarms_name_the_most_changed_column_first():
    then = frame(a=np.arange(500.0), b=np.arange(500.0), c=np.arange(500.0))
    now = frame(a=np.arange(500.0) + 200, b=np.arange(500.0) + 400, c=np.arange(500.0))
    assert [alarm["column"] for alarm in drift_alarms(population_drift(then, now))] == ["b", "a"]


def test_says_what_is_wrong():
    then = frame(x=[1.0, 2.0], color=["a", "b"])
    with pytest.raises(ValueError, match=r"newer lacks the column\(s\) color"):
        population_drift(then, frame(x=[1.0]))
    with pytest.raises(ValueError, match="newer has no rows"):
        population_drift(then, then[:0])
    with pytest.raises(ValueError, match="x held numbers in the reference, but now texts"):
        population_drift(then, frame(x=["one"], color=["a"]))
    with pytest.raises(TypeError, match="reference must be a pandas DataFrame"):
        population_drift([1], then)


def test_the_last_fifth_of_the_bank_calls_raises_the_alarm(bank):
    contacts, _ = bank
    cut = int(0.8 * len(contacts))
    table = population_drift(contacts[:cut], contacts[cut:])
    assert table.loc["euribor3m", "psi"] > 0.25 and table.loc["euribor3m", "alarm"]
    assert not table.loc["day_of_week", "alarm"]


def test_bank_calls_drawn_at_random_raise_no_alarm(bank):
    contacts = bank[0].sample(frac=1, random_state=0)
    cut = int(0.8 * len(contacts))
    assert drift_alarms(population_drift(contacts[:cut], contacts[cut:])) == []


def test_a_reference_that_was_stored_compares_like_the_one_that_learned():
    rng = np.random.default_rng(8)
    then = pd.DataFrame({"a": rng.gamma(2, 10, 400), "b": rng.choice(["x", "y"], 400)})
    now = then.assign(a=then["a"] * 3)
    reference = DriftReference().fit(then)
    told = json.loads(json.dumps(reference.to_dict()))
    pd.testing.assert_frame_equal(
        DriftReference.from_dict(told).compare(now), reference.compare(now)
    )
    part = DriftReference.from_dict(told, ["b"]).compare(now[["b"]])
    assert part.index.tolist() == ["b"]
    typical = {column["name"]: column["typical"] for column in told["columns"]}
    assert typical == {"a": pytest.approx(then["a"].median()), "b": then["b"].mode()[0]}


@pytest.mark.parametrize("now", [0.0, 0.5, 2.0])
def test_a_column_that_was_always_the_same_is_in_alarm_once_it_is_not(now):
    then = pd.DataFrame({"rate": [1.0] * 200})
    assert not population_drift(then, then[:90]).loc["rate", "alarm"]
    table = population_drift(then, pd.DataFrame({"rate": [now] * 90}))
    assert table.loc["rate", "alarm"] and table.loc["rate", "psi"] > 1
    told = DriftReference.from_dict(DriftReference().fit(then).to_dict())
    assert told.compare(pd.DataFrame({"rate": [now] * 90})).loc["rate", "alarm"]
