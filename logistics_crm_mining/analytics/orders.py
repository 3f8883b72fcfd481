"""From order lines to one row per customer."""

import numpy as np
import pandas as pd

from ._boundary import as_amounts, as_customers, as_flags, check_orders
from ._moments import as_day, as_days
from ._runs import Runs

DAYS_PER_UNIT = {"D": 1.0, "W": 7.0, "M": 365.25 / 12}
UNITS_PER_YEAR = {unit: 365.25 / days for unit, days in DAYS_PER_UNIT.items()}
ORDER = ("customer", "date", "is_return")  # of rows
SUMMARY_COLUMNS = [
    "frequency",
    "recency",
    "T",
    "monetary",
    "orders",
    "revenue",
    "average_order",
    "first_date",
    "last_date",
    "days_since_first",
    "days_since_last",
]


def summarize_orders(
    orders, cutoff, unit="W", customer="partner_id", date="date", amount="amount", is_return=None
):
    """Summarise order rows into one row per customer, looking at nothing after the cut-off.

    All rows of a customer on one day are one order, as in Fader, Hardie and Lee.

    Parameters
    ----------
    orders : DataFrame
        One row per order, order line or day. Rows without a customer are left out.
    cutoff : date-like
        Last day of the observation.
    unit : {"D", "W", "M"}, default="W"
        Unit of `recency` and `T`: days, weeks, months of 30.4 days.
    customer, date, amount : str
        Names of the columns.
    is_return : str, optional
        Name of a boolean column: such rows are no orders; their (negative) amounts reduce the order
        of the customer before them. Returns without an order before them are left out.

    Returns
    -------
    DataFrame
        Indexed by customer, sorted, with the columns of `SUMMARY_COLUMNS`: `frequency` (orders
        after the first), `recency` (first to last order), `T` (first order to cut-off), `monetary`
        (mean amount of the orders after the first, 0 without one), `orders`, `revenue`,
        `average_order`, `first_date`, `last_date`, and whole days since the first and the last
        order.

    Raises
    ------
    ValueError
        If a column is missing, a date or amount of a row that counts is, or the unit is unknown.
    """
    if unit not in DAYS_PER_UNIT:
        raise ValueError(f"unit must be one of {', '.join(DAYS_PER_UNIT)}, but is {unit!r}.")
    cutoff = as_day(cutoff)
    rows = order_rows(orders, cutoff, customer, date, amount, is_return)
    return _per_customer(order_days(rows), cutoff, DAYS_PER_UNIT[unit], customer)


def order_rows(orders, cutoff, customer, date, amount, is_return):
    """Return the rows that count as a frame of plain columns."""
    check_orders(orders, [customer, date, amount, is_return])
    known = orders[customer].notna()
    rows = pd.DataFrame(
        {
            "customer": as_customers(orders[customer], customer),
            "date": as_days(orders[date], date),
            "amount": as_amounts(orders[amount], amount),
            "is_return": as_flags(orders[is_return], is_return, known) if is_return else False,
        }
    )
    rows = rows[known]
    for column in ("date", "amount"):
        if rows[column].isna().any():
            count = int(rows[column].isna().sum())
            raise ValueError(f"orders: {column} is missing in {count} row(s) with a customer.")
    return _in_order(rows[rows["date"] <= cutoff])


def _in_order(rows):
    """Return the rows by customer and day, on each day orders before returns."""
    keys = [rows[name].to_numpy() for name in ("customer", "date", "is_return")]
    later = np.zeros(max(len(rows) - 1, 0), dtype=bool)
    for key in reversed(keys):  # what comes first decides, what comes after it where that is equal
        later = (key[1:] > key[:-1]) | ((key[1:] == key[:-1]) & (later | (key is keys[2])))
    if later.all():
        return rows
    return rows.sort_values(list(ORDER), kind="stable", ignore_index=True)


def order_days(rows):
    """Return one row per customer and day with orders; returns reduce the order before them.

    Parameters
    ----------
    rows : DataFrame
        From `order_rows`, or a part of it.
    """
    customer, date, back = (rows[name].to_numpy() for name in ORDER)
    amount = rows["amount"].to_numpy()
    fresh = np.ones(len(rows), dtype=bool)  # first of a customer
    fresh[1:] = customer[1:] != customer[:-1]
    opens = fresh.copy()
    opens[1:] |= date[1:] != date[:-1]
    # on each day orders come before returns: a return opens a day only if there is no order
    opens &= ~back
    if not opens.all():
        amount = _net_amounts(amount, fresh, opens)
    return pd.DataFrame({"customer": customer[opens], "date": date[opens], "amount": amount})


def _net_amounts(amount, fresh, opens):
    """Add up what belongs to each order; returns before a customer's first order are left out."""
    opened = np.cumsum(opens)
    before = (opened - opens)[np.flatnonzero(fresh)]
    kept = opened > np.repeat(before, np.diff(np.flatnonzero(fresh), append=len(fresh)))
    starts = np.flatnonzero(opens[kept])
    return np.add.reduceat(amount[kept], starts) if len(starts) else amount[:0]


def _per_customer(days, cutoff, days_per_unit, name):
    runs = Runs(days["customer"].to_numpy())
    date, amount = days["date"].to_numpy(), days["amount"].to_numpy()
    frame = pd.DataFrame(
        {
            "orders": runs.sizes,
            "revenue": runs.sum(amount),
            "first_amount": runs.first(amount),
            "first_date": runs.first(date),
            "last_date": runs.last(date),
        },
        index=pd.Index(runs.names),
    )
    frequency = frame["orders"] - 1
    repeat = (frame["revenue"] - frame["first_amount"]) / frequency.where(frequency > 0)
    frame["frequency"] = frequency
    frame["monetary"] = repeat.fillna(0.0)
    frame["average_order"] = frame["revenue"] / frame["orders"]
    frame["days_since_first"] = (cutoff - frame["first_date"]).dt.days
    frame["days_since_last"] = (cutoff - frame["last_date"]).dt.days
    frame["T"] = frame["days_since_first"] / days_per_unit
    frame["recency"] = (frame["last_date"] - frame["first_date"]).dt.days / days_per_unit
    return frame.rename_axis(name)[SUMMARY_COLUMNS]
