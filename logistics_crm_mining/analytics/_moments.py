"""Dates, moments and points in order as callers give them, read alike wherever they come in."""

from datetime import date
from numbers import Number

import numpy as np
import pandas as pd

from ._boundary import refuse

# A date that begins with day and month, in whichever order.
SHORT_DATE = r"^\s*(\d{1,2})[-./](\d{1,2})[-./](\d{2,4})(?!\d)"
# What begins like a whole date, or a month: without this, pandas adds what is missing of today.
WHOLE_DATE = r"\s*(?:\d{8}(?!\d)|\d{4}-\d\d\s*$|\w+[\s,./-]+\w+[\s,./-]+\w+)"
# The zone at the end of a moment.
ZONE = r"(:\d\d(?:[.,]\d+)?)\s*(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\s*$"
NUMBER = r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*"
DAY_OF_DIGITS = r"\s*\d{8}\s*"


def as_day(value, name="cutoff"):
    """Return one date as a Timestamp without time and zone.

    Parameters
    ----------
    value : date-like
        A date, a moment (of a zone: its own day counts), or a text that tells a date.
    name : str
        For the message.

    Raises
    ------
    ValueError
        If it is missing, a number, or a text that tells no date or not surely one.
    """
    if not isinstance(value, (str, date, np.datetime64)) and value is not pd.NaT:
        if value is None or (isinstance(value, Number) and pd.isna(value)) or value is pd.NA:
            raise ValueError(f"{name} is missing: a date is needed.")
        what = "a number, not a date" if isinstance(value, Number) else "not a date"
        raise ValueError(f"{name} is {value!r}, {what}: write 2024-01-31 for January 31, 2024.")
    if isinstance(value, str):
        try:
            return as_days(pd.Series([value], dtype=object), name, "").iloc[0]
        except ValueError as error:
            raise ValueError(
                f"{name} is {value!r}, which tells no date, or not clearly which: write 2024-01-31 "
                "for January 31, 2024."
            ) from error
    if pd.isna(value):
        raise ValueError(f"{name} is missing: a date is needed.")
    return pd.Timestamp(value).tz_localize(None).normalize()


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
        days = _read_moments(values, name, what, _forget_zones)
    if days.dt.tz is not None:
        days = days.dt.tz_localize(None)
    return days.dt.normalize()


def as_times(name, values, missing_allowed=False):
    """Return points in time, or any numbers that tell an order, as an array that is ordered so.

    Parameters
    ----------
    name : str
        For the message.
    values : array-like of shape (n,) or scalar
        Numbers, or dates, moments and texts that tell them as of `as_days`; of a zone: what the
        clock said in UTC then.
    missing_allowed : bool, default=False
        Whether NaN and NaT are let pass.

    Returns
    -------
    ndarray of shape (n,)
        Of numbers, datetime64 or timedelta64; shape (1,) for a scalar.

    Raises
    ------
    ValueError
        If values are missing, infinite, not of one kind, or texts that tell no date: texts that
        tell numbers are none, since it is unclear how they are ordered.
    """
    if values is None:
        raise ValueError(f"{name} is missing: give a number or a date for each row.")
    column = _as_column(name, values)
    if not missing_allowed:
        refuse(column, column.isna(), name, "", "missing")
    times = _to_one_kind(column, name)
    if times.dtype.kind == "f":
        refuse(column, np.isinf(times), name, "", "infinite")
    return times


def as_times_of_rows(time, outcome_time=None):
    """Return both as arrays of `as_times`; None stays None for `outcome_time`.

    Raises
    ------
    ValueError
        As of `as_times`, or if one holds dates and the other numbers.
    """
    time = as_times("time", time)
    known = None if outcome_time is None else as_times("outcome_time", outcome_time)
    require_one_scale(time=time, outcome_time=known)
    return time, known


def require_one_scale(**times):
    """Check that arrays of `as_times` (None is passed over) are all of dates, or all of numbers."""
    kinds = {name: values.dtype.kind for name, values in times.items() if values is not None}
    if len(set(kinds.values()) & set("Mm")) and len(set(kinds.values())) > 1:
        told = {"M": "dates", "m": "durations"}
        listed = ", ".join(f"{name} holds {told.get(k, 'numbers')}" for name, k in kinds.items())
        raise ValueError(f"{listed}: they must be alike to be compared.")


def _as_column(name, values):
    """Return the values as a Series with rows from 0."""
    if np.ndim(values) > 1:
        shape = np.shape(values)
        raise ValueError(f"{name} must be one-dimensional, but has shape {shape}.")
    column = pd.Series([values] if np.ndim(values) == 0 else values)
    return column.reset_index(drop=True)


def _to_one_kind(column, name):
    """Return an array of numbers, moments without a zone (UTC) or durations."""
    types = pd.api.types
    refuse(column, column.map(lambda one: isinstance(one, complex)), name, "", "complex numbers")
    if types.is_numeric_dtype(column):
        return (
            column.to_numpy(dtype=float, na_value=np.nan) if column.hasnans else column.to_numpy()
        )
    if isinstance(column.dtype, pd.PeriodDtype):
        return column.dt.to_timestamp().to_numpy()
    if types.is_timedelta64_dtype(column):
        return column.to_numpy()
    if not types.is_datetime64_any_dtype(column):
        column = column.astype(object)
        known = column.notna()
        numbers = column.map(lambda value: isinstance(value, Number)).astype(bool) & known
        if numbers.any() and numbers.sum() == known.sum():
            return column.where(known, np.nan).to_numpy(dtype=float)
        refuse(column, numbers, name, "", "numbers, where others are not")
        _refuse_numbers_as_texts(column, name)
        column = _read_moments(column, name, "", _to_utc)
    if column.dt.tz is not None:
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    return column.to_numpy()


def _refuse_numbers_as_texts(column, name):
    texts = column[column.map(lambda value: isinstance(value, str)).astype(bool)]
    told = texts.str.fullmatch(NUMBER) & ~texts.str.fullmatch(DAY_OF_DIGITS)
    cause = "numbers written as texts (give them as numbers)"
    refuse(column, told.reindex(column.index, fill_value=False), name, "", cause)


def _read_moments(values, name, what, settle_zones):
    """Return dates and texts as moments; what to do with zones is the caller's to say."""
    numbers = values.map(lambda value: isinstance(value, Number))
    refuse(values, numbers.astype(bool) & values.notna(), name, what, "numbers, not dates")
    texts = values.astype(object)
    order = r"\2/\1/\3" if _is_day_first(values, name, what) else r"\1/\2/\3"
    told = texts.map(lambda value: isinstance(value, str)).astype(bool)
    if told.any():
        whole = texts[told].str.match(WHOLE_DATE)
        # pandas reads the month first, between slashes
        read = texts[told].str.replace(SHORT_DATE, order, regex=True).where(whole, None)
        texts = texts.where(~told, read)
    moments = settle_zones(texts)
    refuse(values, moments.isna() & values.notna(), name, what, "no dates")
    return moments


def _forget_zones(texts):
    """Return what calendar and clock said where it was."""
    told = texts.map(lambda value: isinstance(value, str)).astype(bool)
    if told.any():
        texts = texts.where(~told, texts[told].str.replace(ZONE, r"\1", regex=True))
    zoned = texts.map(lambda value: getattr(value, "tzinfo", None) is not None).astype(bool)
    if zoned.any():
        plain = texts[zoned].map(lambda value: value.replace(tzinfo=None))
        texts = texts.where(~zoned, plain.astype(object))
    return pd.to_datetime(texts, errors="coerce", format="mixed")


def _to_utc(texts):
    return pd.to_datetime(texts, errors="coerce", format="mixed", utc=True)


def _is_day_first(values, name, what):
    """Say whether the day comes first in texts such as 13/02/2024 of a column."""
    parts = values.astype(str).str.extract(SHORT_DATE)[[0, 1]].astype(float)
    first, second = parts[0].to_numpy(), parts[1].to_numpy()
    day_first, month_first = (first > 12) & (second <= 12), (second > 12) & (first <= 12)
    if day_first.any() and month_first.any():
        fewer = min(day_first, month_first, key=np.sum)
        clear = values[~fewer & (day_first | month_first)].iloc[0]
        cause = f"of another order of day and month than {clear!r} and the like"
        refuse(values, fewer, name, what, cause)
    unclear = (first != second) & (first <= 12) & (second <= 12)
    if not (day_first.any() or month_first.any()):
        cause = "of an unclear order of day and month (write 2024-01-31 for January 31)"
        refuse(values, unclear, name, what, cause)
    return bool(day_first.any())
