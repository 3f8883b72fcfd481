"""How far a distribution has moved."""

import numpy as np


def population_stability(expected, actual, bins=10):
    """Return the population stability index of two samples of scores.

    The bins hold equal shares of ``expected``; shares of zero count as half a record, so that
    the index stays finite.

    Parameters
    ----------
    expected, actual : array_like of float, one-dimensional
        Scores of before and of now, in the same unit.
    bins : int
        Number of bins, at least 2.

    Returns
    -------
    float or None
        0 for equal distributions; None when either sample is empty.
    """
    expected = np.asarray(expected, dtype=float)
    actual = np.asarray(actual, dtype=float)
    if not len(expected) or not len(actual):
        return None
    edges = np.unique(np.quantile(expected, np.linspace(0, 1, bins + 1)[1:-1]))
    before = _shares(expected, edges)
    now = _shares(actual, edges)
    return float(np.sum((now - before) * np.log(now / before)))


def _shares(values, edges):
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    counts = np.maximum(counts, 0.5)
    return counts / counts.sum()
