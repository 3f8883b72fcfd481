"""Order rows become one row per customer."""

import numpy as np
import pandas as pd
import pytest
from analytics import summarize_orders


def rows(*lines):
    frame = pd.DataFrame(lines, columns=["partner_id", "date", "amount", "back"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


ORDERS = rows(
    (1, "2024-01-01", 10.0, False),
    (1, "2024-01-15", 30.0, False),
    (1, "2024-01-15", 20.0, False),
    (1, "2024-01-29", 10.0, False),
    (2, "2024-01-20", 99.0, False),
)


def test_days_are_orders_and_the_first_is_no_repeat():
    one = summarize_orders(ORDERS, "2024-02-05", unit="W").loc[1]
    assert (one["frequency"], one["recency"], one["T"]) == (2, 4.0, 5.0)
    assert one["monetary"] == 30.0
    assert (one["orders"], one["revenue"], one["average_order"]) == (3, 70.0, 70 / 3)
    assert (one["days_since_first"], one["days_since_last"]) == (35, 7)


def test_nothing_after_the_cutoff_is_seen():
    frame = summarize_orders(ORDERS, "2024-01-19", unit="D")
    assert frame.index.tolist() == [1]
    assert frame.loc[1, ["frequency", "recency", "T"]].tolist() == [1, 14, 18]


def test_unit_scales_times_only():
    days, weeks = (summarize_orders(ORDERS, "2024-02-05", unit=unit) for unit in "DW")
    assert (days["T"] == 7 * weeks["T"]).all()
    assert (days["frequency"] == weeks["frequency"]).all()


def test_order_of_rows_and_time_of_day_do_not_matter():
    shuffled = ORDERS.sample(frac=1, random_state=1)
    shuffled["date"] += pd.Timedelta(hours=23)
    pd.testing.assert_frame_equal(
        summarize_orders(shuffled, "2024-02-05"), summarize_orders(ORDERS, "2024-02-05")
    )


def test_returns_reduce_the_order_before_them_and_are_no_orders():
    returned = pd.concat(
        [
            ORDERS,
            rows(
                (1, "2024-01-20", -5.0, True),
                (1, "2024-01-29", -2.0, True),
                (2, "2024-01-10", -7.0, True),
                (3, "2024-01-10", -7.0, True),
            ),
        ]
    )
    frame = summarize_orders(returned, "2024-02-05", is_return="back")
    assert frame.index.tolist() == [1, 2]
    assert frame["orders"].tolist() == [3, 1]
    assert frame.loc[1, "monetary"] == (45 + 8) / 2
    assert frame.loc[1, "last_date"] == pd.Timestamp("2024-01-29")
    assert frame["revenue"].tolist() == [63.0, 99.0]


def test_marking_nothing_as_return_changes_nothing():
    marked = summarize_orders(ORDERS, "2024-02-05", is_return="back")
    pd.testing.assert_frame_equal(marked, summarize_orders(ORDERS, "2024-02-05"))


def test_rows_without_a_customer_are_left_out():
    lines = ORDERS.astype({"partner_id": float})
    lines.loc[len(lines)] = [np.nan, pd.NaT, 5.0, False]
    assert summarize_orders(lines, "2024-02-05").index.tolist() == [1, 2]


def test_no_orders_give_an_empty_frame():
    frame = summarize_orders(ORDERS, "2020-01-01")
    assert len(frame) == 0 and "frequency" in frame.columns


def test_says_what_is_wrong():
    with pytest.raises(ValueError, match="lacks the column.*partner_id"):
        summarize_orders(ORDERS.drop(columns="partner_id"), "2024-02-05")
    with pytest.raises(ValueError, match="amount is missing in 1 row"):
        summarize_orders(ORDERS.assign(amount=[1, 2, None, 4, 5]), "2024-02-05")
    with pytest.raises(ValueError, match="unit must be one of D, W, M"):
        summarize_orders(ORDERS, "2024-02-05", unit="Y")
    with pytest.raises(TypeError, match="DataFrame"):
        summarize_orders([1], "2024-02-05")
