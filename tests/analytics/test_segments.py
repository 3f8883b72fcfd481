"""RFM scores and segments."""

import copy

import numpy as np
import pandas as pd
import pytest
from analytics import (
    SEGMENT_REASON_CODES,
    SEGMENTS,
    RFMSegmenter,
    rfm_segments,
    segment_profile,
    segment_reasons,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.utils.estimator_checks import check_estimator

COLUMNS = ["days_since_last", "orders", "revenue"]
customer = st.tuples(st.integers(0, 900), st.integers(1, 30), st.floats(-100, 1e6))


def frame_of(rows, **columns):
    return pd.DataFrame(rows, columns=COLUMNS, dtype=float).assign(**columns)


@pytest.fixture
def hundred():
    number = np.arange(1, 101)
    return frame_of(np.column_stack([number, 101 - number, 1000.0 * (101 - number)]))


# Checks of scikit-learn that give no data.
WITHOUT_DATA = {
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_estimators_unfitted",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_transformers_unfitted",
    "check_valid_tag_types",
}


class TakenForArrays(RFMSegmenter):
    """The same, as if it took arrays: then scikit-learn goes on to checks without data."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags


def test_has_the_manners_of_scikit_learn_as_far_as_they_need_no_array():
    with pytest.warns(SkipTestWarning, match="Can't test estimator RFMSegmenter"):
        check_estimator(RFMSegmenter())
    results = check_estimator(TakenForArrays(), on_fail=None, on_skip=None)
    passed = {row["check_name"] for row in results if row["status"] == "passed"}
    assert passed >= WITHOUT_DATA


def test_has_the_manners_of_scikit_learn_with_tables(hundred):
    given, params = hundred.copy(), RFMSegmenter(new_days=30).get_params()
    model = RFMSegmenter(new_days=30)
    assert model.fit(hundred) is model and model.get_params() == params
    scored = model.transform(hundred)
    pd.testing.assert_frame_equal(hundred, given)
    for other in (copy.deepcopy(model), model.fit(hundred)):
        pd.testing.assert_frame_equal(other.transform(hundred), scored)
    pd.testing.assert_frame_equal(RFMSegmenter(new_days=30).fit_transform(hundred), scored)
    mixed = hundred.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(model.transform(mixed).sort_index(), scored)
    parts = [model.transform(hundred[at : at + 7]) for at in range(0, 100, 7)]
    pd.testing.assert_frame_equal(pd.concat(parts), scored)
    names = hundred.iloc[:, ::-1].assign(other="of no matter")
    pd.testing.assert_frame_equal(model.transform(names), scored)


def test_scores_split_distinct_values_into_fifths(hundred):
    scored = rfm_segments(hundred)
    for column in ("r_score", "f_score", "m_score"):
        assert scored[column].value_counts().to_dict() == dict.fromkeys(range(1, 6), 20)
    assert scored["rfm_score"].iloc[0] == "555" and scored["rfm_score"].iloc[-1] == "111"


def test_recent_frequent_and_large_is_best(hundred):
    scored = rfm_segments(hundred.assign(days_since_first=2000))
    assert scored["segment"].iloc[0] == "champion"
    assert scored["segment"].iloc[-1] == "lost"


@given(rows=st.lists(customer, min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_better_never_scores_lower_and_equal_scores_equal(rows):
    frame = frame_of(rows)
    scored = rfm_segments(frame)
    for column, score, sign in zip(COLUMNS, ("r", "f", "m"), (-1, 1, 1), strict=True):
        pairs = pd.DataFrame({"value": sign * frame[column], "score": scored[f"{score}_score"]})
        assert pairs.groupby("value")["score"].nunique().eq(1).all()
        assert pairs.sort_values("value", kind="stable")["score"].is_monotonic_increasing
    assert scored["segment"].isin(list(SEGMENTS)).all()


def test_heavy_ties_share_the_middle_of_their_places():
    frame = frame_of([(10, 1, 5.0)] * 60 + [(10, 2, 5.0)] * 20 + [(10, 9, 5.0)] * 20)
    scored = rfm_segments(frame)
    assert scored["f_score"].unique().tolist() == [2, 4, 5]
    assert scored["r_score"].eq(3).all() and scored["m_score"].eq(3).all()


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_few_customers_are_scored(n):
    scored = rfm_segments(frame_of([(10 * i, 5 + i, 100.0 * i) for i in range(n)]))
    assert len(scored) == n and scored["r_score"].between(1, 5).all()


def test_later_customers_are_scored_by_the_same_cut_points(hundred):
    segmenter = RFMSegmenter().fit(hundred)
    later = frame_of([(0, 1000, 1e9), (5000, 1, -3.0), (20, 81, 81_000.0)])
    assert segmenter.transform(later)["rfm_score"].tolist() == ["555", "111", "555"]
    assert segmenter.cut_points_["days_since_last"].tolist() == [80, 60, 40, 20]
    assert segmenter.cut_points_["orders"].tolist() == [21, 41, 61, 81]


def test_same_input_same_output_whatever_the_order(hundred):
    shuffled = hundred.sample(frac=1, random_state=3)
    again = rfm_segments(shuffled).loc[hundred.index]
    pd.testing.assert_frame_equal(again, rfm_segments(hundred))


def test_recent_first_order_makes_a_customer_new(hundred):
    old = rfm_segments(hundred.assign(days_since_first=1000))
    young = rfm_segments(hundred.assign(days_since_first=30))
    assert not old["segment"].eq("new").any()
    assert young["segment"].eq("new").sum() == 40
    assert young.loc[young["segment"].eq("new"), "r_score"].ge(4).all()


def test_good_customers_who_fell_silent_are_at_risk():
    number = np.arange(1, 101)
    history = np.column_stack([number, 10 * number, 1000.0 * number])
    frame = frame_of(history, days_since_first=1000)
    segments = rfm_segments(frame)["segment"]
    assert segments.iloc[-1] == "key_at_risk"
    assert segments.iloc[0] == "occasional"


def test_profile_adds_up(hundred):
    scored = rfm_segments(hundred)
    profile = segment_profile(scored, hundred)
    assert profile["customers"].sum() == 100
    assert profile["revenue_share"].sum() == pytest.approx(1)
    assert profile["customer_share"].sum() == pytest.approx(1)
    assert profile.index.tolist() == [code for code in SEGMENTS if code in profile.index]
    champions = hundred[scored["segment"] == "champion"]
    assert profile.loc["champion", "orders"] == champions["orders"].median()


def test_profile_without_revenue_says_unknown():
    frame = frame_of([(1, 1, 0.0), (2, 2, 0.0)])
    assert segment_profile(rfm_segments(frame), frame)["revenue_share"].isna().all()


def test_reasons_are_plain_figures_with_ranks(hundred):
    frame = hundred.assign(days_since_first=60)
    scored = rfm_segments(frame)
    reasons = segment_reasons(frame, scored)
    assert reasons[0] == [
        {"code": "new", "days": 60},
        {"code": "recency", "days": 1, "rank": 5},
        {"code": "frequency", "orders": 100, "rank": 5},
        {"code": "monetary", "amount": 100_000.0, "rank": 5},
    ]
    assert [reason["code"] for reason in reasons[-1]] == ["recency", "frequency", "monetary"]
    for reason in (reason for row in reasons for reason in row):
        assert set(reason) == {"code", *SEGMENT_REASON_CODES[reason["code"]]}
        assert all(type(value) in (str, int, float) for value in reason.values())


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (frame_of([]), "no customers"),
        (frame_of([(-1, 1, 1)]), "days_since_last .* negative"),
        (frame_of([(1, None, 1)]), "orders .* missing"),
        (frame_of([(1, 1, 1)]).drop(columns="revenue"), "lacks the column.*revenue"),
    ],
)
def test_says_what_is_wrong(frame, message):
    with pytest.raises(ValueError, match=message):
        RFMSegmenter().fit(frame)


def test_behaves_like_a_scikit_learn_estimator(hundred):
    segmenter = RFMSegmenter(new_days=30)
    assert clone(segmenter).get_params() == {"new_days": 30}
    with pytest.raises(NotFittedError):
        segmenter.predict(hundred)
    predicted = segmenter.fit(hundred).predict(hundred)
    assert predicted.tolist() == segmenter.transform(hundred)["segment"].tolist()
