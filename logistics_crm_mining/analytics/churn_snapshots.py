"""Customers as they were at earlier cut-offs, and what became of them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ._boundary import as_table
from .churn_features import churn_features, stayed_away
from .leakage import find_late, refuse_leaks
from .verdict import require_enough

MIN_CUSTOMERS, MIN_PER_OUTCOME = 30, 10
STRANGERS = 10  # of so many one should be a customer


def describe_customers(rows, cutoff, horizon, active_days, extra=None):
    """Return what is known at a cut-off of the customers who are not gone already.

    Parameters
    ----------
    rows : DataFrame
        From `prepare_orders`.
    cutoff : Timestamp
    horizon, active_days, extra
        As of `ChurnModel`.

    Returns
    -------
    DataFrame
        Indexed by customer: the columns of `CHURN_FEATURES` and of `extra`.

    Raises
    ------
    LeakageError
        If `extra` tells of dates after the cut-off.
    ValueError
        If `extra` gives no table of its own columns, with a row for each of our customers.
    """
    frame = churn_features(rows, cutoff, horizon)
    frame = frame[frame["days_since_last"] <= active_days]
    if extra is None:
        return frame
    more, as_of = read_extra(extra, cutoff)
    _check_extra(more, frame, rows["customer"])
    refuse_leaks(find_late(more, as_of, cutoff))
    return frame.join(more, how="left", validate="one_to_one")


def read_extra(extra, cutoff):
    """Return what is known besides the orders at a cut-off as a table, and the dates it is as of.

    Raises
    ------
    ValueError
        If it is anything else, or has columns of one name.
    """
    found = extra(cutoff)
    pair = isinstance(found, tuple) and len(found) == 2
    more, as_of = found if pair else (found, None)
    if not isinstance(more, pd.DataFrame) or not isinstance(as_of or {}, Mapping):
        given = ", ".join(type(one).__name__ for one in (found if pair else (found,)))
        raise ValueError(
            "extra must return a DataFrame indexed by customer, or a pair of one and the dates of "
            f"its columns; it returned {given}."
        )
    if more.index.nlevels > 1:
        raise ValueError(
            f"extra is indexed by {more.index.nlevels} levels: it must be by customer alone."
        )
    if not more.shape[1]:
        return more, {}
    return as_table(more, "extra"), {str(name): days for name, days in (as_of or {}).items()}


def _check_extra(more, frame, customers):
    """Raise ValueError if what is known besides the orders cannot be put beside them."""
    if known := sorted(set(more.columns) & set(frame.columns)):
        raise ValueError(
            f"extra has {len(known)} column(s) that are made of the orders already: "
            f"{', '.join(known)}. Name them otherwise."
        )
    if repeated := int(more.index.duplicated().sum()):
        raise ValueError(
            f"extra has {repeated} row(s) of a customer that it has already told of: one row per "
            "customer is needed."
        )
    if len(more) >= STRANGERS and not more.index.isin(customers).any():
        raise ValueError(
            f"extra tells of {len(more)} customers, and none of them is among the "
            f"{customers.nunique()} of orders: its index holds values such as {more.index[0]!r} "
            f"({more.index.inferred_type}), the customers of orders are such as "
            f"{customers.iloc[0]!r} ({pd.Index(customers).inferred_type})."
        )


def earlier_cutoffs(rows, end, horizon, n_snapshots):
    """Return up to `n_snapshots` cut-offs whose outcome is complete at the end, the newest first.

    They are a third of the horizon apart, and each has a history of at least one horizon.

    Raises
    ------
    NotEnoughError
        If there are too few customers, or not even one such cut-off.
    """
    require_enough(("too_few_customers", rows["customer"].nunique(), MIN_CUSTOMERS))
    days = (end - rows["date"].min()).days
    require_enough(("too_short", days, 2 * horizon))
    back = horizon + max(horizon // 3, 1) * np.arange(n_snapshots)
    return [end - pd.Timedelta(days=int(b)) for b in back if b + horizon <= days]


def learn_snapshots(rows, cutoffs, horizon, active_days, extra=None):
    """Describe the customers at each cut-off, and say who stayed away after it.

    Returns
    -------
    X : DataFrame
        Rows of all cut-offs, the oldest first, without an index that means something.
    y : ndarray
        1 for those who stayed away.
    time : ndarray of datetime64
        The cut-off of each row.
    told : list of dict
        `cutoff` (ISO date), `customers`, `churned`, in the order of `cutoffs`.

    Raises
    ------
    NotEnoughError
        If at the first, newest cut-off there are too few of either outcome.
    """
    frames, outcomes, times, told = [], [], [], []
    for cutoff in cutoffs:
        frame = describe_customers(rows, cutoff, horizon, active_days, extra)
        y = stayed_away(rows, cutoff, horizon, frame.index)
        told.append({"cutoff": iso(cutoff), "customers": len(y), "churned": int(y.sum())})
        frames.insert(0, frame)
        outcomes.insert(0, y)
        times.insert(0, np.repeat(cutoff.to_datetime64(), len(y)))
    require_outcomes(outcomes[-1], cutoffs[0], active_days)
    X = pd.concat(frames, ignore_index=True)
    return X, np.concatenate(outcomes), np.concatenate(times), told


def require_outcomes(y, cutoff, active_days):
    """Raise NotEnoughError if there are too few customers, or too few of either outcome."""
    require_enough(
        ("too_few_active", len(y), MIN_CUSTOMERS),
        ("too_few_churned", int(y.sum()), MIN_PER_OUTCOME),
        ("too_few_kept", int(len(y) - y.sum()), MIN_PER_OUTCOME),
        days=int(active_days),
        cutoff=iso(cutoff),
    )


def iso(day):
    """Return a day as ISO date, or None."""
    return None if pd.isna(day) else day.date().isoformat()
