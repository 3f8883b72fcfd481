"""Why a lead is likely to be won or lost: codes with figures, no text."""

import numpy as np
import pandas as pd

from ._table import MISSING, as_labels, as_numbers
from .odoo_bayes import TAG

# Codes of reasons. Each has `value` (what the lead has: an id as text, a key, a number or a bool;
# None for "none"), `n` and `won` (leads with such a value, and how many of them were won), `rate`
# (share of won leads among all) and `effect` (what it adds to the log-odds of winning relative to
# the average lead, above 0 if it raises the chance). A number above all that were seen has `above`
# too: such leads are those of a number above this. `usual` has `rate` alone.
LEAD_REASON_CODES = (
    "source",
    "medium",
    "campaign",
    "team",
    "country",
    "language",
    "came_as",
    "email",
    "phone",
    "recommended",
    "revenue",
    "known",
    "orders",
    "won_before",
    "lost_before",
    "weekday",
    "daytime",
    "tag",
    "usual",
)
# The columns behind a code where they are others than the column of that name, the one told first.
_COLUMNS = {
    "country": ("country", "state"),
    "revenue": ("revenue", "revenue_known"),
    "orders": ("orders_before",),
}
# Of these only a yes is worth telling.
_ONLY_YES = ("tag",)
N_REASONS, MIN_EFFECT, MIN_LEADS = 3, 0.1, 10
# A share of won leads that is nearer to that of all, in standard errors, may be chance.
_SURE = 2.0


def learn_rates(X, y):
    """Count leads and won leads by value of each column.

    Returns
    -------
    dict of str to dict
        For each column `edges` (None, or the upper limits of groups of numbers), `seen` (None, or
        the least and the greatest number) and `counts`: label or number of the group ->
        [leads, won].
    """
    return {str(name): _learn(X[name], np.asarray(y)) for name in X.columns}


def lead_reasons(X, contributions, rates, rate):
    """Return the strongest reasons of each lead.

    Parameters
    ----------
    X : DataFrame
        As from `lead_features`.
    contributions : DataFrame
        From `TabularClassifier.contributions`, in the order of X.
    rates : dict
        From `learn_rates`.
    rate : float
        Share of won leads among all.

    Returns
    -------
    list of list of dict
        Per lead at most three as of `LEAD_REASON_CODES`, the strongest first; `usual` where there
        is none. Left out are effects below .1, values of fewer than ten leads, numbers below all
        seen, and values whose leads were not clearly won more often (or less often) than all,
        though the model says so by what comes with them: nobody would believe them.
    """
    codes, columns, effects = _group(contributions)
    pairs = zip(codes, columns, strict=True)
    found = [_describe(code, X[column], rates[column]) for code, column in pairs]
    told = np.column_stack(
        [_worth_telling(*one, rate, effects[:, at]) for at, one in enumerate(found)]
    )
    # what is not told comes last, so that the first ones are the strongest told
    strength = np.where(told, np.abs(effects), -1.0)
    order = np.argsort(-strength, axis=1, kind="stable")[:, :N_REASONS].tolist()
    counts = np.minimum(told.sum(axis=1), N_REASONS).tolist()
    rate = round(rate, 4)
    usual = {"code": "usual", "rate": rate}
    return [
        [_reason(codes[at], found[at], row, rate, effects[row, at]) for at in best[:count]]
        or [usual]
        for row, (best, count) in enumerate(zip(order, counts, strict=True))
    ]


def _group(contributions):
    """Return codes, the column that tells each, and an array (n, n_codes) of their effects."""
    grouped = {column for columns in _COLUMNS.values() for column in columns}
    groups = {}
    for name in contributions.columns:
        if name not in grouped:
            groups[name] = [name]
    for code, columns in _COLUMNS.items():
        if there := [name for name in columns if name in contributions.columns]:
            groups[code] = there
    effects = np.column_stack([contributions[some].sum(axis=1) for some in groups.values()])
    codes = ["tag" if code.startswith(TAG) else code for code in groups]
    return codes, [some[0] for some in groups.values()], effects


def _learn(values, y):
    numbers = _as_quantity(values)
    edges, seen = (None, None) if numbers is None else (_edges(numbers), _seen(numbers))
    labels = _labels(values, edges)
    counts = pd.DataFrame({"n": 1, "won": y}).groupby(labels).sum().astype(int)
    counts = {key: list(row) for key, *row in counts.itertuples()}
    return {"edges": edges, "seen": seen, "counts": counts}


def _as_quantity(values):
    """Return numbers that are worth grouping, or None for categories and booleans."""
    return None if values.dtype == bool else as_numbers(values.name, values)


def _edges(numbers):
    """Return the limits of groups: nothing, and the thirds of what is above it."""
    above = numbers[numbers > 0]
    thirds = np.quantile(above, [1 / 3, 2 / 3]).tolist() if len(above) else []
    return [0.0, *sorted(set(thirds))]


def _seen(numbers):
    known = numbers[~np.isnan(numbers)]
    return [float(known.min()), float(known.max())] if len(known) else None


def _labels(values, edges):
    if edges is None:
        return as_labels(values).to_numpy()
    numbers = as_numbers(values.name, values)
    groups = np.searchsorted(edges, numbers, side="left").astype(str).astype(object)
    return np.where(np.isnan(numbers), MISSING, groups)


def _describe(code, values, learned):
    """Return what each lead has, above which number others are like it, how many were and won."""
    groups, labels = pd.factorize(_labels(values, learned["edges"]))
    counts = np.array([learned["counts"].get(label, (0, 0)) for label in labels])
    n, won = counts[groups].T
    if code in _ONLY_YES:
        n = np.where(values, n, 0)
    above = np.full(len(values), np.nan)
    if learned.get("seen"):  # models stored before there was `seen` have none
        numbers, (least, greatest) = as_numbers(values.name, values), learned["seen"]
        n = np.where(numbers < least, 0, n)
        above[numbers > greatest] = learned["edges"][-1]
    if code == "tag":
        told = np.full(len(values), str(values.name).removeprefix(TAG), dtype=object)
    else:
        told = values.astype(object).where(values.notna(), None).to_numpy()
    return told, above, n, won


def _worth_telling(values, above, n, won, rate, effects):
    ahead = won / np.maximum(n, 1) - rate
    clear = np.abs(ahead) >= _SURE * np.sqrt(rate * (1 - rate) / np.maximum(n, 1))
    return (n >= MIN_LEADS) & (np.abs(effects) >= MIN_EFFECT) & clear & (ahead * effects > 0)


def _reason(code, figures, row, rate, effect):
    values, above, n, won = figures
    outside = {} if np.isnan(above[row]) else {"above": float(above[row])}
    return {
        "code": code,
        "value": values[row],
        **outside,
        "n": int(n[row]),
        "won": int(won[row]),
        "rate": rate,
        "effect": round(float(effect), 4),
    }
