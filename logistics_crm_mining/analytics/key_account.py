"""Key accounts: ABC classes, how concentrated the business is, and who is about to change class."""

import numpy as np
import pandas as pd

from ._moments import as_day
from ._validation import as_column, require_columns
from .orders import order_rows

CLASSES = ("A", "B", "C")
CUTS = (0.8, 0.95)


def abc_limits(amounts, cuts=CUTS):
    """Smallest amounts of the classes A and B.

    Customers in the order of their amounts are A until the cumulated amount reaches the first cut,
    B until it reaches the second; the customer who crosses a cut still belongs to the better
    class, and so does everyone with the same amount. Only positive amounts are cumulated: zero and
    negative ones (more returned than bought, margin below zero) are C and take nothing off the
    total, as otherwise the losses of some would make others key accounts.

    Parameters
    ----------
    amounts : array-like of shape (n,)
        Net of returns, one per customer.
    cuts : pair of float, default=(0.8, 0.95)
        Shares of the cumulated amount.

    Returns
    -------
    dict
        `A` and `B`; infinite where nobody is in the class.
    """
    if len(cuts) != 2 or not 0 < cuts[0] < cuts[1] <= 1:
        raise ValueError(f"cuts must be two rising shares between 0 and 1, but are {cuts}.")
    amounts = np.atleast_1d(as_column("amounts", amounts))
    best = np.sort(amounts[amounts > 0])[::-1]
    if not len(best):
        return {"A": np.inf, "B": np.inf}
    scaled = np.ldexp(best, -np.frexp(best[0])[1])  # near the greatest float their sum is none
    before = np.cumsum(scaled) - scaled
    last = [int((before < cut * scaled.sum() * (1 - 1e-12)).sum()) - 1 for cut in cuts]
    return {name: float(best[place]) for name, place in zip(CLASSES[:2], last, strict=True)}


def abc_classes(amounts, cuts=CUTS, limits=None):
    """Return the class of each customer: see `abc_limits`.

    Parameters
    ----------
    amounts : array-like of shape (n,)
    cuts : pair of float
    limits : dict, optional
        From `abc_limits`, to class by limits found elsewhere.

    Returns
    -------
    ndarray of str, shape (n,)
    """
    limits = limits or abc_limits(amounts, cuts)
    amounts = np.atleast_1d(as_column("amounts", amounts))
    place = 2 - (amounts >= limits["A"]).astype(int) - (amounts >= limits["B"])
    return np.array(CLASSES)[place]


def abc_table(frame, columns=("revenue", "margin"), cuts=CUTS):
    """Class, share and cumulated share of each customer by several amounts.

    Parameters
    ----------
    frame : DataFrame
        One row per customer.
    columns : sequence of str
        The amounts to class by.
    cuts : pair of float

    Returns
    -------
    DataFrame
        Indexed as `frame`; for each column `<column>_class`, `<column>_share` (of the positive
        amounts) and `<column>_cumulated` (that of all with at least as much; NaN if not positive).
    """
    require_columns(frame, columns)
    result = pd.DataFrame(index=frame.index)
    for column in columns:
        amounts = as_column(column, frame[column])
        result[f"{column}_class"] = abc_classes(amounts, cuts)
        positive = pd.Series(np.where(amounts > 0, amounts, np.nan), index=frame.index)
        total = positive.sum()
        result[f"{column}_share"] = (positive / total).fillna(0.0)
        ranked = positive.sort_values(ascending=False)
        # equal amounts share the cumulated share of the last of them
        cumulated = ranked.cumsum().groupby(ranked).transform("max") / total
        result[f"{column}_cumulated"] = cumulated.reindex(frame.index).to_numpy()
    return result


def abc_summary(classes, amounts):
    """Return customers, amount and their shares per class, in the order A, B, C."""
    amounts = np.atleast_1d(as_column("amounts", amounts))
    groups = pd.Series(amounts).groupby(np.asarray(classes))
    table = groups.agg(customers="size", amount="sum").reindex(CLASSES, fill_value=0)
    table["customer_share"] = table["customers"] / max(len(amounts), 1)
    total = amounts.sum()
    table["amount_share"] = table["amount"] / total if total > 0 else np.nan
    return table.rename_axis("class")


def concentration_curve(amounts, n_points=100, top=0.2):
    """How much of the amount comes from how few customers.

    Parameters
    ----------
    amounts : array-like of shape (n,)
        Negative amounts are kept in the curve, which then rises above 1 and falls again (the
        "whale curve" of margins).
    n_points : int, default=100
        Points of the curve beside the origin, at most.
    top : float, default=0.2

    Returns
    -------
    dict
        `customers`, `total`, `gini` (0 all alike to 1 all from one; negative amounts count as 0),
        `top_share` (of the total, from the best `top` of the customers), `peak` (largest cumulated
        share) and `peak_customer_share` (where), `curve` (list of dicts: customer_share,
        amount_share; best customers first). Shares are None if the total is not positive.
    """
    amounts = np.sort(np.atleast_1d(as_column("amounts", amounts)))[::-1]
    n, total = len(amounts), float(amounts.sum())
    result = {"customers": n, "total": total, "gini": _gini(amounts)}
    nothing = dict.fromkeys(("top_share", "peak", "peak_customer_share"))
    if not n or total <= 0:
        return {**result, **nothing, "curve": []}
    customers = np.arange(n + 1) / n
    shares = np.append(0.0, np.cumsum(amounts)) / total
    peak = int(np.argmax(shares))
    places = np.unique(np.append(np.linspace(0, n, n_points + 1).round().astype(int), peak))
    curve = zip(customers[places].tolist(), shares[places].tolist(), strict=True)
    return {
        **result,
        "top_share": float(np.interp(top, customers, shares)),
        "peak": float(shares[peak]),
        "peak_customer_share": peak / n,
        "curve": [{"customer_share": x, "amount_share": y} for x, y in curve],
    }


def _gini(amounts):
    """Gini coefficient of amounts that fall; those below 0 count as 0."""
    amounts = np.maximum(amounts, 0)
    n, total = len(amounts), amounts.sum()
    if not n or total <= 0:
        return None
    rank = np.arange(n, 0, -1)
    return float((2 * (rank @ amounts) / total - (n + 1)) / n)


def class_moves(
    orders,
    cutoff,
    period_days=90,
    cuts=CUTS,
    tolerance=0.05,
    trust_orders=6.0,
    customer="partner_id",
    date="date",
    amount="amount",
):
    """Who is about to change class, from the trend of the last period.

    Each customer's amount in the last period is compared with what was to be expected of it: the
    customer's amount of 12 months, times the share of the period in the amount of all customers
    (so the season and the growth of the company are not taken for the customer's own). The trend
    is this ratio, not below 0, drawn towards 1 for customers of whom few orders were to be expected
    in the period, as chance alone moves theirs most; the projected amount of 12 months
    is the amount of the last 12 months times the trend. Class limits are those of the last 12
    months.

    Parameters
    ----------
    orders : DataFrame
        One row per order or line, returns with negative amounts.
    cutoff : date-like
        Last day looked at.
    period_days : int, default=90
    cuts : pair of float
    tolerance : float, default=0.05
        The projected amount must lie beyond the limit by this share of it.
    trust_orders : float, default=6.0
        Orders to be expected in the period that make a customer's trend count half: an assumption
        about how much customers change, not learned from the data. In simulations (orders by
        chance, levels that drift) the projection comes 3% to 4% nearer to the next year than "as
        last year" with a drift of 15% a month, and falls 3% to 12% behind it with 5%. Raise it
        where business is steady.
    customer, date, amount : str
        Names of the columns. The amount may be revenue or margin.

    Returns
    -------
    DataFrame
        Indexed by customer, those with orders in the last 12 months: `class`, `projected_class`,
        `move` (``up``, ``down`` or missing), `amount`, `projected`, `limit` (the one crossed, else
        NaN), `recent`, `recent_expected`, `trend` and `orders` (days with positive amounts).
    """
    require_columns(orders, [customer, date, amount], "orders")
    if not 0 < period_days < 365 or tolerance < 0 or not trust_orders > 0:
        raise ValueError(
            "period_days must be from 1 to 364, tolerance not negative, trust_orders above 0."
        )
    cutoff = as_day(cutoff)
    rows = order_rows(orders, cutoff, customer, date, amount, None)
    rows = rows[rows["date"] > cutoff - pd.DateOffset(years=1)]
    frame = _project(rows, cutoff - pd.Timedelta(days=period_days), trust_orders).rename_axis(
        customer
    )
    limits = abc_limits(frame["amount"], cuts)
    frame["class"] = abc_classes(frame["amount"], limits=limits)
    return _crossing(frame, limits, tolerance)


def _project(rows, start, trust_orders):
    """Amount, trend and projection of each customer."""
    groups = rows.groupby("customer", sort=True)
    recent = rows["amount"].where(rows["date"] > start, 0.0)
    bought = rows[rows["amount"] > 0].drop_duplicates(["customer", "date"])
    frame = pd.DataFrame({"amount": groups["amount"].sum()})
    frame["recent"] = recent.groupby(rows["customer"]).sum()
    frame["orders"] = bought.groupby("customer").size().reindex(frame.index, fill_value=0)
    total = frame["amount"].sum()
    season = frame["recent"].sum() / total if total > 0 else 0.0
    frame["recent_expected"] = frame["amount"].clip(lower=0) * season
    usual = frame["orders"] * (bought["date"] > start).mean() if len(bought) else 0.0
    trust = usual / (usual + trust_orders)
    ratio = frame["recent"] / frame["recent_expected"].where(frame["recent_expected"] > 0)
    frame["trend"] = (1 + trust * (ratio - 1)).fillna(1.0).clip(lower=0)
    frame["projected"] = frame["amount"] * frame["trend"]
    return frame


def _crossing(frame, limits, tolerance):
    now = np.searchsorted(CLASSES, frame["class"].to_numpy(dtype=str))
    border = np.array([limits["A"], limits["B"], -np.inf])
    projected = frame["projected"].to_numpy()[:, None]
    up = (projected < border * (1 + tolerance)).sum(axis=1)
    down = (projected < border * (1 - tolerance)).sum(axis=1)
    then = np.where(up < now, up, np.where(down > now, down, now))
    frame["projected_class"] = np.array(CLASSES)[then]
    frame["move"] = np.select([then < now, then > now], ["up", "down"], default=None)
    crossed = border[np.minimum(then, now)]
    frame["limit"] = np.where(then == now, np.nan, crossed)
    names = ["class", "projected_class", "move", "amount", "projected", "limit"]
    return frame[[*names, "recent", "recent_expected", "trend", "orders"]]
