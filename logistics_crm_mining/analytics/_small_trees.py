"""Gradient-boosted small trees as plain arrays, with exact additive contributions."""

from itertools import product
from math import factorial

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier

NODE_FIELDS = ("feature_idx", "num_threshold", "left", "right", "value", "count", "is_leaf")


class SmallTrees(BaseEstimator):
    """Boosted trees of at most three questions each, fitted by scikit-learn and kept as arrays.

    Parameters
    ----------
    n_trees : int, default=100
    learning_rate : float, default=0.08
    max_leaves : int, default=5
    random_state : int or None, default=None

    Attributes
    ----------
    start_ : float
        Log-odds before the first tree.
    trees_ : list of dict of ndarray
        For each tree its nodes: `NODE_FIELDS` of scikit-learn's predictor.
    average_ : float
        Mean log-odds of the rows fitted.
    """

    def __init__(self, n_trees=100, learning_rate=0.08, max_leaves=5, random_state=None):
        self.n_trees = n_trees
        self.learning_rate = learning_rate
        self.max_leaves = max_leaves
        self.random_state = random_state

    def fit(self, Z, y):
        """Fit on numbers without NaN and outcomes 0 and 1."""
        model = HistGradientBoostingClassifier(
            max_iter=self.n_trees,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.max_leaves,
            max_depth=3,
            min_samples_leaf=int(np.clip(len(y) // 20, 5, 30)),
            early_stopping=False,
            random_state=self.random_state,
        ).fit(Z, y)
        self.start_ = float(np.ravel(model._baseline_prediction)[0])
        self.trees_ = [_arrays(tree.nodes) for (tree,) in model._predictors]
        self.average_ = float(self.margin(Z).mean())
        return self

    def margin(self, Z):
        """Log-odds of each row."""
        result = np.full(len(Z), self.start_)
        for tree in self.trees_:
            result += tree["value"][_leaves(tree, Z)]
        return result

    def contributions(self, Z, owners, n_columns):
        """What each input column adds to the log-odds of each row, relative to the average.

        The Shapley values of the trees, where an unknown column is averaged over the rows fitted
        that came to each question (Lundberg, Erion and Lee 2018). A leaf is reached through at
        most three columns, so that its values are looked up in a table of at most eight cases.

        Parameters
        ----------
        Z : ndarray of shape (n, n_outputs)
        owners : ndarray of shape (n_outputs,)
            The input column of each output column; all outputs of one are one player.
        n_columns : int

        Returns
        -------
        ndarray of shape (n, n_columns)
            Each row sums to its log-odds less `average_`.
        """
        result = np.zeros((len(Z), n_columns))
        for tree in self.trees_:
            for value, conditions in _paths(tree, owners):
                _add_leaf(result, Z, value, conditions)
        return result


def _arrays(nodes):
    tree = {name: np.array(nodes[name]) for name in NODE_FIELDS}
    for name in ("feature_idx", "left", "right"):
        tree[name] = tree[name].astype(np.int64)
    tree["count"] = tree["count"].astype(float)
    tree["is_leaf"] = tree["is_leaf"].astype(bool)
    return tree


def _leaves(tree, Z):
    """Index of the leaf of each row."""
    node = np.zeros(len(Z), dtype=np.int64)
    rows = np.arange(len(Z))
    while len(rows):
        rows = rows[~tree["is_leaf"][node[rows]]]
        at = node[rows]
        below = Z[rows, tree["feature_idx"][at]] <= tree["num_threshold"][at]
        node[rows] = np.where(below, tree["left"][at], tree["right"][at])
    return node


def _paths(tree, owners, node=0, conditions=()):
    """Yield each leaf's value and, per column on its path, the questions and the share let through.

    Conditions are (column, feature, threshold, below, share) from the root down.
    """
    if tree["is_leaf"][node]:
        yield float(tree["value"][node]), conditions
        return
    feature, limit = tree["feature_idx"][node], tree["num_threshold"][node]
    for child, below in ((tree["left"][node], True), (tree["right"][node], False)):
        share = tree["count"][child] / tree["count"][node]
        step = (owners[feature], feature, limit, below, share)
        yield from _paths(tree, owners, child, (*conditions, step))


def _add_leaf(result, Z, value, conditions):
    columns = list(dict.fromkeys(step[0] for step in conditions))
    shares, case = [], np.zeros(len(Z), dtype=np.int64)
    for bit, column in enumerate(columns):
        passed, share = True, 1.0
        for _, feature, limit, below, part in (s for s in conditions if s[0] == column):
            passed = passed & ((Z[:, feature] <= limit) == below)
            share *= part
        shares.append(share)
        case += passed.astype(np.int64) << bit
    table = _shapley_table(value, np.array(shares))
    for bit, column in enumerate(columns):
        result[:, column] += table[case, bit]


def _shapley_table(value, shares):
    """Shapley values of a leaf's columns for every case of who lets the row through.

    The leaf is worth `value` times the product over its columns of 1 or 0 (known) or the share of
    rows let through (unknown).
    """
    m = len(shares)
    table = np.zeros((2**m, m))
    passes = (np.arange(2**m)[:, None] >> np.arange(m)) & 1
    for j in range(m):
        others = [k for k in range(m) if k != j]
        for known in product((0, 1), repeat=m - 1):
            size = sum(known)
            weight = factorial(size) * factorial(m - size - 1) / factorial(m)
            worth = np.full(2**m, weight * value)
            for k, is_known in zip(others, known, strict=True):
                worth *= passes[:, k] if is_known else shares[k]
            table[:, j] += worth * (passes[:, j] - shares[j])
    return table
