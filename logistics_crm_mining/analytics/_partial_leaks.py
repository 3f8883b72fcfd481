"""Values that tell the outcome for a part of the rows, as fields filled in afterwards do."""

import numpy as np
import pandas as pd
from scipy.stats import beta

from ._table import as_labels

# Values in fewer rows, or in a smaller share of them, are too rare to judge or to do much harm.
MIN_ROWS, MIN_SHARE, MIN_NUMBER_SHARE = 30, 0.01, 0.02
# A value that is one of a column's usual ones covers so much, so all others are "other than it".
USUAL_SHARE = 0.1
# By how much the odds must surely be above those of all rows: for outcomes that are not the rule
# and for what is filled in, and for other values that only say more clearly what is the rule.
FOLD, FOLD_OF_RULE = 50.0, 200.0
# An outcome of more than this share of all rows is the rule.
RULE_SHARE = 2 / 3
# Share of one outcome that the value must surely have, with this chance to be wrong.
MIN_SURE_SHARE, _ERROR = 0.95, 0.05


def find_sure_part(values, numbers, y):
    """Find the part of a column's rows whose outcome is all but certain, or None.

    Facts known before change odds, seldom by more than tenfold (Telco's two-year contract: 18);
    what is written afterwards makes them all but infinite. A part is refused if the lower 95%
    limit of its share of one outcome (Clopper and Pearson 1934) is above 95%, and its odds are 50
    times those of all rows. Chance alone reaches that in none of 10^16 columns. Where an outcome
    is the rule (two in three rows), and one value or a gap only says so more clearly, 200 times are
    asked for: that nobody answers without an address, or of a list once bought, is no leak.

    Parameters
    ----------
    values : Series of shape (n,)
    numbers : ndarray of shape (n,) or None
        As from `as_numbers`.
    y : ndarray of shape (n,)
        0 or 1.

    Returns
    -------
    dict or None
        `kind` ("filled_in", "left_empty", "other_than" or "value"), `value`, `count` (rows) and
        `ones` (rows among them with outcome 1).
    """
    for kind, value, rows in _parts(values, numbers):
        filled = kind in ("filled_in", "other_than") and values[rows].nunique() > 1
        if _is_sure(y[rows], y, filled):
            counted = {"count": int(rows.sum()), "ones": int(y[rows].sum())}
            return {"kind": kind, "value": value, **counted}
    return None


def _parts(values, numbers):
    """Yield kind, value and mask of each part of a column that is worth looking at."""
    missing = values.isna().to_numpy() if numbers is None else np.isnan(numbers)
    if missing.any():
        yield "filled_in", None, ~missing
        yield "left_empty", None, missing
    flags = numbers is None or pd.api.types.is_bool_dtype(values)
    held = as_labels(values).to_numpy() if flags else numbers
    counts = pd.Series(held[~missing]).value_counts()
    if len(counts) > 2 and counts.iloc[0] >= USUAL_SHARE * len(held):
        yield "other_than", _plain(counts.index[0]), ~missing & (held != counts.index[0])
    least = (MIN_SHARE if flags else MIN_NUMBER_SHARE) * len(held)
    for value in counts.index[counts >= least]:
        yield "value", _plain(value), held == value


def _is_sure(outcomes, y, filled):
    rows, ones = len(outcomes), int(outcomes.sum())
    same, rate = (ones, y.mean()) if 2 * ones >= rows else (rows - ones, 1 - y.mean())
    if rows < MIN_ROWS or not 0 < rate < 1:
        return False
    sure = beta.ppf(_ERROR, same, rows - same + 1)
    fold = FOLD if filled or rate <= RULE_SHARE else FOLD_OF_RULE
    return sure >= MIN_SURE_SHARE and sure * (1 - rate) >= fold * rate * (1 - sure)


def _plain(value):
    return value if isinstance(value, str) else f"{value:g}"
