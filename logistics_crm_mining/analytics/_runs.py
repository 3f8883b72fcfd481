"""Rows of customers that lie together: figures per customer without looking them up."""

import numpy as np


class Runs:
    """Where each customer's rows begin and end.

    Parameters
    ----------
    keys : ndarray of shape (n,)
        The customer of each row, those of one customer together.

    Attributes
    ----------
    names : ndarray of shape (k,)
        The customers.
    starts, sizes : ndarray of shape (k,)
        First row, and number of rows.
    """

    def __init__(self, keys):
        first = np.ones(len(keys), dtype=bool)
        first[1:] = keys[1:] != keys[:-1]
        self.starts = np.flatnonzero(first)
        self.sizes = np.diff(self.starts, append=len(keys))
        self.names = keys[self.starts]

    @property
    def codes(self):
        """Return the number of the customer of each row."""
        return np.repeat(np.arange(len(self.starts)), self.sizes)

    def first(self, values):
        """Return the first value of each customer."""
        return values[self.starts]

    def last(self, values):
        """Return the last value of each customer."""
        return values[self.starts + self.sizes - 1]

    def sum(self, values):
        """Return the sum of each customer's values, as floats."""
        values = np.asarray(values, dtype=float)
        return np.add.reduceat(values, self.starts) if len(self.starts) else values[:0]

    def gap_figures(self, day):
        """Return median, mean and standard deviation of the days between each customer's rows.

        Parameters
        ----------
        day : ndarray of int, shape (n,)
            Ascending within each customer.

        Returns
        -------
        (ndarray, ndarray, ndarray)
            Each of shape (k,); median and mean are NaN with one row, the deviation below three.
        """
        within = np.ones(len(day), dtype=bool)
        within[self.starts] = False
        gap = np.diff(day, prepend=0)[within]
        counts = self.sizes - 1
        owner = np.repeat(np.arange(len(counts)), counts)
        some, several = counts > 0, counts > 1
        mean = np.full(len(counts), np.nan)
        mean[some] = (self.last(day) - self.first(day))[some] / counts[some]
        spread = np.full(len(counts), np.nan)
        squares = np.bincount(owner, weights=(gap - mean[owner]) ** 2, minlength=len(counts))
        spread[several] = np.sqrt(squares[several] / (counts[several] - 1))
        return _medians(gap, owner, counts), mean, spread


def _medians(gap, owner, counts):
    """Return the median of each owner's gaps, which lie together; NaN without any."""
    width = int(gap.max(initial=0)) + 1
    gap = np.sort(owner * width + gap) % width  # within each owner by length
    starts, some = np.cumsum(counts) - counts, counts > 0
    middle = np.full(len(counts), np.nan)
    low, high = (starts + (counts - 1) // 2)[some], (starts + counts // 2)[some]
    middle[some] = (gap[low] + gap[high]) / 2
    return middle


def day_numbers(dates):
    """Return days since 1970 of dates."""
    return np.asarray(dates).astype("datetime64[D]").astype(np.int64)
