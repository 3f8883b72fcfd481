"""Empirical-Bayes order rates: the fallback where drop-out cannot be seen in the data."""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ._bgnbd_likelihood import collapse
from ._validation import as_column, check_history, check_weights, forbid, same_length

MAX_ROWS = 4000


class ShrunkenRate(BaseEstimator):
    """Poisson order rates drawn towards those of similar customers; nobody drops out.

    The distribution of the rates over customers is estimated without a formula for its shape, as
    weights on a grid (Kiefer and Wolfowitz 1956, by expectation-maximisation). A customer's
    expected rate is the mean over that distribution given their own orders, so customers with
    little history count as average ones. On UCI Online Retail, where BG/NBD degenerates, it beats
    both "everyone goes on as before" and the gamma mixture (NBD) in squared error at every cut-off
    tried.

    Parameters
    ----------
    n_rates : int, default=60
        Number of rates above zero on the grid.
    max_iter : int, default=300
        Passes of expectation-maximisation.

    Attributes
    ----------
    rates_ : ndarray of shape (n_rates + 1,)
        Orders per unit of time, from 0 upwards.
    mixture_ : ndarray of shape (n_rates + 1,)
        Share of customers at each rate.
    log_likelihood_ : float
        Sum over customers of the log-likelihood of their order times.
    degenerate_ : bool
        Always False; there for the interface of `BetaGeoNBD`.

    Examples
    --------
    >>> model = ShrunkenRate().fit([0, 2, 1, 4], [0, 30, 12, 36], [38, 39, 37, 39])
    >>> bool(0 < model.expected_purchases(39, 0, 0, 38) < model.expected_purchases(39, 4, 36, 39))
    True
    """

    degenerate_ = False

    def __init__(self, n_rates=60, max_iter=300):
        self.n_rates = n_rates
        self.max_iter = max_iter

    def fit(self, frequency, recency, T, weights=None):
        """Estimate the distribution of the order rates.

        Parameters and errors are those of `BetaGeoNBD.fit`; `recency` is checked, but not used.

        Returns
        -------
        self : ShrunkenRate
        """
        same_length(frequency=frequency, recency=recency, T=T, weights=weights)
        frequency, _, T = map(np.atleast_1d, check_history(frequency, recency, T))
        weights = np.atleast_1d(check_weights(weights, frequency))
        if not T.any():
            raise ValueError("T is 0 for every customer: nothing has been observed yet.")
        top = ((frequency + 1) / np.maximum(T, T.max() / 50)).max()
        self.rates_ = np.append(0, np.geomspace(0.05 / T.max(), 2 * top, self.n_rates))
        (x, time), weights = collapse([frequency, _rounded(T)], weights)
        self._estimate(x, time, weights)
        return self

    def _estimate(self, x, time, weights):
        chance, height = self._chances(x, time)
        share = weights / weights.sum()
        self.mixture_ = np.full(len(self.rates_), 1 / len(self.rates_))
        for _ in range(self.max_iter):
            total = chance @ self.mixture_
            self.mixture_ = self.mixture_ * ((share / total) @ chance)
        self.mixture_ /= self.mixture_.sum()
        self.log_likelihood_ = float(weights @ (np.log(chance @ self.mixture_) + height))

    def probability_alive(self, frequency, recency, T):
        """Return NaN for everyone: this model is used where drop-out cannot be estimated."""
        columns = np.broadcast_arrays(*check_history(frequency, recency, T))
        result = np.full(columns[0].shape, np.nan)
        return result if result.ndim else float("nan")

    def expected_purchases(self, t, frequency, recency, T):
        """Expected number of orders in the next `t` units of time, given the history.

        Parameters
        ----------
        t : float or array-like of shape (n,)
        frequency, recency, T : array-like of shape (n,)

        Returns
        -------
        ndarray of shape (n,), or a float for scalars
        """
        check_is_fitted(self, "rates_")
        t = as_column("t", t)
        forbid("t", t < 0, t, "negative")
        columns = np.broadcast_arrays(t, *check_history(frequency, recency, T))
        t, x, _, time = map(np.atleast_1d, columns)
        result = np.empty(len(x))
        for low in range(0, len(x), 50_000):
            part = slice(low, low + 50_000)
            chance = self._chances(x[part], time[part])[0] * self.mixture_
            result[part] = t[part] * (chance @ self.rates_) / chance.sum(axis=1)
        return result if np.ndim(columns[0]) else float(result[0])

    def expected_purchases_new(self, t):
        """Expected number of repeat orders of a new customer in the `t` after the first order."""
        check_is_fitted(self, "rates_")
        return as_column("t", t)[()] * float(self.mixture_ @ self.rates_)

    def draw_purchases(self, rng, t, frequency, recency, T, size=1):
        """Draw how many orders each customer places in the next `t`: see `BetaGeoNBD`."""
        check_is_fitted(self, "rates_")
        x, _, time = map(np.atleast_1d, check_history(frequency, recency, T))
        used = self.mixture_ > 1e-6
        chance = (self._chances(x, time)[0] * self.mixture_)[:, used]
        below = (np.cumsum(chance, axis=1) / chance.sum(axis=1, keepdims=True)).T
        shares = rng.random((size, len(x)))
        which = np.zeros(shares.shape, dtype=np.intp)
        for limit in below[:-1]:
            which += shares > limit
        return rng.poisson(self.rates_[used][which] * t)

    def draw_model(self, rng):
        """Return this model: its distribution of rates comes without errors of estimation."""
        return self

    def _chances(self, x, time):
        """Likelihood of every row at every rate, and the logarithm by which it was scaled down."""
        with np.errstate(divide="ignore", invalid="ignore"):
            log_rates = np.log(self.rates_)
            chance = x[:, None] * log_rates - np.outer(time, self.rates_)
        chance[np.isnan(chance)] = 0.0  # 0 orders at rate 0 are certain
        height = chance.max(axis=1)
        return np.exp(chance - height[:, None]), height


def _rounded(T):
    """Merge times that differ by less than 0.1% of the longest, where there are very many."""
    if len(np.unique(T)) <= MAX_ROWS // 4:
        return T
    unit = T.max() / 1000
    return np.maximum(np.round(T / unit), 1) * unit
