"""The season of the days to come: how many more or fewer stayed away in the same days a year ago."""

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from .churn_features import YEAR, stayed_away
from .churn_snapshots import MIN_CUSTOMERS, describe_customers, iso

# More customers than these tell the season no better.
MAX_CUSTOMERS = 20_000
# Log-odds by which one year's season differs from the next, beyond chance among customers.
YEARS_DIFFER = 0.2
NO_SEASON = {"shift": 0.0, "error": None, "cutoff": None}


def learn_season(rows, cutoff, model, extra=None):
    """Return what the season adds to the log-odds of staying away after a cut-off.

    The model learns from the months just before, so it expects of a strong season what was true
    of a weak one. A year ago the same happened: how far it would have been off in the same days,
    less how far in the months before those, is the season; what changed over the year as a whole
    is in both. One year cannot tell the season from chance, so it is drawn towards none, the more
    the less sure it is (positive-part James-Stein), to 0 where it is below its error.

    Parameters
    ----------
    rows : DataFrame
        From `prepare_orders`.
    cutoff : Timestamp
        The last day known.
    model : ChurnModel
        Fitted up to the cut-off, but for its season.
    extra : callable, optional
        As of `ChurnModel.fit`.

    Returns
    -------
    dict
        `shift` (log-odds, 0 without a year and more of history), `error` (its standard error
        before it was drawn, that of `YEARS_DIFFER` included, None where unknown) and `cutoff`
        (ISO date: a year ago, None if not used).
    """
    horizon, first = model.horizon, rows["date"].min()
    same = cutoff - pd.Timedelta(days=YEAR)
    back = horizon + max(horizon // 3, 1) * np.arange(model.n_snapshots)
    before = [same - pd.Timedelta(days=int(days)) for days in back]
    before = [day for day in before if (day - first).days >= horizon]
    if not before or horizon >= YEAR:
        return NO_SEASON.copy()
    rows = _draw_customers(rows, model.random_state)
    then = _learn_offset(rows, same, model, extra)
    others = [_learn_offset(rows, day, model, extra) for day in before]
    others = [other for other in others if other]
    if not then or not others:
        return NO_SEASON.copy()
    raw = then[0] - np.mean([offset for offset, _error in others])
    # The snapshots before overlap: together they are as sure as two, at most.
    variance = np.mean([error**2 for _offset, error in others]) / min(len(others), 2)
    error = float(np.sqrt(then[1] ** 2 + variance + YEARS_DIFFER**2))
    kept = max(0.0, 1 - (error / raw) ** 2) if raw else 0.0
    return {"shift": float(raw * kept), "error": error, "cutoff": iso(same)}


def shift_chances(p, shift):
    """Return probabilities with something added to their log-odds; an array shaped as `p`."""
    return expit(logit(p) + shift) if shift else p


def _draw_customers(rows, random_state):
    customers = rows["customer"].unique()
    if len(customers) <= MAX_CUSTOMERS:
        return rows
    drawn = np.random.default_rng(random_state).choice(customers, MAX_CUSTOMERS, replace=False)
    return rows[rows["customer"].isin(drawn)]


def _learn_offset(rows, cutoff, model, extra):
    """Return how far the log-odds are off after a cut-off and the standard error, or None."""
    frame = describe_customers(rows, cutoff, model.horizon, model.active_days, extra)
    y = stayed_away(rows, cutoff, model.horizon, frame.index)
    if len(y) < MIN_CUSTOMERS or y.min() == y.max():
        return None
    p = model.predict_proba(frame)[:, 1]
    offset = 0.0
    for _step in range(50):
        expected = shift_chances(p, offset)
        information = (expected * (1 - expected)).sum()
        if not information:
            return None
        move = np.clip((y - expected).sum() / information, -1, 1)
        offset += move
        if abs(move) < 1e-8:
            break
    return offset, 1 / np.sqrt(information)
