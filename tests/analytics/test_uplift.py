"""Hold-out groups are fair and repeatable; a planted effect is found as often as promised."""

import json

import numpy as np
import pandas as pd
import pytest
from analytics import (
    UPLIFT_REASONS,
    assign_holdout,
    count_holdout,
    measure_amount_uplift,
    measure_uplift,
    wilson_interval,
)
from scipy.stats import binom

IDS = np.arange(1, 2001)
BANDS = np.random.default_rng(0).choice(["high", "medium", "low"], 2000, p=[0.1, 0.3, 0.6])
ROUNDS = 1500
# four standard errors of the share of rounds whose interval covers the truth
TOLERANCE = 4 * np.sqrt(0.95 * 0.05 / ROUNDS)


def test_same_seed_holds_out_the_same_whatever_the_order():
    held = assign_holdout(IDS, BANDS, 0.1, seed=3)
    assert np.array_equal(held, assign_holdout(IDS, BANDS, 0.1, seed=3))
    shuffled = np.random.default_rng(1).permutation(len(IDS))
    assert np.array_equal(held[shuffled], assign_holdout(IDS[shuffled], BANDS[shuffled], 0.1, 3))
    assert np.array_equal(held, assign_holdout(IDS.astype(str).tolist(), list(BANDS), 0.1, 3))


def test_another_seed_holds_out_others():
    one, two = (assign_holdout(IDS, BANDS, 0.1, seed) for seed in (1, 2))
    assert (one & two).sum() < 45  # 20 by chance, with a standard deviation of four


@pytest.mark.parametrize("share", [0.05, 0.1, 0.5])
def test_every_band_has_its_share(share):
    held = assign_holdout(IDS, BANDS, share)
    for band in np.unique(BANDS):
        part = band == BANDS
        assert abs(held[part].sum() - share * part.sum()) <= 1
    assert abs(held.sum() - share * len(IDS)) <= 1


def test_many_tiny_bands_still_hold_out_the_share_of_the_whole():
    held = assign_holdout(np.arange(600), np.arange(600) // 3, 0.1)
    assert abs(held.sum() - 60) <= 1


def test_everybody_has_the_same_chance():
    ids, bands = np.arange(40), np.repeat(["a", "b"], [7, 33])
    share = np.mean([assign_holdout(ids, bands, 0.2, seed) for seed in range(600)], axis=0)
    assert np.abs(share - 0.2).max() < 4.5 * np.sqrt(0.16 / 600)
    neighbours = np.corrcoef(np.array([assign_holdout(ids, None, 0.5, s) for s in range(600)]).T)
    assert np.abs(neighbours[np.triu_indices(40, 1)]).max() < 0.25


def test_assignment_says_what_is_wrong():
    with pytest.raises(ValueError, match="ids has 1 value.* come twice; the first is 4"):
        assign_holdout([4, 5, "4"])
    with pytest.raises(ValueError, match="share must be between"):
        assign_holdout(IDS, share=10)
    with pytest.raises(ValueError, match="bands has 2"):
        assign_holdout([1, 2, 3], ["a", "b"])


@pytest.mark.parametrize(
    ("n", "holdout", "base", "effect"),
    [(2000, 0.1, 0.2, 0.05), (400, 0.2, 0.05, 0.03), (1000, 0.5, 0.9, 0.0)],
)
def test_planted_effect_lies_in_95_of_100_intervals(n, holdout, base, effect):
    rng, hits = np.random.default_rng(n), []
    treated = ~assign_holdout(np.arange(n), share=holdout)
    for _ in range(ROUNDS):
        outcome = rng.random(n) < base + effect * treated
        found = measure_uplift(treated, outcome)
        if found["enough"]:
            hits.append(found["low"] <= effect <= found["high"])
    assert len(hits) > 0.98 * ROUNDS
    # Newcombe's method errs on the safe side where outcomes are rare
    assert 0.95 - TOLERANCE < np.mean(hits) < 0.975 + TOLERANCE


def all_that_may_come(treated, rate, held, base):
    """Yield the chance of each pair of numbers of outcomes, and what is measured then."""
    group = np.repeat([True, False], [treated, held])
    first, second = (
        binom.pmf(np.arange(n + 1), n, share) for n, share in ((treated, rate), (held, base))
    )
    for ones, others in np.argwhere(np.outer(first, second) > 1e-5):
        outcome = np.repeat([1, 0, 1, 0], [ones, treated - ones, others, held - others])
        yield first[ones] * second[others], measure_uplift(group, outcome)


@pytest.mark.parametrize(("treated", "held"), [(50, 20), (20, 20), (400, 40)])
@pytest.mark.parametrize(
    ("rate", "base"), [(0.99, 0.9), (0.999, 0.99), (0.01, 0.01), (0.03, 0.0), (1.0, 0.95)]
)
def test_rare_outcomes_and_near_certain_ones_are_covered_too(treated, held, rate, base):
    """Over all that may come of it, weighed by its chance: none is left out of the count."""
    covered = sum(
        chance * (found["low"] <= rate - base + 1e-12 <= found["high"] + 2e-12)
        for chance, found in all_that_may_come(treated, rate, held, base)
    )
    assert covered > 0.93


@pytest.mark.parametrize(("treated", "held"), [(500, 20), (2000, 20), (2000, 50)])
@pytest.mark.parametrize("rate", [0.002, 0.005, 0.01, 0.995])
def test_hardly_any_outcomes_and_few_left_alone_prove_nothing(treated, held, rate):
    wrong = {"gain": 0.0, "harm": 0.0}
    for chance, found in all_that_may_come(treated, rate, held, rate):
        wrong["gain"] += chance * (found["low"] > 0)
        wrong["harm"] += chance * (found["high"] < 0)
    assert max(wrong.values()) < 0.035


def test_planted_amount_lies_in_95_of_100_intervals():
    rng, hits = np.random.default_rng(8), []
    treated = ~assign_holdout(np.arange(1500), share=0.2)
    for _ in range(ROUNDS):
        buys = rng.random(1500) < 0.6
        amount = buys * rng.gamma(2, 50, 1500) + 12.0 * treated
        found = measure_amount_uplift(treated, amount)
        hits.append(found["low"] <= 12 <= found["high"])
    assert np.mean(hits) == pytest.approx(0.95, abs=TOLERANCE)


@pytest.mark.parametrize("effect", [0.7, 1.0, 1.3])
def test_planted_factor_of_skewed_amounts_lies_in_the_interval(effect):
    """A small group that misses the huge customers must not look surer than it is."""
    rng, above, below = np.random.default_rng(9), [], []
    treated = ~assign_holdout(np.arange(1000), share=0.1)
    true = (effect - 1) * 0.6 * np.exp(0.5)
    for _ in range(ROUNDS):
        amount = (rng.random(1000) < 0.6) * np.exp(rng.normal(size=1000))
        found = measure_amount_uplift(treated, np.where(treated, effect, 1.0) * amount)
        above.append(found["low"] > true)
        below.append(found["high"] < true)
    assert np.mean(above) + np.mean(below) < 0.05 + TOLERANCE
    assert np.mean(above) < 0.06  # nothing is claimed too readily


def all_alike(rng, n, more=1.0):
    return np.maximum(100 + 20 * rng.normal(size=n), 0)


def some_buy(rng, n, more=1.0):
    return (rng.random(n) < 0.6 * more) * rng.gamma(2, 50, n)


def skewed(rng, n, more=1.0):
    return (rng.random(n) < 0.6 * more) * np.exp(4 + rng.normal(size=n))


def few_buy(rng, n, more=1.0):
    return (rng.random(n) < 0.1 * more) * np.exp(4 + 0.7 * rng.normal(size=n))


def larger(draw, rng, n):
    return 1.5 * draw(rng, n)


def smaller(draw, rng, n):
    return 0.7 * draw(rng, n)


def more_orders(draw, rng, n):
    return draw(rng, n, 1.3)


def unchanged(draw, rng, n):
    return draw(rng, n)


@pytest.mark.parametrize("treat", [unchanged, larger, smaller, more_orders])
@pytest.mark.parametrize("draw", [all_alike, some_buy, skewed, few_buy])
def test_planted_amounts_of_many_kinds_lie_in_93_to_97_of_100_intervals(draw, treat):
    rng, hits, above = np.random.default_rng(17), [], []
    n, held, rounds = 400, 80, 400
    true = treat(draw, rng, 10**6).mean() - draw(rng, 10**6).mean()
    treated = np.repeat([True, False], [n - held, held])
    for _ in range(rounds):
        amount = np.concatenate([treat(draw, rng, n - held), draw(rng, held)])
        found = measure_amount_uplift(treated, amount)
        hits.append(found["low"] <= true <= found["high"])
        above.append(found["low"] > true)
    chance = 2 * np.sqrt(0.95 * 0.05 / rounds)
    assert 0.93 - chance < np.mean(hits) < 0.97 + chance
    assert np.mean(above) < 0.06  # nothing is claimed too readily


def test_interval_is_that_of_newcombe_1998():
    # his examples (a) and (e) of table II: 56/70 against 48/80, and 5/56 against 0/29
    def interval(a, m, b, n):
        outcome = np.repeat([1, 0, 1, 0], [a, m - a, b, n - b])
        found = measure_uplift(np.repeat([True, False], [m, n]), outcome)
        return found["low"], found["high"]

    assert interval(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert interval(5, 56, 0, 29) == pytest.approx((-0.0381, 0.1926), abs=1e-4)
    assert wilson_interval(np.repeat([1, 0], [81, 182]))[1:] == pytest.approx(
        (0.2553, 0.3662), abs=1e-4
    )


def test_gain_is_counted_in_customers_and_money():
    treated = np.repeat([True, False], [400, 100])
    outcome = np.concatenate([np.arange(400) % 10 < 5, np.arange(100) % 10 < 3])
    found = measure_uplift(pd.Series(treated), pd.Series(outcome))
    assert found["uplift"] == pytest.approx(0.2) and found["gained"] == pytest.approx(80)
    assert found["significant"] and found["reason"] is None
    assert found["treated"] == {"customers": 400, "outcomes": 200.0, "mean": 0.5}
    assert json.loads(json.dumps(found)) == found
    money = measure_amount_uplift(treated, outcome * 10.0)
    assert money["gained"] == pytest.approx(800)


@pytest.mark.parametrize(
    ("sizes", "outcomes", "code"),
    [
        ((500, 8), (50, 1), "too_few_holdout"),
        ((8, 500), (1, 50), "too_few_treated"),
        ((0, 60), (0, 6), "too_few_treated"),
    ],
)
def test_too_few_is_said(sizes, outcomes, code):
    treated = np.repeat([True, False], sizes)
    outcome = np.concatenate([np.arange(n) < k for n, k in zip(sizes, outcomes, strict=True)])
    found = measure_uplift(treated, outcome)
    assert not found["enough"] and found["code"] == code in UPLIFT_REASONS
    assert str(found["args"]["count"]) in found["reason"] and found["uplift"] is None


def test_equal_amounts_have_no_error_to_measure():
    treated = np.repeat([True, False], 50)
    assert measure_amount_uplift(treated, treated * 5.0)["code"] == "no_spread"


def test_mistakes_in_the_data_are_named():
    with pytest.raises(ValueError, match="outcome has 1 value.* neither 0 nor 1"):
        measure_uplift([True, False], [0.5, 1])
    with pytest.raises(ValueError, match="treated has 1 value.* neither true nor false"):
        measure_uplift([2, 0], [0, 1])
    with pytest.raises(ValueError, match="outcome has 1 value.* missing"):
        measure_amount_uplift([True, False], [np.nan, 1])
    with pytest.raises(ValueError, match="level must be between"):
        measure_uplift([True, False], [0, 1], level=95)


@pytest.mark.parametrize("seed", [0, 3, 11])
@pytest.mark.parametrize(("n", "share"), [(0, 0.3), (5, 0.1), (64, 0.3), (1001, 0.25)])
def test_how_many_are_held_out_is_known_before(seed, n, share):
    bands = np.arange(n) % 3
    drawn = assign_holdout(np.arange(n), bands, share, seed=seed).sum() if n else 0
    assert count_holdout(n, share, seed=seed) == drawn


def test_nobody_left_is_too_few_and_no_mistake():
    for measure in (measure_uplift, measure_amount_uplift):
        found = measure([], [])
        assert (found["enough"], found["code"]) == (False, "too_few_treated")
        assert found["treated"] == {"customers": 0, "outcomes": 0.0, "mean": None}
