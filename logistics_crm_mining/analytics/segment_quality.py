"""Who is alike? Segments over any features, as many as come out the same from other samples."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClusterMixin, TransformerMixin
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from ._clusters import agreement, k_means, moments, nearest, sample
from ._threads import one_thread
from ._validation import as_column

# Kaufman and Rousseeuw (1990, p. 88): what a mean silhouette tells.
STRUCTURES = {"none": 0.25, "weak": 0.5, "reasonable": 0.7, "strong": 1.0}
FAR, NEAR = 1.0, 0.5
MAX_SKEW = 1.0
TRAIT_CODES = ("far_above", "above", "below", "far_below")
SEGMENT_QUALITY_REASONS = {
    "too_alike": "The customers do not differ in any of the features.",
    "unstable": "No number of segments comes out the same from other samples: the most stable one "
    "(agreement %(stability).2f) is taken, and its segments will change from run to run.",
    "no_structure": "The customers form no groups that stand apart (silhouette %(silhouette).2f): "
    "the segments cut through a crowd.",
}


class StableSegmenter(TransformerMixin, ClusterMixin, BaseEstimator):
    """K-means segments of customers; their number is chosen by stability and silhouette.

    Features are cut at their outer percentiles, put on a logarithmic scale if they are skewed, and
    standardised. For each number of segments, k-means is repeated on bootstrap samples: stability
    is the mean agreement (adjusted Rand index, Hubert and Arabie 1985) with the segments of all.
    Among the numbers that are stable enough, the one with the best silhouette (Rousseeuw 1987) is
    taken, or the largest that is hardly worse, as more segments tell more. Both are measured on a
    sample, so that 100,000 customers take seconds.

    Parameters
    ----------
    min_segments, max_segments : int, default=2, 8
    min_stability : float, default=0.8
        Adjusted Rand index that counts as the same segments.
    slack : float, default=0.02
        Silhouette that may be given up for more segments.
    winsor : float, default=0.01
        Share of customers at either end whose value is cut to the limit.
    n_resamples : int, default=10
    sample_size : int, default=2000
        Customers that stability and silhouette are measured on.
    max_fit : int, default=20_000
        With more customers k-means starts on so many, and only the chosen segments are improved on
        all.
    random_state : int, RandomState or None, default=0

    Attributes
    ----------
    n_segments_ : int
    labels_ : ndarray of shape (n,)
        Segment of each customer, from 0 (the largest) upwards.
    cluster_centers_ : ndarray of shape (n_segments_, d)
        In standardised features.
    evaluation_ : list of dict
        For each number tried: `n_segments`, `stability`, `silhouette`, `smallest_share`.
    stability_, silhouette_ : float
        Of the number chosen; NaN with one segment.
    structure_ : str
        A key of `STRUCTURES`.
    code_, args_, reason_ : str, dict, str
        What to know about it (see `SEGMENT_QUALITY_REASONS`), or None.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> group = np.arange(300) % 3
    >>> frame = pd.DataFrame({"orders": rng.poisson([3, 30, 90])[group] + rng.random(300)})
    >>> StableSegmenter().fit(frame).n_segments_
    3
    """

    def __init__(
        self,
        min_segments=2,
        max_segments=8,
        min_stability=0.8,
        slack=0.02,
        winsor=0.01,
        n_resamples=10,
        sample_size=2000,
        max_fit=20_000,
        random_state=0,
    ):
        self.min_segments = min_segments
        self.max_segments = max_segments
        self.min_stability = min_stability
        self.slack = slack
        self.winsor = winsor
        self.n_resamples = n_resamples
        self.sample_size = sample_size
        self.max_fit = max_fit
        self.random_state = random_state

    def fit(self, X, y=None):
        """Choose the number of segments and find them.

        Parameters
        ----------
        X : DataFrame or array-like of shape (n, d)
            One row per customer, numbers only.
        y : None
            Ignored.

        Returns
        -------
        self : StableSegmenter

        Raises
        ------
        ValueError
            If a value is missing or no number, or there are fewer than two customers.
        """
        if not 2 <= self.min_segments <= self.max_segments:
            raise ValueError("min_segments must be at least 2 and not above max_segments.")
        data = self._checked(X, reset=True, ensure_min_samples=2)
        self._learn_scale(data)
        with one_thread():
            self._find(self._scaled(data))
        return self

    def _find(self, data):
        """Choose the number of segments and find them in scaled data."""
        rng = check_random_state(self.random_state)
        part = sample(rng, data, self.max_fit)
        found = self._try_numbers(rng, part, sample(rng, part, self.sample_size))
        self.evaluation_ = [row for row, _ in found]
        chosen, centers = self._choose(found) if found else (None, data[:1])
        self._improve(data, centers)
        self._judge(chosen)

    def predict(self, X):
        """Return the segment of each customer."""
        check_is_fitted(self)
        return nearest(self.transform(X), self.cluster_centers_)

    def transform(self, X):
        """Return the features as the segments see them: cut, scaled, standardised."""
        check_is_fitted(self)
        return self._scaled(self._checked(X, reset=False))

    def traits(self, X, labels=None):
        """What is far above or below the average in each segment, as codes with figures.

        Parameters
        ----------
        X : DataFrame or array-like of shape (n, d)
        labels : array-like of shape (n,), optional
            Segments, by default those of `predict`.

        Returns
        -------
        list of dict
            Largest segment first: `segment`, `customers`, `share`, and `traits`, the strongest
            first: `column`, `code` (one of `TRAIT_CODES`), `score` (distance from the mean of all
            in standard deviations), `value` and `overall` (medians; shares for yes or no). Plain
            Python values.
        """
        check_is_fitted(self)
        raw = pd.DataFrame(self._checked(X, reset=False), columns=self._names())
        scaled = pd.DataFrame(self.transform(X), columns=raw.columns)
        labels = self.predict(X) if labels is None else np.asarray(labels)
        flags = [bool(raw[name].isin([0, 1]).all()) for name in raw.columns]
        figures = raw.groupby(labels).median()
        figures.loc[:, flags] = raw.loc[:, flags].groupby(labels).mean()
        overall = np.where(flags, raw.mean(), raw.median())
        scores = scaled.groupby(labels).mean() - scaled.mean()
        counts = pd.Series(labels).value_counts()
        return [
            {
                "segment": segment.item() if hasattr(segment, "item") else segment,
                "customers": int(count),
                "share": float(count / len(raw)),
                "traits": _traits(scores.loc[segment], figures.loc[segment], overall),
            }
            for segment, count in counts.items()
        ]

    def _names(self):
        names = getattr(self, "feature_names_in_", None)
        return [f"x{i}" for i in range(self.n_features_in_)] if names is None else list(names)

    def _checked(self, X, reset, **checks):
        if isinstance(X, pd.DataFrame):
            X = pd.DataFrame({name: as_column(name, X[name]) for name in X.columns}, index=X.index)
        return validate_data(self, X, reset=reset, dtype=np.float64, **checks)

    def _learn_scale(self, data):
        shares = [self.winsor, 1 - self.winsor]
        low, high = np.quantile(data, shares, axis=0, method="nearest")
        few = low == high  # a rare yes must not be cut away
        self.low_ = np.where(few, data.min(axis=0), low)
        self.high_ = np.where(few, data.max(axis=0), high)
        cut = np.clip(data, self.low_, self.high_)
        size = np.array([np.median(column[column > 0]) for column in np.abs(cut).T if column.any()])
        self.unit_ = np.ones(data.shape[1])
        self.unit_[np.abs(cut).any(axis=0)] = size
        mean, spread = moments(cut)
        self.log_ = np.abs((((cut - mean) / spread) ** 3).mean(axis=0)) > MAX_SKEW
        self.mean_, self.spread_ = moments(self._logged(cut))

    def _logged(self, cut):
        return np.where(self.log_, np.sign(cut) * np.log1p(np.abs(cut) / self.unit_), cut)

    def _scaled(self, data):
        logged = self._logged(np.clip(data, self.low_, self.high_))
        return (logged - self.mean_) / self.spread_

    def _try_numbers(self, rng, part, seen):
        """Return (evaluation, centers) for each number of segments possible."""
        n_distinct = len(np.unique(seen, axis=0))
        most = min(self.max_segments, n_distinct - (n_distinct == len(seen)))
        samples = [rng.randint(len(part), size=len(seen)) for _ in range(self.n_resamples)]
        found = []
        for number in range(min(self.min_segments, most), most + 1):
            if number < 2:
                continue
            centers = k_means(rng, part, number, n_init=4).cluster_centers_
            labels = nearest(seen, centers)
            if len(np.unique(labels)) < 2:
                continue
            agreed = [agreement(rng, part[rows], number, seen, labels) for rows in samples]
            row = {
                "n_segments": number,
                "stability": float(np.mean(agreed)),
                "silhouette": float(silhouette_score(seen, labels)),
                "smallest_share": float(np.bincount(labels, minlength=number).min() / len(labels)),
            }
            found.append((row, centers))
        return found

    def _choose(self, found):
        stable = [one for one in found if one[0]["stability"] >= self.min_stability]
        if stable:
            best = max(row["silhouette"] for row, _ in stable)
            return [one for one in stable if one[0]["silhouette"] >= best - self.slack][-1]
        return max(found, key=lambda one: one[0]["stability"])

    def _improve(self, data, centers):
        """Move the centers to the middle of all their customers, the largest segment first."""
        means = KMeans(len(centers), init=centers, n_init=1, max_iter=50).fit(data)
        order = np.argsort(-np.bincount(means.labels_, minlength=len(centers)), kind="stable")
        self.cluster_centers_ = means.cluster_centers_[order]
        self.labels_ = nearest(data, self.cluster_centers_)
        self.n_segments_ = len(centers)

    def _judge(self, chosen):
        nothing = {"stability": float("nan"), "silhouette": float("nan")}
        figures = chosen or nothing
        self.stability_, self.silhouette_ = figures["stability"], figures["silhouette"]
        limits = list(STRUCTURES.values())
        place = min(np.searchsorted(limits, self.silhouette_), 3) if chosen else 0
        self.structure_ = list(STRUCTURES)[place]
        signs = {
            "too_alike": chosen is None,
            "unstable": self.stability_ < self.min_stability,
            "no_structure": self.structure_ == "none",
        }
        self.code_ = next((code for code, seen in signs.items() if seen), None)
        self.args_ = figures if self.code_ in ("unstable", "no_structure") else {}
        self.reason_ = SEGMENT_QUALITY_REASONS[self.code_] % self.args_ if self.code_ else None


def _traits(scores, figures, overall):
    told = []
    for place in np.argsort(-np.abs(scores.to_numpy()), kind="stable"):
        score = float(scores.iloc[place])
        if abs(score) < NEAR:
            break
        far, above = abs(score) >= FAR, score > 0
        code = TRAIT_CODES[(0 if far else 1) if above else (3 if far else 2)]
        figure = {"value": float(figures.iloc[place]), "overall": float(overall[place])}
        told.append({"column": scores.index[place], "code": code, "score": score, **figure})
    return told
