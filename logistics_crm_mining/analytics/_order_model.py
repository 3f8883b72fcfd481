"""What the models of repeat orders with drop-out share: fitting, storing, scoring, predicting."""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ._maximize import log_covariance, maximize
from ._validation import as_column, check_history, check_weights, forbid, same_length

# What is said in the same way of every model; each adds its own.
COMMON_REASONS = {
    "no_repeat": "No customer ordered more than once, so neither the order rate nor the drop-out "
    "can be estimated.",
    "no_dropout": "The data show no drop-out: a model in which nobody ever leaves fits as well, so "
    "the probability of being alive is 1 for everyone and means nothing.",
    "same_rate": "All customers order at the same rate (r and alpha run to infinity); only their "
    "ratio is estimated.",
}


class OrderModel(BaseEstimator):
    """Maximum likelihood of four positive parameters over order histories.

    A subclass has `names` and `starts` of the parameters, `times` (which of them are times), the
    class `likelihood` and `reasons`; it defines `_signs`, `_alive` and `_orders_if_alive`.
    """

    names, starts, times, likelihood, reasons = (), (), (), None, {}

    def __init__(self, penalizer=0.0, tol=1e-7, max_iter=1000):
        self.penalizer = penalizer
        self.tol = tol
        self.max_iter = max_iter

    def fit(self, frequency, recency, T, weights=None):
        """Estimate the parameters by maximum likelihood.

        Parameters
        ----------
        frequency : array-like of shape (n,)
            Repeat orders (days with orders after the first one), whole numbers.
        recency : array-like of shape (n,)
            Time from the first to the last order; 0 where frequency is 0.
        T : array-like of shape (n,)
            Time from the first order to the end of the observation.
        weights : array-like of shape (n,), optional
            Number of customers that each row stands for.

        Returns
        -------
        self : OrderModel

        Raises
        ------
        ValueError
            If a column is missing values, has impossible ones, or there are no customers.
        """
        same_length(frequency=frequency, recency=recency, T=T, weights=weights)
        frequency, recency, T = map(np.atleast_1d, check_history(frequency, recency, T))
        weights = np.atleast_1d(check_weights(weights, frequency))
        if not T.any():
            raise ValueError("T is 0 for every customer: nothing has been observed yet.")
        scale = float(np.average(T, weights=weights)) or float(T.max())
        likelihood = self.likelihood(frequency, recency / scale, T / scale, weights)
        self._estimate(likelihood, scale)
        self._judge(likelihood)
        return self

    def _estimate(self, likelihood, scale):
        best = maximize(likelihood, self.starts, self.tol, self.max_iter, self.penalizer)
        unit = np.where([name in self.times for name in self.names], scale, 1.0)
        self.params_ = dict(zip(self.names, map(float, best.theta * unit), strict=True))
        self.n_customers_ = float(likelihood.n_customers)
        self.n_iter_, self.converged_ = best.n_iter, best.converged
        shift = np.log(scale) * float(likelihood.beyond.sum())
        self.log_likelihood_ = float(likelihood(best.theta)[0] * self.n_customers_ - shift)
        simple = maximize(likelihood.without_dropout, ((1.0, 1.0),), self.tol, self.max_iter)
        self.log_likelihood_no_dropout_ = simple.value * self.n_customers_ - shift
        self.log_covariance_ = np.full((4, 4), np.nan)
        if not self.penalizer:
            self.log_covariance_ = log_covariance(likelihood, best.theta, self.n_customers_)
        variance = np.diag(self.log_covariance_)
        errors = best.theta * np.sqrt(np.where(variance > 0, variance, np.nan)) * unit
        self.standard_errors_ = dict(zip(self.names, map(float, errors), strict=True))

    def _judge(self, likelihood):
        """Find out whether the data pin the parameters down."""
        # two parameters more that gain less than one unit are not seen in the data
        gain = self.log_likelihood_ - self.log_likelihood_no_dropout_
        signs = {
            "no_repeat": not likelihood.beyond.sum(),
            "no_dropout": not self.penalizer and gain < 1,
        }
        for code, seen in self._signs().items():
            signs[code] = signs.get(code, False) or seen
        self.degenerate_code_ = next((code for code, seen in signs.items() if seen), None)
        self.degenerate_ = self.degenerate_code_ is not None
        self.degenerate_reason_ = self.reasons.get(self.degenerate_code_)

    @classmethod
    def from_params(cls, params):
        """Return a model with known parameters, e.g. those stored by an earlier run.

        Parameters
        ----------
        params : mapping
            All parameters by name, all positive.
        """
        model = cls()
        model.params_ = {name: float(params[name]) for name in cls.names}
        for name, value in model.params_.items():
            forbid(name, not value > 0, np.asarray(value), "not positive")
        model.degenerate_, model.degenerate_code_, model.degenerate_reason_ = False, None, None
        return model

    def score(self, frequency, recency, T, weights=None):
        """Log-likelihood of any histories under the parameters, summed over customers.

        Parameters and errors are those of `fit`.

        Returns
        -------
        float
        """
        check_is_fitted(self, "params_")
        same_length(frequency=frequency, recency=recency, T=T, weights=weights)
        columns = map(np.atleast_1d, check_history(frequency, recency, T))
        weights = np.atleast_1d(check_weights(weights, frequency))
        likelihood = self.likelihood(*columns, weights)
        value, _ = likelihood(self._theta())
        return float(value * likelihood.n_customers)

    def probability_alive(self, frequency, recency, T):
        """Probability that a customer has not dropped out by `T`.

        Do not rank "will order again" by it, use `expected_purchases`: under BG/NBD it is 1 for
        everyone without a repeat order, because customers drop out at a repeat order only.

        Returns
        -------
        ndarray of shape (n,), or a float for scalars
        """
        check_is_fitted(self, "params_")
        columns = np.broadcast_arrays(*check_history(frequency, recency, T))
        return as_given(self._alive(*map(np.atleast_1d, columns)), columns[0])

    def expected_purchases(self, t, frequency, recency, T):
        """Expected number of orders in the next `t` units of time, given the history.

        Parameters
        ----------
        t : float or array-like of shape (n,)
            Length of the future, from 0.
        frequency, recency, T : array-like of shape (n,)

        Returns
        -------
        ndarray of shape (n,), or a float for scalars
        """
        check_is_fitted(self, "params_")
        t = check_horizon(t)
        columns = np.broadcast_arrays(t, *check_history(frequency, recency, T))
        t, frequency, recency, T = map(np.atleast_1d, columns)
        alive = self._alive(frequency, recency, T)
        return as_given(alive * self._orders_if_alive(t, frequency, T), columns[0])

    def expected_purchases_new(self, t):
        """Expected number of repeat orders of a new customer in the `t` after the first order."""
        check_is_fitted(self, "params_")
        given = check_horizon(t)
        t = np.atleast_1d(given)
        return as_given(self._orders_if_alive(t, np.zeros(len(t)), np.zeros(len(t))), given)

    def draw_purchases(self, rng, t, frequency, recency, T, size=1):
        """Draw how many orders each customer places in the next `t`, given the history.

        Parameters
        ----------
        rng : numpy.random.Generator
        t : float
        frequency, recency, T : array-like of shape (n,)
        size : int, default=1
            Draws per customer.

        Returns
        -------
        ndarray of int, shape (size, n)
        """
        check_is_fitted(self, "params_")
        frequency, recency, T = map(np.atleast_1d, check_history(frequency, recency, T))
        here = rng.random((size, len(T))) < self._alive(frequency, recency, T)
        customer = np.nonzero(here)[1]
        result = np.zeros(here.shape, dtype=np.int64)
        result[here] = self._draw_orders(rng, t, frequency[customer], T[customer])
        return result

    def draw_model(self, rng):
        """Return a model like this one with parameters drawn from their sampling distribution.

        Normal in the logarithms (log_covariance_); where the data do not tell it, this model.
        """
        covariance = getattr(self, "log_covariance_", np.full((4, 4), np.nan))
        if self.degenerate_ or not np.all(np.isfinite(covariance)):
            return self
        values, vectors = np.linalg.eigh(covariance)
        move = vectors @ (np.sqrt(np.maximum(values, 0)) * rng.standard_normal(len(values)))
        theta = np.array(self._theta()) * np.exp(np.clip(move, -3, 3))
        return self.from_params(dict(zip(self.names, theta, strict=True)))

    def _theta(self):
        return [self.params_[name] for name in self.names]


def check_horizon(t):
    """Return the horizon as floats, none of them negative."""
    t = as_column("t", t)
    forbid("t", t < 0, t, "negative")
    return t


def as_given(values, given):
    """Return a float where scalars were given."""
    return values if np.ndim(given) else float(values[0])
