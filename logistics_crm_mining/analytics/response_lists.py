"""How promising campaign lists are, and how well the best part of each was told."""

import numpy as np
import pandas as pd

from .evaluation import gain_table

# The part of a list of which it is told how many of the answers it holds.
BEST_SHARE = 0.3


def list_lift(p, lists, y=None):
    """How promising each campaign list is.

    Parameters
    ----------
    p : array-like of shape (n,)
        Probability of an answer of each contact.
    lists : array-like of shape (n,)
        The list of each contact; contacts without one are left out.
    y : array-like of shape (n,), optional
        Who answered, where that is known.

    Returns
    -------
    list of dict
        By expected lift, the best first: `list`, `n`, `expected` (answers), `lift` (expected rate
        over that of all contacts on lists), and with `y` also `answers`, `actual_lift` (None if
        nobody answered) and `reach` (the share of the list's answers among its 30% with the
        highest probability; None without an answer, or with answers only).
    """
    frame = pd.DataFrame({"list": np.asarray(lists), "p": np.asarray(p, dtype=float)})
    frame["y"] = np.nan if y is None else np.asarray(y, dtype=float)
    frame = frame[frame["list"].notna()]
    groups = frame.groupby("list", sort=True).agg(
        n=("p", "size"), expected=("p", "sum"), rate=("p", "mean"), answers=("y", "sum")
    )
    groups["lift"] = groups["rate"] / frame["p"].mean()
    rows = groups.sort_values("lift", ascending=False, kind="stable").to_dict("index")
    overall = float(frame["y"].mean())
    result = []
    for name, row in rows.items():
        told = {"list": name, **{key: row[key] for key in ("n", "expected", "lift")}}
        if y is not None:
            actual = row["answers"] / row["n"] / overall if overall else None
            told |= {"answers": int(row["answers"]), "actual_lift": actual}
            told["reach"] = _reach(frame[frame["list"] == name])
        result.append(told)
    return result


def _reach(rows):
    """Return the share of answers that the best part of a list holds."""
    if rows["y"].nunique() < 2:
        return None
    table = gain_table(rows["y"], rows["p"])
    return next(row["gain"] for row in table if row["share"] >= BEST_SHARE - 1e-9)
