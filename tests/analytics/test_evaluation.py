"""How good probabilities are is told rightly, and what is no probability is refused."""

import json

import numpy as np
import pytest
from analytics.evaluation import (
    auc,
    brier,
    calibration_error,
    calibration_table,
    evaluate_scores,
    gain_table,
    log_loss,
)
from analytics.verdict import judge_calibration
from scipy.stats import norm


def outcomes(rng, n, shift=1.0):
    """Return outcomes and honest probabilities from scores of two shifted normals."""
    y = rng.integers(0, 2, n)
    score = rng.normal(shift * y, 1)
    return y, 1 / (1 + np.exp(-(shift * score - shift**2 / 2)))


def test_auc_is_the_share_of_pairs_ranked_rightly_and_ties_count_half():
    y, p = [0, 0, 1, 1, 0], [0.1, 0.4, 0.4, 0.9, 0.9]
    pairs = [(a > b) + (a == b) / 2 for a in (0.4, 0.9) for b in (0.1, 0.4, 0.9)]
    assert auc(y, p) == pytest.approx(np.mean(pairs))


def test_losses_are_those_of_their_definitions():
    y, p = [1, 0], [0.8, 0.4]
    assert log_loss(y, p) == pytest.approx(-(np.log(0.8) + np.log(0.6)) / 2)
    assert brier(y, p) == pytest.approx((0.2**2 + 0.4**2) / 2)
    assert np.isfinite(log_loss([1, 0], [0.0, 1.0]))


def test_probabilities_that_come_true_have_no_calibration_error():
    p = np.repeat([0.25, 0.75], 400)
    y = np.concatenate([[1] * 100 + [0] * 300, [1] * 300 + [0] * 100])
    assert calibration_error(y, p) == pytest.approx(0)
    assert calibration_error(y, p + 0.1) == pytest.approx(0.1)


def test_equal_probabilities_share_a_bin_whatever_the_order_of_rows():
    y = np.array([0] * 500 + [1] * 500)
    table = calibration_table(y, np.full(1000, 0.5))
    assert [row["n"] for row in table] == [1000]
    assert table[0]["actual"] == table[0]["expected"] == 0.5


def test_bins_hold_equal_counts():
    y, p = outcomes(np.random.default_rng(0), 1000)
    table = calibration_table(y, p)
    assert len(table) == 10 and all(abs(row["n"] - 100) <= 1 for row in table)
    assert all(a["high"] <= b["low"] for a, b in zip(table, table[1:], strict=False))


def test_a_perfect_ranking_finds_everything_in_the_first_tenth():
    p = np.linspace(0, 1, 100)
    table = gain_table(p > 0.905, p)
    assert table[0]["gain"] == 1 and table[0]["lift"] == pytest.approx(100 / table[0]["n"])
    assert [row["part_rate"] for row in table[1:]] == [0] * 9


def test_a_constant_has_no_lift_whatever_the_order_of_rows():
    y = np.array([1] * 50 + [0] * 150)
    assert [row["lift"] for row in gain_table(y, np.full(200, 0.3))] == pytest.approx([1] * 10)


def test_lift_of_all_is_one_and_gain_is_complete():
    last = gain_table(*outcomes(np.random.default_rng(1), 333))[-1]
    assert (last["share"], last["n"]) == (1, 333)
    assert last["gain"] == pytest.approx(1) and last["lift"] == pytest.approx(1)


def test_intervals_cover_the_true_auc():
    rng, truth = np.random.default_rng(5), norm.cdf(1 / np.sqrt(2))
    covered = 0
    for _ in range(100):
        low, high = evaluate_scores(*outcomes(rng, 200), random_state=rng)["intervals"]["auc"]
        covered += low <= truth <= high
    # 95 expected; fewer than 88 has a chance below one in two hundred
    assert covered >= 88


def test_model_and_baseline_are_compared_on_the_same_rows():
    rng = np.random.default_rng(2)
    y, p = outcomes(rng, 300)
    same = evaluate_scores(y, p, baseline=p)["difference"]["auc"]
    assert (same["value"], same["low"], same["high"]) == (0, 0, 0)
    near = np.clip(p + rng.normal(0, 0.02, 300), 0, 1)
    result = evaluate_scores(y, p, baseline=near)
    low, high = result["intervals"]["auc"]
    paired = result["difference"]["auc"]
    assert paired["high"] - paired["low"] < (high - low) / 3


def test_a_better_model_is_better_beyond_doubt():
    y, p = outcomes(np.random.default_rng(3), 1000)
    difference = evaluate_scores(y, p, baseline=np.full(1000, y.mean()))["difference"]
    assert difference["auc"]["low"] > 0
    assert difference["log_loss"]["high"] < 0 and difference["brier"]["high"] < 0


def test_the_same_seed_gives_the_same_plain_values():
    y, p = outcomes(np.random.default_rng(4), 150)
    first, second = (evaluate_scores(y, p, p[::-1], random_state=7) for _ in range(2))
    assert json.loads(json.dumps(first)) == second


@pytest.mark.parametrize(
    ("y", "p", "message"),
    [
        ([1, 1, 1], [0.1, 0.2, 0.3], "y has only one class: all 3 outcomes are 1"),
        ([0, 1, 2], [0.1, 0.2, 0.3], r"y has 1 value\(s\) that are neither 0 nor 1"),
        ([0, 1, np.nan], [0.1, 0.2, 0.3], r"y has 1 value\(s\) that are missing"),
        ([0, 1, 0], [0.1, np.nan, 0.3], r"p has 1 value\(s\) that are missing"),
        ([0, 1, 0], [0.1, 1.2, -0.3], r"p has 2 value\(s\).*outside 0 to 1.*1.2 in row 1"),
        ([0, 1], [0.1, 0.2, 0.3], "y has 2, p has 3"),
    ],
)
def test_says_what_is_wrong(y, p, message):
    with pytest.raises(ValueError, match=message):
        evaluate_scores(y, p)


def test_says_that_the_baseline_is_wrong():
    with pytest.raises(ValueError, match=r"baseline has 1 value\(s\).*outside 0 to 1"):
        evaluate_scores([0, 1], [0.1, 0.9], baseline=[0.5, 7])


def test_chances_are_believed_where_they_come_true_on_the_whole():
    rng = np.random.default_rng(0)
    p = rng.uniform(0.05, 0.5, 2000)
    y = (rng.random(2000) < p).astype(int)
    assert judge_calibration(evaluate_scores(y, p, n_bootstrap=0)) == {"believable": True}
    found = judge_calibration(evaluate_scores(y, np.minimum(2 * p, 0.99), n_bootstrap=0))
    assert not found["believable"] and found["code"] == "not_calibrated"
    assert found["args"]["actual"] == pytest.approx(100 * y.mean())
    # among a handful of customers that is chance
    few = evaluate_scores([0, 1, 0, 0], [0.4, 0.6, 0.5, 0.5], n_bootstrap=0)
    assert judge_calibration(few)["believable"]
