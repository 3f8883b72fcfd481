"""The candidates of `TabularClassifier`: log-odds of rows of a table, and what adds to them."""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from ._small_trees import SmallTrees
from ._table import TableEncoder

# Names of the candidates, the simplest first.
SCORERS = ("logistic", "trees")
_FLAT = 1e-3


def make_scorer(name, C, n_trees, random_state):
    """Return the unfitted candidate of a name."""
    if name == "logistic":
        return LinearScorer(C)
    return TreeScorer(n_trees, random_state)


class LinearScorer(BaseEstimator):
    """Logistic regression on the encoded table, kept as plain coefficients."""

    def __init__(self, C=1.0):
        self.C = C

    def fit(self, X, y):
        """Fit on a DataFrame and outcomes 0 and 1."""
        self.encoder_ = TableEncoder().fit(X)
        model = LogisticRegression(C=self.C, max_iter=1000).fit(self.encoder_.transform(X), y)
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

    def fit(self, X, y):
        """Fit on a DataFrame and outcomes 0 and 1."""
        self.encoder_ = TableEncoder().fit(X)
        trees = SmallTrees(self.n_trees, random_state=self.random_state)
        self.trees_ = trees.fit(self.encoder_.transform(X), y)
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
    """Platt scaling of log-odds, used only where it lowers the log-loss of rows not fitted.

    Attributes
    ----------
    slope_, intercept_ : float
        1 and 0 where calibrating does not help.
    helps_ : bool
    """

    slope_, intercept_, helps_ = 1.0, 0.0, False

    def fit(self, margin, y, in_order=False):
        """Fit on validated log-odds; two halves judge each other (in time order if `in_order`)."""
        half = np.arange(len(y)) >= len(y) / 2 if in_order else np.arange(len(y)) % 2 == 1
        calibrated = np.array(margin, dtype=float)
        for part in (half, ~half):
            if not 0 < y[part].sum() < part.sum():
                return self
            slope, intercept = _platt(margin[part], y[part])
            calibrated[~part] = slope * margin[~part] + intercept
        slope, intercept = _platt(margin, y)
        # a slope about zero or below would undo the ranking
        if slope > _FLAT and _loss(calibrated, y) < _loss(margin, y):
            self.slope_, self.intercept_, self.helps_ = slope, intercept, True
        return self

    def apply(self, margin):
        """Return calibrated log-odds."""
        return self.slope_ * margin + self.intercept_


def sigmoid(margin):
    """Return the probabilities of log-odds."""
    return 1 / (1 + np.exp(-np.clip(margin, -700, 700)))


def _platt(margin, y):
    model = LogisticRegression(C=1e4, max_iter=1000).fit(margin[:, None], y)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _loss(margin, y):
    return float(np.logaddexp(0, np.where(y == 1, -margin, margin)).mean())
