"""How customers buy: rhythm, season, returns and amounts, to find those who are alike."""

import numpy as np
import pandas as pd

from ._moments import as_day
from ._runs import Runs, day_numbers
from .orders import order_days, order_rows

BEHAVIOUR_FEATURES = {
    "days_since_last": "Days since the last order.",
    "orders_per_month": "Days with orders per 30 days since the first one, at least 30 days.",
    "average_order": "Mean amount of a day with orders, net of returns.",
    "gap_spread": "Standard deviation of the days between orders over their mean; missing below "
    "three orders.",
    "season_share": "Share of the orders in the strongest three months of the year, drawn towards "
    "a quarter; missing below a year of history.",
    "return_share": "Amount returned over the amount ordered.",
}
MONTH, YEAR, SEASON = 30.0, 365, 3
# Orders spread evenly over the year that count beside the customer's own.
_PRIOR_ORDERS = 4.0


def behaviour_features(
    orders, cutoff, customer="partner_id", date="date", amount="amount", is_return=None
):
    """Describe how each customer orders, looking at nothing after the cut-off.

    Parameters
    ----------
    orders : DataFrame
        As in `summarize_orders`.
    cutoff : date-like
    customer, date, amount, is_return : str
        Names of the columns.

    Returns
    -------
    DataFrame
        Indexed by customer, sorted, with the columns of `BEHAVIOUR_FEATURES`, all float.

    Raises
    ------
    ValueError
        If a column is missing, or a date or amount of a row that counts is.
    """
    cutoff = as_day(cutoff)
    rows = order_rows(orders, cutoff, customer, date, amount, is_return)
    days = order_days(rows)
    runs = Runs(days["customer"].to_numpy())
    date = days["date"].to_numpy()
    _usual, gap, spread = runs.gap_figures(day_numbers(date))
    frame = pd.DataFrame(
        {
            "orders": runs.sizes,
            "first": runs.first(date),
            "last": runs.last(date),
            "revenue": runs.sum(days["amount"].to_numpy()),
            "gap": gap,
            "spread": spread,
        },
        index=pd.Index(runs.names),
    )
    age = (cutoff - frame["first"]).dt.days
    frame["days_since_last"] = (cutoff - frame["last"]).dt.days
    frame["orders_per_month"] = frame["orders"] / (np.maximum(age, MONTH) / MONTH)
    frame["average_order"] = frame["revenue"] / frame["orders"]
    frame["gap_spread"] = frame["spread"] / frame["gap"]
    frame["season_share"] = _season(days, runs, frame["orders"]).where(age >= YEAR)
    frame["return_share"] = _returned(rows, frame.index)
    return frame.rename_axis(customer)[list(BEHAVIOUR_FEATURES)].astype(float)


def known_features(frame, min_share=0.5):
    """Make features fit for segments: fill what is missing, and leave out what tells nothing.

    Parameters
    ----------
    frame : DataFrame
        Numbers, some of them missing.
    min_share : float, default=0.5
        Columns known of fewer customers than that are left out, as those without differences are.

    Returns
    -------
    DataFrame
        What is missing is the median of the customers of whom it is known.
    """
    known = frame.columns[(frame.notna().mean() >= min_share) & (frame.nunique() > 1)]
    return frame[known].fillna(frame[known].median())


def _season(days, runs, orders):
    """Share of the orders in the strongest months in a row, over the turn of the year as well."""
    month = days["date"].dt.month.to_numpy() - 1
    counts = np.bincount(runs.codes * 12 + month, minlength=12 * len(orders)).reshape(-1, 12)
    windows = sum(np.roll(counts, -shift, axis=1) for shift in range(SEASON))
    best = pd.Series(windows.max(axis=1, initial=0), index=orders.index)
    return (best + _PRIOR_ORDERS * SEASON / 12) / (orders + _PRIOR_ORDERS)


def _returned(rows, customers):
    back, amounts = rows["is_return"].to_numpy(), rows["amount"].to_numpy()
    runs = Runs(rows["customer"].to_numpy())
    returned, ordered = (
        pd.Series(runs.sum(np.where(part, amounts, 0.0)), index=runs.names).reindex(customers)
        for part in (back, ~back)
    )
    return (returned.abs() / ordered.where(ordered > 0)).clip(0, 1).fillna(0.0)
