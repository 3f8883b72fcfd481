"""Gradient-boosted small trees as plain arrays, with exact additive contributions."""

from itertools import product
from math import factorial

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier

from ._threads import one_thread

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
    nodes_ : dict of ndarray of shape (n_nodes,)
        `NODE_FIELDS` of scikit-learn's predictors, all trees one after the other.
    roots_ : ndarray of shape (n_trees,)
        Where each tree begins.
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
        )
        with one_thread():
            model.fit(Z, y)
        self.start_ = float(np.ravel(model._baseline_prediction)[0])
        self.nodes_, self.roots_ = _arrays([tree.nodes for (tree,) in model._predictors])
        self.average_ = float(self.margin(Z).mean())
        return self

    def margin(self, Z):
        """Log-odds of each row."""
        result, columns = np.full(len(Z), self.start_), np.ascontiguousarray(np.transpose(Z))
        for root in self.roots_:
            result += _values(self.nodes_, root, columns)
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
        result, columns = np.zeros((n_columns, len(Z))), np.ascontiguousarray(np.transpose(Z))
        for root in self.roots_:
            for value, conditions in _paths(self.nodes_, owners, root):
                _add_leaf(result, columns, value, conditions)
        return result.T


def _arrays(trees):
    """Return the nodes of all trees as one array per field, and where each tree begins."""
    sizes = [len(nodes) for nodes in trees]
    roots = np.cumsum([0, *sizes])[:-1]
    nodes = {name: np.concatenate([tree[name] for tree in trees]) for name in NODE_FIELDS}
    for name in ("left", "right"):
        nodes[name] = nodes[name].astype(np.int64) + np.repeat(roots, sizes)
    nodes["feature_idx"] = nodes["feature_idx"].astype(np.int64)
    nodes["count"] = nodes["count"].astype(float)
    nodes["is_leaf"] = nodes["is_leaf"].astype(bool)
    return nodes, roots


def _values(nodes, at, columns):
    """Value of each row, whose numbers are given by column, in the tree below a node."""
    if nodes["is_leaf"][at]:
        return nodes["value"][at]
    below = columns[nodes["feature_idx"][at]] <= nodes["num_threshold"][at]
    sides = (_values(nodes, nodes[side][at], columns) for side in ("left", "right"))
    return np.where(below, *sides)


def _paths(nodes, owners, at, conditions=()):
    """Yield the value of each leaf below a node and the conditions on the way to it.

    Conditions are (column, feature, threshold, below, share of rows let through) from the root
    down.
    """
    if nodes["is_leaf"][at]:
        yield float(nodes["value"][at]), conditions
        return
    feature, limit = nodes["feature_idx"][at], nodes["num_threshold"][at]
    for child, below in ((nodes["left"][at], True), (nodes["right"][at], False)):
        share = nodes["count"][child] / nodes["count"][at]
        step = (owners[feature], feature, limit, below, share)
        yield from _paths(nodes, owners, child, (*conditions, step))


def _add_leaf(result, columns, value, conditions):
    players = list(dict.fromkeys(step[0] for step in conditions))
    shares, case = [], np.zeros(result.shape[1], dtype=np.intp)
    for bit, player in enumerate(players):
        passed, share = True, 1.0
        for _, feature, limit, below, part in (s for s in conditions if s[0] == player):
            passed = passed & ((columns[feature] <= limit) == below)
            share *= part
        shares.append(share)
        case += passed << bit if bit else passed
    table = _shapley_table(value, np.array(shares))
    for bit, player in enumerate(players):
        result[player] += table[:, bit].take(case)


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
