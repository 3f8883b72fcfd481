"""Between what limits a customer's orders and value will lie: intervals that can be checked."""

import numpy as np
import pandas as pd

from ._validation import require_columns
from .orders import UNITS_PER_YEAR

CHUNK = 5_000
COLUMNS = ["orders_low", "orders_high", "value_low", "value_high", "probability_order"]


def value_intervals(
    model, spend, frame, horizon=1.0, unit="W", level=0.8, n_draws=200, n_models=10, random_state=0
):
    """Prediction intervals of each customer's orders and value over a horizon.

    What a customer orders is uncertain for three reasons: chance (a Poisson process, and whether
    the customer is still there), the customer's own rate and order value, of which the history
    tells only so much, and the parameters of the models. All three are drawn: the first two from
    their distribution given the history, the parameters of the order model from the normal
    distribution of their logarithms. The interval is that of what will be seen, so that it can be
    checked a year later; an interval of the expectation alone would be narrower, and cover what
    nobody ever sees.

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
    unit : {"D", "W", "M"}, default="W"
    level : float, default=0.8
        Share of customers whose orders (value) are to lie within their interval; as orders are
        whole numbers, it may be more.
    n_draws, n_models : int, default=200, 10
        Draws per customer, and sets of parameters among them.
    random_state : int or Generator, default=0

    Returns
    -------
    DataFrame
        Indexed as `frame`: `orders_low`, `orders_high`, `value_low`, `value_high` (not discounted)
        and `probability_order` (of at least one order).
    """
    require_columns(frame, ["frequency", "recency", "T", "orders", "average_order"])
    if horizon <= 0 or not 0 < level < 1 or not 1 <= n_models <= n_draws:
        raise ValueError(
            "horizon must be above 0, level between 0 and 1, and n_models from 1 to n_draws."
        )
    rng = np.random.default_rng(random_state)
    models = [model.draw_model(rng) for _ in range(n_models)]
    columns = [frame[name].to_numpy(float) for name in ("frequency", "recency", "T", "orders")]
    columns.append(frame["average_order"].clip(lower=0).to_numpy(float))
    length = horizon * UNITS_PER_YEAR[unit]
    draws = np.diff(np.linspace(0, n_draws, n_models + 1).round().astype(int))
    result, limits = np.empty((len(frame), len(COLUMNS))), _at_level(level, n_draws)
    for low in range(0, len(frame), CHUNK):
        part = slice(low, low + CHUNK)
        rows = [column[part] for column in columns]
        orders, value = _draw(rng, models, draws, spend, length, rows)
        result[part] = np.hstack(
            [orders[:, limits], value[:, limits], (orders > 0).mean(axis=1, keepdims=True)]
        )
    result = pd.DataFrame(result, columns=COLUMNS, index=frame.index)
    return result.astype({"orders_low": int, "orders_high": int})


def _draw(rng, models, draws, spend, length, columns):
    """Return sorted draws of orders and of value, each of shape (n, n_draws)."""
    *history, orders, average = columns
    orders_drawn, value_drawn = [], []
    for model, repeats in zip(models, draws, strict=True):
        count = model.draw_purchases(rng, length, *history, size=repeats)
        some = np.nonzero(count)
        value = np.zeros(count.shape, dtype=np.float32)
        known = orders[some[1]], average[some[1]]
        value[some] = spend.draw_total(rng, count[some], *known)
        orders_drawn.append(count.astype(np.float32))
        value_drawn.append(value)
    return tuple(np.sort(np.vstack(part).T, axis=1) for part in (orders_drawn, value_drawn))


def _at_level(level, n_draws):
    """Places of the limits among sorted draws: (k + 1) / (n + 1) is the share below place k."""
    outside = (1 - level) / 2 * (n_draws + 1)
    low = min(max(int(np.floor(outside)) - 1, 0), n_draws - 1)
    return [low, n_draws - 1 - low]
