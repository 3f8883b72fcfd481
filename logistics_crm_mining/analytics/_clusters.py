"""K-means on arrays, and how well two of them agree."""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score


def moments(data):
    """Mean and standard deviation of each column; 1 for the latter where all values are equal."""
    mean, spread = data.mean(axis=0), data.std(axis=0)
    return mean, np.where(np.ptp(data, axis=0) > 1e-9 * np.abs(mean), spread, 1.0)


def sample(rng, data, size):
    """Return `size` rows by chance, all if there are no more."""
    if len(data) <= size:
        return data
    return data[rng.choice(len(data), size, replace=False)]


def k_means(rng, data, number, n_init):
    """Return the fitted k-means of sklearn."""
    return KMeans(number, n_init=n_init, random_state=rng).fit(data)


def agreement(rng, data, number, like, labels):
    """Adjusted Rand index of `labels` of the rows `like` with clusters found in other data."""
    distinct = len(np.unique(data, axis=0))
    centers = k_means(rng, data, min(number, distinct), n_init=2).cluster_centers_
    return adjusted_rand_score(labels, nearest(like, centers))


def nearest(data, centers):
    """Number of the nearest center; the distance without the part that is the same for all."""
    return np.argmin((centers**2).sum(axis=1) - 2 * data @ centers.T, axis=1)
