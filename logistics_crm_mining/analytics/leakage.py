"""Columns that know the answer, of all rows or of some: found before a model is believed."""

import math

import numpy as np
import pandas as pd

from ._moments import as_times, require_one_scale
from ._partial_leaks import find_sure_part
from ._table import as_labels, as_numbers
from ._validation import require_columns
from .evaluation import auc

SUSPICIOUS_AUC = 0.87
_ALLOW = "Where all is known before the outcome, allow more: suspicious_auc=0.95, or None."
_DATE = "Leave the column out; where it is known before, say since when (as_of)."
_WRITTEN = (
    ", and the outcome is 1 in %(ones)s of them (of all rows in %(rate).1f%%): that is written "
    "afterwards. " + _DATE
)
# Why a column or model is refused; `args` hold the figures.
LEAK_REASONS = {
    "too_good": "%(column)s alone tells the outcome with an AUC of %(auc).3f, above %(limit).3f. "
    + _ALLOW,
    "known_part": "%(column)s is filled in for %(count)s of %(rows)s rows, and tells the outcome "
    "of these with an AUC of %(auc).3f, above %(limit).3f: it is written afterwards. " + _DATE,
    "filled_in": "%(column)s is filled in for %(count)s of %(rows)s rows" + _WRITTEN,
    "left_empty": "%(column)s is empty in %(count)s of %(rows)s rows" + _WRITTEN,
    "other_than": "%(column)s is other than %(value)s in %(count)s of %(rows)s rows" + _WRITTEN,
    "value": "%(column)s is %(value)s in %(count)s of %(rows)s rows" + _WRITTEN,
    "above": "%(column)s is %(value)s or more in %(count)s of %(rows)s rows" + _WRITTEN,
    "below": "%(column)s is %(value)s or less in %(count)s of %(rows)s rows" + _WRITTEN,
    "after_cutoff": "%(column)s is as of %(as_of)s, after the cut-off of %(cutoff)s, in %(count)s "
    "row(s).",
    "model_too_good": "The AUC of %(auc).3f is above %(limit).3f: at least one of the columns must "
    "know the outcome. Those that count most: %(columns)s. " + _ALLOW,
    "extras_too_good": "With %(columns)s the AUC is %(auc).3f, without %(without).3f: one of them "
    "must know the outcome. " + _ALLOW,
}
# Of these, those of columns that know the outcome of some rows alone.
PARTIAL_LEAKS = ("known_part", "filled_in", "left_empty", "other_than", "value", "above", "below")
_PERHAPS = (
    ", and the outcome is 1 in %(ones)s of them (of all rows in %(rate).1f%%). That may well be "
    "so; if it is written afterwards, leave the column out."
)
# What is let pass, and said, for it may be honest; `args` as above.
DOUBT_REASONS = {
    "known_part": "%(column)s is filled in for %(count)s of %(rows)s rows, and tells the outcome "
    "of these with an AUC of %(auc).3f. That may well be so; if it is written afterwards, leave "
    "the column out.",
    "filled_in": "%(column)s is filled in for %(count)s of %(rows)s rows" + _PERHAPS,
    "left_empty": "%(column)s is empty in %(count)s of %(rows)s rows" + _PERHAPS,
    "other_than": "%(column)s is other than %(value)s in %(count)s of %(rows)s rows" + _PERHAPS,
    "value": "%(column)s is %(value)s in %(count)s of %(rows)s rows" + _PERHAPS,
    "above": "%(column)s is %(value)s or more in %(count)s of %(rows)s rows" + _PERHAPS,
    "below": "%(column)s is %(value)s or less in %(count)s of %(rows)s rows" + _PERHAPS,
}
N_NAMED = 3
# From so many rows on an AUC above the limit is no chance any more.
SURE_ROWS = 500
# Standard errors that 95% of what chance makes stay below.
_ONE_SIDED = 1.645
# Rows of each outcome that what is known of a column must have, and how sure it must be.
_MIN_KNOWN, _SURELY = 20, 3.0
# Among the rows for which a column is known, less than this may be honest.
_OF_SOME_AUC = 0.935
_BINS, _FOLDS, _PRIOR = 20, 5, 5.0


class LeakageError(ValueError):
    """A model or column that is too good to be true.

    Attributes
    ----------
    code, args_ : str, dict
        A key of `LEAK_REASONS` and its figures.
    columns : list of str
        The columns suspected, the most suspicious first.
    """

    def __init__(self, code, args, columns):
        super().__init__(LEAK_REASONS[code] % args)
        self.code, self.args_, self.columns = code, args, list(columns)


def find_leaks(X, y, limit=SUSPICIOUS_AUC, as_of=None, cutoff=None, dated=(), created=()):
    """Find columns that are too good to be true, or known only after the cut-off.

    A column is judged alone: by rank for numbers, and by its out-of-sample rate of ones per bin or
    category, so that a code, a gap or a curved relation is found as well. Among few rows an AUC
    above the limit may be chance: see `surely_above`. What is filled in afterwards for some rows
    hides in the AUC of all, so a column is judged among the rows where it is known, too (by a limit
    of at least .935), and for values that make the outcome all but certain (see `find_sure_part`),
    unless it is dated: a fact that is sure to be older may well be that clear.
    What may be honest is no leak, but told by `find_doubts`.

    Parameters
    ----------
    X : DataFrame of shape (n, n_columns)
    y : array-like of shape (n,)
        0 or 1, and 1 is what happens: an answer, an order won, a customer who leaves.
    limit : float, default=0.87
        Highest AUC of one column that is believed. From 1 on everything is, but for dates.
    as_of : dict of str to date-like or array-like of shape (n,), optional
        For columns, the day on which a row's value became known; missing dates are let pass.
    cutoff : date-like or array-like of shape (n,), optional
        Needed with `as_of`: the last day whose facts may be used.
    dated : collection of str, default=()
        Columns whose dates have been compared with the cut-off before, beside those of `as_of`.
    created : collection of str, default=()
        Columns that rows have had since they came into being, as the source of a lead: that no row
        of some values has outcome 1 is no leak, however many they are.

    Returns
    -------
    list of dict
        `column`, `code` (of `LEAK_REASONS`), `args` and `reason` (in English), the columns in the
        order of X, dates first.
    """
    require_columns(X, [], "X")
    leaks = find_late(X, as_of, cutoff) if as_of else []
    return leaks + _judge_all(X, y, limit, {*dated, *(as_of or ())}, created)[0]


def find_doubts(X, y, limit=SUSPICIOUS_AUC, dated=(), created=()):
    """Find columns that tell an outcome all but surely, and may do so honestly.

    That no row of a value has outcome 1, an opt-out or a country not served, is often a plain fact,
    and sometimes what is written when it is over. Nothing in the table tells these apart, so they
    are no leaks, and whoever knows the column has to look.

    Parameters
    ----------
    X, y, limit, dated, created
        As of `find_leaks`.

    Returns
    -------
    list of dict
        `column`, `code` (of `DOUBT_REASONS`), `args` and `reason` (in English), in the order of X.
    """
    require_columns(X, [], "X")
    return _judge_all(X, y, limit, dated, created)[1]


def find_leaks_and_doubts(X, y, limit=SUSPICIOUS_AUC, dated=(), created=()):
    """Return what `find_leaks` and `find_doubts` do, looking at each column once."""
    require_columns(X, [], "X")
    return _judge_all(X, y, limit, dated, created)


def _judge_all(X, y, limit, dated, created):
    if limit >= 1:
        return [], []
    y = np.asarray(y, dtype=float)
    found = [_judge(X[name], y, float(limit), name in dated, name in created) for name in X.columns]
    leaks = [one for one, doubtful in found if one and not doubtful]
    return leaks, [one for one, doubtful in found if one and doubtful]


def find_late(X, as_of, cutoff):
    """Find columns known only after the cut-off: `find_leaks` where there is no outcome yet."""
    require_columns(X, as_of, "X")
    if cutoff is None:
        raise ValueError("as_of needs a cutoff to compare with.")
    leaks = [_late(name, days, cutoff, len(X)) for name, days in as_of.items()]
    return [leak for leak in leaks if leak]


def refuse_leaks(leaks):
    """Raise LeakageError for the first of the leaks found, naming all their columns."""
    if leaks:
        columns = list(dict.fromkeys(leak["column"] for leak in leaks))
        raise LeakageError(leaks[0]["code"], leaks[0]["args"], columns)


def surely_above(auc, limit, ones, n):
    """Tell whether an AUC is above a limit beyond chance.

    From `SURE_ROWS` rows on it is; among fewer it must be higher than 95% of those that chance
    makes of the limit (standard error by Hanley and McNeil 1982, which is that of the limit: of an
    AUC of 1 it would be nothing). So among 20 of each outcome none is above .95.

    Parameters
    ----------
    auc, limit : float
    ones, n : int
        Rows with outcome 1, and all rows.
    """
    if auc <= limit or min(ones, n - ones) < 1 or n >= SURE_ROWS:
        return auc > limit
    return auc > limit + _ONE_SIDED * _standard_error(limit, ones, n)


def least_auc(auc, ones, n, errors=1.96):
    """Return the lower end of the interval of an AUC, so many standard errors below it."""
    return auc - errors * _standard_error(auc, ones, n)


def _standard_error(auc, ones, n):
    zeros = n - ones
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (ones - 1) * (q1 - auc**2) + (zeros - 1) * (q2 - auc**2)
    return math.sqrt(max(spread, 0.0) / (ones * zeros))


def refuse_too_good(result, limit, model, X):
    """Raise LeakageError where rows not seen are told better than is believed, beyond chance.

    Parameters
    ----------
    result : dict
        From `evaluate_scores`.
    limit : float or None
    model : TabularClassifier
    X : DataFrame
        The rows that were told, to name the columns that count most.
    """
    if limit is None:
        return
    if surely_above(result["auc"], limit, result["positives"], result["n"]):
        named = model.importances(X).index[:N_NAMED].tolist()
        args = {"auc": result["auc"], "limit": float(limit), "columns": ", ".join(named)}
        raise LeakageError("model_too_good", args, named)


def column_auc(values, y):
    """Return the AUC that one column reaches alone, by rank or by bins, whichever is more."""
    numbers = as_numbers(values.name, values)
    if numbers is None:
        return auc(y, _rates(pd.factorize(as_labels(values))[0], y))
    known = ~np.isnan(numbers)
    if not known.any():
        return 0.5
    edges = np.unique(np.quantile(numbers[known], np.arange(1, _BINS) / _BINS))
    bins = np.where(known, np.searchsorted(edges, numbers), len(edges) + 1)
    found = [auc(y, _rates(bins, y))]
    for fill in (-np.inf, np.inf):
        rank = auc(y, pd.Series(np.where(known, numbers, fill)).rank(pct=True))
        found += [rank, 1 - rank]
    return max(found)


def _judge(values, y, limit, dated, created):
    """Return what gives a column away or None, and whether it may be honest.

    All of the column, what is known of it, or a value.
    """
    value, name = column_auc(values, y), str(values.name)
    if surely_above(value, limit, int(y.sum()), len(y)):
        return _leak("too_good", {"column": name, "auc": value, "limit": limit}), False
    if dated:
        return None, False
    part = find_sure_part(values, as_numbers(values.name, values), y, created)
    of_some = _judge_known(values, y, limit)
    sure = _tell_part(part, name, y) if part else (None, True)
    if part and part["kind"] == "filled_in" and not part["doubtful"]:
        return sure
    found = [one for one in (of_some, sure) if one[0]]
    return min(found, key=lambda one: one[1], default=(None, False))


def _judge_known(values, y, limit):
    """Judge a column by the rows where it is known, as `_judge`."""
    known = values.notna().to_numpy()
    ones, rows = int(y[known].sum()), int(known.sum())
    if rows == len(y) or min(ones, rows - ones) < _MIN_KNOWN:
        return None, False
    value = column_auc(values[known], y[known])
    least = least_auc(value, ones, rows, _SURELY)
    if min(value, least) <= limit:
        return None, False
    limit = max(limit, _OF_SOME_AUC)
    counted = {"column": str(values.name), "rows": len(y), "count": rows}
    args = {**counted, "auc": value, "limit": limit}
    doubtful = least <= limit
    return _leak("known_part", args, DOUBT_REASONS if doubtful else LEAK_REASONS), doubtful


def _tell_part(part, name, y):
    args = {key: part[key] for key in ("value", "count", "ones")}
    args = {"column": name, "rows": len(y), **args, "rate": 100 * float(y.mean())}
    doubtful = part["doubtful"]
    return _leak(part["kind"], args, DOUBT_REASONS if doubtful else LEAK_REASONS), doubtful


def _rates(codes, y):
    """Rate of ones among the other folds' rows of the same code, drawn towards the mean."""
    result = np.empty(len(y))
    fold = np.arange(len(y)) % _FOLDS
    # within each outcome in turn, so that the folds hold the same share of ones
    fold[np.argsort(y, kind="stable")] = np.arange(len(y)) % _FOLDS
    size = codes.max() + 1
    for number in range(_FOLDS):
        out, rest = fold == number, fold != number
        ones = np.bincount(codes[rest], y[rest], minlength=size)
        rows = np.bincount(codes[rest], minlength=size)
        rate = (ones + _PRIOR * y.mean()) / (rows + _PRIOR)
        result[out] = rate[codes[out]]
    return result


def _late(name, days, cutoff, n):
    days = as_times(f"as_of of {name}", days, missing_allowed=True)
    limit = as_times("cutoff", cutoff)
    require_one_scale(**{f"as_of of {name}": days, "cutoff": limit})
    days, limit = (_for_rows(values, n, name) for values in (days, limit))
    late = days > limit
    if not late.any():
        return None
    row = int(np.argmax(late))
    args = {"column": str(name), "as_of": _iso(days[row]), "cutoff": _iso(limit[row])}
    return _leak("after_cutoff", {**args, "count": int(late.sum())})


def _for_rows(values, n, name):
    if len(values) not in (1, n):
        raise ValueError(f"as_of of {name}: {len(values)} dates were given for {n} rows.")
    return np.broadcast_to(values, n)


def _leak(code, args, reasons=LEAK_REASONS):
    reason = reasons[code] % args
    return {"column": args["column"], "code": code, "args": args, "reason": reason}


def _iso(day):
    if isinstance(day, (int, float, np.number)):
        return f"{day:g}"
    return pd.Timestamp(day).date().isoformat()
