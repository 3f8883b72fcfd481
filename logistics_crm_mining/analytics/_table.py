"""From a table of mixed columns to a matrix of numbers, remembering whose column each one is."""

from numbers import Number

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ._boundary import MIXED_KINDS

OTHER, MISSING = "(other)", "(missing)"
# What pandas calls objects that are categories, and those that are dates and the like.
TEXT_KINDS = ("string", "categorical", "bytes")
DATE_KINDS = ("date", "datetime", "datetime64", "period", "time", "timedelta", "timedelta64")
# A column of amounts or days whose skewness is above this is looked at on a logarithmic scale.
SKEWED = 2.0


class TableEncoder(TransformerMixin, BaseEstimator):
    """Numbers standardised, categories as one column each, missing values said where seen.

    Numeric columns without negative values that are strongly skewed are put on a logarithmic
    scale, in units of their usual value. A missing number becomes the mean; where some were
    missing in the table fitted, a column says so. Categories seen in fewer than `min_count` rows
    are one, "(other)". What could not be learned (an unseen category, a first missing value)
    becomes the average row, and so moves no linear score.

    Parameters
    ----------
    max_categories : int, default=20
        The most frequent ones of a column that get a column of their own.
    min_count : int, default=5
        Rows that a category needs for that.

    Attributes
    ----------
    columns_ : list of dict
        For each input column its `name`, `kind` ("numeric" or "categorical") and what was learned.
    owners_ : ndarray of shape (n_outputs,)
        Which input column each output column comes from.
    means_ : ndarray of shape (n_outputs,)
        The average row.
    """

    def __init__(self, max_categories=20, min_count=5):
        self.max_categories = max_categories
        self.min_count = min_count

    def fit(self, X, y=None):
        """Learn scales and categories of a DataFrame."""
        self.columns_ = [self._learn(name, X.iloc[:, at]) for at, name in enumerate(X.columns)]
        widths = [_width(column) for column in self.columns_]
        self.owners_ = np.repeat(np.arange(len(widths)), widths)
        self.means_ = np.zeros(len(self.owners_))
        self.means_ = self.transform(X).mean(axis=0)
        return self

    def transform(self, X):
        """Return the table as a float array of shape (n, n_outputs)."""
        result = np.empty((len(X), len(self.owners_)))
        low = 0
        for at, column in enumerate(self.columns_):
            high = low + _width(column)
            encode = _numbers if column["kind"] == "numeric" else _categories
            encode(column, X.iloc[:, at], self.means_[low:high], result[:, low:high])
            low = high
        return result

    def _learn(self, name, values):
        numbers = as_numbers(name, values)
        if numbers is None:
            return {"name": str(name), "kind": "categorical", "levels": self._levels(values)}
        known = numbers[~np.isnan(numbers)]
        log = bool(len(known) and known.min() >= 0 and _skewness(known) > SKEWED)
        unit = _unit(known) if log else 1.0
        known = np.log1p(known / unit) if log else known
        scale = float(known.std()) if len(known) else 0.0
        center = float(known.mean()) if len(known) else 0.0
        return {
            "name": str(name),
            "kind": "numeric",
            "log": log,
            "unit": unit,
            "center": center,
            "scale": scale if scale > 1e-12 * max(abs(center), 1e-12) else 1.0,
            "missing": 0 < len(known) < len(numbers),
        }

    def _levels(self, values):
        counts = as_labels(values).value_counts()
        counts = counts.iloc[np.lexsort((counts.index, -counts.to_numpy()))]
        kept = counts[counts >= self.min_count].index[: self.max_categories].tolist()
        return kept + [OTHER] * (len(kept) < len(counts))


def as_numbers(name, values):
    """Return a column as floats with NaN, or None if it holds categories.

    Objects of several kinds, such as codes of which some are texts and some are numbers, are
    categories unless all are numbers.
    """
    if isinstance(values.dtype, pd.CategoricalDtype | pd.StringDtype):
        return None
    refuse_dates(name, values)
    if values.dtype == object:
        kind = pd.api.types.infer_dtype(values, skipna=True)
        if kind in TEXT_KINDS or (kind in MIXED_KINDS and not _all_numbers(values)):
            return None
    if pd.api.types.is_complex_dtype(values):
        raise ValueError(f"Complex data not supported: {name} holds complex numbers.")
    try:
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must hold numbers or texts: {error}.") from error
    infinite = int(np.isinf(numbers).sum())
    if infinite:
        raise ValueError(f"{name} has {infinite} value(s) that are infinite (inf).")
    return numbers


def refuse_dates(name, values):
    """Raise ValueError if a column holds dates, moments or durations, of whichever type."""
    if pd.api.types.infer_dtype(values, skipna=True) in DATE_KINDS:
        raise ValueError(f"{name} holds dates: give days before the cut-off instead.")


def as_labels(values):
    """Return a column of categories as texts, missing ones as `MISSING`."""
    return values.astype(object).where(values.notna(), MISSING).astype(str)


def _width(column):
    return 1 + column["missing"] if column["kind"] == "numeric" else len(column["levels"])


def _numbers(column, values, means, out):
    numbers = as_numbers(column["name"], values)
    if numbers is None:
        raise ValueError(f"{column['name']} held numbers when the model was fitted, but now texts.")
    if column["log"]:
        # models stored before there were units have none
        numbers = np.log1p(np.maximum(numbers, 0) / column.get("unit", 1.0))
    missing = np.isnan(numbers)
    out[:, 0] = np.where(missing, 0.0, (numbers - column["center"]) / column["scale"])
    if column["missing"]:
        out[:, 1] = missing


def _categories(column, values, means, out):
    levels = pd.Index(column["levels"])
    place = levels.get_indexer(as_labels(values))
    if OTHER in levels:
        place[place < 0] = len(levels) - 1
    out[:] = place[:, None] == np.arange(len(levels))
    out[place < 0] = means


def _all_numbers(values):
    return values.dropna().map(lambda value: isinstance(value, Number)).all()


def _unit(values):
    """Return the median of what is above 0, so that a column in days, hours or seconds is alike.

    Of plain seconds, the logarithm would tell 0 from 1 better than 10 from 10,000.
    """
    above = values[values > 0]
    return float(np.median(above)) if len(above) else 1.0


def _skewness(values):
    deviation = values - values.mean()
    spread = values.std()
    return float((deviation**3).mean() / spread**3) if spread > 0 else 0.0
