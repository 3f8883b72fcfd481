"""The season of the days to come: how many stayed away in the same days a year ago."""

import numpy as np
import pandas as pd

from ._scorers import level, sigmoid
from .churn_features import YEAR, stayed_away
from .churn_snapshots import MIN_CUSTOMERS, describe_customers, iso

# More customers than these tell the season no better.
MAX_CUSTOMERS = 5_000
# Log-odds by which one year's season differs from the next, beyond chance among customers.
YEARS_DIFFER = 0.2
# Days of the last year at which it is tried whether what the year before showed came again.
TRIALS = 5
NO_SEASON = {"shift": 0.0, "repeats": None, "error": None, "cutoff": None}


def learn_season(rows, cutoff, model, extra=None):
    """Return what the season adds to the log-odds of staying away after a cut-off.

    The model learns from the months just before, so it expects of a strong season what was true
    of a weak one. A year ago the same happened: how far it would have been off in the same days,
    less how far in the months before those, is the season; what changed over the year as a whole
    is in both.

    One year cannot tell a season from ups and downs of another kind. So the same is done for
    earlier days, of which it is known what came a year later: the share of it that came again is
    the share that is expected to come now. And it is drawn towards none by what so few customers
    cannot tell (positive-part James-Stein), to 0 where it is below its error.

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
        `shift` (log-odds, 0 without two years of history), `repeats` (share of a year's season
        that came again the year after, 0 to 1), `error` (standard error of the season a year ago,
        that of `YEARS_DIFFER` included) and `cutoff` (ISO date: a year ago); None where unknown.
    """
    year = pd.Timedelta(days=YEAR)
    if model.horizon >= YEAR:
        return NO_SEASON.copy()
    off = _Offsets(_draw_customers(rows, model.random_state), model, extra)
    season, pairs = off.rise(cutoff - year), []
    if season:
        pairs = [(off.rise(day - year), off.rise(day)) for day in off.trials(cutoff)]
        pairs = [(then[0], now[0]) for then, now in pairs if then and now]
    if not pairs:
        return NO_SEASON.copy()
    then, now = np.array(pairs).T
    # as a ridge, and less for few trials: a small season that came again once proves little
    again = then @ now / (then @ then + YEARS_DIFFER**2) * len(pairs) / (len(pairs) + 0.5)
    repeats = float(np.clip(again, 0, 1))
    raw, error = season
    error = float(np.hypot(error, YEARS_DIFFER))
    kept = max(0.0, 1 - (error / raw) ** 2) if raw else 0.0
    return {
        "shift": float(raw * kept * repeats),
        "repeats": repeats,
        "error": error,
        "cutoff": iso(cutoff - year),
    }


def _draw_customers(rows, random_state):
    customers = rows["customer"].unique()
    if len(customers) <= MAX_CUSTOMERS:
        return rows
    drawn = np.random.default_rng(random_state).choice(customers, MAX_CUSTOMERS, replace=False)
    return rows[rows["customer"].isin(drawn)]


class _Offsets:
    """How far a model's log-odds were off at earlier cut-offs, each found once.

    Parameters
    ----------
    rows : DataFrame
    model : ChurnModel
    extra : callable or None
    """

    def __init__(self, rows, model, extra):
        self.rows, self.model, self.extra = rows, model, extra
        self.first = rows["date"].min()
        self.step = max(model.horizon // 3, 1)
        self.found = {}

    def trials(self, cutoff):
        """Return days of the year before a cut-off whose outcome is known at it."""
        apart = max(2 * self.step, (YEAR - self.model.horizon) // TRIALS)
        back = self.model.horizon + apart * np.arange(TRIALS)
        return [cutoff - pd.Timedelta(days=int(days)) for days in back if days < YEAR]

    def rise(self, cutoff):
        """Return (difference, standard error) to the months before a cut-off, or None."""
        back = self.model.horizon + self.step * np.arange(self.model.n_snapshots)
        before = [self.at(cutoff - pd.Timedelta(days=int(days))) for days in back]
        before = [one for one in before if one]
        here = before and self.at(cutoff)
        if not here:
            return None
        # Snapshots before overlap: together they are as sure as two, at most.
        variance = np.mean([error**2 for _offset, error in before]) / min(len(before), 2)
        difference = here[0] - np.mean([offset for offset, _error in before])
        return difference, np.sqrt(here[1] ** 2 + variance)

    def at(self, cutoff):
        """Return (log-odds that are missing, standard error) after a cut-off, or None."""
        if cutoff not in self.found:
            known = (cutoff - self.first).days >= self.model.horizon
            self.found[cutoff] = self._learn(cutoff) if known else None
        return self.found[cutoff]

    def _learn(self, cutoff):
        horizon, active_days = self.model.horizon, self.model.active_days
        frame = describe_customers(self.rows, cutoff, horizon, active_days, self.extra)
        y = stayed_away(self.rows, cutoff, horizon, frame.index)
        if len(y) < MIN_CUSTOMERS or y.min() == y.max():
            return None
        margin = self.model.log_odds(frame)
        offset = level(margin, y.mean())
        p = sigmoid(margin + offset)
        return offset, 1 / np.sqrt((p * (1 - p)).sum())
