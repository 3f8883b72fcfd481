"""Customer value: expected orders times expected order value over a horizon."""

import numpy as np
import pandas as pd

from ._validation import require_columns
from .gamma_gamma import GammaGamma
from .orders import UNITS_PER_YEAR

# Bands of the expected value, best first, and the share of customers down to which each goes.
VALUE_BANDS = ("high", "medium", "low")
VALUE_BAND_LIMITS = {"high": 0.2, "medium": 0.5, "low": 1.0}


def fit_spend_model(frame):
    """Fit the order values of all customers, counting every order.

    The first order counts too, unlike in the papers, which learn from repeat orders only: on CDNOW
    and UCI Online Retail the customers ranked highest hold as much hold-out revenue or more, the
    mean absolute error is lower, and a customer with one order is not valued like any other.

    Parameters
    ----------
    frame : DataFrame
        From `summarize_orders`. An average below 0 (more returned than bought) counts as 0.

    Returns
    -------
    GammaGamma
    """
    require_columns(frame, ["orders", "average_order"])
    return GammaGamma().fit(frame["orders"], frame["average_order"].clip(lower=0))


def customer_value(model, spend, frame, horizon=1.0, discount_rate=0.0, unit="W", steps=12):
    """Expected orders and value of each customer over a horizon.

    Parameters
    ----------
    model : BetaGeoNBD, ParetoNBD or ShrunkenRate
        Fitted in `unit`.
    spend : GammaGamma
        From `fit_spend_model`.
    frame : DataFrame
        From `summarize_orders`.
    horizon : float, default=1.0
        In years.
    discount_rate : float, default=0.0
        Per year: an order in a year is worth ``1 / (1 + discount_rate)`` of one today.
    unit : {"D", "W", "M"}, default="W"
        Unit of time of the model and the frame.
    steps : int, default=12
        Parts of the horizon within which orders are discounted alike. Not used without a discount.

    Returns
    -------
    DataFrame
        Indexed as `frame`: `probability_alive` (NaN where the model cannot tell),
        `expected_orders`, `expected_average` and `expected_value` (in the money of the orders).
    """
    require_columns(frame, ["frequency", "recency", "T", "orders", "average_order"])
    if horizon <= 0 or discount_rate <= -1:
        raise ValueError("horizon must be above 0 and discount_rate above -1.")
    if unit not in UNITS_PER_YEAR:
        raise ValueError(f"unit must be one of {', '.join(UNITS_PER_YEAR)}, but is {unit!r}.")
    history = [frame[column].to_numpy(dtype=float) for column in ("frequency", "recency", "T")]
    average = spend.expected_average(frame["orders"], frame["average_order"].clip(lower=0))
    length = horizon * UNITS_PER_YEAR[unit]
    orders = model.expected_purchases(length, *history)
    paid = _discounted(model, history, length, discount_rate, unit, steps, orders)
    return pd.DataFrame(
        {
            "probability_alive": model.probability_alive(*history),
            "expected_orders": orders,
            "expected_average": average,
            "expected_value": paid * average,
        },
        index=frame.index,
    )


def _discounted(model, history, length, discount_rate, unit, steps, total):
    """Expected orders, each weighted by its discount in the middle of its step."""
    if not discount_rate:
        return total
    ends = np.linspace(0, length, steps + 1)
    before, worth = np.zeros(len(total)), np.zeros(len(total))
    for start, end in zip(ends[:-1], ends[1:], strict=True):
        until = total if end == length else model.expected_purchases(end, *history)
        years = (start + end) / 2 / UNITS_PER_YEAR[unit]
        worth += (until - before) / (1 + discount_rate) ** years
        before = until
    return worth


def value_bands(values):
    """Return the band of each value: the top fifth is high, the next 30% medium, the rest low.

    Equal values get the same band; values that are not above 0 are low.

    Parameters
    ----------
    values : array-like of shape (n,)

    Returns
    -------
    ndarray of str, shape (n,)
    """
    values = pd.Series(np.asarray(values, dtype=float))
    place = 1 - (values.rank(method="average") - 0.5) / max(len(values), 1)
    limits = [VALUE_BAND_LIMITS[band] for band in VALUE_BANDS[:-1]]
    band = np.searchsorted(limits, place.fillna(1.0), side="left")
    band = np.where(values > 0, band, len(VALUE_BANDS) - 1)
    return np.array(VALUE_BANDS)[band]
