"""Log-likelihood of the Pareto/NBD model and its gradient, on collapsed order histories.

The published form (Schmittlein, Morrison and Colombo 1987; Fader and Hardie 2005) is a difference
of two hypergeometric functions, which overflow or lose all digits for frequent customers. Before
that step it is an integral over the moment of drop-out::

    (a + T)^-(r + x) (b + T)^-s  +  s * integral from tx to T of (a + u)^-(r + x) (b + u)^-(s + 1)

with a, b for alpha, beta. Its integrand falls from the last order onwards and never changes sign.
In the variable z = log(1 + k (u - tx)), k being the steepness at the last order, it is smooth
whatever the parameters, so Gauss-Legendre quadrature with few nodes is exact to eight digits or
so, and the same nodes give the gradient.
"""

import numpy as np

from ._bgnbd_likelihood import NoDropout, collapse

N_NODES = 24
NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(N_NODES)
NODES, NODE_WEIGHTS = (NODES + 1) / 2, NODE_WEIGHTS / 2
# Beyond this many powers of e below its peak the integrand no longer counts.
NEGLIGIBLE = 38.0
CHUNK = 4096


def log_odds_gone(theta, x, recency, T):
    """Logarithm of the odds that a customer has dropped out, with means over the moment of it.

    Parameters
    ----------
    theta : sequence of 4 floats
        r, alpha, s, beta.
    x, recency, T : ndarrays of shape (n,)

    Returns
    -------
    odds : ndarray of shape (n,)
        Minus infinity (as -1e300) where there was no time to drop out.
    means : ndarray of shape (4, n)
        Means of log(alpha + u), 1 / (alpha + u), log(beta + u), 1 / (beta + u) over the moment u,
        given that the customer dropped out; 0 where there was no time.
    """
    odds, means = np.empty(len(x)), np.empty((4, len(x)))
    for low in range(0, len(x), CHUNK):
        part = slice(low, low + CHUNK)
        odds[part], means[:, part] = _integrate(theta, x[part], recency[part], T[part])
    return odds, means


def _integrate(theta, x, recency, T):
    r, alpha, s, beta = theta
    power, from_alpha, from_beta = r + x, alpha + recency, beta + recency
    steepness = power / from_alpha + (s + 1) / from_beta
    length = np.log1p(_span(power, from_alpha, s + 1, from_beta, steepness, T - recency))
    z = np.multiply.outer(NODES, length)
    gap = np.expm1(z) / steepness
    log_alpha, log_beta = np.log1p(gap / from_alpha), np.log1p(gap / from_beta)
    height = np.exp(z - power * log_alpha - (s + 1) * log_beta) * NODE_WEIGHTS[:, None]
    total = np.maximum(height.sum(axis=0), 1e-300)
    share = height / total
    means = (
        np.log(from_alpha) + (share * log_alpha).sum(axis=0),
        (share / (from_alpha + gap)).sum(axis=0),
        np.log(from_beta) + (share * log_beta).sum(axis=0),
        (share / (from_beta + gap)).sum(axis=0),
    )
    some = length > 0
    odds = np.log(s) + np.log(total * np.where(some, length, 1.0) / steepness) - np.log(from_beta)
    odds += power * np.log((alpha + T) / from_alpha) + s * np.log((beta + T) / from_beta)
    return np.where(some, odds, -1e300), np.where(some, means, 0.0)


def _span(power, from_alpha, power_beta, from_beta, steepness, time):
    """Steepness times the time over which the integrand counts."""
    share = power / from_alpha / steepness
    first = share >= 0.5
    main, share = np.where(first, power, power_beta), np.where(first, share, 1 - share)
    enough = main / share * np.expm1(np.minimum(NEGLIGIBLE / main, 300))
    return np.minimum(steepness * time, enough)


class ParetoLikelihood(NoDropout):
    """Log-likelihood per customer of collapsed histories.

    Parameters
    ----------
    frequency, recency, T : ndarrays of shape (n,)
        Times already scaled to about 1.
    weights : ndarray of shape (n,)
    """

    def __init__(self, frequency, recency, T, weights):
        (self.x, self.recency, self.T), self.w = collapse([frequency, recency, T], weights)
        super().__init__(self.x, self.T, self.w)

    def __call__(self, theta):
        """Return the log-likelihood per customer and its gradient by (r, alpha, s, beta)."""
        r, alpha, s, beta = theta
        w, power = self.w, r + self.x
        odds, means = log_odds_gone(theta, self.x, self.recency, self.T)
        small = np.exp(-np.abs(odds))
        gone = np.where(odds > 0, 1.0, small) / (1 + small)
        here = 1 - gone
        log_alpha, log_beta = np.log(alpha + self.T), np.log(beta + self.T)
        rows = np.maximum(odds, 0) + np.log1p(small) - power * log_alpha - s * log_beta
        known = self.beyond @ np.log(r + self.order)
        value = known + w @ rows + self.n_customers * (r * np.log(alpha) + s * np.log(beta))
        slopes = (
            -here * log_alpha - gone * means[0],
            -power * (here / (alpha + self.T) + gone * means[1]),
            -here * log_beta + gone * (1 / s - means[2]),
            -s * here / (beta + self.T) - (s + 1) * gone * means[3],
        )
        gradient = np.array([w @ slope for slope in slopes]) / self.n_customers
        gradient += [np.log(alpha), r / alpha, np.log(beta), s / beta]
        gradient[0] += self.beyond @ (1 / (r + self.order)) / self.n_customers
        return value / self.n_customers, gradient
