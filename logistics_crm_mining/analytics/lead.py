"""Which leads will be won: judged on the newest leads, beside Odoo's own way."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.utils import check_consistent_length
from sklearn.utils.validation import check_is_fitted

from ._boundary import as_outcomes, as_table, select_columns
from ._moments import as_times_of_rows
from ._scorers import SCORERS
from ._threads import one_thread
from ._validation import check_share
from .drift import DriftReference, drift_alarms
from .evaluation import evaluate_scores
from .lead_features import SINCE_CREATED
from .lead_reasons import lead_reasons, learn_rates
from .leakage import find_late, find_leaks_and_doubts, refuse_leaks, refuse_too_good
from .odoo_bayes import BAYES_FIELDS, OdooLeadBayes
from .tabular import TabularClassifier
from .verdict import (
    NotEnoughError,
    conclude,
    judge_calibration,
    judge_gain,
    require_enough,
    verdict,
)

# Won and lost leads that are needed in all, among the newest, and before them.
MIN_PER_OUTCOME, MIN_HELD_OUT, MIN_BEFORE = 40, 10, 20
# Among fewer leads only the logistic regression is tried.
TREES_FROM = 1000
# More leads only cost time: of those that teach and those held out the newest count.
MAX_LEARNED, MAX_HELD_OUT, N_TREES = 10_000, 5_000, 60
# Where a lead comes from never tells its outcome as surely as this.
LEAD_SUSPICIOUS_AUC = 0.95
# A chance is high like that of the best fifth of the leads learned from, medium from the middle.
BANDS, BAND_SHARES = ("low", "medium", "high"), (0.5, 0.8)


class LeadModel(BaseEstimator):
    """Probability that a lead will be won, by what was known when it came in.

    Parameters
    ----------
    min_won, min_lost : int, default=40
        Fewer closed leads teach nothing.
    holdout_share : float, default=0.2
        The newest part that `evaluate` holds out, at most 5,000 leads; more, where that has fewer
        than 10 of an outcome. Leads of the same time stay together.
    C : float, default=0.3
        Of the logistic regression, as in `TabularClassifier`.
    candidates : sequence of str or None, default=None
        As in `TabularClassifier`; None tries the trees from 1,000 leads on.
    suspicious_auc : float or None, default=0.95
        A column that alone, or a model that tells the outcome better is refused as leakage.
    random_state : int or None, default=0

    Attributes
    ----------
    model_ : TabularClassifier
    rate_ : float
        Share of won leads.
    n_rows_ : int
        Leads learned from, at most the newest 10,000.
    rates_ : dict
        How many leads had each value of each column, and how many of them were won.
    limits_ : list of float
        From which probability on a chance is medium, and high.
    reference_ : DriftReference
        Of the leads learned from.
    doubts_ : list of dict
        Columns that tell an outcome all but surely, and may do so honestly: as of `find_doubts`.
        A source, country or address (`SINCE_CREATED`) whose leads are all lost is never more.

    Examples
    --------
    >>> import pandas as pd
    >>> X = pd.DataFrame({"source": ["1", "2", "2", "2"] * 40})
    >>> y = [1, 0, 0, 0, 1, 0, 1, 0] * 20
    >>> model = LeadModel().fit(X, y, time=range(160))
    >>> model.predict(X[:2])["win_band"].tolist()
    ['high', 'medium']
    """

    def __init__(
        self,
        min_won=MIN_PER_OUTCOME,
        min_lost=MIN_PER_OUTCOME,
        holdout_share=0.2,
        C=0.3,
        candidates=None,
        suspicious_auc=LEAD_SUSPICIOUS_AUC,
        random_state=0,
    ):
        self.min_won = min_won
        self.min_lost = min_lost
        self.holdout_share = holdout_share
        self.C = C
        self.candidates = candidates
        self.suspicious_auc = suspicious_auc
        self.random_state = random_state

    def fit(self, X, y, time, as_of=None, cutoff=None, outcome_time=None):
        """Learn from closed leads.

        Parameters
        ----------
        X : DataFrame of shape (n, n_columns)
            As from `lead_features`.
        y : array-like of shape (n,)
            1 if the lead was won, 0 if it was lost.
        time : array-like of shape (n,)
            In which order the leads came: numbers or dates.
        as_of : dict of str to array-like of shape (n,), optional
            For columns, when their values became known, checked against `cutoff`.
        cutoff : array-like of shape (n,), optional
            When each lead came, as dates.
        outcome_time : array-like of shape (n,), optional
            When each outcome was known, on the scale of `time`.

        Returns
        -------
        self : LeadModel

        Raises
        ------
        NotEnoughError
            Fewer than `min_won` won or `min_lost` lost leads.
        LeakageError
            If a column knows the outcome, or was known only later.
        """
        X = as_table(X)
        y, time, outcome_time = self._check_leads(X, y, time, outcome_time)
        self.doubts_ = self._refuse_leaks(X, y, time, as_of, cutoff)
        return self._fit(X, y, time, outcome_time)

    def predict_proba(self, X):
        """Return an array of shape (n, 2): the probabilities of losing and of winning."""
        check_is_fitted(self, "model_")
        return self.model_.predict_proba(select_columns(X, self.feature_names_))

    def predict(self, X):
        """Return `win_probability` and `win_band` of each lead, indexed as X."""
        p = self.predict_proba(X)[:, 1]
        bands = np.array(BANDS, dtype=object)[np.searchsorted(self.limits_, p, side="right")]
        return pd.DataFrame({"win_probability": p, "win_band": bands}, index=X.index)

    def reasons(self, X):
        """Return the reasons of each lead's score as of `lead_reasons`."""
        check_is_fitted(self, "model_")
        X = select_columns(X, self.feature_names_)
        return lead_reasons(X, self.model_.contributions(X), self.rates_, self.rate_)

    def drift(self, X):
        """Compare leads to be scored with those learned from: `DriftReference.compare`."""
        check_is_fitted(self, "model_")
        return self.reference_.compare(select_columns(X, self.feature_names_))

    def evaluate(
        self,
        X,
        y,
        time,
        as_of=None,
        cutoff=None,
        outcome_time=None,
        bayes_fields=BAYES_FIELDS,
        n_bootstrap=200,
        bayes_X=None,
    ):
        """Learn from the older leads and look at the newest, beside Odoo's way on the same.

        Parameters
        ----------
        X, y, time, as_of, cutoff, outcome_time
            As in `fit`. Leads whose outcome was not yet known when the newest part began teach
            nothing, unless that leaves fewer than 20 of an outcome.
        bayes_fields : sequence of str
            Of `OdooLeadBayes`.
        n_bootstrap : int, default=200
        bayes_X : DataFrame of shape (n, n_fields), optional
            What Odoo's way looks at, where the model is not to learn from all of it; default X.

        Returns
        -------
        dict
            `enough`, `beats_baseline`, `believable` (bool; as of `judge_calibration`), `code`,
            `args`, `reason` (as of `VERDICT_REASONS`); where there is enough data `trained_on`
            (leads), `known_in_time` (bool), `first` (place in X of the oldest lead held out),
            `model` (name of what was chosen), `candidates`, what `evaluate_scores` returns with
            Odoo's as `baseline` (which has its `intervals` and `gain` too), `rate_alone` and
            `rate_difference` (the same beside the share of won leads alone), `drift` (columns in
            alarm), `doubts` (as `doubts_`). All plain Python values. The model itself is left as
            it was. A model is better only if it surely beats both.
        """
        X = as_table(X)
        check_share("holdout_share", self.holdout_share)
        try:
            y, time, outcome_time = self._check_leads(X, y, time, outcome_time)
            doubts = self._refuse_leaks(X, y, time, as_of, cutoff)
            held, taught, in_time = self._split(y, time, outcome_time)
        except NotEnoughError as error:
            no = dict.fromkeys(("enough", "beats_baseline", "believable"), False)
            return {**no, **verdict(error.code, error.args_)}
        known = outcome_time[taught] if in_time else None
        model = clone(self)._fit(X[taught], y[taught], time[taught], known)
        seen = X if bayes_X is None else as_table(bayes_X)
        check_consistent_length(X, seen)
        bayes = OdooLeadBayes(bayes_fields).fit(seen[taught], y[taught])
        odoo = bayes.predict_proba(seen[held])[:, 1]
        result = model._compare(X[held], y[held], odoo, n_bootstrap)
        refuse_too_good(result, self.suspicious_auc, model.model_, X[held])
        places = np.flatnonzero(held)
        first = int(places[np.argmin(time[places])])
        told = {"known_in_time": in_time, "first": first, "doubts": doubts}
        return {"enough": True, **result, **told}

    def _fit(self, X, y, time, outcome_time):
        X, y, time, outcome_time = _newest_only(X, y, time, outcome_time)
        self.feature_names_ = list(X.columns)
        tried = SCORERS if len(y) >= TREES_FROM else SCORERS[:1]
        model = TabularClassifier(
            candidates=self.candidates or tried,
            C=self.C,
            n_trees=N_TREES,
            suspicious_auc=self.suspicious_auc,
            guard_from=0,
            random_state=self.random_state,
        )
        with one_thread():
            self.model_ = model.fit(X, y, time=time, outcome_time=outcome_time)
        self.rate_, self.n_rows_ = float(y.mean()), len(y)
        self.rates_ = learn_rates(X, y)
        p = self.model_.predict_proba(X)[:, 1]
        self.limits_ = np.quantile(p, BAND_SHARES).tolist()
        self.reference_ = DriftReference().fit(X)
        return self

    def _check_leads(self, X, y, time, outcome_time):
        y = as_outcomes(y)
        time, outcome_time = as_times_of_rows(time, outcome_time)
        check_consistent_length(X, y, time, outcome_time)
        _require(y, self.min_won, self.min_lost)
        return y, time, outcome_time

    def _refuse_leaks(self, X, y, time, as_of, cutoff):
        """Refuse columns that know the outcome; return those that may know it honestly.

        All leads that may teach or be held out are looked at.
        """
        if as_of:
            refuse_leaks(find_late(X, as_of, cutoff))
        newest = _newest_places(time, MAX_LEARNED + MAX_HELD_OUT)
        X, y = X.iloc[newest], y[newest]
        if self.suspicious_auc is None or not 0 < y.sum() < len(y):
            return []
        told = {"dated": as_of or (), "created": SINCE_CREATED}
        leaks, doubts = find_leaks_and_doubts(X, y, self.suspicious_auc, **told)
        refuse_leaks(leaks)
        return doubts

    def _split(self, y, time, outcome_time):
        """Return the newest leads, those that teach, and whether all they teach was known then."""
        held = _newest(y, time, self.holdout_share)
        before = ~held
        if outcome_time is not None:
            known = before & (outcome_time <= time[held].min())
            if min(y[known].sum(), (1 - y[known]).sum()) >= MIN_BEFORE:
                return held, known, True
        _require(y[before], MIN_BEFORE, MIN_BEFORE, "_before")
        return held, before, False

    def _compare(self, X, y, odoo, n_bootstrap):
        p = self.predict_proba(X)[:, 1]
        drawn = {"n_bootstrap": n_bootstrap, "random_state": self.random_state}
        result = evaluate_scores(y, p, odoo, **drawn)
        alone = evaluate_scores(y, p, np.full(len(y), self.rate_), **drawn)
        theirs = evaluate_scores(y, odoo, **drawn)
        judged = judge_gain(result["difference"])
        if judged["beats_baseline"]:
            judged = judge_gain(alone["difference"], "no_gain_over_rate")
        return {
            **conclude(judged, judge_calibration(result, "not_calibrated_leads")),
            **result,
            "baseline": {
                name: theirs[name]
                for name in ("auc", "log_loss", "brier", "ece", "intervals", "gain", "calibration")
            },
            "rate_alone": {**alone["baseline"], "rate": self.rate_},
            "rate_difference": alone["difference"],
            "trained_on": self.n_rows_,
            "model": self.model_.chosen_,
            "candidates": self.model_.candidates_,
            "drift": drift_alarms(self.drift(X)),
        }


def _require(y, won, lost, part=""):
    require_enough(
        (f"too_few_won{part}", int(y.sum()), won), (f"too_few_lost{part}", int((1 - y).sum()), lost)
    )


def _newest_only(X, y, time, outcome_time):
    """Return the newest `MAX_LEARNED` leads, in the order given."""
    if len(y) <= MAX_LEARNED:
        return X, y, time, outcome_time
    kept = _newest_places(time, MAX_LEARNED)
    known = None if outcome_time is None else outcome_time[kept]
    return X.iloc[kept], y[kept], time[kept], known


def _newest_places(time, count):
    """Return the places of the newest `count` leads, in the order given."""
    return np.sort(np.argsort(time, kind="stable")[-count:])


def _newest(y, time, share):
    """Mark the newest leads: `share` of them up to 5,000, or as many as hold 10 of an outcome.

    Leads of the same time stay together, since nothing tells which of them came first.
    """
    order = np.argsort(time, kind="stable")[::-1]
    won = np.cumsum(y[order])
    rarer = np.minimum(won, np.arange(1, len(y) + 1) - won)
    enough = np.flatnonzero(rarer >= MIN_HELD_OUT)
    count = max(min(int(np.ceil(share * len(y))), MAX_HELD_OUT), int(enough[0]) + 1)
    return time >= time[order[count - 1]]
