"""Customers drawn from the models themselves, with a seed."""

import numpy as np


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
