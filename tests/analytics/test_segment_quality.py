"""Segments come out the same from other samples, are described with figures, and are followed."""

import json

import numpy as np
import pandas as pd
import pytest
from analytics import (
    SEGMENT_QUALITY_REASONS,
    TRAIT_CODES,
    StableSegmenter,
    match_segments,
    movement_matrix,
    segment_moves,
    summarize_orders,
)
from scipy.spatial.distance import pdist
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.estimator_checks import parametrize_with_checks


def crowd(seed, n, k, d=5, apart=5.0):
    """Return skewed features of `n` customers of `k` kinds, well apart, and the kinds."""
    rng = np.random.default_rng(seed)
    middle = rng.normal(size=(k, d)) * apart
    while pdist(middle).min() < 1.5 * apart:
        middle = rng.normal(size=(k, d)) * apart
    kind = rng.integers(0, k, n)
    return pd.DataFrame(np.exp((middle[kind] + rng.normal(size=(n, d))) / 3)).add_prefix("f"), kind


@parametrize_with_checks([StableSegmenter(n_resamples=2, max_segments=4)])
def test_behaves_like_a_scikit_learn_clusterer(estimator, check):
    check(estimator)


@pytest.mark.parametrize(("n", "k"), [(200, 2), (400, 3), (3000, 5), (3000, 7)])
def test_planted_segments_are_found_and_counted(n, k):
    frame, kind = crowd(k, n, k)
    model = StableSegmenter().fit(frame)
    assert model.n_segments_ == k and model.code_ is None
    assert adjusted_rand_score(kind, model.labels_) > 0.95
    assert model.stability_ > 0.95 and model.structure_ in ("reasonable", "strong")
    assert np.array_equal(model.predict(frame), model.labels_)
    assert np.all(np.diff(np.bincount(model.labels_)) <= 0)


def test_many_customers_take_seconds_and_are_segmented_as_a_sample_is():
    import time

    frame, _ = crowd(1, 100_000, 4)
    begin = time.process_time()
    model = StableSegmenter().fit(frame)
    assert time.process_time() - begin < 6  # 0.9 s on an idle machine
    part = StableSegmenter().fit(frame[:3000])
    assert part.n_segments_ == model.n_segments_
    assert adjusted_rand_score(part.predict(frame), model.labels_) > 0.97


def test_another_seed_and_another_sample_find_the_same():
    frame, _ = crowd(2, 2000, 4)
    one, two = (
        StableSegmenter(random_state=1).fit(frame),
        StableSegmenter(random_state=2).fit(frame),
    )
    assert adjusted_rand_score(one.labels_, two.labels_) > 0.99
    half = StableSegmenter().fit(frame[::2])
    assert adjusted_rand_score(half.predict(frame), one.labels_) > 0.97
    again = clone(one).fit(frame)
    assert np.array_equal(again.labels_, one.labels_) and again.evaluation_ == one.evaluation_


def test_crowd_without_groups_is_told():
    frame = pd.DataFrame(np.random.default_rng(3).normal(size=(1500, 6))).add_prefix("f")
    model = StableSegmenter().fit(frame)
    assert model.code_ == "unstable" and "0." in model.reason_
    slope = np.random.default_rng(4).normal(size=(1500, 3)) * [1, 1, 3]
    model = StableSegmenter(min_stability=0).fit(pd.DataFrame(slope).add_prefix("f"))
    assert model.structure_ in ("none", "weak")


def test_customers_who_are_all_alike_are_one_segment():
    model = StableSegmenter().fit(pd.DataFrame({"orders": [3.0] * 50, "lanes": [1] * 50}))
    assert model.n_segments_ == 1 and set(model.labels_) == {0}
    assert model.code_ == "too_alike" in SEGMENT_QUALITY_REASONS


def test_one_giant_is_not_a_segment_of_its_own():
    frame, kind = crowd(6, 1000, 3)
    frame.loc[0] *= 1e6
    model = StableSegmenter().fit(frame)
    assert model.n_segments_ == 3 and np.bincount(model.labels_).min() > 100


def test_unit_of_a_feature_does_not_change_the_segments():
    frame, _ = crowd(7, 800, 4)
    one, two = (StableSegmenter().fit(frame * factor) for factor in (1, [1e-4, 1e5, 1, 30, 0.5]))
    assert adjusted_rand_score(one.labels_, two.labels_) == 1


def test_rare_yes_and_constant_columns_do_no_harm():
    frame, kind = crowd(8, 1000, 3)
    frame["has_vmi"] = (np.arange(1000) % 250 == 0).astype(int)
    frame["always"] = 1.0
    model = StableSegmenter().fit(frame)
    assert model.transform(frame)[:, 5].max() > 5
    assert (model.transform(frame)[:, 6] == 0).all()


def test_traits_name_what_is_far_from_the_average_with_figures():
    rng = np.random.default_rng(9)
    kind = np.repeat([0, 1], [900, 300])
    frame = pd.DataFrame(
        {
            "orders": np.where(kind, rng.poisson(60, 1200), rng.poisson(6, 1200)) + 1,
            "lanes": rng.integers(1, 9, 1200),
            "uses_portal": rng.random(1200) < np.where(kind, 0.97, 0.03),
        }
    )
    model = StableSegmenter(max_segments=2).fit(frame)
    large, small = model.traits(frame)
    assert large["customers"] > small["customers"] and large["share"] > 0.7
    traits = {trait["column"]: trait for trait in small["traits"]}
    assert set(traits) == {"orders", "uses_portal"}
    assert traits["orders"]["code"] == "far_above"
    assert traits["orders"]["value"] == pytest.approx(61, abs=2)
    assert traits["orders"]["overall"] == pytest.approx(frame["orders"].median())
    assert traits["uses_portal"]["value"] == pytest.approx(0.97, abs=0.04)
    assert {trait["code"] for trait in large["traits"]} <= set(TRAIT_CODES[2:])
    assert json.loads(json.dumps(model.traits(frame))) == model.traits(frame)
    scores = [abs(trait["score"]) for trait in small["traits"]]
    assert scores == sorted(scores, reverse=True)


def test_more_segments_are_taken_where_they_are_hardly_worse(online_retail):
    frame = summarize_orders(online_retail, "2011-12-09")
    features = frame[["days_since_last", "orders", "revenue", "days_since_first"]]
    model = StableSegmenter().fit(features)
    figures = {row["n_segments"]: row for row in model.evaluation_}
    stable = [row for row in model.evaluation_ if row["stability"] >= 0.8]
    best = max(row["silhouette"] for row in stable)
    assert model.silhouette_ >= best - 0.02 and model.stability_ >= 0.8
    larger = [row for row in stable if row["n_segments"] > model.n_segments_]
    assert all(row["silhouette"] < best - 0.02 for row in larger)
    assert set(figures) == set(range(2, 9))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"f1": np.nan}, "f1 has 400 value.* missing"),
        ({"f2": "x"}, "f2 must hold numbers"),
    ],
)
def test_says_what_is_wrong(change, message):
    frame, _ = crowd(1, 400, 3)
    with pytest.raises(ValueError, match=message):
        StableSegmenter().fit(frame.assign(**change))
    with pytest.raises(ValueError, match="min_segments must be at least 2"):
        StableSegmenter(min_segments=5, max_segments=4).fit(frame)


def test_segments_of_two_runs_are_matched_by_their_customers():
    before = pd.Series([0, 0, 0, 0, 1, 1, 1, 2, 2], index=range(9))
    after = pd.Series([2, 2, 2, 1, 1, 1, 1, 0, 0, 3, 3], index=[*range(9), 20, 21])
    match = match_segments(before, after)
    assert match == {2: 0, 1: 1, 0: 2, 3: 4}
    same = after.map(match).reindex(before.index)
    assert (same == before).sum() == 8


def test_matching_takes_the_best_of_all_pairings():
    before = pd.Series(np.repeat([0, 1], [60, 40]))
    after = pd.Series(np.repeat([5, 6, 5], [30, 30, 40]))
    assert match_segments(before, after) == {5: 1, 6: 0}


def test_moves_are_counted_with_shares_and_who_came_and_left():
    before = pd.Series(["loyal"] * 4 + ["lost"] * 2, index=[1, 2, 3, 4, 5, 6])
    after = pd.Series(["loyal", "loyal", "lost", "lost", "lost", "new"], index=[1, 2, 3, 4, 5, 9])
    moves = segment_moves(before, after)
    assert moves["customers"].sum() == 7 and moves["share"].sum() == pytest.approx(1)
    found = {(row.before, row.after): row for row in moves.itertuples()}
    assert found["loyal", "lost"].customers == 2 and found["loyal", "lost"].share_before == 0.5
    assert found["loyal", "lost"].share_after == pytest.approx(2 / 3)
    assert found[None, "new"].customers == 1 and np.isnan(found[None, "new"].share_before)
    assert found["lost", None].customers == 1
    matrix = movement_matrix(moves)
    assert matrix.loc["loyal"].to_dict() == {"lost": 2, "loyal": 2}
    assert matrix.loc["lost", "loyal"] == 0
    shares = movement_matrix(moves, "share_before")
    assert shares.loc["loyal"].sum() == 1


def test_runs_must_name_each_customer_once():
    run = pd.Series([1, 2], index=[7, 7])
    with pytest.raises(ValueError, match="before has 1 customer.* twice"):
        segment_moves(run, run)
    with pytest.raises(TypeError, match="after must be a pandas Series"):
        match_segments(pd.Series([1]), [1])
    nothing = pd.Series([], dtype=int)
    assert len(segment_moves(nothing, nothing)) == 0 and match_segments(nothing, nothing) == {}
