"""Why a customer is likely to stay away or to order: codes with figures, no text."""

import math

import numpy as np
import pandas as pd

from .plain_effect import usual_effects

# Code -> its figures; each reason also has `effect`, what it adds to the log-odds of staying away
# relative to the average customer, above 0 if it raises the risk.
CHURN_REASON_CODES = {
    "rhythm": ("days", "usual_days"),
    "one_order": ("days",),
    "frequency": ("orders", "per_month"),
    "regularity": ("usual_days", "spread"),
    "amount": ("average", "per_month"),
    "last_order": ("ratio",),
    "trend": ("last", "before"),
    "returns": ("share",),
    "tenure": ("days",),
    "season": ("orders",),
    "feature": ("column", "value"),
}
# Which columns of the model make up a reason.
_COLUMNS = {
    "rhythm": ("silence", "days_since_last"),
    "frequency": ("orders", "orders_per_month"),
    "regularity": ("gap_spread",),
    "amount": ("average_order", "revenue_per_month"),
    "last_order": ("last_order_ratio",),
    "trend": ("trend",),
    "returns": ("return_share",),
    "tenure": ("days_since_first",),
    "season": ("season_orders",),
}
# The figures of a reason: name -> column of the frame and number of decimals.
_FIGURES = {
    "rhythm": {"days": ("days_since_last", 0), "usual_days": ("usual_days", 0)},
    "one_order": {"days": ("days_since_last", 0)},
    "frequency": {"orders": ("orders", 0), "per_month": ("orders_per_month", 2)},
    "regularity": {"usual_days": ("usual_days", 0), "spread": ("gap_spread", 2)},
    "amount": {"average": ("average_order", 2), "per_month": ("revenue_per_month", 2)},
    "last_order": {"ratio": ("last_order_ratio", 2)},
    "trend": {"last": ("orders_last", 0), "before": ("orders_before", 0)},
    "returns": {"share": ("return_share", 4)},
    "tenure": {"days": ("days_since_first", 0)},
    "season": {"orders": ("season_orders", 0)},
}
N_REASONS, MIN_EFFECT = 3, 0.05
# Days between orders whose spread over their mean is below this are called regular.
REGULAR_SPREAD = 0.5
# Columns that are told in a few words.
WORDED = {"gap_spread": [REGULAR_SPREAD]}


def churn_reasons(frame, contributions, learned=None):
    """Return the strongest reasons of each customer.

    Parameters
    ----------
    frame : DataFrame
        Features from `ChurnModel.features`.
    contributions : DataFrame
        From `TabularClassifier.contributions`, in the order of `frame`.
    learned : dict, optional
        From `learn_effects`.

    Returns
    -------
    list of list of dict
        Per customer at most three, the strongest first: `code`, its figures (those of
        `CHURN_REASON_CODES`; plain Python values) and `effect`. Reasons with a figure that is
        missing, those below .05, returns of who returned nothing, and what goes against the rule
        learned (such as many orders that raise the risk of one customer, where they lower it on
        the whole) are left out; the rhythm of a customer with one order is `one_order`.
    """
    effects, columns = _effects(contributions)
    if learned:
        usual, _columns = _effects(usual_effects(frame[list(contributions.columns)], learned))
        effects = np.where(effects * usual > 0, effects, 0.0)
    order = np.argsort(-np.abs(effects), axis=1, kind="stable")
    records = frame.to_dict("records")
    return [
        _strongest(record, row, columns, best)
        for record, row, best in zip(records, effects, order, strict=True)
    ]


def _effects(contributions):
    """Sum the contributions per reason: an array (n, n_reasons) and the names of its columns."""
    known = {column for group in _COLUMNS.values() for column in group}
    groups = {
        code: [column for column in group if column in contributions.columns]
        for code, group in _COLUMNS.items()
    }
    groups |= {column: [column] for column in contributions.columns if column not in known}
    sums = pd.DataFrame({code: contributions[group].sum(axis=1) for code, group in groups.items()})
    return sums.to_numpy(), list(sums.columns)


def _strongest(record, effects, names, order):
    reasons = []
    for at in order:
        if len(reasons) == N_REASONS or abs(effects[at]) < MIN_EFFECT:
            break
        reason = _reason(names[at], record)
        if reason:
            reasons.append({**reason, "effect": round(float(effects[at]), 4)})
    return reasons


def _reason(name, record):
    """Return code and figures, or None if a figure is missing."""
    if name not in _COLUMNS:
        value = record[name]
        plain = value.item() if isinstance(value, np.generic) else value
        return None if pd.isna(plain) else {"code": "feature", "column": name, "value": plain}
    if name == "rhythm" and math.isnan(record["usual_days"]):
        name = "one_order"
    figures = {key: (record[column], digits) for key, (column, digits) in _FIGURES[name].items()}
    if name == "returns" and not record["return_share"]:  # what did not happen is no reason
        return None
    if any(math.isnan(value) for value, _ in figures.values()):
        return None
    return {"code": name} | {
        key: round(value, digits) if digits else round(value)
        for key, (value, digits) in figures.items()
    }
