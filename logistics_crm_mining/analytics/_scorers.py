"""The candidates of `TabularClassifier`: log-odds of rows of a table, and what adds to them."""

import numpy as np
from scipy.optimize import brentq
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from ._small_trees import SmallTrees
from ._table import TableEncoder

# Names of the candidates, the simplest first.
SCORERS = ("logistic", "trees")
_FLAT, _LEAST_SLOPE = 1e-3, 0.05
# By how much the slope of a period differs from 1, and the part that is believed of one alone.
SLOPES_DIFFER, UNCONFIRMED = 0.3, 0.2


def make_scorer(name, C, n_trees, random_state):
    """Return the unfitted candidate of a name."""
    if name == "logistic":
        return LinearScorer(C)
    return TreeScorer(n_trees, random_state)


class LinearScorer(BaseEstimator):
    """Logistic regression on the encoded table, kept as plain coefficients."""

    def __init__(self, C=1.0):
        self.C = C

    def fit(self, X, y, time=None):
        """Fit on a DataFrame, outcomes 0 and 1, and when each row was."""
        self.encoder_ = TableEncoder()
        Z = self.encoder_.fit_transform(X, y, time)
        model = LogisticRegression(C=self.C, max_iter=1000).fit(Z, y)
        self.coef_ = model.coef_[0]
        self.intercept_ = float(model.intercept_[0])
        self.average_ = float(self.intercept_ + self.encoder_.means_ @ self.coef_)
        return self

    def margin(self, X):
        """Log-odds of each row."""
        return self.encoder_.transform(X) @ self.coef_ + self.intercept_

    def contributions(self, X):
        """Terms of each column less their mean: an array of shape (n, n_columns)."""
        terms = (self.encoder_.transform(X) - self.encoder_.means_) * self.coef_
        belongs = self.encoder_.owners_[:, None] == np.arange(X.shape[1])
        return terms @ belongs


class TreeScorer(BaseEstimator):
    """Small boosted trees on the encoded table."""

    def __init__(self, n_trees=100, random_state=None):
        self.n_trees = n_trees
        self.random_state = random_state

    def fit(self, X, y, time=None):
        """Fit on a DataFrame, outcomes 0 and 1, and when each row was."""
        self.encoder_ = TableEncoder()
        trees = SmallTrees(self.n_trees, random_state=self.random_state)
        self.trees_ = trees.fit(self.encoder_.fit_transform(X, y, time), y)
        self.average_ = self.trees_.average_
        return self

    def margin(self, X):
        """Log-odds of each row."""
        return self.trees_.margin(self.encoder_.transform(X))

    def contributions(self, X):
        """Shapley values of each column: an array of shape (n, n_columns)."""
        Z = self.encoder_.transform(X)
        return self.trees_.contributions(Z, self.encoder_.owners_, X.shape[1])


class Calibration(BaseEstimator):
    """Platt scaling of log-odds, used only as far as rows not fitted bear it out.

    Across folds, slope and level are learned where two halves of the validated rows agree. Over
    time only the slope is: the model that is scaled has seen the newest part since, so correcting
    its level by that part once more would count it twice. It is only ever drawn in, since that
    one period was clearer than expected does not make the next one so; and by what two periods
    confirm, since a season or a strike makes one flat, and the next is as before.

    Attributes
    ----------
    slope_, intercept_ : float
        1 and 0 where calibrating does not help.
    helps_ : bool
    """

    slope_, intercept_, helps_ = 1.0, 0.0, False

    def fit(self, margin, y):
        """Fit on log-odds validated across folds and outcomes 0 and 1."""
        half, scaled = np.arange(len(y)) % 2 == 1, np.empty(len(y))
        for part in (half, ~half):
            if not 0 < y[part].sum() < part.sum():
                return self
            slope, intercept = _platt(margin[part], y[part])
            scaled[~part] = slope * margin[~part] + intercept
        slope, intercept = _platt(margin, y)
        # a slope about zero or below would undo the ranking
        if slope > _FLAT and _loss(scaled, y) < _loss(margin, y):
            self.slope_, self.intercept_, self.helps_ = slope, intercept, True
        return self

    def draw_in(self, newest, before):
        """Draw in by what the newest period and the one before confirm, as of `overstated`.

        What only the newest says is believed to a fifth: it may be odd, or the first of many.
        """
        confirmed = min(newest, before)
        slope = max(1 - confirmed - UNCONFIRMED * (newest - confirmed), _LEAST_SLOPE)
        if slope < 1:
            self.slope_, self.helps_ = slope, True
        return self

    def anchor(self, margin, rate):
        """Set the level so that the mean probability of the rows is `rate`."""
        if self.helps_:
            self.intercept_ = level(self.slope_ * margin, rate)
        return self

    def apply(self, margin):
        """Return calibrated log-odds."""
        return self.slope_ * margin + self.intercept_


def level(margin, rate):
    """Return what must be added to log-odds for their mean probability to be `rate`."""
    reach = np.abs(margin).max() + np.abs(np.log(rate / (1 - rate))) + 1
    return float(brentq(lambda add: sigmoid(margin + add).mean() - rate, -reach, reach))


def sigmoid(margin):
    """Return the probabilities of log-odds."""
    return 1 / (1 + np.exp(-np.clip(margin, -700, 700)))


def overstated(margin, y):
    """Return by how much the slope of a period's outcomes on its log-odds is below 1, at least 0.

    Drawn towards 0 by a normal prior of `SLOPES_DIFFER`, the more the less so few rows can tell.
    """
    if not 0 < y.sum() < len(y):
        return 0.0
    slope, intercept = _platt(margin, y)
    p = sigmoid(slope * margin + intercept)
    weights = p * (1 - p)
    centred = margin - (weights @ margin) / max(weights.sum(), 1e-12)
    known = SLOPES_DIFFER**2 * float(weights @ centred**2)
    return max(1 - slope, 0.0) * known / (1 + known)


def _platt(margin, y):
    model = LogisticRegression(C=1e4, max_iter=1000).fit(margin[:, None], y)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _loss(margin, y):
    return float(np.logaddexp(0, np.where(y == 1, -margin, margin)).mean())
