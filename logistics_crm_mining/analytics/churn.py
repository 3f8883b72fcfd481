"""Who will stay away: a model over the customer's own rhythm, judged on time it has not seen."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from ._boundary import check_orders, select_columns
from ._moments import as_day, as_days
from ._scorers import SCORERS, LinearScorer, sigmoid
from ._validation import check_count
from .churn_features import CHURN_FEATURES, expected_order, prepare_orders, stayed_away
from .churn_reasons import WORDED, churn_reasons
from .churn_season import NO_SEASON, learn_season
from .churn_snapshots import (
    MIN_CUSTOMERS,
    describe_customers,
    earlier_cutoffs,
    iso,
    learn_snapshots,
    read_extra,
    require_outcomes,
)
from .drift import DriftReference, drift_alarms, population_drift
from .evaluation import evaluate_scores
from .leakage import SUSPICIOUS_AUC, LeakageError, find_leaks, least_auc, refuse_leaks
from .plain_effect import draw_rows, learn_effects
from .tabular import TabularClassifier
from .verdict import NotEnoughError, conclude, judge_calibration, judge_gain, verdict

# Among fewer customers only the logistic regression is tried.
TREES_FROM = 200
# What the model looks at; the other features are for reasons.
MODEL_COLUMNS = (
    "days_since_last",
    "orders",
    "orders_per_month",
    "silence",
    "gap_spread",
    "average_order",
    "last_order_ratio",
    "revenue_per_month",
    "return_share",
    "season_orders",
)
# These grow with the length of the history kept: used only where they are spread as in training.
AGE_COLUMNS = ("days_since_first", "trend")
# Columns of `extra` that take away more than this of what the others leave untold are not believed.
BELIEVED_LEFT = 0.5
BASELINES = {"rhythm": "silence", "frequency": "orders"}


class ChurnModel(BaseEstimator):
    """Probability that a customer does not order within `horizon` days.

    It learns from several earlier cut-offs: what was known of each customer then, and who stayed
    away after. The baseline is the customer's own rhythm, the silence against the usual days
    between orders; a second one is the number of orders alone.

    Parameters
    ----------
    horizon : int, default=90
        Days without an order that count as churn.
    n_snapshots : int, default=4
        Highest number of earlier cut-offs, a third of the horizon apart.
    active_days : int, default=730
        Customers whose last order is longer ago are gone already: no training, no score.
    C : float, default=0.1
        Of the logistic regression, as in `TabularClassifier`.
    suspicious_auc : float or None, default=0.87
        A column of `extra` that alone tells the outcome with a higher AUC is refused as leakage;
        None lets all pass.
        Features of orders cannot know the outcome, so a regular clientele may well exceed it.
    max_rows : int, default=40000
        Of a customer on an earlier day: more are drawn from, since they teach next to nothing.
    candidates : sequence of str or None, default=None
        Kinds of model to choose from, of `SCORERS`; None: linear ones, and trees where there are
        many customers. To score with the kind that was checked, give that alone.
    random_state : int or None, default=0

    Attributes
    ----------
    cutoff_ : str
        The last day known in training, as ISO date.
    snapshots_ : list of dict
        `cutoff` (ISO date), `customers`, `churned`, the newest first.
    columns_ : list of str
        Columns used.
    model_ : TabularClassifier
    baselines_ : dict of scorers
        Probabilities from "rhythm" and "frequency" alone.
    reference_ : DriftReference
        Of the features in training.
    effects_ : dict
        What each value adds on the whole, as of `learn_effects`.
    season_ : dict
        What the days to come add to the log-odds of all, as of `learn_season`; the baselines
        know it, too.

    Examples
    --------
    >>> import pandas as pd
    >>> start = pd.Timestamp("2024-01-01")
    >>> rows = [
    ...     (partner, start + pd.Timedelta(days=21 * week + partner), 100.0)
    ...     for partner in range(60)
    ...     for week in range(8 + partner % 18)
    ... ]
    >>> orders = pd.DataFrame(rows, columns=["partner_id", "date", "amount"])
    >>> model = ChurnModel().fit(orders, "2025-05-31")
    >>> frame = model.features(orders, "2025-05-31")
    >>> model.predict(frame, "2025-05-31").columns.tolist()
    ['churn_probability', 'rhythm_probability', 'expected_date', 'overdue_days']
    """

    season_ = NO_SEASON  # of models that were stored before there were any

    def __init__(
        self,
        horizon=90,
        n_snapshots=4,
        active_days=730,
        C=0.1,
        suspicious_auc=SUSPICIOUS_AUC,
        max_rows=40_000,
        candidates=None,
        random_state=0,
    ):
        self.horizon = horizon
        self.n_snapshots = n_snapshots
        self.active_days = active_days
        self.C = C
        self.suspicious_auc = suspicious_auc
        self.max_rows = max_rows
        self.candidates = candidates
        self.random_state = random_state

    def fit(self, orders, cutoff, extra=None, **columns):
        """Learn from orders up to the cut-off.

        Parameters
        ----------
        orders : DataFrame
            As in `summarize_orders`.
        cutoff : date-like
            Last day known.
        extra : callable, optional
            Called with a cut-off (Timestamp); returns more features as known on that day, a
            DataFrame indexed by customer, or a pair of it and a dict of column to the dates its
            values are as of, which are checked.
        **columns : str
            `customer`, `date`, `amount`, `is_return`, as in `summarize_orders`.

        Returns
        -------
        self : ChurnModel

        Raises
        ------
        NotEnoughError
            Fewer than `MIN_CUSTOMERS` customers, or than `MIN_PER_OUTCOME` who stayed away or who
            ordered again, or a history shorter than two horizons.
        LeakageError
            If a column of `extra` knows the outcome.
        ValueError
            If a parameter or a column is not as described.
        """
        self._check_parameters()
        cutoff = as_day(cutoff)
        rows = prepare_orders(orders, cutoff, **columns)
        cutoffs = earlier_cutoffs(rows, cutoff, self.horizon, self.n_snapshots)
        dated = set()
        X, y, time, self.snapshots_ = learn_snapshots(
            rows, cutoffs, self.horizon, self.active_days, _noting_dates(extra, dated)
        )
        if len(X) > self.max_rows:
            rng = np.random.default_rng(self.random_state)
            drawn = np.sort(rng.choice(len(X), self.max_rows, replace=False))
            X, y, time = X.iloc[drawn], y[drawn], time[drawn]
        now = self._describe(rows, cutoff, extra)
        self.cutoff_ = iso(cutoff)
        self.columns_ = _steady_columns(X, now)
        self.model_ = self._fit_model(X[self.columns_], y, time)
        self._refuse_leakage(X, y, time, dated)
        self.baselines_ = {
            name: LinearScorer(self.C).fit(X[[column]], y) for name, column in BASELINES.items()
        }
        self.reference_ = DriftReference().fit(X[self.columns_])
        drawn = draw_rows(X[self.columns_])
        self.effects_ = learn_effects(
            drawn, self.model_.contributions(drawn), WORDED, draw_rows(pd.Series(y))
        )
        self.season_ = learn_season(rows, cutoff, self, extra)
        return self

    def features(self, orders, cutoff, extra=None, **columns):
        """Describe the customers to be scored at a cut-off; parameters as in `fit`.

        Returns
        -------
        DataFrame
            Indexed by customer: the columns of `CHURN_FEATURES` and of `extra`.
        """
        cutoff = as_day(cutoff)
        return self._describe(prepare_orders(orders, cutoff, **columns), cutoff, extra)

    def predict_proba(self, frame):
        """Return an array of shape (n, 2): the probabilities of ordering and of staying away."""
        check_is_fitted(self, "model_")
        away = sigmoid(self.log_odds(frame) + self.season_["shift"])
        return np.column_stack([1 - away, away])

    def log_odds(self, frame):
        """Return the log-odds of staying away but for the season, an array of shape (n,)."""
        check_is_fitted(self, "model_")
        return self.model_.decision_function(select_columns(frame, self.columns_, "frame"))

    def predict(self, frame, cutoff):
        """Score customers.

        Parameters
        ----------
        frame : DataFrame
            From `features` at the same cut-off.

        Returns
        -------
        DataFrame
            Indexed as `frame`: `churn_probability`, `rhythm_probability` (the baseline's), and
            `expected_date` and `overdue_days` as of `expected_order`.
        """
        scores = {
            "churn_probability": self.predict_proba(frame)[:, 1],
            "rhythm_probability": self._baseline("rhythm", frame),
        }
        return pd.DataFrame(scores, index=frame.index).join(expected_order(frame, cutoff))

    def reasons(self, frame):
        """Return the reasons of each customer's score as of `churn_reasons`."""
        check_is_fitted(self, "model_")
        known = select_columns(frame, self.columns_, "frame")
        return churn_reasons(frame, self.model_.contributions(known), self.effects_)

    def evaluate(self, orders, end=None, extra=None, n_bootstrap=200, **columns):
        """Train up to one horizon before the end, and look at who stayed away in that horizon.

        Parameters
        ----------
        orders, extra, **columns
            As in `fit`.
        end : date-like, optional
            Last day of the outcome; by default the day of the last order.
        n_bootstrap : int, default=200

        Returns
        -------
        dict
            `enough`, `beats_baseline`, `believable` (bool; as of `judge_calibration`), `code`,
            `args`, `reason` (why not, as of `VERDICT_REASONS`), `cutoff`, `end` (ISO dates) and
            `horizon`; where there is enough data `model` (name of what was chosen), `candidates`,
            `snapshots`, `season`, `columns`, what `evaluate_scores` returns with the rhythm as
            `baseline`, `frequency` and `frequency_difference` (the same beside the number of
            orders alone), and `drift` (columns in alarm). All plain Python values. The model
            itself is left as it was.
        """
        self._check_parameters()
        end = _last_day(orders, end, **columns)
        cutoff = end - pd.Timedelta(days=self.horizon)
        told = {"cutoff": iso(cutoff), "end": iso(end), "horizon": int(self.horizon)}
        try:
            if pd.isna(end):  # no orders
                raise NotEnoughError("too_few_customers", {"count": 0, "needed": MIN_CUSTOMERS})
            model = clone(self).fit(orders, cutoff, extra, **columns)
            frame = model.features(orders, cutoff, extra, **columns)
            rows = prepare_orders(orders, end, **columns)
            y = stayed_away(rows, cutoff, self.horizon, frame.index)
            require_outcomes(y, cutoff, self.active_days)
        except NotEnoughError as error:
            no = dict.fromkeys(("enough", "beats_baseline", "believable"), False)
            return {**no, **verdict(error.code, error.args_), **told}
        return {"enough": True, **told, **model._compare(frame, y, n_bootstrap)}

    def _check_parameters(self):
        for name in ("horizon", "n_snapshots"):
            check_count(name, getattr(self, name))

    def _compare(self, frame, y, n_bootstrap):
        p = self.predict_proba(frame)[:, 1]
        chances = {name: self._baseline(name, frame) for name in BASELINES}
        drawn = {"n_bootstrap": n_bootstrap, "random_state": self.random_state}
        result = evaluate_scores(y, p, chances["rhythm"], **drawn)
        beside = evaluate_scores(y, p, chances["frequency"], **drawn)
        return {
            **conclude(judge_gain(result["difference"]), judge_calibration(result)),
            **result,
            "frequency": beside["baseline"],
            "frequency_difference": beside["difference"],
            "model": self.model_.chosen_,
            "candidates": self.model_.candidates_,
            "snapshots": self.snapshots_,
            "season": self.season_,
            "columns": self.columns_,
            "drift": drift_alarms(self.reference_.compare(frame)),
        }

    def _baseline(self, name, frame):
        margin = self.baselines_[name].margin(frame[[BASELINES[name]]])
        return sigmoid(margin + self.season_["shift"])

    def _describe(self, rows, cutoff, extra):
        return describe_customers(rows, cutoff, self.horizon, self.active_days, extra)

    def _fit_model(self, X, y, time):
        known = time + np.timedelta64(self.horizon, "D")
        many = self.snapshots_[0]["customers"] >= TREES_FROM
        model = TabularClassifier(
            candidates=self.candidates or (SCORERS if many else SCORERS[:1]),
            C=self.C,
            suspicious_auc=None,
            random_state=self.random_state,
        )
        return model.fit(X, y, time=time, outcome_time=known)

    def _refuse_leakage(self, X, y, time, dated):
        """Refuse columns of `extra` that know the outcome, alone or together."""
        extras = [column for column in X.columns if column not in CHURN_FEATURES]
        limit = self.suspicious_auc
        if not extras or limit is None:
            return
        # day by day: a customer of several days would tell of themselves
        for day in np.unique(time)[::-1]:
            then = time == day
            if 0 < y[then].sum() < then.sum():
                refuse_leaks(find_leaks(X.loc[then, extras], y[then], limit, dated=dated))
        told = self.model_.validation_
        found = told.get("auc", 0.0)
        if found <= limit:
            return
        own = [column for column in self.columns_ if column in CHURN_FEATURES]
        without = self._fit_model(X[own], y, time).validation_["auc"]
        args = {"auc": found, "limit": limit, "columns": ", ".join(extras)}
        if without <= limit:
            raise LeakageError("model_too_good", args, extras)
        # a regular clientele: what the columns leave untold is what the extras may tell
        halved = 1 - BELIEVED_LEFT * (1 - without)
        if least_auc(found, told["positives"], told["n"]) > halved:
            raise LeakageError("extras_too_good", {**args, "without": without}, extras)


def _last_day(orders, end, customer="partner_id", date="date", amount="amount", is_return=None):
    """Return the end given, or the day of the last order; NaT where there is none."""
    check_orders(orders, [customer, date, amount, is_return])
    return as_days(orders[date], date).max() if end is None else as_day(end, "end")


def _noting_dates(extra, dated):
    """Return `extra` such that it adds the columns that it dates to a set, or None."""

    def described(cutoff):
        more, as_of = read_extra(extra, cutoff)
        dated.update(as_of)
        return more, as_of

    return extra and described


def _steady_columns(X, now):
    """Return the columns to use: all but those that only tell how long the history is."""
    drift = population_drift(X[list(AGE_COLUMNS)], now)
    steady = [column for column in AGE_COLUMNS if not drift.loc[column, "alarm"]]
    extras = [column for column in X.columns if column not in CHURN_FEATURES]
    return [*MODEL_COLUMNS, *steady, *extras]
