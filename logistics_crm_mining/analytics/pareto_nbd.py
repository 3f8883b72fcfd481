"""Pareto/NBD: how often customers order while they are alive; they may leave at any moment."""

import numpy as np
from scipy.special import exprel

from ._order_model import COMMON_REASONS, OrderModel
from ._pareto_likelihood import ParetoLikelihood, log_odds_gone

DEGENERATE_REASONS = {
    **COMMON_REASONS,
    "polarised": "Some customers leave at once and the others never (s and beta run to 0).",
    "same_dropout": "All customers leave at the same rate (s and beta run to infinity); only their "
    "ratio is estimated.",
}


class ParetoNBD(OrderModel):
    """Pareto / negative binomial model of repeat orders (Pareto/NBD).

    While a customer is alive, orders come as a Poisson process; the time until drop-out is
    exponential, so a customer may leave at any moment, also before the first repeat order. Rates of
    ordering are gamma distributed over customers (`r`, `alpha`), rates of leaving too (`s`,
    `beta`).

    The unit of time is the caller's (days, weeks, months); it must be the same everywhere.

    Parameters
    ----------
    penalizer : float, default=0.0
        Weight, per customer, of the squared logarithms of the parameters (`alpha` and `beta`
        relative to the mean of `T`).
    tol : float, default=1e-7
        Slope of the mean log-likelihood, by the logarithm of a parameter, that counts as zero.
    max_iter : int, default=1000
        Iterations of the search, for each start.

    Attributes
    ----------
    params_ : dict of float
        `r`, `alpha` (in the unit of time), `s`, `beta` (in the unit of time).
    standard_errors_ : dict of float
        Of the same parameters; NaN where the likelihood is flat or a penalizer is used.
    log_covariance_ : ndarray of shape (4, 4)
        Of the logarithms of the parameters, NaN in the same cases.
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
    Schmittlein, Morrison and Colombo (1987), Counting Your Customers, Management Science 33(1).
    Fader and Hardie (2005), A Note on Deriving the Pareto/NBD Model, brucehardie.com/notes/009.

    Examples
    --------
    >>> model = ParetoNBD().fit([0, 2, 1, 4], [0, 30, 12, 36], [38, 39, 37, 39])
    >>> bool(model.expected_purchases(4, 4, 36, 39) > model.expected_purchases(4, 1, 12, 37))
    True
    """

    names = ("r", "alpha", "s", "beta")
    times = ("alpha", "beta")
    starts = (
        (1.0, 1.0, 1.0, 1.0),
        (0.5, 0.4, 0.6, 0.5),
        (3.0, 3.0, 0.3, 2.0),
        (0.5, 1.0, 3.0, 9.0),
    )
    likelihood = ParetoLikelihood
    reasons = DEGENERATE_REASONS

    def _signs(self):
        r, alpha, s, beta = self._theta()
        return {
            "no_dropout": s < 1e-3 and beta >= 1e-3 * alpha / r,
            "polarised": s < 1e-2 and beta < 1e-3 * alpha / r,
            "same_dropout": s > 1e4,
            "same_rate": r > 1e4,
        }

    def _alive(self, frequency, recency, T):
        odds, _ = log_odds_gone(self._theta(), frequency, recency, T)
        return 1 / (1 + np.exp(np.minimum(odds, 700)))

    def _orders_if_alive(self, t, frequency, T):
        """Fader and Hardie (2005, eq. 41), without its removable pole at s = 1."""
        r, alpha, s, beta = self._theta()
        log_time = np.log1p(t / (beta + T))
        active = (beta + T) * log_time * exprel((1 - s) * log_time)
        return (r + frequency) / (alpha + T) * active

    def _draw_orders(self, rng, t, frequency, T):
        """Draw orders in the next `t` of customers who are alive."""
        r, alpha, s, beta = self._theta()
        rate = rng.standard_gamma(r + frequency) / (alpha + T)
        leaving = rng.standard_gamma(np.full(len(frequency), s)) / (beta + T)
        stay = rng.standard_exponential(len(frequency)) / np.maximum(leaving, 1e-300)
        return rng.poisson(rate * np.minimum(stay, t))
