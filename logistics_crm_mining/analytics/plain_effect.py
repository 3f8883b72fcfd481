"""Does an effect follow the one rule that its column has for everybody?

A model of trees may say of one customer that few orders raise a risk, and of another that they
lower it, because of what comes with them. Whoever reads both reasons believes neither.
"""

import numpy as np
import pandas as pd
from sklearn.isotonic import IsotonicRegression

from ._table import as_labels, as_numbers

# Parts of equal size into which the values of a column are cut, and rows that teach a rule.
BINS, MAX_ROWS = 40, 5_000


def learn_effects(X, contributions, limits=None):
    """Learn what each value of each column adds on the whole: for numbers always up, or down.

    Parameters
    ----------
    X : DataFrame of shape (n, n_columns)
    contributions : DataFrame of shape (n, n_columns)
        From `TabularClassifier.contributions`, in log-odds.
    limits : dict of str to list of float, optional
        For columns that are told in a few words: where one word ends and the next begins.

    Returns
    -------
    dict of str to dict
        For each column plain values: `edges` and `effects` (of numbers, one more than edges) or
        `labels` (of categories) and `missing`. Where numbers are missing, those known are measured
        against their own mean: that a number is known at all is not what it says.
    """
    limits = limits or {}
    return {
        str(name): _learn(name, X[name], contributions[name].to_numpy(), limits.get(name))
        for name in X.columns
    }


def usual_effects(X, learned):
    """Return what the values of X add on the whole, a DataFrame like X of log-odds."""
    effects = {name: _look_up(X[name], learned[str(name)]) for name in X.columns}
    return pd.DataFrame(effects, index=X.index)


def draw_rows(X):
    """Return at most `MAX_ROWS` evenly spread rows: more teach next to nothing."""
    return X.iloc[:: -(-len(X) // MAX_ROWS)] if len(X) else X


def _learn(name, values, effects, limits):
    numbers = as_numbers(name, values)
    if numbers is None:
        means = pd.Series(effects).groupby(as_labels(values).to_numpy()).mean()
        return {"labels": {label: float(mean) for label, mean in means.items()}}
    known = ~np.isnan(numbers)
    missing = float(effects[~known].mean()) if (~known).any() else 0.0
    base = float(effects[known].mean()) if 0 < known.sum() < len(known) else 0.0
    edges, means = _learn_numbers(numbers[known], effects[known] - base, limits)
    return {"edges": edges, "effects": means, "missing": missing}


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
