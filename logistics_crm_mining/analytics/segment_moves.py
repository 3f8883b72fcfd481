"""How customers move between the segments of two runs."""

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

# Overlap (Jaccard index) from which a segment counts as the same one as before.
MIN_OVERLAP = 0.1


def match_segments(before, after):
    """Find for each segment of a run the one of the run before that it continues.

    Clusters come numbered anew in every run. Those of two runs are paired so that the overlap of
    their customers (Jaccard index) is largest in sum (Kuhn 1955). Segments without a partner get
    numbers not used before.

    Parameters
    ----------
    before, after : Series of int
        Segment of each customer, indexed by customer. Only customers of both runs count.

    Returns
    -------
    dict
        From the number in `after` to the one to show: use ``after.map(match)``.
    """
    _check(before, after)
    both = pd.DataFrame({"before": before, "after": after}).dropna()
    table = pd.crosstab(both["before"], both["after"])
    together = table.to_numpy()
    union = together.sum(axis=1)[:, None] + together.sum(axis=0) - together
    overlap = together / np.maximum(union, 1)
    rows, columns = linear_sum_assignment(-overlap)
    match = {
        int(table.columns[column]): int(table.index[row])
        for row, column in zip(rows, columns, strict=True)
        if overlap[row, column] >= MIN_OVERLAP
    }
    free = int(max(before.max(), after.max(), -1)) + 1 if len(before) and len(after) else 0
    for label in sorted(set(after.dropna().astype(int)) - set(match)):
        match[label], free = free, free + 1
    return match


def segment_moves(before, after):
    """Count the customers who went from one segment to another, who came, and who left.

    Parameters
    ----------
    before, after : Series
        Segment (number or code) of each customer, indexed by customer. Clusters must have been
        matched by `match_segments`.

    Returns
    -------
    DataFrame
        Most frequent first: `before` (None: was not there), `after` (None: is no longer there),
        `customers`, `share` (of all customers of either run), `share_before` and `share_after` (of
        the segment they come from and go to; NaN for those who came or left).
    """
    _check(before, after)
    pairs = pd.DataFrame({"before": before.astype(object), "after": after.astype(object)})
    moves = pairs.groupby(["before", "after"], dropna=False).size().rename("customers")
    moves = moves.reset_index().sort_values("customers", ascending=False, kind="stable")
    moves["share"] = moves["customers"] / max(len(pairs), 1)
    for name in ("before", "after"):
        total = moves.groupby(name)["customers"].transform("sum")
        moves[f"share_{name}"] = moves["customers"] / total
        moves[name] = moves[name].astype(object).where(moves[name].notna(), None)
    return moves.reset_index(drop=True)


def movement_matrix(moves, column="customers"):
    """Lay the moves out as segments before (rows) by segments after (columns), 0 where nobody went.

    Parameters
    ----------
    moves : DataFrame
        From `segment_moves`.
    column : {"customers", "share", "share_before", "share_after"}

    Returns
    -------
    DataFrame
        Customers who came or left are not in it.
    """
    stayed = moves[moves["before"].notna() & moves["after"].notna()]
    return stayed.pivot(index="before", columns="after", values=column).fillna(0)


def _check(before, after):
    for name, run in (("before", before), ("after", after)):
        if not isinstance(run, pd.Series):
            raise TypeError(f"{name} must be a pandas Series, but is a {type(run).__name__}.")
        again = int(run.index.duplicated().sum())
        if again:
            raise ValueError(f"{name} has {again} customer(s) twice in its index.")
