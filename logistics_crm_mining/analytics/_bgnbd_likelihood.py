"""Log-likelihood of the BG/NBD model and its gradient, on collapsed order histories.

Equal rows of (frequency, recency, T) become one row with a weight. The gamma functions of the
frequencies turn into sums over order numbers: with ``N[j]`` customers who made more than ``j``
repeat orders, ``sum(log(gamma(r + x) / gamma(r))) == sum(N * log(r + j))``. Those sums do not
cancel when a parameter is huge, which differences of log-gamma do.
"""

import numpy as np
import pandas as pd


def collapse(columns, weights):
    """Merge equal rows and add up their weights.

    Parameters
    ----------
    columns : sequence of ndarrays of shape (n,)
    weights : ndarray of shape (n,)

    Returns
    -------
    columns : list of ndarrays of shape (m,), m <= n
    weights : ndarray of shape (m,)
    """
    code = np.zeros(len(weights), dtype=np.int64)
    for column in columns:
        each, values = pd.factorize(column)
        code, _ = pd.factorize(code * len(values) + each)
    total = np.bincount(code, weights=weights)
    first = np.empty(len(total), dtype=np.intp)
    first[code[::-1]] = np.arange(len(code) - 1, -1, -1)
    return [column[first] for column in columns], total


def count_beyond(frequency, weights):
    """Return the number of customers with more than 0, 1, 2, ... repeat orders."""
    counts = np.bincount(frequency.astype(np.int64), weights=weights)
    return np.cumsum(counts[::-1])[::-1][1:]


class NoDropout:
    """The nested model in which nobody drops out (NBD), common to all models with drop-out.

    Parameters
    ----------
    x, T : ndarrays of shape (n,)
    weights : ndarray of shape (n,)
    """

    def __init__(self, x, T, weights):
        (x, T), weights = collapse([x, T], weights)
        self.without_recency = x, T, weights
        self.n_customers = weights.sum()
        self.beyond = count_beyond(x, weights)
        self.order = np.arange(len(self.beyond))

    def without_dropout(self, theta):
        """Return value and gradient by (r, alpha) of the same data if nobody ever drops out."""
        r, alpha = theta
        x, times, weights = self.without_recency
        power, log_time = r + x, np.log(alpha + times)
        value = self.beyond @ np.log(r + self.order) - weights @ (power * log_time)
        value += self.n_customers * r * np.log(alpha)
        grad_r = self.beyond @ (1 / (r + self.order)) - weights @ log_time
        grad_r += self.n_customers * np.log(alpha)
        grad_alpha = self.n_customers * r / alpha - weights @ (power / (alpha + times))
        return value / self.n_customers, np.array([grad_r, grad_alpha]) / self.n_customers


class BetaGeoLikelihood(NoDropout):
    """Log-likelihood per customer of collapsed histories (Fader, Hardie and Lee 2005, eq. 6).

    Parameters
    ----------
    frequency, recency, T : ndarrays of shape (n,)
        Times already scaled to about 1.
    weights : ndarray of shape (n,)
    """

    def __init__(self, frequency, recency, T, weights):
        repeat = frequency > 0
        (self.T_once,), self.w_once = collapse([T[~repeat]], weights[~repeat])
        columns = [frequency[repeat], recency[repeat], T[repeat]]
        (self.x, self.recency, self.T), self.w = collapse(columns, weights[repeat])
        once = np.zeros(len(self.T_once))
        parts = ((once, self.x), (self.T_once, self.T), (self.w_once, self.w))
        super().__init__(*map(np.concatenate, parts))

    def __call__(self, theta):
        """Return the log-likelihood per customer and its gradient by (r, alpha, a, b)."""
        r, alpha, a, b = theta
        value, grad_r = self._orders_by_now(r, a, b)
        grad_a, grad_b = self._dropout_gradient(a, b)
        once = np.log(alpha + self.T_once)
        value += self.n_customers * r * np.log(alpha) - r * (self.w_once @ once)
        grad_r += self.n_customers * np.log(alpha) - self.w_once @ once
        grad_alpha = r * (self.n_customers / alpha - self.w_once @ (1 / (alpha + self.T_once)))
        repeat = self._repeaters(r, alpha, a, b)
        parts = (value, grad_r, grad_alpha, grad_a, grad_b)
        total = np.array(parts) + np.array(repeat)
        return total[0] / self.n_customers, total[1:] / self.n_customers

    def _orders_by_now(self, r, a, b):
        """Part of the value that depends on the frequencies alone, and its slope by r."""
        value = self.beyond @ (np.log(r + self.order) - np.log1p(a / (b + self.order)))
        return value, self.beyond @ (1 / (r + self.order))

    def _dropout_gradient(self, a, b):
        total = a + b + self.order
        return -self.beyond @ (1 / total), self.beyond @ (a / (b + self.order) / total)

    def _repeaters(self, r, alpha, a, b):
        """Value and gradient of log(still here or dropped out right after the last order)."""
        until_T, until_last = alpha + self.T, alpha + self.recency
        log_T, power = np.log(until_T), r + self.x
        ratio = log_T - np.log(until_last)
        survivors = b + self.x - 1
        odds = np.log(a) - np.log(survivors) + power * ratio
        small = np.exp(-np.abs(odds))
        gone = np.where(odds > 0, 1.0, small) / (1 + small)
        value = self.w @ (np.maximum(odds, 0) + np.log1p(small) - power * log_T)
        grad_r = self.w @ (gone * ratio - log_T)
        grad_alpha = -self.w @ (power * ((1 - gone) / until_T + gone / until_last))
        weighted = self.w * gone
        return value, grad_r, grad_alpha, weighted.sum() / a, -weighted @ (1 / survivors)
