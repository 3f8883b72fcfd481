"""Orders and tables as callers give them: messages name the column, how many values, and why."""

import numpy as np
import pandas as pd

from ._validation import require_columns

# A date that begins with day and month, in whichever order.
SHORT_DATE = r"^\s*(\d{1,2})[-./](\d{1,2})[-./](\d{2,4})(?!\d)"


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
        Dates, moments (of a zone: its own day counts) or texts that tell a date. Texts such as
        01/02/2024 are read alike in the whole column: by day first or month first, as those tell
        of which only one can be, such as 13/02/2024.
    name, what : str
        Of the column and the table, for the message.

    Raises
    ------
    ValueError
        If values are no dates: numbers, or texts that tell none, or that contradict each other
        about whether the day or the month comes first, or none of which tells it.
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
    texts = values.astype(object)
    order = r"\2/\1/\3" if _is_day_first(values, name, what) else r"\1/\2/\3"
    told = texts.map(lambda value: isinstance(value, str)).astype(bool)
    if told.any():  # pandas reads the month first, between slashes
        texts = texts.where(~told, texts[told].str.replace(SHORT_DATE, order, regex=True))
    days = pd.to_datetime(texts, errors="coerce", format="mixed")
    _refuse(values, days.isna() & values.notna(), name, what, "no dates")
    return days if pd.api.types.is_datetime64_any_dtype(days) else pd.to_datetime(days, utc=True)


def _is_day_first(values, name, what):
    """Say whether the day comes first in texts such as 13/02/2024 of a column."""
    parts = values.astype(str).str.extract(SHORT_DATE)[[0, 1]].astype(float)
    first, second = parts[0].to_numpy(), parts[1].to_numpy()
    day_first, month_first = (first > 12) & (second <= 12), (second > 12) & (first <= 12)
    if day_first.any() and month_first.any():
        fewer = min(day_first, month_first, key=np.sum)
        clear = values[~fewer & (day_first | month_first)].iloc[0]
        cause = f"of another order of day and month than {clear!r} and the like"
        _refuse(values, fewer, name, what, cause)
    unclear = (first != second) & (first <= 12) & (second <= 12)
    if not (day_first.any() or month_first.any()):
        cause = "of an unclear order of day and month (write 2024-01-31 for January 31)"
        _refuse(values, unclear, name, what, cause)
    return bool(day_first.any())


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


def as_flags(values, name, counted, what="orders"):
    """Return a column of yes and no as booleans; False in rows that do not count.

    Parameters
    ----------
    values : Series
    counted : Series of bool
        Rows that count; whatever the others hold is not looked at.
    name, what : str
        Of the column and the table, for the message.

    Raises
    ------
    ValueError
        If values are missing, or neither true nor false (1 nor 0).
    """
    _refuse(values, counted & values.isna(), name, what, "missing")
    if not pd.api.types.is_bool_dtype(values):
        known = values.map(lambda value: isinstance(value, (bool, np.bool_)) or value in (0, 1))
        _refuse(values, counted & ~known.astype(bool), name, what, "neither true nor false")
    return values.where(counted, False).astype(bool)


def _refuse(values, wrong, name, what, cause):
    """Raise ValueError that names the column, how many values are wrong, the first and why."""
    wrong = np.asarray(wrong, dtype=bool)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(
            f"{what}: {name} has {int(wrong.sum())} value(s) that are {cause}; "
            f"the first is {values.iloc[row]!r} in row {row}."
        )
