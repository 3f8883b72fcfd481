"""A yes-or-no model for tables of mixed columns: chosen honestly, calibrated, explained."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedKFold
from sklearn.utils import check_array, check_consistent_length, column_or_1d
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from ._boundary import as_table
from ._moments import as_times_of_rows
from ._scorers import SCORERS, Calibration, make_scorer, overstated, sigmoid
from ._table import refuse_lists
from .evaluation import figures
from .leakage import N_NAMED, SUSPICIOUS_AUC, LeakageError, surely_above

MIN_PER_CLASS = 5


class TabularClassifier(ClassifierMixin, BaseEstimator):
    """Probability of a yes from numbers, categories and booleans, missing values welcome.

    The candidates are, from the simplest: `logistic` (a line through what `TableEncoder` makes of
    the columns) and `trees` (boosted trees of at most three questions). Each is judged by log-loss
    on rows it has not seen: with `time`, on the newest part; without, by cross-validation. A less
    simple one must win by more than a standard error of the difference. The probabilities are
    calibrated where that helps on those rows (over time, by what the part before confirms); then
    the model is fitted on all rows. Outcomes are never reweighted, which would ruin the
    probabilities.

    Parameters
    ----------
    candidates : sequence of str, default=("logistic", "trees")
    C : float, default=1.0
        Inverse strength of the penalty of the logistic regression.
    n_trees : int, default=100
    validation_share : float, default=0.1
        The newest part of the rows that validates; grown until it holds `MIN_PER_CLASS` rows of
        each outcome. Where that cannot be, the simplest candidate is taken unvalidated.
    folds : int, default=5
    suspicious_auc : float or None, default=0.87
        A validated AUC above this is refused as leakage. 0.87 suits churn, where more has never
        been honest; None switches the guard off.
    guard_from : int, default=500
        Among fewer rows nothing is refused, and among more only what is above beyond chance (see
        `surely_above`).
    random_state : int or None, default=None

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    candidates_ : list of dict
        For each candidate `name`, the figures on the validation rows before calibration (`auc`,
        `log_loss`, `brier`, `ece`) and `behind` (mean log-loss lost against the best one, and
        its standard error `behind_error`).
    chosen_ : str
    validation_ : dict
        `kind` ("time", "folds" or "none"), `n`, `positives`, `calibrated` (bool), and the figures
        of what was chosen, before calibration.
    calibration_ : Calibration
    model_ : scorer fitted on all rows
    average_log_odds_ : float
        Mean log-odds of the rows fitted, as the model learned from them, before calibration.
    n_features_in_, feature_names_in_ : int, ndarray

    Examples
    --------
    >>> import pandas as pd
    >>> X = pd.DataFrame({"days": range(80), "country": ["DE", "FR"] * 40})
    >>> y = [0, 0, 1, 0] * 10 + [1, 1, 0, 1] * 10
    >>> model = TabularClassifier(random_state=0).fit(X, y)
    >>> model.chosen_
    'logistic'
    >>> model.contributions(X).columns.tolist()
    ['days', 'country']
    """

    def __init__(
        self,
        candidates=("logistic", "trees"),
        C=1.0,
        n_trees=100,
        validation_share=0.1,
        folds=5,
        suspicious_auc=SUSPICIOUS_AUC,
        guard_from=500,
        random_state=None,
    ):
        self.candidates = candidates
        self.C = C
        self.n_trees = n_trees
        self.validation_share = validation_share
        self.folds = folds
        self.suspicious_auc = suspicious_auc
        self.guard_from = guard_from
        self.random_state = random_state

    def fit(self, X, y, time=None, outcome_time=None):
        """Choose, calibrate and fit.

        Parameters
        ----------
        X : DataFrame or array-like of shape (n, n_columns)
        y : array-like of shape (n,)
            Two different outcomes; the second in sorted order is the yes.
        time : array-like of shape (n,), optional
            When each row was (dates or numbers). Rows of the same time stay together.
        outcome_time : array-like of shape (n,), optional
            When each outcome was known, as `time`: what was not yet known when the newest part
            began is not used to judge on it.

        Returns
        -------
        self : TabularClassifier

        Raises
        ------
        ValueError
            If there are not two outcomes, or a column holds what cannot be used.
        LeakageError
            If the validated AUC is above `suspicious_auc`; names the columns that count most.
        """
        X = self._check_table(X, reset=True)
        outcome = self._check_outcome(X, y)
        unknown = [name for name in self.candidates if name not in SCORERS]
        if unknown or not len(self.candidates):
            raise ValueError(f"candidates must be of {', '.join(SCORERS)}, but hold {unknown}.")
        if time is not None:
            check_consistent_length(outcome, time, outcome_time)
            time, outcome_time = as_times_of_rows(time, outcome_time)
        splits, kind = self._splits(outcome, time, outcome_time)
        self._choose(X, outcome, time, splits, kind)
        self.model_ = self._scorer(self.chosen_).fit(X, outcome, time)
        self.average_log_odds_ = self.model_.average_
        if kind == "time":
            self.calibration_.anchor(self.model_.margin(X), outcome.mean())
        self._refuse_leakage(X)
        return self

    def decision_function(self, X):
        """Return the log-odds of a yes after calibration, an array of shape (n,)."""
        check_is_fitted(self, "model_")
        return self.calibration_.apply(self.log_odds(X))

    def predict_proba(self, X):
        """Return an array of shape (n, 2): the probabilities of no and of yes."""
        p = sigmoid(self.decision_function(X))
        return np.column_stack([1 - p, p])

    def predict(self, X):
        """Return the likelier outcome of each row."""
        yes = self.decision_function(X) > 0
        return self.classes_[yes.astype(int)]

    def log_odds(self, X):
        """Return the log-odds of a yes before calibration, an array of shape (n,)."""
        check_is_fitted(self, "model_")
        return self.model_.margin(self._check_table(X))

    def contributions(self, X):
        """What each input column adds to the log-odds of each row, relative to the average.

        Exact and additive: a row's sum plus `average_log_odds_` is `log_odds`. For `logistic` the
        terms less their means; for `trees` their Shapley values (see `SmallTrees`).

        Returns
        -------
        DataFrame of shape (n, n_columns)
            Indexed as X, in log-odds before calibration.
        """
        check_is_fitted(self, "model_")
        X = self._check_table(X)
        return pd.DataFrame(self.model_.contributions(X), index=X.index, columns=X.columns)

    def importances(self, X):
        """Return the mean absolute contribution of each column over the rows, the largest first."""
        means = self.contributions(X).abs().mean()
        return means.sort_values(ascending=False, kind="stable")

    def _scorer(self, name):
        return make_scorer(name, self.C, self.n_trees, self.random_state)

    def _check_table(self, X, reset=False):
        if not isinstance(X, pd.DataFrame):
            X = check_array(X, dtype=None, ensure_all_finite="allow-nan", estimator=self)
        validate_data(self, X, skip_check_array=True, reset=reset)
        if isinstance(X, pd.DataFrame):
            if not len(X):
                raise ValueError("X has 0 sample(s), but a minimum of 1 is required: no rows.")
            X = as_table(X)
            for name in X.columns:
                refuse_lists(name, X[name])
            return X
        return pd.DataFrame(X, columns=[f"x{at}" for at in range(X.shape[1])])

    def _check_outcome(self, X, y):
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None.")
        y = column_or_1d(y, warn=True)
        check_consistent_length(X, y)
        missing = int(pd.isna(y).sum())
        if missing:
            raise ValueError(f"y has {missing} value(s) that are missing (NaN).")
        if y.dtype == object:  # numbers and truth values may come in a column of anything
            y = pd.Series(y).infer_objects().to_numpy()
        check_classification_targets(y)
        self.classes_, outcome = np.unique(y, return_inverse=True)
        if len(self.classes_) > 2:
            kind = type_of_target(y)
            raise ValueError(
                f"Only binary classification is supported. The type of the target is {kind}."
            )
        if len(self.classes_) < 2:
            raise ValueError(f"y has only one class, {self.classes_[0]}: two are needed.")
        return outcome

    def _splits(self, outcome, time, outcome_time):
        """Return pairs of training and validation rows, and what kind of split that is.

        Over time the first pair judges, a second one is of the period before.
        """
        if time is not None:
            periods = newest_periods(outcome, time, self.validation_share, outcome_time)
            return periods, "time" if periods else "none"
        folds = min(self.folds, np.bincount(outcome).min())
        if folds < 2:
            return [], "none"
        shuffle = StratifiedKFold(folds, shuffle=True, random_state=self.random_state)
        return list(shuffle.split(outcome, outcome)), "folds"

    def _choose(self, X, outcome, time, splits, kind):
        self.candidates_, self.calibration_ = [], Calibration()
        if kind == "none":
            self.chosen_ = self.candidates[0]
            self.validation_ = {"kind": kind, "n": 0, "positives": 0, "calibrated": False}
            return
        splits, before = (splits[:1], splits[1:]) if kind == "time" else (splits, [])
        margins = {name: self._validate(name, X, outcome, time, splits) for name in self.candidates}
        y = np.concatenate([outcome[held] for _, held in splits])
        self.candidates_ = _compare(y, margins)
        self.chosen_ = next(row["name"] for row in self.candidates_ if _as_good(row))
        if kind == "time":
            self._draw_in(X, outcome, time, overstated(margins[self.chosen_], y), before)
        else:
            self.calibration_.fit(margins[self.chosen_], y)
        told = {"kind": kind, "n": len(y), "positives": int(y.sum())}
        reached = figures(y, sigmoid(margins[self.chosen_]))
        self.validation_ = {**told, "calibrated": self.calibration_.helps_, **reached}

    def _draw_in(self, X, outcome, time, newest, before):
        """Calibrate by what the newest period says, and the one before where it is needed."""
        confirmed = 0.0
        if newest and before:
            margin = self._validate(self.chosen_, X, outcome, time, before)
            confirmed = overstated(margin, outcome[before[0][1]])
        self.calibration_.draw_in(newest, confirmed)

    def _validate(self, name, X, outcome, time, splits):
        margins = []
        for kept, held in splits:
            given = outcome[kept], None if time is None else time[kept]
            margins.append(self._scorer(name).fit(X.iloc[kept], *given).margin(X.iloc[held]))
        return np.concatenate(margins)

    def _refuse_leakage(self, X):
        found = self.validation_.get("auc")
        if self.suspicious_auc is None or found is None or found <= self.suspicious_auc:
            return
        found_in = (self.validation_["positives"], self.validation_["n"])
        if len(X) < self.guard_from or not surely_above(found, self.suspicious_auc, *found_in):
            return
        columns = self.importances(X).index[:N_NAMED].tolist()
        args = {"auc": found, "limit": self.suspicious_auc, "columns": ", ".join(columns)}
        raise LeakageError("model_too_good", args, columns)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags


def newest_periods(outcome, time, share, outcome_time=None):
    """Return the pair of `newest_split`, and that of its rows before; fewer where there is none."""
    newest = newest_split(outcome, time, share, outcome_time)
    if newest is None:
        return []
    older = newest[0]
    known = None if outcome_time is None else outcome_time[older]
    before = newest_split(outcome[older], time[older], share, known)
    return [newest] if before is None else [newest, tuple(older[part] for part in before)]


def newest_split(outcome, time, share, outcome_time=None):
    """Return rows before and rows of the newest part, or None if the outcomes do not allow it.

    The newest part starts on a distinct time and is the shortest that holds at least `share` of
    the rows and leaves `MIN_PER_CLASS` of each outcome on both sides.
    """
    time = np.asarray(time)
    distinct, order = np.unique(time, return_inverse=True)
    rows = np.cumsum(np.bincount(order)[::-1])[::-1]
    yes = np.cumsum(np.bincount(order, outcome)[::-1])[::-1]
    newest = np.minimum(yes, rows - yes)
    oldest = np.minimum(yes[0] - yes, (rows[0] - rows) - (yes[0] - yes))
    fits = (rows >= share * rows[0]) & (newest >= MIN_PER_CLASS) & (oldest >= MIN_PER_CLASS)
    if not fits.any():
        return None
    start = distinct[np.flatnonzero(fits)[-1]]
    before = time < start
    if outcome_time is not None:
        before &= np.asarray(outcome_time) <= start
    if min(np.bincount(outcome[before], minlength=2)) < MIN_PER_CLASS:
        return None
    return np.flatnonzero(before), np.flatnonzero(time >= start)


def _compare(y, margins):
    """Figures of each candidate, and how far its log-loss is behind the best one's."""
    losses = {name: np.logaddexp(0, np.where(y == 1, -m, m)) for name, m in margins.items()}
    best = min(losses, key=lambda name: losses[name].mean())
    rows = []
    for name, margin in margins.items():
        lost = losses[name] - losses[best]
        error = float(lost.std() / np.sqrt(len(y)))
        row = {"name": name, **figures(y, sigmoid(margin))}
        rows.append({**row, "behind": float(lost.mean()), "behind_error": error})
    return rows


def _as_good(row):
    return row["behind"] <= row["behind_error"]
