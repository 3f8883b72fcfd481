"""Has the population changed? The population stability index of each column."""

import numpy as np
import pandas as pd

from ._table import MISSING, as_labels, as_numbers
from ._validation import require_columns

PSI_ALARM = 0.25
PSI_BINS = 10
# A bin that is empty on one side counts as this share, so that the index stays finite.
_EMPTY = 1e-4


def population_drift(reference, newer, alarm=PSI_ALARM, bins=PSI_BINS):
    """Compare each column of two frames by the population stability index (PSI).

    PSI is the sum over bins of (share now - share then) * log(share now / share then): below .1
    little has changed, above .25 much has (Siddiqi 2006). Numbers are cut at the quantiles of the
    reference, a missing value is a bin of its own, categories are bins as they are.

    Parameters
    ----------
    reference, newer : DataFrame
        With the same columns; columns that only `newer` has are not looked at.
    alarm : float, default=0.25
    bins : int, default=10
        Of numeric columns.

    Returns
    -------
    DataFrame
        Indexed by `column`, the most changed first: `psi`, `alarm` (bool), `kind`.

    Raises
    ------
    ValueError
        If a frame is empty or `newer` lacks a column.
    """
    require_columns(reference, [], "reference")
    require_columns(newer, list(reference.columns), "newer")
    for name, frame in (("reference", reference), ("newer", newer)):
        if not len(frame):
            raise ValueError(f"{name} has no rows: there is nothing to compare.")
    rows = []
    for column in reference.columns:
        kind, then, now = _shares(column, reference[column], newer[column], bins)
        psi = float(((now - then) * np.log(now / then)).sum())
        rows.append({"column": column, "psi": psi, "alarm": psi > alarm, "kind": kind})
    table = pd.DataFrame(rows, columns=["column", "psi", "alarm", "kind"]).set_index("column")
    return table.sort_values("psi", ascending=False, kind="stable")


def drift_alarms(table):
    """Return the columns in alarm as a list of {"column", "psi"}, the most changed first."""
    return [
        {"column": str(name), "psi": float(psi)} for name, psi in table["psi"][table["alarm"]].items()
    ]


def _shares(name, reference, newer, bins):
    then, now = as_numbers(name, reference), as_numbers(name, newer)
    if then is not None and now is not None:
        edges = _edges(then, bins)
        return "numeric", _share(_bin(then, edges), len(edges)), _share(_bin(now, edges), len(edges))
    then, now = as_labels(reference), as_labels(newer)
    labels = pd.Index(then).union(pd.Index(now)).unique().union([MISSING])
    codes = labels.get_indexer(then), labels.get_indexer(now)
    return "categorical", *(_share(code, len(labels) - 2) for code in codes)


def _edges(values, bins):
    """Inner limits of the bins; a few distinct values are bins of their own."""
    known = values[~np.isnan(values)]
    if not len(known):
        return np.array([])
    distinct = np.unique(known)
    if len(distinct) <= bins:
        return (distinct[:-1] + distinct[1:]) / 2
    return np.unique(np.quantile(known, np.arange(1, bins) / bins))


def _bin(values, edges):
    return np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="left"))


def _share(codes, n_edges):
    """Share of each bin: `n_edges + 1` of values and one for missing; none is quite empty."""
    counts = np.bincount(codes, minlength=n_edges + 2)
    return np.maximum(counts / counts.sum(), _EMPTY)
