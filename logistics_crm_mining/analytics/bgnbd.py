"""BG/NBD: how often customers order while they are alive, and whether they still are."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ._beta_mixture import expected_if_alive
from ._bgnbd_likelihood import BetaGeoLikelihood
from ._maximize import maximize, standard_errors
from ._validation import as_column, check_history, check_weights, forbid, same_length

NAMES = ("r", "alpha", "a", "b")
STARTS = ((1.0, 1.0, 1.0, 1.0), (0.3, 0.3, 0.5, 3.0), (3.0, 3.0, 0.1, 1.0), (0.5, 1.0, 3.0, 9.0))
DEGENERATE_REASONS = {
    "no_repeat": "No customer ordered more than once, so neither the order rate nor the drop-out "
    "can be estimated.",
    "no_dropout": "The data show no drop-out: a model in which nobody ever leaves fits as well, so "
    "the probability of being alive is 1 for everyone and means nothing.",
    "polarised": "The drop-out probability runs to 0 for some customers and to 1 for the others "
    "(a and b run to 0).",
    "same_dropout": "The drop-out probability is the same for all customers (a and b run to "
    "infinity); only their ratio is estimated.",
    "same_rate": "All customers order at the same rate (r and alpha run to infinity); only their "
    "ratio is estimated.",
}


class BetaGeoNBD(BaseEstimator):
    """Beta-geometric / negative binomial model of repeat orders (BG/NBD).

    While a customer is alive, orders come as a Poisson process; after each repeat order the
    customer drops out with a probability of their own. Rates are gamma distributed over customers
    (`r`, `alpha`), drop-out probabilities beta distributed (`a`, `b`).

    The unit of time is the caller's (days, weeks, months); it must be the same everywhere.

    Parameters
    ----------
    penalizer : float, default=0.0
        Weight, per customer, of the squared logarithms of the parameters (`alpha` relative to the
        mean of `T`). A little (0.001 to 0.1) steadies fits on few customers.
    tol : float, default=1e-7
        Slope of the mean log-likelihood, by the logarithm of a parameter, that counts as zero.
    max_iter : int, default=1000
        Iterations of the search, for each start.

    Attributes
    ----------
    params_ : dict of float
        `r`, `alpha` (in the unit of time), `a`, `b`.
    standard_errors_ : dict of float
        Of the same parameters; NaN where the likelihood is flat or a penalizer is used.
    log_likelihood_ : float
        Sum over customers, without the penalty.
    log_likelihood_no_dropout_ : float
        The same for the nested model in which nobody drops out.
    n_customers_ : float
        Sum of the weights.
    n_iter_ : int
    converged_ : bool
    degenerate_ : bool
        Whether parameters ran to a bound, so that they (and the probability of being alive) must
        not be read as they stand.
    degenerate_code_ : str or None
        A key of `DEGENERATE_REASONS`.
    degenerate_reason_ : str or None
        One sentence in English.

    References
    ----------
    Fader, Hardie and Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2).

    Examples
    --------
    >>> model = BetaGeoNBD().fit([0, 2, 1, 4], [0, 30, 12, 36], [38, 39, 37, 39])
    >>> bool(model.expected_purchases(4, 4, 36, 39) > model.expected_purchases(4, 1, 12, 37))
    True
    """

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
        self : BetaGeoNBD

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
        likelihood = BetaGeoLikelihood(frequency, recency / scale, T / scale, weights)
        self._estimate(likelihood, scale)
        self._judge(likelihood)
        return self

    def _estimate(self, likelihood, scale):
        best = maximize(likelihood, STARTS, self.tol, self.max_iter, self.penalizer)
        unit = np.array([1.0, scale, 1.0, 1.0])
        self.params_ = dict(zip(NAMES, map(float, best.theta * unit), strict=True))
        self.n_customers_ = float(likelihood.n_customers)
        self.n_iter_, self.converged_ = best.n_iter, best.converged
        shift = np.log(scale) * float(likelihood.beyond.sum())
        self.log_likelihood_ = float(likelihood(best.theta)[0] * self.n_customers_ - shift)
        simple = maximize(likelihood.without_dropout, ((1.0, 1.0),), self.tol, self.max_iter)
        self.log_likelihood_no_dropout_ = simple.value * self.n_customers_ - shift
        errors = np.full(4, np.nan)
        if not self.penalizer:
            errors = standard_errors(likelihood, best.theta, self.n_customers_) * unit
        self.standard_errors_ = dict(zip(NAMES, map(float, errors), strict=True))

    def _judge(self, likelihood):
        """Find out whether the data pin the parameters down."""
        r, a, b = (self.params_[name] for name in ("r", "a", "b"))
        gain = self.log_likelihood_ - self.log_likelihood_no_dropout_
        signs = {
            "no_repeat": not likelihood.beyond.sum(),
            # two parameters more that gain less than one unit are not seen in the data
            "no_dropout": (not self.penalizer and gain < 1) or a / (a + b) < 1e-4,
            "polarised": a + b < 1e-3,
            "same_dropout": a + b > 1e4,
            "same_rate": r > 1e4,
        }
        self.degenerate_code_ = next((code for code, seen in signs.items() if seen), None)
        self.degenerate_ = self.degenerate_code_ is not None
        self.degenerate_reason_ = DEGENERATE_REASONS.get(self.degenerate_code_)

    @classmethod
    def from_params(cls, params):
        """Return a model with known parameters, e.g. those stored by an earlier run.

        Parameters
        ----------
        params : mapping
            `r`, `alpha`, `a`, `b`, all positive.
        """
        model = cls()
        model.params_ = {name: float(params[name]) for name in NAMES}
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
        likelihood = BetaGeoLikelihood(*columns, weights)
        value, _ = likelihood([self.params_[name] for name in NAMES])
        return float(value * likelihood.n_customers)

    def probability_alive(self, frequency, recency, T):
        """Probability that a customer has not dropped out by `T`.

        It is 1 for everyone without a repeat order, because the model lets customers drop out at a
        repeat order only: do not rank "will order again" by it, use `expected_purchases`.

        Returns
        -------
        ndarray of shape (n,), or a float for scalars
        """
        check_is_fitted(self, "params_")
        columns = np.broadcast_arrays(*check_history(frequency, recency, T))
        return _as_given(self._alive(*map(np.atleast_1d, columns)), columns[0])

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
        t = _check_horizon(t)
        columns = np.broadcast_arrays(t, *check_history(frequency, recency, T))
        t, frequency, recency, T = map(np.atleast_1d, columns)
        alive = self._alive(frequency, recency, T)
        return _as_given(alive * self._orders_if_alive(t, frequency, T), columns[0])

    def expected_purchases_new(self, t):
        """Expected number of repeat orders of a new customer in the `t` after the first order."""
        check_is_fitted(self, "params_")
        given = _check_horizon(t)
        t = np.atleast_1d(given)
        return _as_given(self._orders_if_alive(t, np.zeros(len(t)), np.zeros(len(t))), given)

    def _alive(self, frequency, recency, T):
        r, alpha, a, b = (self.params_[name] for name in NAMES)
        survivors = np.where(frequency > 0, b + frequency - 1, 1.0)
        odds = np.log(a) - np.log(survivors)
        odds = odds + (r + frequency) * np.log1p((T - recency) / (alpha + recency))
        return np.where(frequency > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)

    def _orders_if_alive(self, t, frequency, T):
        r, alpha, a, b = (self.params_[name] for name in NAMES)
        pairs, place = _distinct(frequency, t / (alpha + T))
        return expected_if_alive(r, a, b, *pairs)[place]


def _distinct(frequency, share):
    """Return the distinct pairs and, for every row, which pair it is."""
    each, values = pd.factorize(share)
    code = frequency.astype(np.int64) * len(values) + each
    place, pairs = pd.factorize(code)
    return ((pairs // len(values)).astype(float), values[pairs % len(values)]), place


def _check_horizon(t):
    t = as_column("t", t)
    forbid("t", t < 0, t, "negative")
    return t


def _as_given(values, given):
    """Return a float where scalars were given."""
    return values if np.ndim(given) else float(values[0])
