"""From the nodes of a decision tree to conditions on the columns it was grown from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ._table import refuse_dates
from ._validation import as_column

MAX_CATEGORIES = 12


@dataclass
class Rule:
    """A node all of whose leaves are key accounts: steps to it, its leaves, its precision."""

    path: list
    leaves: list
    precision: float


def rules_of_tree(tree, min_precision):
    """Return the highest nodes of which all leaves hold at least `min_precision` of class 1.

    Parameters
    ----------
    tree : sklearn.tree._tree.Tree
        With two classes.
    min_precision : float

    Returns
    -------
    list of Rule
        With `path` as a list of (feature, below, threshold).
    """
    share = tree.value[:, 0, 1] / tree.value[:, 0].sum(axis=1)
    rules = []

    def visit(node, path):
        """Return the leaves below the node if all are good, else None."""
        left, right = tree.children_left[node], tree.children_right[node]
        if left < 0:
            return [node] if share[node] >= min_precision else None
        step = int(tree.feature[node]), float(tree.threshold[node])
        paths = [[*path, (step[0], below, step[1])] for below in (True, False)]
        found = [visit(child, way) for child, way in zip((left, right), paths, strict=True)]
        if all(found):
            return found[0] + found[1]
        for leaves, child, way in zip(found, (left, right), paths, strict=True):
            if leaves:
                rules.append(Rule(way, leaves, float(share[child])))
        return None

    visit(0, [])
    return rules


class Encoder:
    """Columns of numbers as they are, texts as one column per category with enough customers.

    Yes or no is a column of the category True, so that a condition reads "= True".

    Parameters
    ----------
    min_count : int
        Customers that a category needs; at most twelve of a column are told apart.
    """

    def __init__(self, min_count):
        self.min_count = min_count

    def fit(self, frame):
        """Learn the columns and categories of a frame."""
        self.features_ = []
        for name in frame.columns:
            values = frame[name]
            refuse_dates(name, values)
            if pd.api.types.is_bool_dtype(values):
                self.features_.append((name, True, None))
                continue
            if pd.api.types.is_numeric_dtype(values):
                whole = bool(np.all(as_column(name, values) % 1 == 0))
                self.features_.append((name, None, whole))
                continue
            counts = values.value_counts()
            common = counts[counts >= self.min_count].index[:MAX_CATEGORIES]
            self.features_ += [(name, category, None) for category in common]
        if not self.features_:
            raise ValueError("frame has no column with enough customers in a category.")
        return self

    def transform(self, frame):
        """Return the features as an array of float32, as the tree sees them."""
        columns = [
            as_column(name, frame[name])
            if category is None
            else (frame[name].astype(object) == category).fillna(False).to_numpy(float)
            for name, category, _ in self.features_
        ]
        return np.column_stack(columns).astype(np.float32)

    def conditions(self, path, data):
        """Turn the steps to a node into as few conditions as say the same.

        Parameters
        ----------
        path : list of (feature, below, threshold)
        data : ndarray of shape (n, n_features)
            What the tree was grown from: limits are rounded between its values.

        Returns
        -------
        list of dict
            `column`, `operator`, `value`.
        """
        bounds, equal, unequal = {}, {}, []
        for feature, below, threshold in path:
            name, category, whole = self.features_[feature]
            if category is not None:
                if below:
                    unequal.append((name, category))
                else:
                    equal[name] = category
                continue
            # both sides of a step get the same limit, so nobody falls between two rules
            limit = _round_limit(data[:, feature], threshold, whole)
            key = name, "<" if below else ">="
            tighter = min if below else max
            bounds[key] = tighter(bounds.get(key, limit), limit)
        told = [(name, "=", category) for name, category in equal.items()]
        told += [(name, "!=", category) for name, category in unequal if name not in equal]
        told += [(*key, limit) for key, limit in bounds.items()]
        return [dict(zip(("column", "operator", "value"), one, strict=True)) for one in told]


def _round_limit(values, threshold, whole):
    """Shortest number above all values on the left of a threshold and not above the others."""
    low = float(values[values <= threshold].max())
    high = float(values[values > threshold].min())
    for digits in range(-9, 10):
        limit = np.floor(high * 10.0**digits) / 10.0**digits
        if low < limit <= high:
            return int(limit) if whole else float(limit)
    return high
