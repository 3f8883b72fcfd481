"""Numeric core of the scores: estimators over arrays and DataFrames, no Odoo."""

from .bgnbd import BetaGeoNBD
from .churn import ChurnModel
from .churn_features import CHURN_FEATURES, expected_order
from .churn_reasons import CHURN_REASON_CODES
from .drift import DriftReference, drift_alarms, population_drift
from .evaluation import (
    calibration_error,
    calibration_table,
    evaluate_scores,
    figures,
    gain_table,
)
from .gamma_gamma import GammaGamma
from .holdout import evaluate_holdout, holdout_cutoff
from .leakage import LEAK_REASONS, LeakageError, find_leaks
from .orders import DAYS_PER_UNIT, UNITS_PER_YEAR, summarize_orders
from .purchase import PurchaseChoice, fit_purchase_model
from .reasons import (
    SEGMENT_REASON_CODES,
    VALUE_REASON_CODES,
    segment_reasons,
    value_reasons,
)
from .response import ResponseModel, list_lift
from .segments import (
    SEGMENT_TABLE,
    SEGMENTS,
    RFMSegmenter,
    rfm_segments,
    segment_profile,
)
from .shrunken_rate import ShrunkenRate
from .store import StoredModelError, dump_model, load_model
from .tabular import TabularClassifier
from .value import VALUE_BAND_LIMITS, VALUE_BANDS, customer_value, fit_spend_model, value_bands
from .verdict import VERDICT_REASONS, NotEnoughError

__all__ = [
    "CHURN_FEATURES",
    "CHURN_REASON_CODES",
    "DAYS_PER_UNIT",
    "LEAK_REASONS",
    "SEGMENTS",
    "SEGMENT_REASON_CODES",
    "SEGMENT_TABLE",
    "UNITS_PER_YEAR",
    "VALUE_BANDS",
    "VALUE_BAND_LIMITS",
    "VALUE_REASON_CODES",
    "VERDICT_REASONS",
    "BetaGeoNBD",
    "ChurnModel",
    "DriftReference",
    "GammaGamma",
    "LeakageError",
    "NotEnoughError",
    "PurchaseChoice",
    "RFMSegmenter",
    "ResponseModel",
    "ShrunkenRate",
    "StoredModelError",
    "TabularClassifier",
    "calibration_error",
    "calibration_table",
    "customer_value",
    "drift_alarms",
    "dump_model",
    "evaluate_holdout",
    "evaluate_scores",
    "expected_order",
    "figures",
    "find_leaks",
    "fit_purchase_model",
    "fit_spend_model",
    "gain_table",
    "holdout_cutoff",
    "list_lift",
    "load_model",
    "population_drift",
    "rfm_segments",
    "segment_profile",
    "segment_reasons",
    "summarize_orders",
    "value_bands",
    "value_reasons",
]
