"""Cohorts: do customers who came at the same time stay, and what do they bring?"""

import numpy as np
import pandas as pd

from ._moments import as_day
from ._validation import require_columns
from .orders import order_days, order_rows

PERIODS = ("M", "Q", "Y")


def cohort_table(
    orders, cutoff, period="M", customer="partner_id", date="date", amount="amount", is_return=None
):
    """Activity and revenue of customers by the period of their first order.

    Parameters
    ----------
    orders : DataFrame
        As in `summarize_orders`; all rows of a customer on one day are one order, and a return
        reduces the order before it (so it counts in that order's period).
    cutoff : date-like
        Last day looked at.
    period : {"M", "Q", "Y"}, default="M"
        Calendar months, quarters or years.
    customer, date, amount, is_return : str
        Names of the columns.

    Returns
    -------
    DataFrame
        One row per `cohort` (first day of its period) and `age` (periods since, from 0 to the one
        of the cut-off): `customers` (of the cohort, the same at each age), `active` (with an order
        in that period), `active_share`, `revenue`, `revenue_per_customer` and
        `cumulated_per_customer` (per customer of the cohort, active or not), and `complete`:
        whether the period was over at the cut-off; if not, its figures will still grow.

    Raises
    ------
    ValueError
        If a column is missing, a date or amount of a row that counts is, or the period is unknown.
    """
    if period not in PERIODS:
        raise ValueError(f"period must be one of {', '.join(PERIODS)}, but is {period!r}.")
    require_columns(orders, [customer, date, amount, *([is_return] if is_return else [])], "orders")
    cutoff = as_day(cutoff)
    days = order_days(order_rows(orders, cutoff, customer, date, amount, is_return))
    end = cutoff.to_period(period)
    table = _count(days, end)
    whole = end if cutoff == end.end_time.normalize() else end - 1
    start = table.pop("cohort")
    table["complete"] = (start + table["age"]).to_numpy() <= whole.ordinal
    table.insert(0, "cohort", pd.PeriodIndex.from_ordinals(start, freq=end.freq).to_timestamp())
    return table


def _count(days, end):
    """Return the table with cohorts as numbers of periods."""
    when = days["date"].dt.to_period(end.freqstr).astype("int64").to_numpy()
    customer = pd.factorize(days["customer"])[0]
    first = np.full(customer.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, customer, when)
    cohorts, sizes = np.unique(first, return_counts=True)
    lengths = end.ordinal - cohorts + 1
    starts = np.cumsum(lengths) - lengths
    place = starts[np.searchsorted(cohorts, first[customer])] + when - first[customer]
    once = ~pd.DataFrame({"customer": customer, "place": place}).duplicated().to_numpy()
    n_rows = int(lengths.sum())
    customers = np.repeat(sizes, lengths)
    active = np.bincount(place[once], minlength=n_rows)
    revenue = np.bincount(place, weights=days["amount"], minlength=n_rows)
    table = pd.DataFrame(
        {
            "cohort": np.repeat(cohorts, lengths),
            "age": np.arange(n_rows) - np.repeat(starts, lengths),
            "customers": customers,
            "active": active,
            "active_share": active / customers,
            "revenue": revenue,
            "revenue_per_customer": revenue / customers,
        }
    )
    per_customer = table.groupby("cohort")["revenue_per_customer"]
    table["cumulated_per_customer"] = per_customer.cumsum()
    return table


def cohort_matrix(table, column="active_share", complete_only=False):
    """Lay one figure of a cohort table out as cohorts by ages, NaN where it is not known yet.

    Parameters
    ----------
    table : DataFrame
        From `cohort_table`.
    column : str, default="active_share"
    complete_only : bool, default=False
        Leave out the period that is not over.

    Returns
    -------
    DataFrame
        Indexed by `cohort`, one column per `age`.
    """
    require_columns(table, ["cohort", "age", "complete", column], "table")
    rows = table[table["complete"]] if complete_only else table
    return rows.pivot(index="cohort", columns="age", values=column)
