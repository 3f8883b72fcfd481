"""Numeric core of the scores: estimators over arrays and DataFrames, no Odoo."""

from ._threads import one_thread
from .behaviour import BEHAVIOUR_FEATURES, behaviour_features, known_features
from .bgnbd import BetaGeoNBD
from .churn import ChurnModel
from .churn_features import CHURN_FEATURES, expected_order
from .churn_reasons import CHURN_REASON_CODES, REGULAR_SPREAD
from .cohorts import cohort_matrix, cohort_table
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
from .key_account import (
    abc_classes,
    abc_limits,
    abc_summary,
    abc_table,
    class_moves,
    concentration_curve,
)
from .key_rules import RULE_REASONS, KeyAccountRules, fulfils, money_columns, refuse_money
from .lead import LEAD_SUSPICIOUS_AUC, LeadModel
from .lead_features import LEAD_FRAME, creation_order, lead_as_of, lead_features
from .lead_reasons import LEAD_REASON_CODES
from .leakage import (
    DOUBT_REASONS,
    LEAK_REASONS,
    PARTIAL_LEAKS,
    LeakageError,
    find_doubts,
    find_leaks,
)
from .odoo_bayes import BAYES_FIELDS, OdooLeadBayes
from .orders import DAYS_PER_UNIT, UNITS_PER_YEAR, summarize_orders
from .pareto_nbd import ParetoNBD
from .purchase import PurchaseChoice, fit_purchase_model
from .reasons import (
    SEGMENT_REASON_CODES,
    VALUE_REASON_CODES,
    segment_reasons,
    value_reasons,
)
from .response import ResponseModel
from .response_features import (
    GROWING,
    RECENCY,
    RESPONSE_FEATURES,
    RESPONSE_GROUPS,
    prepare_contacts,
    response_features,
    useful_columns,
)
from .response_lists import list_lift
from .rhythm import order_rhythm
from .segment_moves import match_segments, movement_matrix, segment_moves
from .segment_quality import SEGMENT_QUALITY_REASONS, TRAIT_CODES, StableSegmenter
from .segment_trail import last_moves, segment_trail
from .segments import (
    SEGMENT_TABLE,
    SEGMENTS,
    RFMSegmenter,
    rfm_segments,
    segment_profile,
)
from .shrunken_rate import ShrunkenRate
from .standing_out import standing_out
from .store import StoredModelError, dump_model, load_model
from .tabular import TabularClassifier
from .uplift import (
    UPLIFT_REASONS,
    assign_holdout,
    count_holdout,
    measure_amount_uplift,
    measure_uplift,
    wilson_interval,
)
from .value import VALUE_BAND_LIMITS, VALUE_BANDS, customer_value, fit_spend_model, value_bands
from .value_interval import value_intervals
from .verdict import VERDICT_REASONS, NotEnoughError

__all__ = [
    "BAYES_FIELDS",
    "BEHAVIOUR_FEATURES",
    "CHURN_FEATURES",
    "CHURN_REASON_CODES",
    "DAYS_PER_UNIT",
    "GROWING",
    "LEAD_FRAME",
    "LEAD_REASON_CODES",
    "LEAD_SUSPICIOUS_AUC",
    "LEAK_REASONS",
    "DOUBT_REASONS",
    "RECENCY",
    "REGULAR_SPREAD",
    "RESPONSE_FEATURES",
    "RESPONSE_GROUPS",
    "RULE_REASONS",
    "SEGMENTS",
    "SEGMENT_QUALITY_REASONS",
    "SEGMENT_REASON_CODES",
    "SEGMENT_TABLE",
    "TRAIT_CODES",
    "UNITS_PER_YEAR",
    "UPLIFT_REASONS",
    "VALUE_BANDS",
    "VALUE_BAND_LIMITS",
    "VALUE_REASON_CODES",
    "VERDICT_REASONS",
    "BetaGeoNBD",
    "ChurnModel",
    "DriftReference",
    "GammaGamma",
    "LeadModel",
    "LeakageError",
    "NotEnoughError",
    "KeyAccountRules",
    "OdooLeadBayes",
    "PARTIAL_LEAKS",
    "ParetoNBD",
    "PurchaseChoice",
    "RFMSegmenter",
    "ResponseModel",
    "ShrunkenRate",
    "StoredModelError",
    "TabularClassifier",
    "calibration_error",
    "calibration_table",
    "StableSegmenter",
    "abc_classes",
    "abc_limits",
    "abc_summary",
    "abc_table",
    "assign_holdout",
    "behaviour_features",
    "class_moves",
    "cohort_matrix",
    "cohort_table",
    "concentration_curve",
    "count_holdout",
    "creation_order",
    "customer_value",
    "drift_alarms",
    "dump_model",
    "evaluate_holdout",
    "evaluate_scores",
    "expected_order",
    "figures",
    "find_doubts",
    "find_leaks",
    "fit_purchase_model",
    "fit_spend_model",
    "gain_table",
    "holdout_cutoff",
    "lead_as_of",
    "lead_features",
    "list_lift",
    "load_model",
    "population_drift",
    "prepare_contacts",
    "fulfils",
    "known_features",
    "last_moves",
    "match_segments",
    "measure_amount_uplift",
    "measure_uplift",
    "movement_matrix",
    "one_thread",
    "order_rhythm",
    "money_columns",
    "refuse_money",
    "response_features",
    "rfm_segments",
    "segment_moves",
    "segment_profile",
    "segment_reasons",
    "segment_trail",
    "standing_out",
    "summarize_orders",
    "useful_columns",
    "value_bands",
    "value_intervals",
    "value_reasons",
    "wilson_interval",
]
