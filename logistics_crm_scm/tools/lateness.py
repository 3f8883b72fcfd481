"""How well somebody kept dates before."""

from math import ceil

MINIMUM = 5  # receipts; fewer tell nothing


class Lateness:
    """Days late of past receipts.

    Parameters
    ----------
    counts : dict of int to int
        Receipts by days late; negative days are early.
    """

    def __init__(self, counts=None):
        self.counts = dict(sorted((counts or {}).items()))
        self.number = sum(self.counts.values())

    @property
    def known(self):
        """Tell whether there are enough receipts to say anything."""
        return self.number >= MINIMUM

    def quantile(self, share):
        """Return the least days late that at least `share` of the receipts kept; 0 if unknown."""
        if not self.known:
            return 0
        wanted, seen = ceil(share * self.number - 1e-9), 0
        for days, count in self.counts.items():
            seen += count
            if seen >= wanted:
                return days
        return 0

    @property
    def safe(self):
        """Return the days to add for nine receipts of ten to be there; none is ever earlier."""
        return max(0, self.quantile(0.9))

    @property
    def median(self):
        """Return the median of the days late, negative where receipts come early."""
        return self.quantile(0.5)

    def kept(self, allowed):
        """Return the share of receipts at most `allowed` days late, drawn a little to one half.

        (k + 1) / (n + 2), the mean of the posterior under an even prior: five of five are not a
        certainty. False where too little is known.
        """
        if not self.known:
            return False
        good = sum(count for days, count in self.counts.items() if days <= allowed)
        return share_kept(good, self.number)


def share_kept(kept, number):
    """Return (k + 1) / (n + 2), False where there are fewer than five."""
    return (kept + 1) / (number + 2) if number >= MINIMUM else False
