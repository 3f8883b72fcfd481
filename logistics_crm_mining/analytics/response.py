"""Who will answer a campaign: trained and judged in the order of time."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.utils import check_consistent_length
from sklearn.utils.validation import check_is_fitted

from ._boundary import as_outcomes, as_table, select_columns
from ._moments import as_times_of_rows
from ._scorers import SCORERS
from ._validation import check_share, require_columns
from .drift import DriftReference, drift_alarms
from .evaluation import evaluate_scores
from .leakage import (
    SUSPICIOUS_AUC,
    find_late,
    find_leaks_and_doubts,
    refuse_leaks,
    refuse_too_good,
)
from .plain_effect import draw_rows, learn_effects, usual_effects
from .response_lists import list_lift
from .tabular import TabularClassifier
from .verdict import (
    NotEnoughError,
    conclude,
    judge_calibration,
    judge_gain,
    require_enough,
    verdict,
)

# Answers, and contacts without, that training and the newest part need.
MIN_PER_ANSWER, MIN_HELD_OUT = 40, 10
N_REASONS, MIN_EFFECT = 3, 0.05


class ResponseModel(BaseEstimator):
    """Probability that a contact answers a campaign.

    Earlier contacts in the order of time teach it; what is chosen was the best one on the newest
    of them (see `TabularClassifier`), because in campaigns times change: a model that wins among
    contacts drawn at random may fail on those to come.

    Parameters
    ----------
    holdout_share : float, default=0.2
        The newest part that `evaluate` holds out.
    suspicious_auc : float or None, default=0.87
        A model or a column alone with a higher AUC is refused as leakage.
    min_answers : int, default=40
        Answers, and contacts without, that training needs.
    candidates : sequence of str or None, default=None
        Kinds of model to choose from; None: all. To score with the kind that was checked, give that
        alone.
    random_state : int or None, default=0

    Attributes
    ----------
    model_ : TabularClassifier
    rate_ : float
        Share of answers in training, the baseline.
    n_rows_ : int
        Contacts in training.
    reference_ : DriftReference
        Of the contacts in training.
    effects_ : dict
        What each value adds on the whole, as of `learn_effects`.
    doubts_ : list of dict
        Columns that tell an outcome all but surely, and may do so honestly: as of `find_doubts`.

    Examples
    --------
    >>> import pandas as pd
    >>> contacts = pd.DataFrame({"orders": [0, 1, 2, 3, 9, 12, 15, 20] * 25})
    >>> answers = [0, 0, 0, 1, 0, 1, 0, 1, 1, 0] * 20
    >>> model = ResponseModel().fit(contacts, answers, time=range(200))
    >>> model.predict_proba(contacts).shape
    (200, 2)
    """

    def __init__(
        self,
        holdout_share=0.2,
        suspicious_auc=SUSPICIOUS_AUC,
        min_answers=MIN_PER_ANSWER,
        candidates=None,
        random_state=0,
    ):
        self.holdout_share = holdout_share
        self.suspicious_auc = suspicious_auc
        self.min_answers = min_answers
        self.candidates = candidates
        self.random_state = random_state

    def fit(self, X, y, time, as_of=None, outcome_time=None):
        """Learn from earlier contacts.

        Parameters
        ----------
        X : DataFrame of shape (n, n_columns)
            What was known of each contact when it was made.
        y : array-like of shape (n,)
            1 if it was answered, else 0.
        time : array-like of shape (n,)
            When it was made: dates or numbers.
        as_of : dict of str to array-like of shape (n,), optional
            For columns, when their values became known, checked against `time`.
        outcome_time : array-like of shape (n,), optional
            As in `TabularClassifier.fit`.

        Returns
        -------
        self : ResponseModel

        Raises
        ------
        NotEnoughError
            Fewer than `min_answers` answers, or contacts without.
        LeakageError
            If a column knows the answer, or was known only later.
        """
        X = as_table(X)
        y, time, outcome_time = _check_contacts(X, y, time, outcome_time, self.min_answers)
        if as_of:
            refuse_leaks(find_late(X, as_of, time))
        limit = self.suspicious_auc or 1.0
        leaks, self.doubts_ = find_leaks_and_doubts(X, y, limit, dated=as_of or ())
        refuse_leaks(leaks)
        self.model_ = TabularClassifier(
            candidates=self.candidates or SCORERS,
            suspicious_auc=self.suspicious_auc,
            guard_from=0,
            random_state=self.random_state,
        ).fit(X, y, time=time, outcome_time=outcome_time)
        self.feature_names_ = list(X.columns)
        self.rate_ = float(y.mean())
        self.n_rows_ = len(X)
        self.reference_ = DriftReference().fit(X)
        drawn = draw_rows(X)
        self.effects_ = learn_effects(
            drawn, self.model_.contributions(drawn), outcome=draw_rows(pd.Series(y))
        )
        return self

    def predict_proba(self, X):
        """Return an array of shape (n, 2): the probabilities of silence and of an answer."""
        check_is_fitted(self, "model_")
        return self.model_.predict_proba(select_columns(X, self.feature_names_))

    def drift(self, X):
        """Compare contacts to be scored with those of training: `DriftReference.compare`."""
        check_is_fitted(self, "model_")
        return self.reference_.compare(select_columns(X, self.feature_names_))

    def reasons(self, X, groups=()):
        """Return the strongest reasons of each contact's score.

        Parameters
        ----------
        X : DataFrame
            As in `fit`.
        groups : sequence of sequence of str, default=()
            Columns that tell of one thing, such as days and orders: alone one may raise what the
            other lowers again. Their effects are added, and the first of them that is known of
            the contact tells the sum. Every other column is a group of its own.

        Returns
        -------
        list of list of dict
            Per contact at most three: `code` ("feature"), `column`, `value` (a plain Python value
            or None), `effect` (what it adds to the log-odds of an answer relative to the average
            contact). What goes against the rule that its columns have on the whole is left out.
        """
        check_is_fitted(self, "model_")
        X = select_columns(X, self.feature_names_)
        parts = _groups(X.columns, groups)
        effects = _add_up(self.model_.contributions(X), parts)
        usual = _add_up(usual_effects(X, self.effects_), parts)
        effects = np.where(effects * usual > 0, effects, 0.0)
        best = np.argsort(-np.abs(effects), axis=1, kind="stable")[:, :N_REASONS]
        return [
            [_reason(parts[at], record, row[at]) for at in order if abs(row[at]) >= MIN_EFFECT]
            for record, row, order in zip(X.to_dict("records"), effects, best, strict=True)
        ]

    def evaluate(
        self,
        X,
        y,
        time,
        lists=None,
        as_of=None,
        outcome_time=None,
        n_bootstrap=200,
        baseline_columns=None,
    ):
        """Train on the oldest contacts and look at who of the newest answered.

        Parameters
        ----------
        X, y, time, as_of, outcome_time
            As in `fit`. What was not yet known when the newest part began is not trained on.
        lists : array-like of shape (n,), optional
            The campaign list of each contact.
        n_bootstrap : int, default=200
        baseline_columns : list of str, optional
            The baseline is a model of these columns alone, as how lately the customer ordered;
            by default the share of answers in training, the same for everybody.

        Returns
        -------
        dict
            `enough`, `beats_baseline`, `believable` (bool; as of `judge_calibration`), `code`,
            `args`, `reason` (as of `VERDICT_REASONS`); where there is enough data `trained_on`
            (rows), `model` (name of what was chosen),
            `candidates`, what `evaluate_scores` returns beside the `baseline`, `drift_alarm`
            (bool) and `drift` (columns in alarm: the newest part against training), `lists`
            (from `list_lift`), and `doubts` (as `doubts_`). All plain Python values. The model
            itself is left as it was.
        """
        X = as_table(X)
        check_share("holdout_share", self.holdout_share)
        require_columns(X, baseline_columns or [], "X")
        try:
            y, time, outcome_time = _check_contacts(X, y, time, outcome_time, self.min_answers)
            if as_of:  # of the newest contacts as well, which `fit` does not see
                refuse_leaks(find_late(X, as_of, time))
            held = _newest(time, self.holdout_share)
            known = _known_before(time, held, outcome_time)
            _require_answers(y[known], self.min_answers, "_before")
            _require_answers(y[held], MIN_HELD_OUT, "_newest")
            given = (y[known], _part(time, known))
            late = None if outcome_time is None else _part(outcome_time, known)
            dates = {name: _part(days, known) for name, days in (as_of or {}).items()} or None
            model = clone(self).fit(X[known], *given, dates, late)
            simple = self._fit_simple(X[known], given, late, baseline_columns)
        except NotEnoughError as error:
            no = dict.fromkeys(("enough", "beats_baseline", "believable"), False)
            return {**no, **verdict(error.code, error.args_)}
        lists = None if lists is None else _part(lists, held)
        naive = model._guess(X[held]) if simple is None else simple.predict_proba(X[held])[:, 1]
        result = model._compare(X[held], y[held], naive, lists, n_bootstrap)
        refuse_too_good(result, self.suspicious_auc, model.model_, X[held])
        return {"enough": True, **result, "doubts": model.doubts_}

    def _fit_simple(self, X, given, outcome_time, columns):
        """Fit the baseline, or return None where it is the share of answers."""
        if columns is None:
            return None
        return _Columns(clone(self), list(columns)).fit(X, *given, None, outcome_time)

    def _guess(self, X):
        return np.full(len(X), self.rate_)

    def _compare(self, X, y, naive, lists, n_bootstrap):
        p = self.predict_proba(X)[:, 1]
        drawn = {"n_bootstrap": n_bootstrap, "random_state": self.random_state}
        result = evaluate_scores(y, p, naive, **drawn)
        alarms = drift_alarms(self.drift(X))
        return {
            **conclude(
                judge_gain(result["difference"]),
                judge_calibration(result, "not_calibrated_answers"),
            ),
            "trained_on": self.n_rows_,
            **result,
            "model": self.model_.chosen_,
            "candidates": self.model_.candidates_,
            "drift_alarm": bool(alarms),
            "drift": alarms,
            "lists": [] if lists is None else list_lift(p, lists, y),
        }


class _Columns:
    """A model that sees some columns only."""

    def __init__(self, model, columns):
        self.model, self.columns = model, columns

    def fit(self, X, *given):
        self.model.fit(X[self.columns], *given)
        return self

    def predict_proba(self, X):
        return self.model.predict_proba(X[self.columns])


def _check_contacts(X, y, time, outcome_time, needed):
    y = as_outcomes(y)
    time, outcome_time = as_times_of_rows(time, outcome_time)
    check_consistent_length(X, y, time, outcome_time)
    _require_answers(y, needed)
    return y, time, outcome_time


def _require_answers(y, needed, part=""):
    require_enough(
        (f"too_few_responses{part}", int(y.sum()), needed),
        (f"too_few_silent{part}", int((1 - y).sum()), needed),
    )


def _newest(time, share):
    """Mark the newest part: whole times that hold at least `share` of the rows."""
    _, order = np.unique(time, return_inverse=True)
    rows = np.cumsum(np.bincount(order)[::-1])[::-1]
    return order >= np.flatnonzero(rows >= share * rows[0])[-1]


def _known_before(time, held, outcome_time):
    """Mark the contacts whose outcome was known when the newest part began."""
    if outcome_time is None:
        return ~held
    return ~held & (outcome_time <= time[held].min())


def _part(values, chosen):
    return np.asarray(values)[chosen]


def _groups(columns, groups):
    """Return the groups of which columns are there, and every other column alone."""
    known = [tuple(name for name in group if name in columns) for group in groups]
    grouped = {name for group in known for name in group}
    return [group for group in known if group] + [(c,) for c in columns if c not in grouped]


def _add_up(effects, parts):
    return np.column_stack([effects[list(part)].sum(axis=1) for part in parts])


def _reason(names, record, effect):
    told = next((name for name in names if not pd.isna(record[name])), names[0])
    value = record[told]
    plain = value.item() if isinstance(value, np.generic) else value
    size = round(float(effect), 4)
    known = None if pd.isna(plain) else plain
    return {"code": "feature", "column": str(told), "value": known, "effect": size}
