"""RFM: scores from 1 to 5 for recency, frequency and money, and readable segments."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ._validation import as_column, forbid, require_columns

N_SCORES = 5
COLUMNS = {"r_score": "days_since_last", "f_score": "orders", "m_score": "revenue"}
# Segments, best first; the texts are for documentation, the Odoo side names and translates them.
SEGMENTS = {
    "champion": "Order often, much and lately.",
    "loyal": "Order regularly and are still doing so.",
    "potential": "Ordered lately, not often yet: could become regular customers.",
    "new": "First order not long ago.",
    "occasional": "Order now and then, little.",
    "attention": "Middling customers whose last order is a while ago.",
    "key_at_risk": "Among the best customers, and have not ordered for long.",
    "at_risk": "Good customers who have not ordered for long.",
    "hibernating": "Small customers who have not ordered for long.",
    "lost": "Little, seldom, and longest ago.",
}
# Row: recency score. Column: mean of frequency and money score, halves rounded up, from 1 to 5.
SEGMENT_TABLE = {
    5: ("occasional", "potential", "potential", "loyal", "champion"),
    4: ("occasional", "potential", "loyal", "loyal", "champion"),
    3: ("occasional", "occasional", "attention", "attention", "loyal"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "key_at_risk"),
    1: ("lost", "lost", "hibernating", "at_risk", "key_at_risk"),
}


class RFMSegmenter(TransformerMixin, BaseEstimator):
    """Scores and segments of customers by recency, frequency and money.

    A score comes from the mid-rank of a value among the customers fitted: 5 is the best fifth, 1
    the worst. Equal values always get equal scores; with few distinct values some scores stay
    empty, and if all are equal all get 3. The cut points are kept, so that customers who come
    later are scored by the same rule.

    Of scikit-learn's `check_estimator` those checks apply that give it no data: the others give an
    array of numbers without names, which may be negative, and this estimator takes a table whose
    columns it knows by name (its tag `two_d_array` is False, as that of text vectorizers). What
    they ask for otherwise holds for tables and has tests of its own.

    Parameters
    ----------
    new_days : int, default=90
        A customer with a recency score of at least 4 whose first order is not longer ago is new.

    Attributes
    ----------
    cut_points_ : dict of ndarray of shape (4,)
        For each column the limits of the scores 2, 3, 4, 5: the value of a customer must be at
        least (for `days_since_last`: at most) that; infinite where nobody has the score.
    n_customers_ : int

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame(
    ...     {"days_since_last": [2, 300], "orders": [40, 2], "revenue": [9e4, 50.0]}
    ... )
    >>> RFMSegmenter().fit(frame).transform(frame)["rfm_score"].tolist()
    ['444', '222']
    """

    def __init__(self, new_days=90):
        self.new_days = new_days

    def fit(self, frame, y=None):
        """Find the cut points.

        Parameters
        ----------
        frame : DataFrame
            With `days_since_last`, `orders` (number of orders, 1 and more) and `revenue` (net, may
            be negative), as from `summarize_orders`.
        y : None
            Ignored.

        Returns
        -------
        self : RFMSegmenter

        Raises
        ------
        ValueError
            If a column is missing or has impossible values, or there are no customers.
        """
        columns = _check_frame(frame)
        if not len(frame):
            raise ValueError("There are no customers to segment.")
        self.cut_points_ = {name: _cut_points(values) for name, values in columns.items()}
        self.cut_points_["days_since_last"] = -_cut_points(-columns["days_since_last"])
        self.n_customers_ = len(frame)
        return self

    def transform(self, frame):
        """Score customers.

        Parameters
        ----------
        frame : DataFrame
            As in `fit`; with `days_since_first` new customers are told from occasional ones.

        Returns
        -------
        DataFrame
            Indexed as `frame`: `r_score`, `f_score`, `m_score` (1 to 5), `rfm_score` (like "543")
            and `segment` (a key of `SEGMENTS`).
        """
        check_is_fitted(self, "cut_points_")
        columns = _check_frame(frame)
        result = pd.DataFrame(index=frame.index)
        for score, name in COLUMNS.items():
            sign = -1 if name == "days_since_last" else 1
            limits = sign * self.cut_points_[name]
            result[score] = 1 + np.searchsorted(limits, sign * columns[name], side="right")
        number = 100 * result["r_score"] + 10 * result["f_score"] + result["m_score"]
        result["rfm_score"] = number.astype(str)
        result["segment"] = self._segments(result, frame)
        return result

    def fit_transform(self, frame, y=None):
        """Find the cut points of the customers and score them."""
        return self.fit(frame).transform(frame)

    def predict(self, frame):
        """Return the segment of each customer as an array of str."""
        return self.transform(frame)["segment"].to_numpy()

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        return tags

    def _segments(self, scores, frame):
        worth = (scores["f_score"] + scores["m_score"] + 1) // 2
        table = np.array([SEGMENT_TABLE[score] for score in range(1, N_SCORES + 1)], dtype=object)
        segments = table[scores["r_score"] - 1, worth - 1]
        if "days_since_first" in frame.columns:
            young = frame["days_since_first"].to_numpy() <= self.new_days
        else:
            young = (frame["orders"] == 1).to_numpy() & (worth == 1).to_numpy()
        return np.where(young & (scores["r_score"] >= 4), "new", segments)


def rfm_segments(frame, new_days=90):
    """Score and segment customers among themselves: `RFMSegmenter` in one step."""
    return RFMSegmenter(new_days).fit_transform(frame)


def segment_profile(scored, frame):
    """Describe each segment that has customers, best first.

    Parameters
    ----------
    scored : DataFrame
        From `RFMSegmenter.transform`.
    frame : DataFrame
        What was scored, with the same index.

    Returns
    -------
    DataFrame
        Indexed by `segment`: `customers`, `customer_share`, `revenue`, `revenue_share` (NaN if
        there is no revenue), medians `days_since_last`, `orders`, and `median_revenue`.
    """
    groups = frame.groupby(scored["segment"])
    profile = groups.agg(
        customers=("orders", "size"),
        revenue=("revenue", "sum"),
        days_since_last=("days_since_last", "median"),
        orders=("orders", "median"),
        median_revenue=("revenue", "median"),
    )
    profile["customer_share"] = profile["customers"] / len(frame)
    total = frame["revenue"].sum()
    profile["revenue_share"] = profile["revenue"] / total if total > 0 else np.nan
    return profile.reindex([code for code in SEGMENTS if code in profile.index])


def _check_frame(frame):
    require_columns(frame, COLUMNS.values())
    columns = {name: as_column(name, frame[name]) for name in COLUMNS.values()}
    for name in ("days_since_last", "orders"):
        forbid(name, columns[name] < 0, columns[name], "negative")
    return columns


def _cut_points(values):
    """Smallest value with its mid-rank in the 2nd, 3rd, 4th, 5th fifth; inf where there is none."""
    distinct, counts = np.unique(values, return_counts=True)
    middle = (np.cumsum(counts) - counts / 2) / len(values)
    # rounding must not move a value that lies exactly on a limit
    place = np.searchsorted(middle, np.arange(1, N_SCORES) / N_SCORES - 1e-12, side="left")
    return np.append(distinct, np.inf)[place]
