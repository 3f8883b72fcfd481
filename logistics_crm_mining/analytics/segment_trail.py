"""Where customers were before: the segments that runs on earlier days would have found."""

import pandas as pd

from ._boundary import as_days, check_orders
from .orders import summarize_orders
from .segments import RFMSegmenter

TRAIL_COLUMNS = ["before", "after", "since", "rfm_before", "rfm_after"]


def segment_trail(orders, cutoffs, window, **columns):
    """Segment the customers at several cut-offs, each with what was known on that day.

    Parameters
    ----------
    orders : DataFrame
        As in `summarize_orders`.
    cutoffs : sequence of date-like
        In any order.
    window : DateOffset or Timedelta
        Orders count over this long before each cut-off.
    **columns : str
        `customer`, `date`, `amount`, `is_return`, as in `summarize_orders`.

    Returns
    -------
    dict of Timestamp to DataFrame
        The newest first, each as of `RFMSegmenter.transform`; cut-offs with fewer than two
        customers are left out.
    """
    date, trail = columns.get("date", "date"), {}
    check_orders(orders, [date])
    days = as_days(orders[date], date)
    for cutoff in sorted((pd.Timestamp(one).normalize() for one in cutoffs), reverse=True):
        part = orders[(days > cutoff - window) & (days <= cutoff)]
        frame = summarize_orders(part, cutoff, **columns)
        if len(frame) >= 2:
            trail[cutoff] = RFMSegmenter().fit_transform(frame)
    return trail


def last_moves(trail):
    """Find for each customer of the newest cut-off the last time they changed segment.

    Parameters
    ----------
    trail : dict of Timestamp to DataFrame
        From `segment_trail`.

    Returns
    -------
    DataFrame
        Indexed by customer, only those who have been in another segment: `before` and `after` (the
        segments), `since` (the first cut-off at which they were in the newer one) and `rfm_before`
        and `rfm_after` (like "543", at the cut-offs that the move lies between).
    """
    if not trail:
        return pd.DataFrame(columns=TRAIL_COLUMNS)
    (since, now), *earlier = trail.items()
    left, found = now[["segment", "rfm_score"]].assign(since=since), []
    for cutoff, then in earlier:
        then = then[["segment", "rfm_score"]].reindex(left.index)
        moved = then["segment"].notna() & (then["segment"] != left["segment"])
        found.append(_moves(then[moved], left[moved]))
        left, then = left[~moved], then[~moved]
        stayed = then["segment"].notna()
        left = left.assign(
            since=left["since"].where(~stayed, cutoff),
            rfm_score=left["rfm_score"].where(~stayed, then["rfm_score"]),
        )
    found = [one for one in found if len(one)]
    return pd.concat(found) if found else pd.DataFrame(columns=TRAIL_COLUMNS)


def _moves(then, now):
    return pd.DataFrame(
        {
            "before": then["segment"],
            "after": now["segment"],
            "since": now["since"],
            "rfm_before": then["rfm_score"],
            "rfm_after": now["rfm_score"],
        }
    )
