"""What key accounts look like: a few rules of at most four conditions, from a decision tree."""

import re

import numpy as np
import pandas as pd
from scipy.stats import kendalltau, rankdata
from sklearn.base import BaseEstimator
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.validation import check_is_fitted

from ._boundary import as_outcomes, unique_columns
from ._rule_text import Encoder, rules_of_tree
from ._validation import as_column, require_columns, same_length

MAX_DEPTH, MAX_LEAVES = 4, 13
MIN_KEYS = 20
# Words in the names of columns that are made of revenue; whoever describes key accounts by them
# says that those who buy much buy much.
MONEY_WORDS = frozenset(
    ("amount", "amounts", "billed", "billing", "clv", "earnings", "gmv", "income", "invoiced")
    + ("ltv", "margin", "monetary", "money", "price", "profit", "revenue", "revenues", "sales")
    + ("spend", "spending", "spent", "subtotal", "turnover", "umsatz", "value", "worth")
)
MONEY_SIGNS = ("金额", "销售额", "营业额", "收入", "营收", "利润", "毛利", "消费额")
MONEY_COLUMNS = frozenset(
    ("abc_class", "average_order", "grand_total", "m_score", "order_total", "rfm_score", "segment")
    + ("total",)
)
# Rank correlation with the amount from which a column counts as made of it, whatever its name;
# of texts, the share of the ranks' variance that lies between them.
MAX_RANK_CORRELATION, MAX_RANK_SHARE = 0.97, 0.9
# Counts, of which most customers share theirs with others, rank like the amount wherever orders are
# of even value, and are none: they count as made of it if at most so many pairs cross.
MAX_CROSSED = 0.003
# So many of all pairs must differ for that to say anything: a flag of a few customers cannot cross.
MIN_UNTIED = 0.15
RULE_REASONS = {
    "too_few_keys": "Only %(count)s key accounts (or only so many others) are there; %(needed)s "
    "are needed.",
    "no_rules": "No group of customers found has at least %(needed)s of key accounts among "
    "customers that the tree has not seen.",
}


class KeyAccountRules(BaseEstimator):
    """Rules that describe key accounts by what they are and do, not by what they spend.

    A decision tree of at most four levels and 13 leaves. Leaves with mostly key accounts become
    rules, neighbours are joined, conditions that follow from others are dropped, and limits are
    rounded as far as they go between the same two customers.

    How good the rules are is measured on customers that the tree has not seen (repeated
    cross-validation): for all together directly, for each by shrinking its precision towards the
    share of key accounts, as much as the rules of the trees in cross-validation lost (van
    Houwelingen and Le Cessie 1990). A rule that has too little left is dropped.

    Parameters
    ----------
    max_depth : int, default=4
    max_leaf_nodes : int, default=13
        Smaller trees are allowed, larger ones are refused.
    min_samples_leaf : float, default=0.01
        Share of the customers that a leaf needs, at least five.
    min_precision : float, default=0.5
        Share of key accounts that a rule needs among customers not seen.
    folds, repeats : int, default=5, 4
    max_cv_rows : int, default=10_000
        Cross-validation looks at a sample of as many customers.
    random_state : int, default=0

    Attributes
    ----------
    rules_ : list of dict
        Best covering first: `conditions` (list of dicts: `column`, `operator` among ``>=``, ``<``,
        ``=``, ``!=``, and `value`), `customers` (who fulfil it), `key_accounts` (among them),
        `precision` and `coverage` (share of the key accounts) on customers not seen, `lift`
        (precision by `base_rate_`), `precision_seen` (on those the tree learned from).
    precision_, coverage_ : float
        Of all rules together on customers not seen; NaN without rules in cross-validation.
    shrinkage_ : float
        What is left of the rules' lead over the base rate on customers not seen, 0 to 1.
    base_rate_ : float
        Share of key accounts.
    n_leaves_, depth_ : int
    code_, args_, reason_ : str, dict, str
        Why there are no rules (see `RULE_REASONS`), else None and empty.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> lanes = np.arange(400) % 10
    >>> rules = KeyAccountRules().fit(pd.DataFrame({"lanes": lanes}), lanes >= 7).rules_
    >>> rules[0]["conditions"]
    [{'column': 'lanes', 'operator': '>=', 'value': 7}]
    """

    def __init__(
        self,
        max_depth=MAX_DEPTH,
        max_leaf_nodes=MAX_LEAVES,
        min_samples_leaf=0.01,
        min_precision=0.5,
        folds=5,
        repeats=4,
        max_cv_rows=10_000,
        random_state=0,
    ):
        self.max_depth = max_depth
        self.max_leaf_nodes = max_leaf_nodes
        self.min_samples_leaf = min_samples_leaf
        self.min_precision = min_precision
        self.folds = folds
        self.repeats = repeats
        self.max_cv_rows = max_cv_rows
        self.random_state = random_state

    def fit(self, frame, key, amount=None):
        """Find the rules.

        Parameters
        ----------
        frame : DataFrame of shape (n, d)
            Numbers, booleans, and texts or categories (missing ones are no category). A condition
            on a boolean has the operator ``=`` or ``!=`` and the value True.
        key : array-like of bool, shape (n,)
            Whether a customer is a key account, e.g. of class A.
        amount : array-like of shape (n,), optional
            What the classes were made of, so that columns made of it can be told.

        Returns
        -------
        self : KeyAccountRules

        Raises
        ------
        ValueError
            If a column is made of revenue (by its name, or as it ranks customers like `amount`),
            has missing numbers or dates, if `key` holds more than yes and no, or the tree may grow
            larger than four levels and 13 leaves.
        """
        self._check_size()
        key = as_outcomes(key, "key") == 1
        require_columns(frame, [])
        unique_columns(frame, "frame")
        same_length(frame=frame.index, key=key, amount=amount)
        refuse_money(frame, amount)
        self.encoder_ = Encoder(self._min_leaf(len(key))).fit(frame)
        data = self.encoder_.transform(frame)
        self.base_rate_ = float(key.mean())
        self.rules_, self.n_leaves_, self.depth_ = [], 1, 0
        self.precision_ = self.coverage_ = self.shrinkage_ = float("nan")
        rarer = int(min(key.sum(), (~key).sum()))
        if rarer < MIN_KEYS:
            return self._explain("too_few_keys", {"count": rarer, "needed": MIN_KEYS})
        self._validate(data, key)
        self._describe(frame, data, key)
        if not self.rules_:
            return self._explain("no_rules", {"needed": self.min_precision})
        return self._explain()

    def predict(self, frame):
        """Return whether each customer fulfils one of the rules."""
        check_is_fitted(self, "rules_")
        return self.match(frame) >= 0

    def match(self, frame):
        """Return for each customer the number of the rule fulfilled, -1 for none."""
        check_is_fitted(self, "rules_")
        asked = {condition["column"] for rule in self.rules_ for condition in rule["conditions"]}
        require_columns(frame, sorted(asked, key=str))
        result = np.full(len(frame), -1)
        for number, rule in enumerate(self.rules_):
            result[fulfils(frame, rule["conditions"])] = number
        return result

    def _check_size(self):
        if not 1 <= self.max_depth <= MAX_DEPTH or not 2 <= self.max_leaf_nodes <= MAX_LEAVES:
            raise ValueError(
                f"The tree may have 1 to {MAX_DEPTH} levels and 2 to {MAX_LEAVES} leaves, but "
                f"max_depth is {self.max_depth} and max_leaf_nodes {self.max_leaf_nodes}."
            )

    def _min_leaf(self, n):
        return max(5, round(self.min_samples_leaf * n))

    def _grow(self, data, key):
        tree = DecisionTreeClassifier(
            max_depth=self.max_depth,
            max_leaf_nodes=self.max_leaf_nodes,
            min_samples_leaf=self._min_leaf(len(key)),
            random_state=self.random_state,
        ).fit(data, key)
        return tree.tree_, rules_of_tree(tree.tree_, self.min_precision)

    def _validate(self, data, key):
        """Measure on folds that the trees have not seen, and how much single rules lose there."""
        if len(key) > self.max_cv_rows:
            rng = np.random.default_rng(self.random_state)
            part = rng.choice(len(key), self.max_cv_rows, replace=False)
            data, key = data[part], key[part]
        split = RepeatedStratifiedKFold(
            n_splits=self.folds, n_repeats=self.repeats, random_state=self.random_state
        )
        seen = []
        for train, test in split.split(data, key):
            leaves, rules = self._grow(data[train], key[train])
            which = leaves.apply(data[test])
            for rule in rules:
                inside, lead = np.isin(which, rule.leaves), rule.precision - key[train].mean()
                seen.append((lead, inside.sum(), key[test][inside].sum()))
        lead, customers, hits = np.array(seen or [(0.0, 0, 0)]).T
        if customers.sum():
            self.precision_ = float(hits.sum() / customers.sum())
            gained = lead @ (hits - customers * key.mean())
            self.shrinkage_ = float(np.clip(gained / (customers @ lead**2), 0, 1))
        self.coverage_ = float(hits.sum() / (key.sum() * self.repeats))

    def _describe(self, frame, data, key):
        tree, found = self._grow(data, key)
        self.n_leaves_, self.depth_ = int(tree.n_leaves), int(tree.max_depth)
        rules = [self._tell(rule, frame, data, key) for rule in found]
        rules = [rule for rule in rules if rule["precision"] >= self.min_precision]
        self.rules_ = sorted(rules, key=lambda rule: -rule["coverage"])

    def _tell(self, rule, frame, data, key):
        conditions = simplify(frame, self.encoder_.conditions(rule.path, data))
        inside = fulfils(frame, conditions)
        customers, hits = int(inside.sum()), int(key[inside].sum())
        base = self.base_rate_
        precision = float(base + np.nan_to_num(self.shrinkage_) * (hits / customers - base))
        return {
            "conditions": conditions,
            "customers": customers,
            "key_accounts": hits,
            "precision": precision,
            "coverage": min(precision * customers / float(key.sum()), 1.0),
            "lift": precision / base,
            "precision_seen": hits / customers,
        }

    def _explain(self, code=None, args=None):
        self.code_, self.args_ = code, args or {}
        self.reason_ = RULE_REASONS[code] % self.args_ if code else None
        return self


def money_columns(frame, amount=None):
    """Return the names of columns that are made of revenue: by their names, or by their ranks.

    Parameters
    ----------
    frame : DataFrame
    amount : array-like of shape (n,), optional
    """
    wrong = [name for name in frame.columns if _named_like_money(str(name))]
    if amount is not None and len(frame) > 2:
        ranks = rankdata(as_column("amount", amount))
        rest = [name for name in frame.columns if name not in wrong]
        wrong += [name for name in rest if np.ptp(ranks) and _ranked_like(frame[name], ranks)]
    return list(map(str, wrong))


def _named_like_money(name):
    words = re.findall(r"[a-zà-ÿ]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower())
    told = bool(MONEY_WORDS & set(words)) or "_".join(words) in MONEY_COLUMNS
    return told or any(sign in name for sign in MONEY_SIGNS)


def _ranked_like(values, ranks):
    """Say whether a column orders customers as their amounts do, of those for whom it is known."""
    known = values.notna().to_numpy()
    values, ranks = values[known], rankdata(ranks[known])
    if values.nunique() < 2 or not np.ptp(ranks):
        return False
    if pd.api.types.is_numeric_dtype(values):
        own = rankdata(values.to_numpy(float))
    else:
        groups = pd.Series(ranks).groupby(values.astype(str).to_numpy())
        if _share_between(groups, ranks) > MAX_RANK_SHARE:
            return True
        own = rankdata(groups.transform("mean"))
    if 2 * len(np.unique(own)) <= len(own):
        return _is_copy_in_steps(own, ranks)
    if not pd.api.types.is_numeric_dtype(values):
        return False
    return abs(np.corrcoef(own, ranks)[0, 1]) > MAX_RANK_CORRELATION


def _share_between(groups, ranks):
    """Return the share of the ranks' variance that lies between groups; 0 where each is alone."""
    count, rows = groups.ngroups, len(ranks)
    if count >= rows:
        return 0.0
    within = ((ranks - groups.transform("mean")) ** 2).sum() / (rows - count)
    return 1 - within / ranks.var(ddof=1)


def _is_copy_in_steps(own, ranks):
    """Say whether hardly any pair of different own rank is the other way round in the other ranks.

    Their share is half of what Somers' (1962) D lacks of 1; a column that falls as the other rises
    counts like one that rises.
    """
    untied = _untied(own)
    if untied < MIN_UNTIED * len(own) * (len(own) - 1) / 2:
        return False
    somers = abs(kendalltau(own, ranks).statistic) * np.sqrt(_untied(ranks) / untied)
    return (1 - somers) / 2 <= MAX_CROSSED


def _untied(ranks):
    counts = np.unique(ranks, return_counts=True)[1].astype(float)
    return (len(ranks) ** 2 - (counts**2).sum()) / 2


def refuse_money(frame, amount=None):
    """Raise ValueError if there are `money_columns`."""
    if wrong := money_columns(frame, amount):
        raise ValueError(
            f"frame has {len(wrong)} column(s) that are made of revenue: {', '.join(wrong)}. Key "
            "accounts must be described by something else: leave them out, or rename what only "
            "sounds like it."
        )


def fulfils(frame, conditions):
    """Return which rows of a frame fulfil all conditions, as an array of bool."""
    inside = np.ones(len(frame), dtype=bool)
    for condition in conditions:
        values, value = frame[condition["column"]], condition["value"]
        if condition["operator"] == ">=":
            inside &= values.to_numpy(float) >= value
        elif condition["operator"] == "<":
            inside &= values.to_numpy(float) < value
        else:
            same = (values.astype(object) == value).fillna(False).to_numpy(bool)
            inside &= same == (condition["operator"] == "=")
    return inside


def simplify(frame, conditions):
    """Drop conditions without which the same customers are found."""
    whole = fulfils(frame, conditions)
    for condition in list(conditions):
        rest = [other for other in conditions if other is not condition]
        if rest and np.array_equal(fulfils(frame, rest), whole):
            conditions = rest
    return conditions
