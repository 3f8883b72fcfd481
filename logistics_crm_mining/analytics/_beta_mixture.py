"""Expected orders of a customer who is alive: a mean over the unknown drop-out probability.

Given that a customer is alive after ``x`` repeat orders, the order rate is gamma distributed with
shape ``k = r + x`` and rate ``alpha + T``, and the drop-out probability ``p`` is Beta(a, b + x).
The expected number of orders in the next ``s * (alpha + T)`` is the mean over ``p`` of::

    (1 - (1 + p * s) ** -k) / p

This equals the formula with Gauss's hypergeometric function of Fader, Hardie and Lee (2005,
eq. 10), without its removable pole at ``a = 1`` and without overflow.
"""

import numpy as np
from scipy.special import hyp2f1

# Few nodes are exact to 1e-8 up to NEAR times (alpha + T) and more up to FAR, unless the rates are
# so alike (large r) that the mean over p is of a steep function.
N_NODES_NEAR, N_NODES_FAR, NEAR, FAR, STEEP = 16, 64, 1.0, 4.0, 50.0


def beta_nodes(a, b, n_nodes):
    """Nodes and weights of Gauss quadrature for Beta(a, b) on [0, 1] (Golub and Welsch 1969).

    Parameters
    ----------
    a : float
    b : ndarray of shape (m,)
    n_nodes : int

    Returns
    -------
    nodes, weights : ndarrays of shape (m, n_nodes)
    """
    high, low = np.asarray(b)[:, None] - 1, a - 1
    total, j = high + low, np.arange(1, n_nodes)
    diagonal = np.empty((len(high), n_nodes))
    diagonal[:, :1] = (low - high) / (total + 2)
    diagonal[:, 1:] = (low - high) * total / ((2 * j + total) * (2 * j + total + 2))
    middle = 2 * j + total
    # at j = 1 the factors (j + total) and (middle - 1) are the same number, which may be zero
    ratio = np.ones_like(middle)
    ratio[:, 1:] = (j[1:] + total) / (middle[:, 1:] - 1)
    off = 4 * j * (j + high) * (j + low) * ratio / (middle**2 * (middle + 1))
    matrix = np.zeros((len(high), n_nodes, n_nodes))
    place = np.arange(n_nodes)
    matrix[:, place, place] = (diagonal + 1) / 2
    matrix[:, place[1:], place[:-1]] = np.sqrt(off) / 2
    nodes, vectors = np.linalg.eigh(matrix, UPLO="L")
    return np.clip(nodes, 0, 1), vectors[:, 0, :] ** 2


def expected_if_alive(r, a, b, frequency, share):
    """Mean number of orders in the time ``share * (alpha + T)`` from now on, if alive.

    Parameters
    ----------
    r, a, b : float
        Parameters of the model.
    frequency, share : ndarrays of shape (n,)

    Returns
    -------
    ndarray of shape (n,)
    """
    result = np.empty(len(frequency))
    smooth = r * share <= STEEP
    near = smooth & (share <= NEAR)
    middle = smooth & ~near & (share <= FAR)
    far = ~(near | middle)
    result[near] = _by_quadrature(r, a, b, frequency[near], share[near], N_NODES_NEAR)
    result[middle] = _by_quadrature(r, a, b, frequency[middle], share[middle], N_NODES_FAR)
    result[far] = _by_hypergeometric(r, a, b, frequency[far], share[far])
    return result


def _by_quadrature(r, a, b, frequency, share, n_nodes, chunk=50_000):
    result = np.empty(len(frequency))
    distinct, place = np.unique(frequency, return_inverse=True)
    nodes, weights = np.empty((2, len(distinct), n_nodes))
    for low in range(0, len(distinct), 1000):
        part = slice(low, low + 1000)
        nodes[part], weights[part] = beta_nodes(a, b + distinct[part], n_nodes)
    for low in range(0, len(frequency), chunk):
        part = slice(low, low + chunk)
        p, weight = nodes[place[part]], weights[place[part]]
        power, span = (r + frequency[part])[:, None], share[part][:, None]
        orders = _orders(p, power, span)
        result[part] = np.einsum("ij,ij->i", weight, orders)
    return result


def _orders(p, power, span):
    """(1 - (1 + p * span) ** -power) / p; where p is as good as 0 its limit is reached."""
    p = np.maximum(p, 1e-290)
    return -np.expm1(-power * np.log1p(p * span)) / p


def _by_hypergeometric(r, a, b, frequency, share):
    """Very long horizons or large r; Euler's transformation keeps the arguments small.

    Where the hypergeometric function leaves what is possible (it loses digits for huge a or b, and
    is 0 / 0 at a = 1), quadrature with more nodes takes over.
    """
    z, slip = share / (1 + share), a - 1
    total = a + b + frequency - 1
    with np.errstate(all="ignore"):
        series = hyp2f1(slip, a + b - 1 - r, total, z)
        result = total / slip * (1 - (1 - z) ** slip * series)
        ceiling = (r + frequency) * share
        bad = ~np.isfinite(result) | (result < 0) | (result > ceiling * (1 + 1e-9))
    bad |= (a > 100) | (b > 1e5) | (abs(slip) < 1e-6)
    result[bad] = _by_quadrature(r, a, b, frequency[bad], share[bad], 2 * N_NODES_FAR)
    return result
