"""Orders and tables as callers give them: messages name the column, how many values, and why."""

import numpy as np
import pandas as pd

from ._validation import require_columns


def check_orders(orders, columns, what="orders"):
    """Check that orders are a DataFrame that has the columns (None is passed over), each once."""
    require_columns(orders, [column for column in columns if column is not None], what)
    unique_columns(orders, what)


def unique_columns(frame, what):
    """Check that no two columns of a DataFrame have the same name."""
    again = frame.columns[frame.columns.duplicated()]
    if len(again):
        told = ", ".join(map(str, again.unique()))
        raise ValueError(f"{what} has more than one column of the name {told}.")


def as_table(X, what="X"):
    """Return a DataFrame whose columns are named by texts, each once."""
    require_columns(X, [], what)
    named = X.set_axis(X.columns.astype(str), axis=1)
    unique_columns(named, what)
    return named


def select_columns(X, names, what="X"):
    """Return these columns of a DataFrame in this order, whatever else it holds."""
    named = as_table(X, what)
    require_columns(named, names, what)
    return named[list(names)]


def as_days(values, name, what="orders"):
    """Return a column of dates as days without time and zone; missing ones stay missing.

    Parameters
    ----------
    values : Series
        Dates, moments (of a zone: its own day counts) or texts that tell a date.
    name, what : str
        Of the column and the table, for the message.

    Raises
    ------
    ValueError
        If values are no dates: numbers, or texts that tell none.
    """
    days = values
    if not pd.api.types.is_datetime64_any_dtype(values):
        days = _read_days(values, name, what)
    if days.dt.tz is not None:
        days = days.dt.tz_localize(None)
    return days.dt.normalize()


def _read_days(values, name, what):
    numbers = values.map(lambda value: isinstance(value, (int, float, np.number)))
    _refuse(values, numbers.astype(bool) & values.notna(), name, what, "numbers, not dates")
    days = pd.to_datetime(values.astype(object), errors="coerce", format="mixed")
    _refuse(values, days.isna() & values.notna(), name, what, "no dates")
    return days if pd.api.types.is_datetime64_any_dtype(days) else pd.to_datetime(days, utc=True)


def as_amounts(values, name, what="orders"):
    """Return a column of amounts as floats; missing ones stay missing.

    Raises
    ------
    ValueError
        If values are not numbers, or infinite.
    """
    try:
        amounts = values.astype(float)
    except (TypeError, ValueError):
        amounts = pd.to_numeric(values, errors="coerce").astype(float)
        _refuse(values, amounts.isna() & values.notna(), name, what, "not numbers")
    _refuse(values, np.isinf(amounts), name, what, "infinite")
    return amounts


def as_flags(values, name, what="orders"):
    """Return a column of yes and no as booleans.

    Raises
    ------
    ValueError
        If values are missing, or neither true nor false (1 nor 0).
    """
    _refuse(values, values.isna(), name, what, "missing")
    if pd.api.types.is_bool_dtype(values):
        return values.astype(bool)
    known = values.map(lambda value: isinstance(value, (bool, np.bool_)) or value in (0, 1))
    _refuse(values, ~known.astype(bool), name, what, "neither true nor false")
    return values.astype(bool)


def _refuse(values, wrong, name, what, cause):
    """Raise ValueError that names the column, how many values are wrong, the first and why."""
    wrong = np.asarray(wrong, dtype=bool)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(
            f"{what}: {name} has {int(wrong.sum())} value(s) that are {cause}; "
            f"the first is {values.iloc[row]!r} in row {row}."
        )
