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
# Honest facts settle no more than this share of those without the outcome.
HONEST_SHARE = 0.5
# Rows just beyond the end of a range, at least and at most, that it is compared with.
_MIN_BEYOND, _MAX_BEYOND = 30, 100
# What a column holds that has nothing to say.
_NOTHING = {"", "-", "0", "false", "n/a", "na", "nein", "no", "none", "null", "nothing", "无", "否"}


def find_sure_part(values, numbers, y, created=False):
    """Find the part of a column's rows whose outcome is all but certain, or None.

    Facts known before change odds, seldom by more than tenfold (Telco's two-year contract: 18);
    what is written afterwards makes them all but infinite. A part is found if the lower 95%
    limit of its share of one outcome (Clopper and Pearson 1934) is above 95%, and its odds are 50
    times those of all rows. Chance alone reaches that in none of 10^16 columns. Where an outcome
    is the rule (two in three rows), and one value or a gap only says so more clearly, 200 times are
    asked for: that nobody answers without an address, or of a list once bought, is no leak. The
    end of a range of numbers must be so sure beside the rows next to it, too: a smooth relation
    rises step by step.

    Nothing that is known before makes an answer certain, but much makes it impossible: no address,
    a country that is not served. So a part that ends with 0 is *doubtful*, unless it settles more
    than half of all zeros, or the column is filled in there in several ways and says nothing
    elsewhere, as reasons for losing do.

    Parameters
    ----------
    values : Series of shape (n,)
    numbers : ndarray of shape (n,) or None
        As from `as_numbers`.
    y : ndarray of shape (n,)
        0 or 1, and 1 is what happens: an answer, an order won, a customer who leaves.
    created : bool, default=False
        Whether each row has had its value since it came into being: any part that ends with 0
        is doubtful then.

    Returns
    -------
    dict or None
        `kind` ("filled_in", "left_empty", "other_than", "value", "above" or "below"), `value`,
        `count` (rows), `ones` (rows among them with outcome 1) and `doubtful` (bool). The first
        that is not doubtful, otherwise the first.
    """
    found = None
    for kind, value, rows in _parts(values, numbers, y):
        outcomes, several = y[rows], kind in ("filled_in", "other_than")
        several = several and values[rows].nunique() > 1
        if not _is_sure(outcomes, y, several):
            continue
        written = several and _says_nothing(kind, value)
        doubtful = _may_be_honest(outcomes, y, written and not created, created)
        counted = {"count": len(outcomes), "ones": int(outcomes.sum()), "doubtful": doubtful}
        part = {"kind": kind, "value": value, **counted}
        if not doubtful:
            return part
        found = found or part
    return found


def _parts(values, numbers, y):
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
    if not flags and len(counts) > 2:
        yield from _ends(numbers, y, least)


def _ends(numbers, y, least):
    """Yield the ends of a range of numbers where an outcome is the rule, but not just beyond."""
    order = np.argsort(numbers, kind="stable")[: len(numbers) - int(np.isnan(numbers).sum())]
    for kind, rows in (("above", order[::-1]), ("below", order)):
        for outcome in (1, 0):
            count = _count_end(numbers[rows], y[rows] == outcome)
            if count >= least:
                limit = numbers[rows[count - 1]]
                inside = numbers >= limit if kind == "above" else numbers <= limit
                yield kind, _plain(limit), inside


def _count_end(ordered, same):
    """Return how many of the first rows are of one outcome, all at once, or 0.

    The end is where there is most to say for a share above `MIN_SURE_SHARE`.
    """
    last = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)  # of each number
    against = MIN_SURE_SHARE / (1 - MIN_SURE_SHARE)
    gain = np.cumsum(np.where(same, 1.0, -against))[last]
    best = int(np.argmax(gain))
    count = int(last[best]) + 1
    wanted = count + np.clip(count, _MIN_BEYOND, _MAX_BEYOND)
    if gain[best] <= 0 or count < MIN_ROWS or wanted > len(ordered):
        return 0
    beyond = same[count : last[np.searchsorted(last, wanted - 1)] + 1]
    ones, rows = int(same[:count].sum()), int(beyond.sum())
    sure = beta.ppf(_ERROR, ones, count - ones + 1)
    at_most = beta.ppf(1 - _ERROR, rows + 1, len(beyond) - rows) if rows < len(beyond) else 1.0
    return count if sure * (1 - at_most) >= FOLD * at_most * (1 - sure) else 0


def _is_sure(outcomes, y, several):
    rows, ones = len(outcomes), int(outcomes.sum())
    same, rate = (ones, y.mean()) if 2 * ones >= rows else (rows - ones, 1 - y.mean())
    if rows < MIN_ROWS or not 0 < rate < 1:
        return False
    sure = beta.ppf(_ERROR, same, rows - same + 1)
    fold = FOLD if several or rate <= RULE_SHARE else FOLD_OF_RULE
    return sure >= MIN_SURE_SHARE and sure * (1 - rate) >= fold * rate * (1 - sure)


def _may_be_honest(outcomes, y, written, created):
    zeros = len(outcomes) - int(outcomes.sum())
    if 2 * zeros < len(outcomes) or written:
        return False
    return created or zeros <= HONEST_SHARE * float((1 - y).sum())


def _says_nothing(kind, usual):
    """Tell whether what a part of several values is other than is nothing at all."""
    return kind == "filled_in" or str(usual).strip().lower() in _NOTHING


def _plain(value):
    return value if isinstance(value, str) else f"{value:g}"
