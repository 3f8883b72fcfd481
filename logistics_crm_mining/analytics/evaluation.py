"""How good are probabilities of a yes or no? Figures, tables and intervals as plain values."""

import numpy as np
from sklearn.metrics import roc_auc_score

from ._validation import as_column, forbid, same_length

FIGURES = ("auc", "log_loss", "brier", "ece")
CALIBRATION_BINS, GAIN_PARTS = 10, 10
_TINY = np.finfo(float).eps


def evaluate_scores(y, p, baseline=None, n_bootstrap=200, level=0.95, random_state=0):
    """Evaluate probabilities, and say by how much they beat a baseline.

    Parameters
    ----------
    y : array-like of shape (n,)
        What happened: 0 or 1 (or bool), both present.
    p : array-like of shape (n,)
        Probability of 1, given before it happened.
    baseline : array-like of shape (n,), optional
        Probabilities of something simple, for the same rows.
    n_bootstrap : int, default=200
        Resamples of rows for the intervals; 0 for none. Model and baseline see the same rows.
    level : float, default=0.95
        Of the percentile intervals.
    random_state : int, Generator or None, default=0

    Returns
    -------
    dict
        `n`, `positives`, `rate`, the `FIGURES`, `intervals` (figure: [low, high], without `ece`),
        `gain` (from `gain_table`), `calibration` (from `calibration_table`); with a baseline
        also `baseline` (its figures, and its `gain`) and `difference` (figure: value, low, high of
        the figure of the model less that of the baseline). All plain Python values.

    Raises
    ------
    ValueError
        If there is only one outcome, or a value is missing or no probability.
    """
    y, p = check_outcomes(y, p)
    rng = np.random.default_rng(random_state)
    result = {"n": len(y), "positives": int(y.sum()), "rate": float(y.mean()), **figures(y, p)}
    result["gain"], result["calibration"] = gain_table(y, p), calibration_table(y, p)
    models = [p] if baseline is None else [p, check_outcomes(y, baseline, "baseline")[1]]
    draws = _bootstrap(y, models, n_bootstrap, rng)
    result["intervals"] = {
        name: _interval(values[:, 0], level) for name, values in draws.items() if len(values)
    }
    if baseline is not None:
        result["baseline"] = {**figures(y, models[1]), "gain": gain_table(y, models[1])}
        result["difference"] = {
            name: _difference(result[name] - result["baseline"][name], values, level)
            for name, values in draws.items()
        }
    return result


def figures(y, p):
    """Return AUC, log-loss, Brier score and expected calibration error as a dict."""
    return {
        "auc": auc(y, p),
        "log_loss": log_loss(y, p),
        "brier": brier(y, p),
        "ece": calibration_error(y, p),
    }


def auc(y, p):
    """Chance that a row with outcome 1 ranks above one with outcome 0; equals count half."""
    y, p = check_outcomes(y, p)
    return float(roc_auc_score(y, p))


def log_loss(y, p):
    """Mean of -log of the probability given to what happened (natural logarithm)."""
    y, p = check_outcomes(y, p)
    return float(_log_losses(y, p).mean())


def brier(y, p):
    """Mean squared distance of probability and outcome (Brier 1950)."""
    y, p = check_outcomes(y, p)
    return float(((p - y) ** 2).mean())


def calibration_error(y, p, bins=CALIBRATION_BINS):
    """Expected calibration error over bins of equal count.

    The mean over rows of the distance between the mean probability and the share of ones in the
    bin of the row. Rows with equal probability are in one bin, so there may be fewer bins.
    """
    table = calibration_table(y, p, bins)
    total = sum(row["n"] for row in table)
    return float(sum(row["n"] * abs(row["expected"] - row["actual"]) for row in table) / total)


def calibration_table(y, p, bins=CALIBRATION_BINS):
    """Mean probability beside the share of ones, in `bins` groups of equal count by probability.

    Returns
    -------
    list of dict
        From the lowest probability: `n`, `low`, `high`, `expected`, `actual`.
    """
    y, p = check_outcomes(y, p)
    edges = np.quantile(p, np.arange(1, bins) / bins, method="lower")
    group = np.searchsorted(np.unique(edges), p, side="left")
    rows = [(p[group == number], y[group == number]) for number in np.unique(group)]
    return [
        {
            "n": len(chance),
            "low": float(chance.min()),
            "high": float(chance.max()),
            "expected": float(chance.mean()),
            "actual": float(seen.mean()),
        }
        for chance, seen in rows
    ]


def gain_table(y, p, parts=GAIN_PARTS):
    """What the best tenth, the best two tenths and so on hold.

    Rows with equal probability share their outcomes evenly: their order means nothing.

    Returns
    -------
    list of dict
        From the highest probability: `share` (of the rows, up to and with this part), `n` (rows
        up to here), `gain` (share of all ones among them), `lift` (their rate of ones over the
        rate of all), `part_rate` (rate of ones in this part alone).
    """
    y, p = check_outcomes(y, p)
    _, inverse = np.unique(-p, return_inverse=True)
    fair = (np.bincount(inverse, y) / np.bincount(inverse))[np.sort(inverse)]
    found = np.append(0.0, np.cumsum(fair))
    ends = np.round(np.arange(parts + 1) / parts * len(y)).astype(int)
    table = []
    for low, high in zip(ends[:-1], ends[1:], strict=True):
        if high > low:
            gain = found[high] / y.sum()
            table.append(
                {
                    "share": float(high / len(y)),
                    "n": int(high),
                    "gain": float(gain),
                    "lift": float(gain * len(y) / high),
                    "part_rate": float((found[high] - found[low]) / (high - low)),
                }
            )
    return table


def check_outcomes(y, p, name="p"):
    """Return outcomes and probabilities as floats, or say what is wrong with them."""
    same_length(**{"y": y, name: p})
    y, p = np.atleast_1d(as_column("y", y)), np.atleast_1d(as_column(name, p))
    forbid("y", (y != 0) & (y != 1), y, "neither 0 nor 1")
    forbid(name, (p < 0) | (p > 1), p, "no probability (outside 0 to 1)")
    if y.min() == y.max():
        raise ValueError(f"y has only one class: all {len(y)} outcomes are {y[0]:g}.")
    return y, p


def _log_losses(y, p):
    return -np.log(np.clip(np.where(y == 1, p, 1 - p), _TINY, None))


def _bootstrap(y, models, n_bootstrap, rng):
    """Return per figure an array of shape (resamples, models); one-class resamples are left out."""
    places = [np.unique(p, return_inverse=True)[1] for p in models]
    losses = np.array([_log_losses(y, p) for p in models])
    squares = np.array([(p - y) ** 2 for p in models])
    draws = {"auc": [], "log_loss": [], "brier": []}
    for _ in range(n_bootstrap):
        weights = np.bincount(rng.integers(0, len(y), len(y)), minlength=len(y))
        if 0 < weights @ y < len(y):
            draws["auc"].append([_weighted_auc(y, place, weights) for place in places])
            draws["log_loss"].append(losses @ weights / len(y))
            draws["brier"].append(squares @ weights / len(y))
    return {name: np.array(values).reshape(-1, len(models)) for name, values in draws.items()}


def _weighted_auc(y, place, weights):
    """AUC of rows that count `weights` times; `place` is the rank of the distinct probability."""
    positive = np.bincount(place, weights * y)
    negative = np.bincount(place, weights * (1 - y))
    below = np.cumsum(negative) - negative / 2
    return float(positive @ below / (positive.sum() * negative.sum()))


def _interval(values, level):
    return np.quantile(values, [(1 - level) / 2, (1 + level) / 2]).tolist()


def _difference(value, draws, level):
    if not len(draws):
        return {"value": float(value), "low": None, "high": None}
    low, high = _interval(draws[:, 0] - draws[:, 1], level)
    return {"value": float(value), "low": low, "high": high}
