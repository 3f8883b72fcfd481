"""What was known of each customer when a campaign contacted them."""

import numpy as np
import pandas as pd
import pytest
from analytics import (
    RESPONSE_FEATURES,
    LeakageError,
    ResponseModel,
    prepare_contacts,
    response_features,
    useful_columns,
)

DAY = pd.Timestamp("2025-06-30")


def raw(**values):
    """Return one contact of a customer with five orders, the last one 30 days before."""
    row = {
        "time": DAY,
        "orders": 5,
        "orders_year": 3,
        "first_date": DAY - pd.Timedelta(days=430),
        "last_date": DAY - pd.Timedelta(days=30),
        "amount": 500.0,
        "amount_year": 250.0,
        "earlier_contacts": 2,
        "earlier_answers": 1,
        "answers_date": DAY - pd.Timedelta(days=10),
        "channel": "phone",
        "segment": "loyal",
    }
    return pd.DataFrame([{**row, **values}])


def test_features_are_counted_from_the_day_of_the_contact():
    X, _as_of = response_features(raw())
    assert list(X.columns) == list(RESPONSE_FEATURES)
    assert X.loc[0, "days_since_last"] == 30 and X.loc[0, "days_since_first"] == 430
    assert X.loc[0, "usual_days"] == 100 and X.loc[0, "silence"] == pytest.approx(0.3)
    assert X.loc[0, "average_order"] == 100


def test_one_order_has_no_rhythm_and_none_has_nothing():
    once = raw(orders=1, first_date=DAY, last_date=DAY)
    X, _as_of = response_features(once)
    assert X.loc[0, ["usual_days", "silence"]].isna().all()
    X, _as_of = response_features(raw(orders=0, first_date=pd.NaT, last_date=pd.NaT, amount=0.0))
    assert X.loc[0, ["days_since_last", "usual_days", "average_order"]].isna().all()


def test_columns_that_say_nothing_are_left_out():
    frame = pd.concat([raw(segment=None), raw(segment=None, channel="mail"), raw(segment="lost")])
    X, _as_of = response_features(frame.reset_index(drop=True))
    kept = useful_columns(X)
    assert "channel" in kept
    # mostly unknown, and all alike
    assert "segment" not in kept and "earlier_contacts" not in kept


def test_numbers_of_channels_and_segments_become_names():
    frame = pd.DataFrame({"channel": [0, 1, -1], "segment_id": [7, -1, 8]})
    named = prepare_contacts(frame, ["phone", "mail"], {7: "loyal", 8: "lost"})
    assert named["channel"].tolist() == ["phone", "mail", None]
    assert named["segment"].tolist() == ["loyal", None, "lost"]


def test_an_order_after_the_contact_is_refused():
    rng = np.random.default_rng(0)
    frame = pd.concat([raw()] * 300, ignore_index=True)
    frame["orders"] = rng.integers(1, 20, 300)
    frame["time"] += pd.to_timedelta(np.arange(300) // 100 * 100, unit="D")
    frame["last_date"] = frame["time"] - pd.Timedelta(days=3)
    answers = (rng.random(300) < 0.4).astype(int)
    X, as_of = response_features(frame)
    ResponseModel().fit(X, answers, frame["time"], as_of=as_of)
    frame.loc[5, "last_date"] = frame.loc[5, "time"] + pd.Timedelta(days=1)
    X, as_of = response_features(frame)
    with pytest.raises(LeakageError, match="after the cut-off"):
        ResponseModel().fit(X, answers, frame["time"], as_of=as_of)
    frame.loc[5, "last_date"] = frame.loc[5, "time"]
    frame.loc[7, "answers_date"] = frame.loc[7, "time"] + pd.Timedelta(days=1)
    X, as_of = response_features(frame)
    with pytest.raises(LeakageError, match="earlier_answers"):
        ResponseModel().fit(X, answers, frame["time"], as_of=as_of)


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="last_date"):
        response_features(raw().drop(columns="last_date"))
