"""Working time as a clock: when is it that so many working hours have passed?"""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta

# how far a deadline is looked for, as far as `resource.calendar.plan_hours` looks
HORIZON = timedelta(days=1400)
FIRST_STRETCH = timedelta(days=56)


def to_seconds(moment):
    """Return the seconds (int) since 1970 of a naive UTC datetime.

    Odoo's days end a microsecond before midnight; no second is lost with it.
    """
    return round(moment.replace(tzinfo=UTC).timestamp())


def to_datetime(seconds):
    """Return the naive UTC datetime of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


class DayAndNight:
    """A clock without working hours: every hour counts."""

    def plan(self, start, hours, pauses=()):
        """See `WorkClock.plan`."""
        due = start + timedelta(hours=hours)
        for pause_start, pause_end in pauses:
            if pause_start >= due:
                break
            due += max(pause_end - max(pause_start, start), timedelta())
        return due

    def count(self, start, end, pauses=()):
        """See `WorkClock.count`."""
        paused = sum(
            (
                max(min(pause_end, end) - max(pause_start, start), timedelta())
                for pause_start, pause_end in pauses
            ),
            timedelta(),
        )
        return max(end - start - paused, timedelta()).total_seconds() / 3600


class WorkClock:
    """The working time of a calendar, loaded stretch by stretch as deadlines reach into it.

    Parameters
    ----------
    load : callable
        ``load(start, end)`` returns the working intervals between two naive UTC datetimes as
        pairs of them, in order.
    origin : datetime.datetime
        Naive UTC; nothing before it is asked for.
    """

    def __init__(self, load, origin):
        self._load = load
        self._end = origin
        self._stretch = FIRST_STRETCH
        self._starts, self._stops, self._worked = [], [], []

    def plan(self, start, hours, pauses=()):
        """Return when `hours` of work have passed since `start`, pauses left out.

        Parameters
        ----------
        start : datetime.datetime
            Naive UTC, not before the origin.
        hours : float
            More than 0.
        pauses : iterable of (datetime.datetime, datetime.datetime)
            Naive UTC, in order, apart from each other.

        Returns
        -------
        datetime.datetime or None
            Naive UTC; None where no such moment lies within `HORIZON`.
        """
        limit = start + HORIZON
        due = self._get_worked(start) + round(hours * 3600)
        for pause_start, pause_end in pauses:
            if pause_end <= start:
                continue
            pause_start = max(pause_start, start)
            if self._get_worked(pause_start) >= due:
                break
            due += self._get_worked(pause_end) - self._get_worked(pause_start)
            limit = max(limit, pause_end + HORIZON)
        while (not self._worked or self._worked[-1] < due) and self._end < limit:
            self._extend()
        if not self._worked or self._worked[-1] < due:
            return None
        index = bisect_left(self._worked, due)
        found = to_datetime(self._stops[index] - (self._worked[index] - due))
        return found if found <= limit else None

    def count(self, start, end, pauses=()):
        """Return the working hours (float) from `start` to `end`, pauses left out."""
        worked = self._get_worked(end) - self._get_worked(start)
        for pause_start, pause_end in pauses:
            pause_start, pause_end = max(pause_start, start), min(pause_end, end)
            if pause_start < pause_end:
                worked -= self._get_worked(pause_end) - self._get_worked(pause_start)
        return max(worked, 0) / 3600

    def _get_worked(self, moment):
        """Return the seconds worked from the origin to a moment."""
        while self._end < moment:
            self._extend()
        seconds = to_seconds(moment)
        index = bisect_right(self._starts, seconds) - 1
        if index < 0:
            return 0
        return self._worked[index] - max(self._stops[index] - seconds, 0)

    def _extend(self):
        """Load the next stretch, each twice as long as the one before."""
        end = self._end + self._stretch
        for start, stop in self._load(self._end, end):
            start, stop = to_seconds(start), to_seconds(stop)
            start = max(start, self._stops[-1]) if self._stops else start
            if start < stop:
                worked = self._worked[-1] if self._worked else 0
                self._starts.append(start)
                self._stops.append(stop)
                self._worked.append(worked + stop - start)
        self._end = end
        self._stretch *= 2
