"""Which of several counts stand out, by more than chance."""

import numpy as np
from scipy import stats

LEAST_MEAN = 2


def standing_out(counts, ratio=1.5, level=0.01):
    """Return the places of the counts that stand out, the largest first.

    Counts that chance alone would bring about, if all places were alike, stand out nowhere: they
    are compared with equal counts by Pearson's chi-square test, whose distribution holds for
    equal shares from about two expected for each on (Koehler and Larntz 1980).

    Parameters
    ----------
    counts : array-like of int, shape (n,)
    ratio : float, default=1.5
        A count stands out from this many times the mean on.
    level : float, default=0.01
        Share of tests that find something where nothing is.

    Returns
    -------
    list of int or None
        None where there are too few to tell: fewer than two for each on average.
    """
    counts = np.asarray(counts, dtype=float)
    if counts.ndim != 1 or len(counts) < 2:
        raise ValueError("counts must be a sequence of two or more.")
    if counts.mean() < LEAST_MEAN:
        return None
    if stats.chisquare(counts).pvalue >= level:
        return []
    strong = np.flatnonzero(counts >= ratio * counts.mean())
    return strong[np.argsort(-counts[strong], kind="stable")].tolist()
