"""Why a customer has a score: codes with figures, one list per customer, no text.

Whoever shows them words and translates them by `code`. All values are plain Python numbers.
"""

import numpy as np

# Code -> its figures.
SEGMENT_REASON_CODES = {
    "recency": ("days", "rank"),
    "frequency": ("orders", "rank"),
    "monetary": ("amount", "rank"),
    "new": ("days",),
}
VALUE_REASON_CODES = {
    "one_order": ("days",),
    "rhythm": ("days", "usual_days"),
    "overdue": ("days", "usual_days"),
    "alive": ("probability",),
    "average": ("amount", "expected"),
}
# Silent for more than this many times the usual gap between orders.
OVERDUE_FACTOR = 2.0


def segment_reasons(frame, scored):
    """Reasons for each customer's segment.

    Parameters
    ----------
    frame, scored : DataFrame
        What `RFMSegmenter.transform` took and returned.

    Returns
    -------
    list of list of dict
        In the order of `frame`: for each score its figure and `rank` from 1 (worst) to 5 (best);
        for new customers the days since the first order come first.
    """
    days, orders = _ints(frame["days_since_last"]), _ints(frame["orders"])
    amounts = frame["revenue"].astype(float).round(2).tolist()
    ranks = scored[["r_score", "f_score", "m_score"]].to_numpy().T.tolist()
    result = [
        [
            {"code": "recency", "days": day, "rank": r},
            {"code": "frequency", "orders": count, "rank": f},
            {"code": "monetary", "amount": amount, "rank": m},
        ]
        for day, count, amount, r, f, m in zip(days, orders, amounts, *ranks, strict=True)
    ]
    if "days_since_first" in frame.columns:
        ages = frame["days_since_first"].to_numpy()
        for row in np.flatnonzero(scored["segment"].to_numpy() == "new"):
            result[row].insert(0, {"code": "new", "days": int(ages[row])})
    return result


def value_reasons(frame, value):
    """Reasons for each customer's expected value.

    Parameters
    ----------
    frame : DataFrame
        From `summarize_orders`.
    value : DataFrame
        From `customer_value`, with the same index.

    Returns
    -------
    list of list of dict
        In the order of `frame`: the rhythm (`rhythm`, or `overdue` if the silence is more than
        twice the usual gap; `one_order` for customers without a gap), the probability of being
        alive where the model tells it and there was a repeat order, and the average order beside
        the expected one.
    """
    frequency = frame["frequency"].to_numpy(dtype=float)
    silent = frame["days_since_last"].to_numpy(dtype=float)
    active = frame["days_since_first"].to_numpy(dtype=float) - silent
    gap = active / np.maximum(frequency, 1)
    alive = value["probability_alive"].to_numpy(dtype=float)
    averages = frame["average_order"].to_numpy(dtype=float), value["expected_average"].to_numpy()
    rows = zip(frequency, silent, gap, alive, *averages, strict=True)
    return [_value_reasons(*map(float, row)) for row in rows]


def _value_reasons(frequency, silent, gap, alive, average, expected):
    days = round(silent)
    if not frequency:
        reasons = [{"code": "one_order", "days": days}]
    else:
        code = "overdue" if silent > OVERDUE_FACTOR * max(gap, 1.0) else "rhythm"
        reasons = [{"code": code, "days": days, "usual_days": max(round(gap), 1)}]
        if alive == alive:
            reasons.append({"code": "alive", "probability": round(alive, 4)})
    reasons.append({"code": "average", "amount": round(average, 2), "expected": round(expected, 2)})
    return reasons


def _ints(column):
    return column.round().astype(int).tolist()
