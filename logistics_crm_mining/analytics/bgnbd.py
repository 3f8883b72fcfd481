"""BG/NBD: how often customers order while they are alive, and whether they still are."""

import numpy as np
import pandas as pd

from ._beta_mixture import expected_if_alive
from ._bgnbd_likelihood import BetaGeoLikelihood
from ._order_model import COMMON_REASONS, OrderModel

DEGENERATE_REASONS = {
    **COMMON_REASONS,
    "polarised": "The drop-out probability runs to 0 for some customers and to 1 for the others "
    "(a and b run to 0).",
    "same_dropout": "The drop-out probability is the same for all customers (a and b run to "
    "infinity); only their ratio is estimated.",
}


class BetaGeoNBD(OrderModel):
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
    Fader, Hardie and Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2).

    Examples
    --------
    >>> model = BetaGeoNBD().fit([0, 2, 1, 4], [0, 30, 12, 36], [38, 39, 37, 39])
    >>> bool(model.expected_purchases(4, 4, 36, 39) > model.expected_purchases(4, 1, 12, 37))
    True
    """

    names = ("r", "alpha", "a", "b")
    times = ("alpha",)
    starts = (
        (1.0, 1.0, 1.0, 1.0),
        (0.3, 0.3, 0.5, 3.0),
        (3.0, 3.0, 0.1, 1.0),
        (0.5, 1.0, 3.0, 9.0),
    )
    likelihood = BetaGeoLikelihood
    reasons = DEGENERATE_REASONS

    def _signs(self):
        r, _, a, b = self._theta()
        return {
            "no_dropout": a / (a + b) < 1e-4,
            "polarised": a + b < 1e-3,
            "same_dropout": a + b > 1e4,
            "same_rate": r > 1e4,
        }

    def _alive(self, frequency, recency, T):
        r, alpha, a, b = self._theta()
        survivors = np.where(frequency > 0, b + frequency - 1, 1.0)
        odds = np.log(a) - np.log(survivors)
        odds = odds + (r + frequency) * np.log1p((T - recency) / (alpha + recency))
        return np.where(frequency > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)

    def _orders_if_alive(self, t, frequency, T):
        r, alpha, a, b = self._theta()
        pairs, place = _distinct(frequency, t / (alpha + T))
        return expected_if_alive(r, a, b, *pairs)[place]

    def _draw_orders(self, rng, t, frequency, T):
        """Draw orders in the next `t` of customers who are alive."""
        r, alpha, a, b = self._theta()
        rate = rng.standard_gamma(r + frequency) / (alpha + T)
        dropout = np.maximum(rng.beta(a, b + frequency), 1e-12)
        return np.minimum(rng.poisson(rate * t), rng.geometric(dropout))


def _distinct(frequency, share):
    """Return the distinct pairs and, for every row, which pair it is."""
    each, values = pd.factorize(share)
    code = frequency.astype(np.int64) * len(values) + each
    place, pairs = pd.factorize(code)
    return ((pairs // len(values)).astype(float), values[pairs % len(values)]), place
