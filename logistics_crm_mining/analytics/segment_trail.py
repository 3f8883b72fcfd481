"""Where customers were before: the segments that runs on earlier days would have found."""

import numpy as np
import pandas as pd

from ._moments import as_day
from ._runs import Runs, day_numbers
from .orders import order_rows
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
    cutoffs = sorted((as_day(one) for one in cutoffs), reverse=True)
    rows, trail = _Rows(orders, cutoffs[0] if cutoffs else pd.Timestamp.min, **columns), {}
    for cutoff in cutoffs:
        frame = rows.summarize(cutoff - window, cutoff)
        if len(frame) >= 2:
            trail[cutoff] = RFMSegmenter().fit_transform(frame)
    return trail


class _Rows:
    """Orders that are sorted once, and summed up over any window as `summarize_orders` does."""

    def __init__(
        self, orders, end, customer="partner_id", date="date", amount="amount", is_return=None
    ):
        rows = order_rows(orders, end, customer, date, amount, is_return)
        self.name = customer
        self.code, self.names = pd.factorize(rows["customer"], sort=True)
        self.day, self.amount = day_numbers(rows["date"]), rows["amount"].to_numpy()
        opens = ~rows["is_return"].to_numpy()
        # a return counts with the order before it; without one, its opening day is never reached
        fresh = np.ones(len(rows), dtype=bool)
        fresh[1:] = self.code[1:] != self.code[:-1]
        place = np.maximum.accumulate(np.where(opens | fresh, np.arange(len(rows)), 0))
        self.opened = np.where(opens[place], self.day[place], np.iinfo(np.int64).min)
        self.opens = opens & (fresh | (np.diff(self.opened, prepend=0) != 0))

    def summarize(self, start, end):
        """Return what `RFMSegmenter` looks at of the orders after the start up to the end."""
        start, end = (day_numbers(pd.Timestamp(day)) for day in (start, end))
        kept = (self.opened > start) & (self.day <= end)
        first = self.opens[kept]
        runs, days = Runs(self.code[kept][first]), self.day[kept][first]
        starts, amount = np.flatnonzero(first), self.amount[kept]
        net = np.add.reduceat(amount, starts) if len(starts) else amount
        return pd.DataFrame(
            {
                "orders": runs.sizes,
                "revenue": runs.sum(net),
                "days_since_first": end - runs.first(days),
                "days_since_last": end - runs.last(days),
            },
            index=pd.Index(self.names[runs.names], name=self.name),
        )


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
