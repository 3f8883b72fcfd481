"""Orders and tables as callers give them: messages name the column, how many values, and why."""

from collections.abc import Hashable
from numbers import Number

import numpy as np
import pandas as pd

from ._validation import require_columns

# What pandas calls columns of values that are not of one kind.
MIXED_KINDS = ("mixed", "mixed-integer")
# Letters of a wrong value that a message shows.
_TOLD = 80


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
    if not X.shape[1]:
        raise ValueError(f"{what} has no columns: there is nothing to learn or to tell from.")
    named = X.set_axis(X.columns.astype(str), axis=1)
    unique_columns(named, what)
    return named


def select_columns(X, names, what="X"):
    """Return these columns of a DataFrame in this order, whatever else it holds."""
    named = as_table(X, what)
    require_columns(named, names, what)
    return named[list(names)]


def as_customers(values, name, what="orders"):
    """Return a column of customers, which must be of one kind to be sorted; some may be missing.

    Raises
    ------
    ValueError
        If some are texts and others are not, or values are lists or the like.
    """
    if values.dtype != object or pd.api.types.infer_dtype(values) not in MIXED_KINDS:
        return values
    known = values.notna()
    lists = values.map(lambda value: not isinstance(value, Hashable)).astype(bool)
    refuse(values, lists, name, what, "lists or the like, not customers")
    texts = known & values.map(lambda value: isinstance(value, str)).astype(bool)
    if texts.any() and texts.sum() < known.sum():
        others = known & ~texts
        few_texts = texts.sum() <= others.sum()
        cause = "texts, where others are not" if few_texts else "no texts, where others are"
        refuse(values, texts if few_texts else others, name, what, cause)
    return values


def as_outcomes(y, name="y"):
    """Return outcomes, each 0 or 1, as floats.

    Raises
    ------
    ValueError
        If there is more than one column, or values are missing or anything else.
    """
    if np.ndim(y) != 1:
        raise ValueError(f"{name} must be one column, but has shape {np.shape(y)}.")
    values = pd.Series(y).reset_index(drop=True)
    if values.dtype == object or not pd.api.types.is_numeric_dtype(values):
        known = values.map(lambda value: isinstance(value, (Number, np.bool_)) and value in (0, 1))
    else:
        known = values.isin((0, 1)).fillna(False)
    refuse(values, ~known.astype(bool), name, "", "neither 0 nor 1")
    return values.astype(float).to_numpy()


def as_amounts(values, name, what="orders"):
    """Return a column of amounts as floats; missing ones stay missing.

    Raises
    ------
    ValueError
        If values are not numbers, or infinite.
    """
    if values.dtype.kind in "Oc":
        told = values.map(lambda value: isinstance(value, complex))
        refuse(values, told, name, what, "complex numbers")
    try:
        amounts = values.astype(float)
    except (TypeError, ValueError, OverflowError):
        huge = values.map(_is_beyond_floats).astype(bool)
        refuse(values, huge, name, what, "too large to reckon with")
        amounts = pd.to_numeric(values, errors="coerce").astype(float)
        refuse(values, amounts.isna() & values.notna(), name, what, "not numbers")
    refuse(values, np.isinf(amounts), name, what, "infinite")
    return amounts


def _is_beyond_floats(value):
    try:
        float(value)
    except OverflowError:
        return True
    except (TypeError, ValueError):
        return False
    return False


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
    refuse(values, counted & values.isna(), name, what, "missing")
    if not pd.api.types.is_bool_dtype(values):
        known = values.map(lambda value: isinstance(value, (bool, np.bool_)) or value in (0, 1))
        refuse(values, counted & ~known.astype(bool), name, what, "neither true nor false")
    return values.where(counted, False).astype(bool)


def refuse(values, wrong, name, what, cause):
    """Raise ValueError that names the column, how many values are wrong, the first and why.

    Parameters
    ----------
    values : Series of shape (n,)
    wrong : array-like of bool, shape (n,)
    name, what : str
        Of the column and the table; an empty `what` is left out.
    cause : str
        What the values are that is wrong.
    """
    wrong = np.asarray(wrong, dtype=bool)
    if wrong.any():
        row = int(np.argmax(wrong))
        first = values.iloc[row]
        told = repr(first.item() if isinstance(first, np.generic) else first)
        told = told if len(told) <= _TOLD else f"{told[:_TOLD]}..."
        raise ValueError(
            f"{what}{': ' * bool(what)}{name} has {int(wrong.sum())} value(s) that are {cause}; "
            f"the first is {told} in row {row}."
        )
