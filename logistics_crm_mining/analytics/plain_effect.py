"""Does an effect follow the one rule that its column has for everybody?

A model of trees may say of one customer that few orders raise a risk, and of another that they
lower it, because of what comes with them. Whoever reads both reasons believes neither.
"""

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.isotonic import IsotonicRegression

from ._table import as_labels, as_numbers

# How many standard errors from nothing an outcome must be to go against an effect.
SURE = 2.0
# Parts of equal size into which the values of a column are cut, and rows that teach a rule.
BINS, MAX_ROWS = 40, 5_000


def learn_effects(X, contributions, limits=None, outcome=None):
    """Learn what each value of each column adds on the whole: for numbers always up, or down.

    Parameters
    ----------
    X : DataFrame of shape (n, n_columns)
    contributions : DataFrame of shape (n, n_columns)
        From `TabularClassifier.contributions`, in log-odds.
    limits : dict of str to list of float, optional
        For columns that are told in a few words: where one word ends and the next begins.

    outcome : array-like of 0 and 1 of shape (n,), optional
        What came of the rows. Where it surely goes the other way than the effects, as that of a
        column may that corrects for another one, the effects are 0: nobody would believe them.

    Returns
    -------
    dict of str to dict
        For each column plain values: `edges` and `effects` (of numbers, one more than edges) or
        `labels` (of categories) and `missing`. Where numbers are missing, those known are measured
        against their own mean: that a number is known at all is not what it says.
    """
    limits = limits or {}
    ahead = None if outcome is None else np.asarray(outcome, dtype=float) - np.mean(outcome)
    return {
        str(name): _learn(name, X[name], contributions[name].to_numpy(), limits.get(name), ahead)
        for name in X.columns
    }


def usual_effects(X, learned):
    """Return what the values of X add on the whole, a DataFrame like X of log-odds."""
    effects = {name: _look_up(X[name], learned[str(name)]) for name in X.columns}
    return pd.DataFrame(effects, index=X.index)


def draw_rows(X):
    """Return at most `MAX_ROWS` evenly spread rows: more teach next to nothing."""
    return X.iloc[:: -(-len(X) // MAX_ROWS)] if len(X) else X


def _learn(name, values, effects, limits, ahead):
    numbers = as_numbers(name, values)
    if numbers is None:
        labels = as_labels(values).to_numpy()
        means = {str(one): _mean(effects, ahead, labels == one) for one in np.unique(labels)}
        return {"labels": means}
    known = ~np.isnan(numbers)
    base = float(effects[known].mean()) if 0 < known.sum() < len(known) else 0.0
    edges, means = _learn_numbers(numbers[known], effects[known] - base, limits)
    if ahead is not None and _goes_against(numbers[known], effects[known], ahead[known]):
        means = [0.0] * len(means)
    return {"edges": edges, "effects": means, "missing": _mean(effects, ahead, ~known)}


def _mean(effects, ahead, rows):
    """Return the mean effect of some rows, 0 where there are none or what came goes against it."""
    if not rows.any():
        return 0.0
    mean = float(effects[rows].mean())
    if ahead is None or mean * ahead[rows].mean() >= 0:
        return mean
    return 0.0 if abs(ahead[rows].mean()) > SURE * ahead.std() / np.sqrt(rows.sum()) else mean


def _goes_against(numbers, effects, ahead):
    """Say whether the outcome surely falls where the effects rise, or rises where they fall."""
    if len(numbers) < 3 or min(np.ptp(numbers), np.ptp(effects), np.ptp(ahead)) == 0:
        return False
    place = rankdata(numbers)
    ours, theirs = (np.corrcoef(place, one)[0, 1] for one in (effects, ahead))
    return bool(ours * theirs < 0 and abs(theirs) > SURE / np.sqrt(len(numbers)))


def _learn_numbers(numbers, effects, limits):
    """Return the edges between parts, and the effect of each: monotone, as fits best."""
    if not len(numbers):
        return [], [0.0]
    if limits is None:
        limits = np.unique(np.quantile(numbers, np.arange(1, BINS) / BINS, method="lower"))
    place = np.searchsorted(limits, numbers, side="right")
    size = np.bincount(place, minlength=len(limits) + 1)
    total = np.bincount(place, effects, minlength=len(limits) + 1)
    filled = np.flatnonzero(size)
    means = total[filled] / size[filled]
    smooth = _fit_monotone(means, size[filled])
    every = np.interp(np.arange(len(size)), filled, smooth)
    return [float(limit) for limit in limits], every.tolist()


def _fit_monotone(means, size):
    """Return the means as they never fall, or never rise, whichever is nearer to them."""
    at = np.arange(len(means))
    fits = [
        IsotonicRegression(increasing=up).fit_transform(at, means, sample_weight=size)
        for up in (True, False)
    ]
    return min(fits, key=lambda fit: float(size @ (fit - means) ** 2))


def _look_up(values, learned):
    if "labels" in learned:
        return as_labels(values).map(learned["labels"]).fillna(0.0).to_numpy(dtype=float)
    numbers = as_numbers(values.name, values)
    place = np.searchsorted(learned["edges"], numbers, side="right")
    return np.where(np.isnan(numbers), learned["missing"], np.array(learned["effects"])[place])
