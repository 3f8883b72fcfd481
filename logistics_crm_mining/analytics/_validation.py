"""Checks of what callers pass in. Every message names the column and what is wrong with it."""

from numbers import Integral, Real

import numpy as np
import pandas as pd

MAX_FREQUENCY = 10_000_000


def as_column(name, values):
    """Return `values` as a one-dimensional float array without NaN or infinity.

    Parameters
    ----------
    name : str
        What the message calls the column.
    values : array-like of shape (n,) or scalar
        List, tuple, array or pandas Series of any numeric type.

    Raises
    ------
    ValueError
        If the values are not numbers, not one-dimensional, missing or infinite.
    """
    column = _to_float(name, values)
    if column.ndim > 1:
        raise ValueError(f"{name} must be one-dimensional, but has shape {column.shape}.")
    forbid(name, ~np.isfinite(column), column, "missing or infinite")
    return column


def forbid(name, wrong, column, what):
    """Raise ValueError naming the first of the `wrong` values of a column, if there is one."""
    if not np.any(wrong):
        return
    wrong = np.atleast_1d(wrong)
    row = int(np.argmax(wrong))
    value = np.broadcast_to(column, wrong.shape)[row]
    count = int(wrong.sum())
    raise ValueError(
        f"{name} has {count} value(s) that are {what}; the first is {value:g} in row {row}."
    )


def same_length(**columns):
    """Check that all columns given (None is skipped) have the same, positive, length."""
    lengths = {name: np.size(column) for name, column in columns.items() if column is not None}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"All columns must have the same length, but {told} values.")
    if not min(lengths.values()):
        raise ValueError(f"{', '.join(lengths)}: there are no customers, the columns are empty.")


def check_frequency(frequency):
    """Return the counts of repeat orders as floats: whole numbers from 0 upwards."""
    frequency = as_column("frequency", frequency)
    forbid("frequency", frequency < 0, frequency, "negative")
    forbid("frequency", frequency % 1 != 0, frequency, "not a whole number")
    forbid("frequency", frequency > MAX_FREQUENCY, frequency, f"above {MAX_FREQUENCY:,}")
    return frequency


def check_history(frequency, recency, T):
    """Return the three columns of an order history as float arrays, or say what is wrong.

    Parameters
    ----------
    frequency : array-like of shape (n,)
        Number of repeat orders (orders after the first), whole numbers.
    recency : array-like of shape (n,)
        Time from the first order to the last one; 0 where there is no repeat order.
    T : array-like of shape (n,)
        Time from the first order to the end of the observation, in the unit of `recency`.

    Raises
    ------
    ValueError
        Naming the column, the kind of error, the number of such rows and the first of them.
    """
    frequency = check_frequency(frequency)
    recency, T = as_column("recency", recency), as_column("T", T)
    forbid("recency", recency < 0, recency, "negative")
    forbid("T", T < 0, T, "negative")
    forbid("recency", recency > T, recency, "greater than T")
    forbid("recency", (frequency == 0) & (recency > 0), recency, "above 0 though frequency is 0")
    forbid("T", (frequency > 0) & (T == 0), T, "0 though frequency is above 0")
    return frequency, recency, T


def check_spend(frequency, monetary):
    """Return the two columns as floats; monetary where frequency is 0 is not looked at."""
    frequency = check_frequency(frequency)
    monetary = _to_float("monetary", monetary)
    if not monetary.ndim or monetary.shape == frequency.shape:
        monetary = np.where(frequency > 0, monetary, 1.0)
    return frequency, as_column("monetary", monetary)


def check_weights(weights, like):
    """Return `weights` (number of customers per row) as floats; ones if there are none."""
    if weights is None:
        return np.ones(np.shape(like))
    weights = as_column("weights", weights)
    forbid("weights", weights < 0, weights, "negative")
    if not weights.sum():
        raise ValueError("weights are all 0: there are no customers.")
    return weights


def check_share(name, share):
    """Check that a parameter is a share between 0 and 1."""
    if not isinstance(share, Real) or not 0 < share < 1:
        raise ValueError(f"{name} must be a share between 0 and 1, but is {share!r}.")


def check_count(name, count):
    """Check that a parameter is a whole number above 0."""
    if not isinstance(count, Integral) or isinstance(count, bool) or count < 1:
        raise ValueError(f"{name} must be a whole number above 0, but is {count!r}.")


def require_columns(frame, columns, what="frame"):
    """Check that a DataFrame has the columns named."""
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"{what} must be a pandas DataFrame, but is a {type(frame).__name__}.")
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(
            f"{what} lacks the column(s) {', '.join(map(str, missing))}; it has "
            f"{', '.join(map(str, frame.columns)) or 'none'}."
        )


def _to_float(name, values):
    try:
        if isinstance(values, pd.Series | pd.Index):
            return values.to_numpy(dtype=float, na_value=np.nan)
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} must hold numbers: {error}.") from error
