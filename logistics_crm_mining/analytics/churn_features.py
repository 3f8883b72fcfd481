"""What is known of each customer's orders at a cut-off, and who stayed away after it."""

import numpy as np
import pandas as pd

from ._moments import as_day
from ._runs import Runs, day_numbers
from .orders import order_days, order_rows

CHURN_FEATURES = {
    "days_since_last": "Days since the last order.",
    "days_since_first": "Days since the first order.",
    "orders": "Days with orders.",
    "orders_per_month": "Orders per 30 days since the first one, at least 30 days.",
    "usual_days": "Median days between two orders; missing with one order.",
    "mean_days": "Mean days between two orders; missing with one order.",
    "gap_spread": "Standard deviation of these days over their mean; missing below three orders.",
    "silence": "Days since the last order over the usual days, drawn towards everybody's.",
    "orders_last": "Orders in the last period as long as the horizon.",
    "orders_before": "Orders in the period before that.",
    "trend": "Log ratio of both, half an order added; missing for customers too young for it.",
    "revenue_per_month": "Revenue per 30 days since the first order, at least 30 days.",
    "average_order": "Mean amount of an order.",
    "last_order_ratio": "Amount of the last order over the average.",
    "return_share": "Amount returned over the amount ordered.",
    "season_orders": "Orders in the same days a year before; missing without such a history.",
}
MONTH, YEAR = 30.0, 365
# Weight, in gaps, of everybody's usual days beside the customer's own.
_PRIOR_GAPS = 1.0


def prepare_orders(
    orders, cutoff, customer="partner_id", date="date", amount="amount", is_return=None
):
    """Return the rows that count up to a day as a frame customer, date, amount, is_return.

    Parameters are those of `summarize_orders`.
    """
    cutoff = as_day(cutoff)
    return order_rows(orders, cutoff, customer, date, amount, is_return)


def churn_features(rows, cutoff, horizon):
    """Describe each customer's orders, looking at nothing after the cut-off.

    Parameters
    ----------
    rows : DataFrame
        From `prepare_orders`; later rows are left out.
    cutoff : date-like
    horizon : int
        Days; also the length of the periods that `trend` compares.

    Returns
    -------
    DataFrame
        Indexed by customer, sorted, with the columns of `CHURN_FEATURES`, all float.
    """
    cutoff = as_day(cutoff)
    rows = rows[rows["date"] <= cutoff]
    days = order_days(rows)
    runs = Runs(days["customer"].to_numpy())
    date, amount = days["date"].to_numpy(), days["amount"].to_numpy()
    usual, mean, spread = runs.gap_figures(day_numbers(date))
    frame = pd.DataFrame(
        {
            "orders": runs.sizes,
            "first": runs.first(date),
            "last": runs.last(date),
            "revenue": runs.sum(amount),
            "last_amount": runs.last(amount),
            "usual_days": usual,
            "mean_days": mean,
            "spread": spread,
        },
        index=pd.Index(runs.names, name="customer"),
    )
    frame["orders"] = frame["orders"].astype(float)
    _add_rhythm(frame, cutoff)
    _add_amounts(frame, rows)
    _add_periods(frame, runs, (cutoff - days["date"]).dt.days.to_numpy(), horizon)
    return frame[list(CHURN_FEATURES)].astype(float)


def _add_rhythm(frame, cutoff):
    frame["days_since_last"] = (cutoff - frame["last"]).dt.days
    frame["days_since_first"] = (cutoff - frame["first"]).dt.days
    frame["months"] = np.maximum(frame["days_since_first"], MONTH) / MONTH
    frame["orders_per_month"] = frame["orders"] / frame["months"]
    frame["gap_spread"] = frame["spread"] / frame["mean_days"]
    frame["silence"] = frame["days_since_last"] / expected_days(frame)


def expected_days(frame):
    """Return the usual days between orders, drawn towards the median customer's.

    A customer with one order has everybody's; without any repeat order, the days since the first.
    """
    gaps, own = frame["orders"] - 1, frame["usual_days"]
    everybody = own.median()
    if np.isnan(everybody):
        everybody = frame["days_since_first"].mean()
    drawn = gaps * own.fillna(0) + _PRIOR_GAPS * everybody
    return np.maximum(drawn / (gaps + _PRIOR_GAPS), 1.0)


def _add_amounts(frame, rows):
    frame["revenue_per_month"] = frame["revenue"] / frame["months"]
    frame["average_order"] = frame["revenue"] / frame["orders"]
    usual = frame["average_order"].where(frame["average_order"] > 0)
    frame["last_order_ratio"] = frame["last_amount"] / usual
    back, amounts = rows["is_return"].to_numpy(), rows["amount"].to_numpy()
    runs = Runs(rows["customer"].to_numpy())
    returned, ordered = (
        pd.Series(runs.sum(np.where(part, amounts, 0.0)), index=runs.names).reindex(frame.index)
        for part in (back, ~back)
    )
    returned = returned.abs().fillna(0)
    share = returned / ordered.where(ordered > 0)
    frame["return_share"] = share.clip(0, 1).fillna(0.0)


def _add_periods(frame, runs, age, horizon):
    last = runs.sum(age < horizon)
    before = runs.sum((age >= horizon) & (age < 2 * horizon))
    frame["orders_last"], frame["orders_before"] = last, before
    trend = pd.Series(np.log((last + 0.5) / (before + 0.5)), index=frame.index)
    frame["trend"] = trend.where(frame["days_since_first"] >= 2 * horizon)
    season = pd.Series(runs.sum((age < YEAR) & (age >= YEAR - horizon)), index=frame.index)
    frame["season_orders"] = season.where(frame["days_since_first"] >= YEAR)


def stayed_away(rows, cutoff, horizon, customers):
    """Return 1 for each customer without an order in the `horizon` days after the cut-off, else 0.

    Returns are no orders.
    """
    cutoff = as_day(cutoff)
    end = cutoff + pd.Timedelta(days=horizon)
    later = rows[(rows["date"] > cutoff) & (rows["date"] <= end) & ~rows["is_return"]]
    return (~pd.Index(customers).isin(later["customer"].unique())).astype(int)


def expected_order(frame, cutoff):
    """When the customer's own rhythm lets the next order be expected.

    Parameters
    ----------
    frame : DataFrame
        From `churn_features`.
    cutoff : date-like
        The cut-off of the frame.

    Returns
    -------
    DataFrame
        Indexed as `frame`: `expected_date`, the last order plus the customer's usual days, NaT for
        customers with one order, in the past if they are overdue; `overdue_days`, 0 or more, NaN
        for customers with one order.
    """
    left = (frame["usual_days"] - frame["days_since_last"]).round()
    date = as_day(cutoff) + pd.to_timedelta(left, unit="D")
    return pd.DataFrame({"expected_date": date, "overdue_days": (-left).clip(lower=0)})
