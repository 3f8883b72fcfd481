"""From a table of mixed columns to a matrix of numbers, remembering whose column each one is."""

from numbers import Number

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression

from ._boundary import MIXED_KINDS, refuse
from ._many_levels import learn_many

OTHER, MISSING = "(other)", "(missing)"
# What pandas calls objects that are categories, and those that are dates and the like.
TEXT_KINDS = ("string", "categorical", "bytes")
DATE_KINDS = ("date", "datetime", "datetime64", "period", "time", "timedelta", "timedelta64")
# The squares of greater numbers are none.
MOST = 1e150
# One value for each row is needed; these hold several.
LISTS = (list, tuple, dict, set, frozenset, np.ndarray, pd.Series)
# A column of amounts or days whose skewness is above this is looked at on a logarithmic scale.
SKEWED = 2.0
# A column moves where so many newer rows, beyond chance, are outside what older ones were.
_MOVED, _MOVED_ROWS = 0.05, 10


class TableEncoder(TransformerMixin, BaseEstimator):
    """Numbers standardised, categories as columns or effects, missing values said where seen.

    Numeric columns without negative values that are strongly skewed are put on a logarithmic
    scale, in units of their usual value. All are kept within what was seen, since nobody knows
    whether a line goes on beyond; a column that moves with time, such as a rate of interest, may go
    as far again. A missing number becomes the mean; where some were missing in the table fitted, a
    column says so.

    Few categories are a column each, those seen in fewer than `min_count` rows one, "(other)".
    A column of many categories becomes one of effects in log-odds, drawn towards nothing as far as
    chance goes (see `learn_many`); without outcomes, its most frequent categories count alone. What
    could not be learned (an unseen category, a first missing value) becomes the average row, and so
    moves no linear score; of many categories, the chance that they have on average.

    Parameters
    ----------
    max_categories : int, default=20
        A column of more is one of many categories.
    min_count : int, default=5
        Rows that a category needs for a column of its own.

    Attributes
    ----------
    columns_ : list of dict
        For each input column its `name`, `kind` ("numeric", "categorical" or "many") and what was
        learned.
    owners_ : ndarray of shape (n_outputs,)
        Which input column each output column comes from.
    means_ : ndarray of shape (n_outputs,)
        The average row.
    """

    def __init__(self, max_categories=20, min_count=5):
        self.max_categories = max_categories
        self.min_count = min_count

    def fit(self, X, y=None, time=None):
        """Learn scales, categories and, where there are outcomes, effects of a DataFrame."""
        self.fit_transform(X, y, time)
        return self

    def fit_transform(self, X, y=None, time=None):
        """Learn, and return the table from which a model may learn.

        It differs from `transform` in columns of many categories: each row has the effect that
        other rows tell, so that none gives its own outcome away.
        """
        known = y is not None, time
        self.columns_ = [
            self._learn(name, X.iloc[:, at], *known) for at, name in enumerate(X.columns)
        ]
        widths = [_width(column) for column in self.columns_]
        self.owners_ = np.repeat(np.arange(len(widths)), widths)
        self.means_ = np.zeros(len(self.owners_))
        Z = self.transform(X)
        self.means_ = Z.mean(axis=0)
        many = [at for at, column in enumerate(self.columns_) if column["kind"] == "many"]
        if many:
            self._learn_effects(X, np.asarray(y, dtype=float), Z, many)
        return Z

    def transform(self, X):
        """Return the table as a float array of shape (n, n_outputs)."""
        result = np.empty((len(X), len(self.owners_)))
        low = 0
        for at, column in enumerate(self.columns_):
            high = low + _width(column)
            encode = _ENCODERS[column["kind"]]
            encode(column, X.iloc[:, at], self.means_[low:high], result[:, low:high])
            low = high
        return result

    def _learn_effects(self, X, y, Z, many):
        """Learn columns of many categories one after the other, beside all that is known before."""
        known = LogisticRegression(max_iter=1000).fit(Z, y)
        margin = known.decision_function(Z)
        coded = {at: pd.factorize(as_labels(X.iloc[:, at]), sort=True) for at in many}
        for at in sorted(many, key=lambda at: len(coded[at][1])):
            codes, labels = coded[at]
            effects, unseen, level, new = learn_many(codes, y, margin)
            place = int(np.flatnonzero(self.owners_ == at)[0])
            Z[:, place] = unseen
            margin += unseen + level
            told = effects != 0
            self.columns_[at]["levels"] = labels.to_numpy(dtype=str)[told]
            self.columns_[at]["effects"] = effects[told]
            self.columns_[at]["unseen"] = new
            self.means_[place] = effects[codes].mean()

    def _learn(self, name, values, with_outcomes, time):
        numbers = as_numbers(name, values)
        if numbers is None:
            counts = as_labels(values).value_counts()
            if with_outcomes and len(counts) > self.max_categories:
                nothing = {"levels": np.array([], dtype=str), "effects": np.array([])}
                return {"name": str(name), "kind": "many", **nothing}
            return {"name": str(name), "kind": "categorical", "levels": self._levels(counts)}
        return {"name": str(name), "kind": "numeric", **_learn_numbers(numbers, time)}

    def _levels(self, counts):
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
        if kind in MIXED_KINDS:
            refuse_lists(name, values)
        if kind in TEXT_KINDS or (kind in MIXED_KINDS and not _all_numbers(values)):
            return None
    if pd.api.types.is_complex_dtype(values):
        raise ValueError(f"Complex data not supported: {name} holds complex numbers.")
    try:
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} must hold numbers or texts: {error}.") from error
    infinite = int(np.isinf(numbers).sum())
    if infinite:
        raise ValueError(f"{name} has {infinite} value(s) that are infinite (inf).")
    huge = int((np.abs(numbers) > MOST).sum())
    if huge:
        raise ValueError(f"{name} has {huge} value(s) beyond {MOST:g}: too large to reckon with.")
    return numbers


def refuse_lists(name, values):
    """Raise ValueError if values of a column hold several values each."""
    if values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) in MIXED_KINDS:
        lists = values.map(lambda value: isinstance(value, LISTS)).astype(bool)
        refuse(values, lists, str(name), "", "lists or the like, not numbers or texts")


def refuse_dates(name, values):
    """Raise ValueError if a column holds dates, moments or durations, of whichever type."""
    if pd.api.types.infer_dtype(values, skipna=True) in DATE_KINDS:
        raise ValueError(f"{name} holds dates: give days before the cut-off instead.")


def as_labels(values):
    """Return a column of categories as texts, missing ones as `MISSING`.

    Whole numbers are the same whether they come as integers or not: one missing value turns all
    ids of a column of pandas into floats.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        kinds = as_labels(pd.Series(values.cat.categories, dtype=object)).to_numpy()
        told = np.append(kinds, MISSING)[values.cat.codes]
        return pd.Series(told, index=values.index, name=values.name, dtype=object).astype(str)
    texts = values.astype(object).where(values.notna(), MISSING)
    if not isinstance(values.dtype, pd.StringDtype) and values.dtype != bool:
        texts = texts.map(_whole)
    return texts.astype(str)


def _whole(value):
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return int(value)
    return value


def _find_levels(levels, values):
    """Return the place of each label among the levels learned, -1 for none."""
    known, labels = pd.Index(levels), as_labels(values)
    place = known.get_indexer(labels)
    # models stored before whole numbers were alike hold those that came as floats as such
    old = (place < 0) & labels.str.fullmatch(r"-?\d+").to_numpy(dtype=bool)
    if old.any():
        place[old] = known.get_indexer(labels[old] + ".0")
    return place


def _learn_numbers(numbers, time):
    known = numbers[~np.isnan(numbers)]
    log = bool(len(known) and known.min() >= 0 and _skewness(known) > SKEWED)
    unit = _unit(known) if log else 1.0
    limits = _limits(numbers, time)
    known = np.log1p(known / unit) if log else known
    scale = float(known.std()) if len(known) else 0.0
    center = float(known.mean()) if len(known) else 0.0
    return {
        "log": log,
        "unit": unit,
        "limits": limits,
        "center": center,
        "scale": scale if scale > 1e-12 * max(abs(center), 1e-12) else 1.0,
        "missing": 0 < len(known) < len(numbers),
    }


def _limits(numbers, time):
    """Return the least and the greatest value that a line is believed for."""
    known = ~np.isnan(numbers)
    if not known.any():
        return [0.0, 0.0]
    low, high = float(numbers[known].min()), float(numbers[known].max())
    further = 0.0
    if time is not None and _moves(numbers[known], np.asarray(time)[known]):
        further = high - low
    return [low - further, high + further]


def _moves(numbers, time):
    """Say whether more of the newer values than by chance are outside what older ones were."""
    for share in (0.25, 0.5, 0.75):
        old = time <= np.quantile(time, share, method="lower")
        older, newer = numbers[old], numbers[~old]
        outside = (newer < older.min()) | (newer > older.max())
        if outside.sum() > max(_MOVED, _MOVED_ROWS / len(older)) * len(newer):
            return True
    return False


def _width(column):
    if column["kind"] == "categorical":
        return len(column["levels"])
    return 1 + column.get("missing", False)


def _numbers(column, values, means, out):
    numbers = as_numbers(column["name"], values)
    if numbers is None and values.isna().all():
        numbers = np.full(len(values), np.nan)
    if numbers is None:
        raise ValueError(f"{column['name']} held numbers when the model was fitted, but now texts.")
    # models stored before there were limits and units have none
    numbers = np.clip(numbers, *column.get("limits", (-np.inf, np.inf)))
    if column["log"]:
        numbers = np.log1p(np.maximum(numbers, 0) / column.get("unit", 1.0))
    missing = np.isnan(numbers)
    out[:, 0] = np.where(missing, 0.0, (numbers - column["center"]) / column["scale"])
    if column["missing"]:
        out[:, 1] = missing


def _categories(column, values, means, out):
    levels = column["levels"]
    place = _find_levels(levels, values)
    if OTHER in levels:
        place[place < 0] = len(levels) - 1
    out[:] = place[:, None] == np.arange(len(levels))
    out[place < 0] = means


def _effects(column, values, means, out):
    place = _find_levels(column["levels"], values)
    # models stored before there was an effect of what is unseen take none
    out[:, 0] = np.append(column["effects"], column.get("unseen", 0.0))[place]


_ENCODERS = {"numeric": _numbers, "categorical": _categories, "many": _effects}


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
