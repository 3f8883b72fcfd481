"""Choice of the model of repeat orders: BG/NBD, Pareto/NBD, or rates where nobody drops out."""

from dataclasses import dataclass

import numpy as np

from ._bgnbd_likelihood import collapse
from ._validation import check_history, check_weights, same_length
from .bgnbd import BetaGeoNBD
from .pareto_nbd import ParetoNBD
from .shrunken_rate import ShrunkenRate

# The other ways to degenerate leave parameters unknown, but the predictions sound.
FALLBACK_CODES = ("no_repeat", "no_dropout")
# Log-likelihood by which Pareto/NBD must lead. Both have four parameters, so this is a difference
# of 4 in AIC, which Burnham and Anderson (2002, p. 70) call considerable.
MIN_LEAD = 2.0
# Distinct histories on which the two are compared; Pareto/NBD costs ten times as much to fit.
MAX_COMPARED = 10_000


@dataclass(frozen=True)
class PurchaseChoice:
    """The model to predict with, and why it is this one.

    Attributes
    ----------
    model : BetaGeoNBD, ParetoNBD or ShrunkenRate
        The one to predict with.
    bgnbd : BetaGeoNBD
        The fit that was tried first.
    name : str
        ``"bgnbd"``, ``"pareto_nbd"`` or ``"shrunken_rate"``.
    code : str or None
        Why the model is degenerate or the fallback: a key of its `DEGENERATE_REASONS`.
    reason : str or None
        The same as a sentence in English.
    lead : float or None
        Log-likelihood of Pareto/NBD less that of the other model on the same customers; None if
        they were not compared.
    n_compared : float
        Number of customers that `lead` is about.
    """

    model: object
    bgnbd: BetaGeoNBD
    name: str
    code: str | None
    reason: str | None
    lead: float | None = None
    n_compared: float = 0.0


def fit_purchase_model(frequency, recency, T, weights=None, max_compared=MAX_COMPARED):
    """Fit BG/NBD, and Pareto/NBD where it fits better; `ShrunkenRate` where nobody drops out.

    BG/NBD and Pareto/NBD have the same number of parameters and tell the same data, so their
    log-likelihoods compare as they stand. Pareto/NBD is taken if it sees drop-out and leads by at
    least `MIN_LEAD`. Where BG/NBD sees nobody drop out, it must lead `ShrunkenRate` instead,
    which has the best likelihood that any distribution of rates without drop-out can have.

    Parameters
    ----------
    frequency, recency, T, weights : array-like of shape (n,)
        As in `BetaGeoNBD.fit`.
    max_compared : int, default=10_000
        With more distinct histories than this the models are compared on every k-th of them,
        sorted, so that the part is like the whole; the winner is fitted to all.

    Returns
    -------
    PurchaseChoice
    """
    same_length(frequency=frequency, recency=recency, T=T, weights=weights)
    history = list(map(np.atleast_1d, check_history(frequency, recency, T)))
    data = collapse(history, np.atleast_1d(check_weights(weights, history[0])))
    bgnbd = _fit(BetaGeoNBD, data)
    name, simple = "bgnbd", bgnbd
    if bgnbd.degenerate_code_ in FALLBACK_CODES:
        name, simple = "shrunken_rate", _fit(ShrunkenRate, data)
    code, reason, lead, seen = bgnbd.degenerate_code_, bgnbd.degenerate_reason_, None, 0.0
    if code != "no_repeat":
        pareto, lead, seen = _compare(simple, data, max_compared)
        if pareto.degenerate_code_ not in FALLBACK_CODES and lead >= MIN_LEAD:
            name, simple = "pareto_nbd", pareto if seen == data[1].sum() else _fit(ParetoNBD, data)
            code, reason = simple.degenerate_code_, simple.degenerate_reason_
    return PurchaseChoice(simple, bgnbd, name, code, reason, lead, seen)


def _fit(kind, data):
    history, weights = data
    return kind().fit(*history, weights)


def _compare(rival, data, max_compared):
    """Return Pareto/NBD, its lead in log-likelihood, and the number of customers compared."""
    history, weights = data
    step = -(-len(weights) // max_compared)
    if step > 1:
        part = np.lexsort(history)[step // 2 :: step]
        data = history, weights = [column[part] for column in history], weights[part]
        rival = _fit(type(rival), data)
    pareto = _fit(ParetoNBD, data)
    return pareto, float(pareto.log_likelihood_ - rival.log_likelihood_), float(weights.sum())
