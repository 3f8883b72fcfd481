"""Choice of the model of repeat orders: BG/NBD, or order rates where drop-out is not seen."""

from dataclasses import dataclass

from .bgnbd import BetaGeoNBD
from .shrunken_rate import ShrunkenRate

# The other ways to degenerate leave parameters unknown, but the predictions sound.
FALLBACK_CODES = ("no_repeat", "no_dropout")


@dataclass(frozen=True)
class PurchaseChoice:
    """The model to predict with, and why it is this one.

    Attributes
    ----------
    model : BetaGeoNBD or ShrunkenRate
        The one to predict with.
    bgnbd : BetaGeoNBD
        The fit that was tried first.
    name : str
        ``"bgnbd"`` or ``"shrunken_rate"``.
    code : str or None
        Why BG/NBD is degenerate: a key of `bgnbd.DEGENERATE_REASONS`.
    reason : str or None
        The same as a sentence in English.
    """

    model: object
    bgnbd: BetaGeoNBD
    name: str
    code: str | None
    reason: str | None


def fit_purchase_model(frequency, recency, T, weights=None):
    """Fit BG/NBD, and where it shows no drop-out `ShrunkenRate` in its place.

    Parameters
    ----------
    frequency, recency, T, weights : array-like of shape (n,)
        As in `BetaGeoNBD.fit`.

    Returns
    -------
    PurchaseChoice
    """
    bgnbd = BetaGeoNBD().fit(frequency, recency, T, weights)
    code, reason = bgnbd.degenerate_code_, bgnbd.degenerate_reason_
    if code not in FALLBACK_CODES:
        return PurchaseChoice(bgnbd, bgnbd, "bgnbd", code, reason)
    model = ShrunkenRate().fit(frequency, recency, T, weights)
    return PurchaseChoice(model, bgnbd, "shrunken_rate", code, reason)
