"""Gamma-Gamma: what an order of each customer is worth on average."""

import numpy as np
from scipy.special import betaln, psi
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ._maximize import maximize
from ._validation import check_spend, check_weights, forbid, same_length

NAMES = ("p", "q", "v")
STARTS = ((5.0, 3.0, 1.0), (1.0, 2.0, 2.0), (50.0, 50.0, 1.0), (1.0, 1.0, 1.0))
CORRELATION_LIMIT = 0.3
DEGENERATE_REASONS = {
    "same_value": "Order values do not differ enough to estimate how they vary (p or q run to "
    "infinity); every customer is near the mean.",
    "infinite_mean": "Order values are so uneven that their mean over customers is infinite under "
    "the model (q is not above 1); the observed mean stands in for it.",
}


class GammaGamma(BaseEstimator):
    """Gamma-Gamma model of the average order value.

    The orders of one customer vary around the customer's own mean, the means vary between
    customers. The model assumes that order value and order frequency are unrelated: see
    `correlation_`.

    Parameters
    ----------
    penalizer : float, default=0.0
        Weight, per customer, of the squared logarithms of the parameters (`v` relative to the
        mean).
    tol : float, default=1e-7
        Slope of the mean log-likelihood, by the logarithm of a parameter, that counts as zero.
    max_iter : int, default=1000
        Iterations of the search, for each start.

    Attributes
    ----------
    params_ : dict of float
        `p`, `q` and `v` (in units of money; the gamma of Fader and Hardie).
    log_likelihood_ : float
        Sum over the customers used.
    population_mean_ : float
        Mean order value of a customer not known yet: ``p * v / (q - 1)``.
    finite_mean_ : bool
        Whether `q` is above 1; if not, `population_mean_` is the observed mean.
    correlation_ : float
        Of frequency and monetary over the customers used; NaN if either is constant.
    independent_ : bool
        Whether `correlation_` is below 0.3 in absolute value, as the model needs.
    n_customers_, n_excluded_ : float
        Weight of the rows used, and of those left out because frequency or monetary is 0.
    n_iter_ : int
    converged_, degenerate_ : bool
    degenerate_code_, degenerate_reason_ : str or None
        Key and text of `DEGENERATE_REASONS`.

    References
    ----------
    Fader and Hardie (2013), The Gamma-Gamma Model of Monetary Value, brucehardie.com/notes/025.

    Examples
    --------
    >>> spend = GammaGamma().fit([2, 1, 4, 3], [20.0, 35.0, 22.0, 90.0])
    >>> bool(22.0 < spend.expected_average(4, 22.0) < spend.population_mean_)
    True
    """

    def __init__(self, penalizer=0.0, tol=1e-7, max_iter=1000):
        self.penalizer = penalizer
        self.tol = tol
        self.max_iter = max_iter

    def fit(self, frequency, monetary, weights=None):
        """Estimate the parameters by maximum likelihood.

        Parameters
        ----------
        frequency : array-like of shape (n,)
            Number of orders that `monetary` is the mean of. Rows with 0 are left out.
        monetary : array-like of shape (n,)
            Mean value of those orders. Ignored (and may be NaN) where frequency is 0. Rows with 0
            (all orders were free) are left out: the model knows positive values only.
        weights : array-like of shape (n,), optional
            Number of customers that each row stands for.

        Returns
        -------
        self : GammaGamma

        Raises
        ------
        ValueError
            If a value is missing or negative, or no customer has an order with a value.
        """
        same_length(frequency=frequency, monetary=monetary, weights=weights)
        frequency, monetary = map(np.atleast_1d, check_spend(frequency, monetary))
        weights = np.atleast_1d(check_weights(weights, frequency))
        forbid("monetary", (frequency > 0) & (monetary < 0), monetary, "negative")
        used = (frequency > 0) & (monetary > 0) & (weights > 0)
        self.n_excluded_ = float(weights[~used].sum())
        if not used.any():
            raise ValueError("frequency or monetary is 0 for every customer: nothing to learn.")
        self._estimate(frequency[used], monetary[used], weights[used])
        return self

    def _estimate(self, x, mean, weights):
        scale = float(np.average(mean, weights=weights))
        self.n_customers_ = float(weights.sum())
        self.correlation_ = _correlation(x, mean, weights)
        self.independent_ = not abs(self.correlation_) >= CORRELATION_LIMIT
        likelihood = _likelihood(x, mean / scale, weights)
        best = maximize(likelihood, STARTS, self.tol, self.max_iter, self.penalizer)
        theta = best.theta * [1.0, 1.0, scale]
        self.params_ = dict(zip(NAMES, map(float, theta), strict=True))
        self.n_iter_, self.converged_ = best.n_iter, best.converged
        value = likelihood(best.theta)[0] - np.log(scale)
        self.log_likelihood_ = float(value * self.n_customers_)
        self._judge(scale)

    def _judge(self, observed_mean):
        p, q, v = (self.params_[name] for name in NAMES)
        self.finite_mean_ = bool(q > 1)
        self.population_mean_ = p * v / (q - 1) if self.finite_mean_ else observed_mean
        signs = {"same_value": max(p, q) > 1e4, "infinite_mean": not self.finite_mean_}
        self.degenerate_code_ = next((code for code, seen in signs.items() if seen), None)
        self.degenerate_ = self.degenerate_code_ is not None
        self.degenerate_reason_ = DEGENERATE_REASONS.get(self.degenerate_code_)

    @classmethod
    def from_params(cls, params, population_mean=None):
        """Return a model with known parameters `p`, `q`, `v`.

        Parameters
        ----------
        params : mapping
        population_mean : float, optional
            Needed where `q` is not above 1.
        """
        model = cls()
        model.params_ = {name: float(params[name]) for name in NAMES}
        for name, value in model.params_.items():
            forbid(name, not value > 0, np.asarray(value), "not positive")
        if model.params_["q"] <= 1 and population_mean is None:
            raise ValueError("q is not above 1, so population_mean must be given.")
        model._judge(population_mean)
        return model

    def expected_average(self, frequency, monetary):
        """Expected mean order value of each customer from now on.

        A mean of the customer's own average and the population's, the own one counting the more the
        more orders it is made of.

        Parameters
        ----------
        frequency, monetary : array-like of shape (n,)
            As in `fit`. Where frequency is 0 the population mean is
            returned.

        Returns
        -------
        ndarray of shape (n,), or a float for scalars
        """
        check_is_fitted(self, "params_")
        columns = np.broadcast_arrays(*check_spend(frequency, monetary))
        x, mean = map(np.atleast_1d, columns)
        forbid("monetary", mean < 0, mean, "negative")
        p, q, v = (self.params_[name] for name in NAMES)
        own = p * x / (p * x + (q - 1 if self.finite_mean_ else q))
        result = own * mean + (1 - own) * self.population_mean_
        return result if np.ndim(columns[0]) else float(result[0])

    def draw_total(self, rng, n_orders, frequency, monetary):
        """Draw what the next `n_orders` orders of each customer come to, given those known.

        Parameters
        ----------
        rng : numpy.random.Generator
        n_orders : array-like of shape (n,)
        frequency, monetary : array-like of shape (n,)
            As in `expected_average`.

        Returns
        -------
        ndarray of shape (n,)
        """
        check_is_fitted(self, "params_")
        x, mean = map(np.atleast_1d, check_spend(frequency, monetary))
        p, q, v = (self.params_[name] for name in NAMES)
        # the scale of a customer's orders is gamma distributed, before and after seeing some
        scale = rng.standard_gamma(q + p * x) / (v + x * mean)
        return rng.standard_gamma(p * np.asarray(n_orders)) / np.maximum(scale, 1e-300)


def _likelihood(x, mean, weights):
    """Return the mean log-likelihood by (p, q, v) with its gradient (Fader and Hardie, eq. 1a).

    The special functions depend on the frequency alone and are computed once for each.
    """
    n_customers, total = weights.sum(), mean * x
    orders, place = np.unique(x, return_inverse=True)
    weight = np.bincount(place, weights=weights)
    constant = weights @ np.log(mean)

    def objective(theta):
        p, q, v = theta
        rest, share = -np.log1p(total / v), -np.log1p(v / total)
        own, both = weights @ (x * share), psi(p * orders + q)
        value = q * (weights @ rest) + p * own - weight @ betaln(p * orders, q) - constant
        grad_p = own + weight @ (orders * (both - psi(p * orders)))
        grad_q = weights @ rest + weight @ both - n_customers * psi(q)
        grad_v = weights @ ((q * total - p * x * v) / (v * (v + total)))
        return value / n_customers, np.array([grad_p, grad_q, grad_v]) / n_customers

    return objective


def _correlation(x, mean, weights):
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(mean) == 0:
        return float("nan")
    covariance = np.cov(x, mean, aweights=weights)
    return float(covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]))
