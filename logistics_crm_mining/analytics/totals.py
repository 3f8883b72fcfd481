"""Does what was expected of all customers together come true? Errors of each may hide it."""

import numpy as np

# A total that is off by more than this factor is far off: going on at the past rate, which any
# model is measured against, is off by as much where customers leave (CDNOW: 1.5).
MAX_FACTOR = 1.5
N_BOOTSTRAP, LEVEL = 400, 0.95


def compare_totals(expected, actual, random_state=0):
    """Compare the totals of what was expected and of what came.

    Parameters
    ----------
    expected, actual : ndarray of shape (n_customers,)
        Orders, or amounts.
    random_state : int or None, default=0

    Returns
    -------
    dict
        `expected` and `actual` (totals), `low` and `high` (limits of their ratio at a level of
        95%, by bootstrap over customers; None where nothing came) and `far_off` (bool: surely
        by more than `MAX_FACTOR`).
    """
    rng, n = np.random.default_rng(random_state), len(expected)
    values = np.column_stack([expected, actual])
    drawn = np.array(
        [np.bincount(rng.integers(0, n, n), minlength=n) @ values for _ in range(N_BOOTSTRAP)]
    )
    some = drawn[:, 1] > 0
    ratio = np.full(N_BOOTSTRAP, np.inf)
    ratio[some] = drawn[some, 0] / drawn[some, 1]
    low, high = np.quantile(ratio, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="nearest")
    return {
        "expected": float(values[:, 0].sum()),
        "actual": float(values[:, 1].sum()),
        "low": float(low) if np.isfinite(low) else None,
        "high": float(high) if np.isfinite(high) else None,
        "far_off": bool(low > MAX_FACTOR or high < 1 / MAX_FACTOR),
    }
