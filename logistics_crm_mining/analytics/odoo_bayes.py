"""Odoo's own predictive lead scoring, as a baseline on the same leads: naive Bayes by counts."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ._scorers import sigmoid
from ._table import MISSING, as_labels

# The fields that Odoo counts unless told otherwise, by the names of `lead_features`.
BAYES_FIELDS = ("phone", "email", "state", "country", "source", "language", "tags")
TAG = "tag_"
# Odoo's own constants: added to every count; leads that a tag needs; limits of a probability.
_ADDED, _MIN_TAG, _LIMITS = 0.1, 50, (1e-4, 1 - 1e-4)
_ALL = "(all)"


class OdooLeadBayes(BaseEstimator):
    """Win probability as Odoo 19 computes it for a lead in the first stage.

    Per sales team and value of each field, won and lost leads are counted, 0.1 added to each
    count; the shares among the won and among the lost are multiplied. Leads of teams without
    closed leads take the counts of all teams. A tag counts from 50 leads on, fields without a
    value not at all (but "no e-mail" and "no phone" are values).

    Odoo also counts the stage. A closed lead's stage tells its outcome, so nobody can be judged
    with it; in the first stage, where leads come in, all have been, so that its factor is 1. That
    is how this model is exactly Odoo's for a lead that just came.

    Parameters
    ----------
    fields : sequence of str, default=BAYES_FIELDS
        Columns of categories; "tags" stands for all boolean columns whose names begin with "tag_".
    team : str, default="team"
        The column of the sales team; without it all leads are of one team.

    Attributes
    ----------
    teams_ : DataFrame
        Counts `won` and `lost` by team, and those of all teams as "(all)".
    tables_, totals_ : dict of DataFrame
        For each field the counts by (team, value), and their sums by team.

    Examples
    --------
    >>> import pandas as pd
    >>> X = pd.DataFrame({"team": ["1"] * 60, "source": ["fair", "web", "web"] * 20})
    >>> y = [1, 0, 0] * 18 + [0, 0, 1] * 2
    >>> model = OdooLeadBayes(fields=("source",)).fit(X, y)
    >>> model.predict_proba(X[:2])[:, 1].round(3).tolist()
    [0.896, 0.052]
    """

    def __init__(self, fields=BAYES_FIELDS, team="team"):
        self.fields = fields
        self.team = team

    def fit(self, X, y):
        """Count won (1) and lost (0) leads."""
        y, team = np.asarray(y), self._teams(X).to_numpy()
        self.teams_ = _count([team], y)
        self.teams_.loc[_ALL] = self.teams_.sum()
        self.tables_, self.totals_ = {}, {}
        for field in self.fields:
            rows, values = _pairs(X, field)
            table = _count([team[rows], values], y[rows])
            if field == "tags":
                table = table[table.sum(axis=1) >= _MIN_TAG]
            whole = table.groupby(level=1).sum()
            whole.index = pd.MultiIndex.from_product([[_ALL], whole.index])
            self.tables_[field] = pd.concat([table, whole])
            self.totals_[field] = self.tables_[field].groupby(level=0).sum()
        return self

    def predict_proba(self, X):
        """Return an array of shape (n, 2): the probabilities of losing and of winning."""
        check_is_fitted(self, "tables_")
        team = self._teams(X)
        own = team.isin(self.teams_.index) & (team != MISSING)
        team = team.where(own, _ALL).to_numpy()
        log_odds = _log_ratio(self.teams_.reindex(team))
        for field, table in self.tables_.items():
            rows, values = _pairs(X, field)
            keys = pd.MultiIndex.from_arrays([team[rows], values])
            found = _log_ratio(table.reindex(keys))
            found -= _log_ratio(self.totals_[field].reindex(team[rows]))
            # what was not counted says nothing
            np.add.at(log_odds, rows, np.nan_to_num(found))
        p = np.clip(sigmoid(log_odds), *_LIMITS)
        return np.column_stack([1 - p, p])

    def _teams(self, X):
        if self.team in X.columns:
            return as_labels(X[self.team])
        return pd.Series(MISSING, index=X.index, dtype=object)


def _pairs(X, field):
    """Return the rows that have a value of a field, and the values; a row may have many tags."""
    if field != "tags":
        if field not in X.columns:
            return np.empty(0, dtype=int), np.empty(0, dtype=object)
        labels = as_labels(X[field]).to_numpy()
        rows = np.flatnonzero(labels != MISSING)
        return rows, labels[rows]
    names = [name for name in X.columns if name.startswith(TAG)]
    rows = [np.flatnonzero(X[name].to_numpy(dtype=bool)) for name in names]
    values = [
        np.full(len(some), name, dtype=object) for name, some in zip(names, rows, strict=True)
    ]
    empty = np.empty(0, dtype=int)
    return np.concatenate([empty, *rows]), np.concatenate([empty.astype(object), *values])


def _count(keys, y):
    frame = pd.DataFrame({"won": y == 1, "lost": y == 0}, dtype=float)
    return frame.groupby(keys, sort=True).sum() + _ADDED


def _log_ratio(counts):
    return np.log(counts["won"].to_numpy()) - np.log(counts["lost"].to_numpy())
