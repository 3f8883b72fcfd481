"""What work centres have to do on which day."""

import math
from bisect import bisect_left, insort

TOLERANCE = 1e-9  # of a working day
MOST = 3650  # working days: what takes longer is not known


class Load:
    """How much of each working day of a work centre is taken.

    What is promised is planned as late as it may be: so whoever asks next is offered the first
    days on which there is time, and nothing that was promised is late for it.

    Parameters
    ----------
    used : dict of int to dict of int to float, optional
        By work centre and day (ordinal), the share of the day that is taken.
    """

    def __init__(self, used=None):
        self._used = {center: dict(days) for center, days in (used or {}).items()}
        self._days = {center: sorted(days) for center, days in self._used.items()}

    def fork(self):
        """Return the same load, to be changed apart."""
        return Load(self._used)

    def finish(self, center, first, work, workdays):
        """Return the day on which work that begins on `first` is done, or None.

        Parameters
        ----------
        center : int
        first : int
        work : float
            Working days.
        workdays : WorkDays
        """
        day = workdays.next(first) if work <= MOST else None
        for busy in self._get_days_from(center, first):
            while day is not None and day < busy:
                if work <= 1 + TOLERANCE:
                    return day
                work -= 1
                day = workdays.next(day + 1)
            if day != busy:
                continue
            free = 1 - self._used[center][busy]
            if work <= free + TOLERANCE:
                return day
            work -= max(0.0, free)
            day = workdays.next(day + 1)
        left = max(0, math.ceil(work - TOLERANCE) - 1)
        return None if day is None else workdays.add(day, left)

    def start(self, center, last, work, workdays):
        """Return the last day on which work begins that is done on `last`, or None.

        Arguments as for `finish`.
        """
        day = workdays.previous(last) if work <= MOST else None
        for busy in reversed(self._get_days_until(center, last)):
            while day is not None and day > busy:
                if work <= 1 + TOLERANCE:
                    return day
                work -= 1
                day = workdays.previous(day - 1)
            if day != busy:
                continue
            free = 1 - self._used[center][busy]
            if work <= free + TOLERANCE:
                return day
            work -= max(0.0, free)
            day = workdays.previous(day - 1)
        left = max(0, math.ceil(work - TOLERANCE) - 1)
        return None if day is None else _back(workdays, day, left)

    def run(self, center, first, gone, work, workdays):
        """Return the day on which an operation behind another one is done, and how much of it.

        Parameters
        ----------
        first : int
            Day on which the one before it is done.
        gone : float
            The share of that day that has gone by then.
        center, work, workdays
            As for `finish`.

        Returns
        -------
        (int, float)
            None and 0 where it takes too long.
        """
        day = workdays.next(first) if work <= MOST else None
        gone = gone if day == first else 0.0
        while day is not None:
            room = min(1 - gone, self._get_free(center, day))
            if work <= room + TOLERANCE:
                return day, gone + work
            work, gone, day = work - max(0.0, room), 0.0, workdays.next(day + 1)
        return None, 0.0

    def run_back(self, center, last, left, work, workdays):
        """Return the last day on which an operation before another one begins, and its time.

        Parameters
        ----------
        last : int
            Day on which the one behind it begins.
        left : float
            The share of that day that has gone by then.

        Returns
        -------
        (int, float)
            The day, and the share of it that has gone when it begins.
        """
        day = workdays.previous(last) if work <= MOST else None
        left = left if day == last else 1.0
        while day is not None:
            room = min(left, self._get_free(center, day))
            if work <= room + TOLERANCE:
                return day, left - work
            work, left, day = work - max(0.0, room), 1.0, workdays.previous(day - 1)
        return None, 0.0

    def _get_free(self, center, day):
        return 1 - self._used.get(center, {}).get(day, 0.0)

    def next_free(self, center, first, workdays):
        """Return the first working day from `first` on with any time left, or None."""
        day = workdays.next(first)
        while day is not None and self._is_full(center, day):
            day = workdays.next(day + 1)
        return day

    def last_free(self, center, last, workdays):
        """Return the last working day until `last` with any time left, or None."""
        day = workdays.previous(last)
        while day is not None and self._is_full(center, day):
            day = workdays.previous(day - 1)
        return day

    def _is_full(self, center, day):
        return self._used.get(center, {}).get(day, 0.0) > 1 - TOLERANCE

    def book(self, center, first, last, work, workdays):
        """Take time as late as may be for it to be done on `last`, not before `first`.

        What does not fit in between is done as soon as it can be afterwards.
        """
        day = workdays.previous(last)
        while work > TOLERANCE and day is not None and day >= first:
            work -= self._take(center, day, work)
            day = workdays.previous(day - 1)
        day = workdays.next(max(last + 1, first))
        while work > TOLERANCE and day is not None:
            work -= self._take(center, day, work)
            day = workdays.next(day + 1)

    def _take(self, center, day, work):
        used = self._used.setdefault(center, {})
        if day not in used:
            insort(self._days.setdefault(center, []), day)
        took = min(work, max(0.0, 1 - used.get(day, 0.0)))
        used[day] = used.get(day, 0.0) + took
        return took

    def _get_days_from(self, center, first):
        days = self._days.get(center, [])
        return days[bisect_left(days, first) :]

    def _get_days_until(self, center, last):
        days = self._days.get(center, [])
        return days[: bisect_left(days, last + 1)]


def _back(workdays, day, number):
    for _step in range(number):
        day = workdays.previous(day - 1)
        if day is None:
            return None
    return day
