"""Customers drawn from the models themselves, with a seed."""

import numpy as np
import pandas as pd


def bgnbd_customers(rng, n, r, alpha, a, b, longest, shortest=None):
    """Return frequency, recency and T of `n` customers observed for `shortest` to `longest`."""
    T = rng.uniform(longest / 2 if shortest is None else shortest, longest, n)
    rate, dropout = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    frequency, recency, clock = np.zeros(n), np.zeros(n), np.zeros(n)
    active = np.ones(n, dtype=bool)
    while active.any():
        clock = clock + rng.exponential(1, n) / np.maximum(rate, 1e-300)
        active &= clock <= T
        frequency[active] += 1
        recency[active] = clock[active]
        active &= rng.random(n) >= dropout
    return frequency, recency, T


def gamma_gamma_customers(rng, n, p, q, v):
    """Return frequency (1 to 9) and mean order value of `n` customers."""
    frequency = rng.integers(1, 10, n)
    scale = rng.gamma(q, 1 / v, n)
    return frequency, rng.gamma(p * frequency, 1 / (scale * frequency))


def order_rows(rng, n, days, start="2023-01-01"):
    """Return order rows of `n` customers with rhythms of their own."""
    import pandas as pd

    counts = rng.poisson(rng.gamma(1.0, 8.0, n)) + 1
    customer = np.repeat(np.arange(1, n + 1), counts)
    day = rng.integers(0, days, len(customer))
    level = rng.lognormal(5, 0.7, n)
    return pd.DataFrame(
        {
            "partner_id": customer,
            "date": pd.Timestamp(start) + pd.to_timedelta(day, unit="D"),
            "amount": level[customer - 1] * rng.lognormal(0, 0.4, len(customer)),
        }
    )


def pareto_customers(rng, n, r, alpha, s, beta, longest, shortest=None):
    """Return frequency, recency and T of `n` customers who may leave at any moment."""
    frequency, recency, T, _ = pareto_futures(rng, n, r, alpha, s, beta, longest, 0, shortest)
    return frequency, recency, T


def pareto_futures(rng, n, r, alpha, s, beta, longest, future, shortest=None):
    """Return the same and the orders in the time `future` after T."""
    T = rng.uniform(longest / 2 if shortest is None else shortest, longest, n)
    rate = rng.gamma(r, 1 / alpha, n)
    gone = rng.exponential(1, n) / np.maximum(rng.gamma(s, 1 / beta, n), 1e-300)
    active = np.minimum(T, gone)
    frequency = rng.poisson(rate * active).astype(float)
    # the last of x uniform moments
    recency = active * rng.random(n) ** (1 / np.maximum(frequency, 1)) * (frequency > 0)
    later = rng.poisson(rate * np.clip(gone - T, 0, future))
    return frequency, recency, T, later


def regular_orders():
    """Return six orders of each of 40 customers, 50 days apart, from 2024-01-03 on."""
    days = pd.to_timedelta(np.tile(np.arange(6) * 50, 40), "D")
    return pd.DataFrame(
        {
            "partner_id": np.repeat(np.arange(40), 6),
            "date": pd.Timestamp("2024-01-03") + days,
            "amount": np.tile([10.0, 20.0, 30.0], 80),
        }
    )
