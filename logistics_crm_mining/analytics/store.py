"""Fitted models as bytes, by skops: no pickle, a fixed list of types, and a seal."""

import hmac
import zipfile

from skops.io import dumps as to_skops
from skops.io import loads as from_skops
from skops.io.exceptions import UntrustedTypesFoundException

from ._scorers import Calibration, LinearScorer, TreeScorer
from ._small_trees import SmallTrees
from ._table import TableEncoder
from .bgnbd import BetaGeoNBD
from .churn import ChurnModel
from .drift import DriftReference
from .gamma_gamma import GammaGamma
from .lead import LeadModel
from .pareto_nbd import ParetoNBD
from .response import ResponseModel
from .segments import RFMSegmenter
from .shrunken_rate import ShrunkenRate
from .tabular import TabularClassifier

# The models that may be stored, and what they are made of.
MODELS = (
    BetaGeoNBD,
    ChurnModel,
    GammaGamma,
    LeadModel,
    ParetoNBD,
    ResponseModel,
    RFMSegmenter,
    ShrunkenRate,
    TabularClassifier,
)
_PARTS = (Calibration, DriftReference, LinearScorer, SmallTrees, TableEncoder, TreeScorer)
TRUSTED_TYPES = tuple(f"{cls.__module__}.{cls.__qualname__}" for cls in (*MODELS, *_PARTS))
_SEAL = 32


class StoredModelError(ValueError):
    """A stored model that must not be loaded."""


def dump_model(model, key):
    """Return a fitted model as bytes.

    Parameters
    ----------
    model : one of `MODELS`
    key : bytes
        Secret of this installation; `load_model` needs the same.

    Raises
    ------
    TypeError
        If this is no model that may be stored.
    """
    if not isinstance(model, MODELS):
        names = ", ".join(cls.__name__ for cls in MODELS)
        raise TypeError(f"A {type(model).__name__} cannot be stored, only {names}.")
    data = to_skops(model)
    return _seal(data, key) + data


def load_model(stored, key):
    """Return the model of `dump_model`.

    Raises
    ------
    StoredModelError
        If the bytes were changed, or sealed by another key, or hold a type that is not trusted.
        Nothing in them has been run then.
    """
    if not isinstance(stored, bytes | bytearray | memoryview):
        raise StoredModelError(f"A stored model is bytes, but this is {type(stored).__name__}.")
    seal, data = bytes(stored[:_SEAL]), bytes(stored[_SEAL:])
    if not hmac.compare_digest(seal, _seal(data, key)):
        raise StoredModelError(
            "The stored model was changed after it was saved, or was saved elsewhere: "
            "it is not loaded."
        )
    try:
        model = from_skops(data, trusted=list(TRUSTED_TYPES))
    except UntrustedTypesFoundException as error:
        raise StoredModelError(f"The stored model holds what is not trusted: {error}") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise StoredModelError(f"The stored model cannot be read: {error}") from error
    if not isinstance(model, MODELS):
        raise StoredModelError(f"The stored model is a {type(model).__name__}, which is no model.")
    return model


def _seal(data, key):
    if not isinstance(key, bytes) or not key:
        raise TypeError("key must be bytes, and not empty.")
    return hmac.digest(key, data, "sha256")
