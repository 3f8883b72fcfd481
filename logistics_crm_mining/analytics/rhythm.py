"""Each customer's own rhythm: usual gap between orders, next order day, silence against it."""

import numpy as np
import pandas as pd

from ._boundary import as_customers, as_flags, check_orders
from ._moments import as_day, as_days

# Gaps a customer must have beside the one looked at, and how unequal they are (interquartile range
# relative to the median): customers alike in both share one distribution of gap / usual gap.
GAP_BANDS, SPREAD_BANDS, MIN_GAPS_FOR_SPREAD = (2, 4, 8), (0.3, 0.8), 5
MIN_GAPS = 20
STATES = ("one_order", "rhythm", "due", "overdue")
FURTHEST = 3650  # days after the last order; a date beyond says nothing


def order_rhythm(orders, cutoff, level=0.8, customer="partner_id", date="date", is_return=None):
    """Describe the rhythm of each customer's orders.

    The usual gap is the median of a customer's gaps between days with orders. How far a next gap
    may lie from it is learned from all customers with about as many gaps, equally regular: the
    distribution of gap / median of the other gaps, with the gaps still open at the cut-off counted
    as "longer than that" (Kaplan and Meier 1958), as leaving them out makes customers look quicker
    than they are.

    Parameters
    ----------
    orders : DataFrame
        One row per order, line or day. Rows without a customer are left out.
    cutoff : date-like
        Last day looked at.
    level : float, default=0.8
        Share of next gaps that are to lie within the interval.
    customer, date : str
    is_return : str, optional
        Name of a boolean column; such rows are no orders.

    Returns
    -------
    DataFrame
        Indexed by customer, sorted: `orders` (days with orders), `last_date`, `days_since_last`,
        `usual_gap` (days, median), `gap_low`, `gap_high` (its quartiles), `expected_date` (last
        order and usual gap), `expected_from`, `expected_until` (the interval; it counts from the
        last order, also where the silence has outlasted it, and ends after ten years at the
        latest), `silence_ratio` (days since the last order in usual gaps) and `state`:
        ``one_order``, ``rhythm`` (not expected yet), ``due`` (within the interval) or ``overdue``.
        Customers with one order have no gap, date or ratio; with fewer than 20 gaps among all
        customers there is no interval, and an order is ``due`` from the expected date on.

    Raises
    ------
    ValueError
        If a column or a date is missing, or the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, but is {level}.")
    check_orders(orders, [customer, date, is_return])
    cutoff = as_day(cutoff)
    code, day, names = _order_days(orders, cutoff, customer, date, is_return)
    result = _describe(code, day, len(names), (cutoff - pd.Timestamp(0)).days, level)
    latest = result["last_date"] + FURTHEST
    for name in ("last_date", "expected_date", "expected_from", "expected_until"):
        days = pd.to_timedelta(result[name].clip(upper=latest).round(), unit="D")
        result[name] = (pd.Timestamp(0) + days).astype("datetime64[s]")
    return result.set_index(pd.Index(names, name=customer))


def _order_days(orders, cutoff, customer, date, is_return):
    """Return customer number and day (since 1970) of each day with orders, sorted, and names."""
    kept = as_customers(orders[customer], customer).notna()
    if is_return:
        kept &= ~as_flags(orders[is_return], is_return, kept)
    when = as_days(orders[date], date)
    missing = int((kept & when.isna()).sum())
    if missing:
        raise ValueError(f"orders: {date} is missing in {missing} row(s) with a customer.")
    kept &= when < cutoff + pd.Timedelta(days=1)
    code, names = pd.factorize(orders.loc[kept, customer], sort=True)
    day = when[kept].to_numpy().astype("datetime64[D]").astype(np.int64)
    base = day.min(initial=0)
    width = int(day.max(initial=0) - base) + 1
    key = np.sort(code * width + (day - base))
    key = key[np.diff(key, prepend=-1) > 0]
    return key // width, key % width + base, names


def _describe(code, day, n, today, level):
    last = np.flatnonzero(np.diff(code, append=-1))
    counts = np.diff(last, prepend=-1)
    within = np.flatnonzero(np.diff(code) == 0)
    owner, gap = code[within], (day[within + 1] - day[within]).astype(float)
    order = np.argsort(owner * (gap.max(initial=0) + 1) + gap)  # within each customer by length
    gap = gap[order]
    starts, n_gaps = np.cumsum(counts - 1) - (counts - 1), counts - 1
    low, middle, high = (_quantile(gap, starts, n_gaps, q) for q in (0.25, 0.5, 0.75))
    silence = (today - day[last]).astype(float)
    frame = pd.DataFrame(
        {
            "orders": counts,
            "last_date": day[last],
            "days_since_last": silence.astype(int),
            "usual_gap": middle,
            "gap_low": low,
            "gap_high": high,
            "expected_date": day[last] + middle,
        }
    )
    factors = _factors(gap, owner, starts, n_gaps, (high - low) / middle, silence / middle, level)
    frame["expected_from"], frame["expected_until"] = day[last] + middle * factors
    frame["silence_ratio"] = silence / middle
    frame["state"] = _states(frame, today)
    return frame


def _quantile(gap, starts, n_gaps, q):
    """Quantile of each customer's sorted gaps, NaN without gaps."""
    place = q * (n_gaps - 1)
    floor = np.floor(place).astype(int)
    some = n_gaps > 0
    result = np.full(len(starts), np.nan)
    lower = (starts + floor)[some]
    upper = lower + (floor < n_gaps - 1)[some]
    part = (place - floor)[some]
    result[some] = (1 - part) * gap[lower] + part * gap[upper]
    return result


def _median_of_others(gap, owner, starts, n_gaps):
    """Median of the other gaps of the same customer, for each gap of customers with two or more."""
    left = starts[owner]
    place, others = np.arange(len(gap)) - left, n_gaps[owner] - 1
    result = np.zeros(len(gap))
    for middle in ((others - 1) // 2, others // 2):
        skip = middle >= place  # the gap itself is left out, those above it move down
        result += gap[np.minimum(left + middle + skip, len(gap) - 1)] / 2
    return np.where(others > 0, result, np.nan)


def _cell(n_others, spread):
    """Number of the group of customers with about as many gaps, as regular."""
    band = np.searchsorted(GAP_BANDS, n_others, side="right")
    known = np.where(np.isfinite(spread), spread, 0.0)
    regular = np.searchsorted(SPREAD_BANDS, known)
    return band * 4 + np.where(n_others >= MIN_GAPS_FOR_SPREAD, regular, 3)


def _factors(gap, owner, starts, n_gaps, spread, silence, level):
    """Limits of gap / usual gap for each customer, shape (2, n)."""
    others = _median_of_others(gap, owner, starts, n_gaps)
    seen = n_gaps[owner] > 1
    open_ = n_gaps > 0
    ratio = np.concatenate([(gap / others)[seen], silence[open_]])
    ended = np.arange(len(ratio)) < seen.sum()
    cells = np.concatenate(
        [
            _cell(n_gaps[owner] - 1, spread[owner])[seen],
            _cell(n_gaps, spread)[open_],
        ]
    )
    shares = ((1 - level) / 2, (1 + level) / 2)
    own = _cell(n_gaps, spread)
    result = np.repeat(_limits(ratio, ended, shares)[:, None], len(n_gaps), axis=1)
    for cell in np.unique(own[open_]):
        part = cells == cell
        if ended[part].sum() >= MIN_GAPS:
            result[:, own == cell] = _limits(ratio[part], ended[part], shares)[:, None]
    return result


def _limits(ratio, ended, shares):
    """Quantiles of ratios of which some are known only to be longer (Kaplan and Meier)."""
    if ended.sum() < MIN_GAPS:
        return np.full(len(shares), np.nan)
    order = np.lexsort([~ended, ratio])
    ratio, ended = ratio[order], ended[order]
    left = np.arange(len(ratio), 0, -1)
    gone = 1 - np.cumprod(1 - ended / left)
    place = np.searchsorted(gone, np.array(shares) - 1e-12)
    # the upper limit may lie beyond all that was seen: then the longest is the best that is known
    return ratio[np.minimum(place, len(ratio) - 1)]


def _states(frame, today):
    begin = frame["expected_from"].fillna(frame["expected_date"])
    state = np.where(begin <= today, 2, 1)
    state = np.where(frame["expected_until"] < today, 3, state)
    state = np.where(frame["orders"] == 1, 0, state)
    return np.array(STATES, dtype=object)[state]
