"""Does the model beat "everyone goes on as before"? Fit on the past, look at what came after."""

import numpy as np
import pandas as pd

from ._boundary import check_orders
from ._moments import as_day, as_days
from .orders import DAYS_PER_UNIT, UNITS_PER_YEAR, summarize_orders
from .purchase import fit_purchase_model
from .totals import compare_totals
from .value import customer_value, fit_spend_model

MIN_CUSTOMERS, MIN_REPEATERS, MIN_HOLDOUT_ORDERS, MIN_DAYS = 50, 20, 20, 60
NEITHER = {"beats_baseline": False, "believable": False}
FREQUENCY_BUCKETS = (0, 1, 2, 3, 4, 5, 6, 7)
# Why an evaluation says no; `args` of the result hold the figures.
HOLDOUT_REASONS = {
    "too_few_customers": "Only %(count)s customers ordered before the cut-off; %(needed)s are "
    "needed.",
    "too_few_repeaters": "Only %(count)s customers ordered again; %(needed)s are needed.",
    "too_short": "The orders before or after the cut-off span only %(count)s days; %(needed)s are "
    "needed.",
    "too_few_holdout_orders": "Only %(count)s orders came after the cut-off; %(needed)s are "
    "needed.",
    "no_value": "No customer who ordered before the cut-off brought an amount above zero.",
    "baseline_better": "The model's error (RMSE %(model).4g orders per customer) is not below "
    "that of the baseline, everyone going on at their past rate (%(baseline).4g).",
    "orders_far_off": "The total is far off: %(expected).0f orders were expected after the "
    "cut-off, and %(actual).0f came.",
    "value_far_off": "The total is far off: an amount of %(expected).0f was expected after the "
    "cut-off, and %(actual).0f came.",
}


def holdout_cutoff(first, last, share=1 / 3):
    """Return the day that leaves `share` of the time from `first` to `last` for the hold-out."""
    first, last = as_day(first, "first"), as_day(last, "last")
    return last - pd.Timedelta(days=round((last - first).days * share))


def evaluate_holdout(orders, cutoff=None, end=None, unit="W", random_state=0, **columns):
    """Fit on orders up to the cut-off and compare with the orders after it.

    The baseline lets each customer go on at the past rate of repeat orders (`frequency / T`) and
    the past average order value. The measure that decides is the root mean squared error of the
    number of orders per customer, which expected values minimise; the mean absolute error is shown
    beside it, but favours forecasts near zero. Beside that the totals must come true: orders and
    amounts of all customers together may not surely be far off (see `compare_totals`).

    Parameters
    ----------
    orders : DataFrame
        As in `summarize_orders`.
    cutoff, end : date-like, optional
        Last day of the calibration and of the hold-out; by default the last third of the time, and
        the day of the last order.
    unit : {"D", "W", "M"}, default="W"
    random_state : int or None, default=0
        Of the intervals of the totals.
    **columns : str
        `customer`, `date`, `amount`, `is_return`, as in `summarize_orders`.

    Returns
    -------
    dict
        `enough`, `beats_baseline`, `believable` (bool; the totals come true), `code` and `args`
        (why not: a key of `HOLDOUT_REASONS`, or None), `reason` (the same in English), `cutoff`,
        `end` (ISO dates), and where there is enough data `model` (its name), `degenerate` (code or
        None), `params`,
        `spend`, `metrics` and `baseline` (dicts: orders_mae, orders_rmse, orders_correlation,
        orders_total, value_mae, value_rmse, value_correlation, value_total, top_fifth_share),
        `actual` (orders_total, value_total), `totals` (orders and value, as of `compare_totals`),
        `buckets` (list of dicts: frequency, customers,
        expected, baseline, actual). All plain Python values.
    """
    date = columns.get("date", "date")
    check_orders(orders, [date])
    dates = as_days(orders[date], date)
    if not len(dates):
        nothing = {"cutoff": None, "end": None, "enough": False, **NEITHER}
        return {**nothing, **_why("too_few_customers", {"count": 0, "needed": MIN_CUSTOMERS})}
    end = as_day(end, "end") if end is not None else dates.max()
    orders = orders.assign(**{date: dates})
    cutoff = holdout_cutoff(dates.min(), end) if cutoff is None else as_day(cutoff)
    frame = summarize_orders(orders, cutoff, unit, **columns)
    actual = _after(orders, frame, cutoff, end, unit, columns)
    result = {"cutoff": _iso(cutoff), "end": _iso(end), "enough": True, **NEITHER}
    problem = _too_little(frame, actual, (cutoff - dates.min()).days, (end - cutoff).days)
    if problem:
        return {**result, "enough": False, **_why(*problem)}
    length = (end - cutoff).days / DAYS_PER_UNIT[unit]
    return {**result, **_compare(frame, actual, length, unit, random_state)}


def _after(orders, frame, cutoff, end, unit, columns):
    """Orders (days) and amount of each known customer after the cut-off."""
    date = columns.get("date", "date")
    later = orders[orders[date] > cutoff]
    found = summarize_orders(later, end, unit, **columns)[["orders", "revenue"]]
    return found.reindex(frame.index).fillna(0.0)


def _too_little(frame, actual, days_before, days_after):
    """Return code and figures of the first thing there is too little of, or None."""
    days = max(min(days_before, days_after), 0) if len(frame) else 0
    checks = (
        ("too_few_customers", len(frame), MIN_CUSTOMERS),
        ("too_few_repeaters", int((frame["frequency"] > 0).sum()), MIN_REPEATERS),
        ("too_short", days, MIN_DAYS),
        ("too_few_holdout_orders", int(actual["orders"].sum()), MIN_HOLDOUT_ORDERS),
    )
    for code, count, needed in checks:
        if count < needed:
            return code, {"count": count, "needed": needed}
    return None if (frame["average_order"] > 0).any() else ("no_value", {})


def _why(code=None, args=None):
    args = args or {}
    return {"code": code, "args": args, "reason": HOLDOUT_REASONS[code] % args if code else None}


def _compare(frame, actual, length, unit, random_state):
    choice = fit_purchase_model(frame["frequency"], frame["recency"], frame["T"])
    spend = fit_spend_model(frame)
    value = customer_value(choice.model, spend, frame, length / UNITS_PER_YEAR[unit], unit=unit)
    naive = _baseline(frame, length)
    metrics = _metrics(value["expected_orders"], value["expected_value"], actual)
    baseline = _metrics(naive, naive * frame["average_order"].clip(lower=0), actual)
    totals = {
        name: compare_totals(value[f"expected_{name}"], actual[column], random_state)
        for name, column in (("orders", "orders"), ("value", "revenue"))
    }
    return {
        **_judge(metrics["orders_rmse"], baseline["orders_rmse"], totals),
        "model": choice.name,
        "degenerate": choice.code,
        "params": getattr(choice.model, "params_", choice.bgnbd.params_),
        "spend": spend.params_,
        "metrics": metrics,
        "baseline": baseline,
        "actual": {
            "orders_total": float(actual["orders"].sum()),
            "value_total": float(actual["revenue"].sum()),
        },
        "totals": totals,
        "buckets": _buckets(frame["frequency"], value["expected_orders"], naive, actual["orders"]),
    }


def _judge(error, naive_error, totals):
    """Return both judgements as one; where both say no, the baseline tells why."""
    beats, off = error < naive_error, [name for name in totals if totals[name]["far_off"]]
    told = {"beats_baseline": bool(beats), "believable": not off}
    if not beats:
        return {**told, **_why("baseline_better", {"model": error, "baseline": naive_error})}
    if not off:
        return {**told, **_why()}
    return {
        **told,
        **_why(f"{off[0]}_far_off", {k: totals[off[0]][k] for k in ("expected", "actual")}),
    }


def _baseline(frame, length):
    """Orders if each customer goes on at the past rate; 0 for those who came on the last day."""
    rate = frame["frequency"] / frame["T"].where(frame["T"] > 0)
    return rate.fillna(0.0) * length


def _metrics(orders, value, actual):
    result = {}
    for name, expected, seen in (
        ("orders", orders, actual["orders"]),
        ("value", value, actual["revenue"]),
    ):
        error = expected.to_numpy() - seen.to_numpy()
        result[f"{name}_mae"] = float(np.abs(error).mean())
        result[f"{name}_rmse"] = float(np.sqrt((error**2).mean()))
        result[f"{name}_correlation"] = _correlation(expected, seen)
        result[f"{name}_total"] = float(expected.sum())
    result["top_fifth_share"] = _top_share(value, actual["revenue"])
    return result


def _correlation(left, right):
    if left.nunique() < 2 or right.nunique() < 2:
        return None
    return float(np.corrcoef(left, right)[0, 1])


def _top_share(value, revenue, share=0.2):
    """Share of the revenue that came from the customers ranked highest."""
    total = float(revenue.sum())
    if total <= 0:
        return None
    ranking = value.sort_values(ascending=False, kind="stable").index
    return float(revenue.loc[ranking[: max(round(len(value) * share), 1)]].sum() / total)


def _buckets(frequency, expected, naive, seen):
    """Mean expected and actual orders of customers by their past frequency."""
    bucket = frequency.clip(upper=FREQUENCY_BUCKETS[-1])
    columns = {"expected": expected, "baseline": naive, "actual": seen}
    means = pd.DataFrame(columns).groupby(bucket).mean()
    counts = bucket.value_counts()
    return [
        {"frequency": int(key), "customers": int(counts[key]), **row}
        for key, row in means.to_dict("index").items()
    ]


def _iso(day):
    return day.date().isoformat()
