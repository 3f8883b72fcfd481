"""Has the population changed? The population stability index of each column."""

import numpy as np
import pandas as pd
from scipy.stats import gamma
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ._boundary import unique_columns
from ._table import as_labels, as_numbers
from ._validation import require_columns

PSI_ALARM = 0.25
PSI_BINS = 10
# A bin that is empty on one side counts as so many rows, so that the index stays finite.
_EMPTY = 0.5
# Categories of fewer rows than this in the reference are one bin with those it did not have.
_FEW = 5
# So many frames of none of which a column is in alarm without a change, and how many are drawn.
_SURE, _DRAWS = 0.99, 1_000


class DriftReference(BaseEstimator):
    """The shares that a frame had in each bin of each column, to compare newer frames with.

    The population stability index (PSI) is the sum over bins of (share now - share then) *
    log(share now / share then): below .1 little has changed, above .25 much has (Siddiqi 2006).
    Numbers are cut at the quantiles of the reference, a value that many rows share and a missing
    value are bins of their own, categories are bins as they are. Only shares are kept, no rows.

    Among few rows PSI is large by chance: without any change its mean is about (bins - 1) *
    (1/n + 1/m) for n and m rows (Yurdakul 2018). What chance reaches is found by drawing n and m
    rows from the shares of both together, and the gamma distribution of the mean and spread of
    their PSI. A column is in alarm only if it is above that too, at a level at which in 99 of 100
    frames without a change not one of the columns is (Sidak). Rare categories are looked at as
    one.

    Parameters
    ----------
    alarm : float, default=0.25
        PSI above which a column is in alarm.
    bins : int, default=10
        Of numeric columns.

    Attributes
    ----------
    columns_ : list of dict
        `name`, `kind` ("numeric" or "categorical"), `edges` or `labels`, `typical` (the median, or
        the most frequent label) and `shares`.
    n_rows_ : int

    Examples
    --------
    >>> import pandas as pd
    >>> then = pd.DataFrame({"rate": range(100), "country": ["DE", "FR"] * 50})
    >>> now = then.assign(rate=then["rate"] + 60)
    >>> DriftReference().fit(then).compare(now)["alarm"].to_dict()
    {'rate': True, 'country': False}
    """

    def __init__(self, alarm=PSI_ALARM, bins=PSI_BINS):
        self.alarm = alarm
        self.bins = bins

    def fit(self, frame, y=None):
        """Learn the bins of a DataFrame and its shares in them."""
        _require_rows(frame, "reference")
        self.columns_ = [self._learn(name, frame[name]) for name in frame.columns]
        self.n_rows_ = len(frame)
        return self

    def compare(self, frame):
        """Compare a newer frame with the reference.

        Parameters
        ----------
        frame : DataFrame
            With the columns of the reference; others are not looked at.

        Returns
        -------
        DataFrame
            Indexed by `column`, the most changed first: `psi`, `chance` (what some column reaches
            by chance alone in one of a hundred frames), `alarm` (bool), `kind`.

        Raises
        ------
        ValueError
            If the frame is empty, lacks a column, or holds texts where there were numbers.
        """
        check_is_fitted(self, "columns_")
        known = [column["name"] for column in self.columns_]
        require_columns(frame, known, "newer")
        _require_rows(frame[known], "newer")
        rows = [self._row(column, frame[column["name"]]) for column in self.columns_]
        table = pd.DataFrame(rows, columns=["column", "psi", "chance", "alarm", "kind"])
        return table.set_index("column").sort_values("psi", ascending=False, kind="stable")

    def to_dict(self):
        """Return what was learned as plain values (JSON), to compare later with `from_dict`."""
        check_is_fitted(self, "columns_")
        columns = [
            {
                key: value.tolist() if isinstance(value, np.ndarray) else value
                for key, value in column.items()
            }
            for column in self.columns_
        ]
        return {"columns": columns, "n_rows": int(self.n_rows_)}

    @classmethod
    def from_dict(cls, told, columns=None, **params):
        """Return a reference from what `to_dict` told.

        Parameters
        ----------
        told : dict
        columns : collection of str, optional
            Only these columns, where the newer frame lacks others.
        **params
            Of the class.
        """
        reference = cls(**params)
        arrays = ("edges", "shares")
        reference.columns_ = [
            {key: np.asarray(part) if key in arrays else part for key, part in column.items()}
            for column in told["columns"]
            if columns is None or column["name"] in columns
        ]
        reference.n_rows_ = told["n_rows"]
        return reference

    def _learn(self, name, values):
        numbers = as_numbers(name, values)
        if numbers is None:
            column = {"name": name, "kind": "categorical"}
            column["labels"] = np.unique(as_labels(values).to_numpy(dtype=str)).tolist()
            column["typical"] = as_labels(values).mode().iloc[0]
        else:
            column = {"name": name, "kind": "numeric", "edges": _edges(numbers, self.bins)}
            known = numbers[~np.isnan(numbers)]
            column["typical"] = float(np.median(known)) if len(known) else None
        return {**column, "shares": _shares(column, values)}

    def _row(self, column, values):
        sizes = self.n_rows_, len(values)
        then, now = column["shares"], _shares(column, values)
        if column["kind"] == "categorical":
            then, now = _pool(then, now, sizes[0])
        psi = float(_psi(then, now, *sizes))
        chance = _by_chance(then, now, *sizes, _SURE ** (1 / len(self.columns_)))
        alarm = bool(psi > max(self.alarm, chance))
        told = {"column": column["name"], "psi": psi, "chance": float(chance), "alarm": alarm}
        return {**told, "kind": column["kind"]}


def population_drift(reference, newer, alarm=PSI_ALARM, bins=PSI_BINS):
    """Compare two frames column by column: `DriftReference` in one step."""
    return DriftReference(alarm, bins).fit(reference).compare(newer)


def drift_alarms(table):
    """Return the columns in alarm as a list of {"column", "psi"}, the most changed first."""
    found = table["psi"][table["alarm"]]
    return [{"column": str(name), "psi": float(psi)} for name, psi in found.items()]


def _require_rows(frame, what):
    require_columns(frame, [], what)
    unique_columns(frame, what)
    if not len(frame):
        raise ValueError(f"{what} has no rows: there is nothing to compare.")


def _shares(column, values):
    """Share of rows in each bin of a column; the last one is for what has no other."""
    if column["kind"] == "categorical":
        labels = pd.Index(column["labels"])
        codes = labels.get_indexer(as_labels(values))
        return _share(np.where(codes < 0, len(labels), codes), len(labels) + 1)
    numbers, edges = as_numbers(column["name"], values), column["edges"]
    if numbers is None:
        raise ValueError(f"{column['name']} held numbers in the reference, but now texts.")
    place = np.searchsorted(edges, numbers, side="left")
    return _share(np.where(np.isnan(numbers), len(edges) + 1, place), len(edges) + 2)


def _psi(then, now, n_then, n_now):
    """Return the index of shares, arrays of shape (..., n_bins)."""
    then, now = np.maximum(then, _EMPTY / n_then), np.maximum(now, _EMPTY / n_now)
    return ((now - then) * np.log(now / then)).sum(axis=-1)


def _by_chance(then, now, n_then, n_now, sure):
    """Return the index that is not reached without a change, in a share `sure` of all cases."""
    both = (n_then * then + n_now * now) / (n_then + n_now)
    rng = np.random.default_rng(0)  # the same frames have the same alarm
    drawn = (rng.multinomial(n, both / both.sum(), _DRAWS) / n for n in (n_then, n_now))
    psi = _psi(*drawn, n_then, n_now)
    mean, spread = psi.mean(), psi.var()
    if not spread:
        return float(mean)
    return float(gamma.ppf(sure, mean**2 / spread, scale=spread / mean))


def _pool(then, now, n_then):
    """Return the shares of categories, the rare ones and those not known before added up."""
    few = then * n_then < _FEW
    return tuple(np.append(shares[~few], shares[few].sum()) for shares in (then, now))


def _share(codes, size):
    return np.bincount(codes, minlength=size) / len(codes)


def _edges(values, bins):
    """Upper limits of the bins but the last; a few distinct values are bins of their own."""
    known = values[~np.isnan(values)]
    if not len(known):
        return np.array([])
    distinct = np.unique(known)
    if len(distinct) == 1:  # what is less or more than always before is a bin of its own
        return np.array([np.nextafter(distinct[0], -np.inf), distinct[0]])
    if len(distinct) <= bins:
        return (distinct[:-1] + distinct[1:]) / 2
    cuts, times = np.unique(np.quantile(known, np.arange(bins + 1) / bins), return_counts=True)
    # a value that many rows share is a bin of its own: cut on both sides of it
    shared = cuts[times > 1]
    return np.unique(np.concatenate([cuts[1:-1], np.nextafter(shared, -np.inf), shared]))
