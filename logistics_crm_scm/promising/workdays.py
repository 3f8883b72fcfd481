"""Which days somebody works on."""

HORIZON = 732  # days; who does not work for two years never works


class WorkDays:
    """The days on which a warehouse ships, a carrier drives or a customer receives.

    It remembers what it was asked: share one between all who work on the same days.

    Parameters
    ----------
    weekdays : iterable of int, optional
        0 (Monday) to 6; all by default. For a calendar of two weeks, see `second`.
    off : iterable of int, optional
        Days (ordinals) without work, such as public holidays.
    second : iterable of int, optional
        Weekdays of every second week, where weeks differ: those whose number, counted from
        ordinal 1 (a Monday), is odd.

    Attributes
    ----------
    shape : tuple
        Equal, and sorted alike, where the days are the same.

    Example
    -------
    >>> from datetime import date
    >>> monday = WorkDays(weekdays=range(5)).next(date(2026, 1, 3).toordinal())
    >>> date.fromordinal(monday)
    datetime.date(2026, 1, 5)
    """

    def __init__(self, weekdays=range(7), off=(), second=None):
        first = frozenset(weekdays)
        self._weeks = (first, first if second is None else frozenset(second))
        self._off = frozenset(off)
        self.shape = (*map(tuple, map(sorted, self._weeks)), tuple(sorted(self._off)))
        self._always = not self._off and all(len(week) == 7 for week in self._weeks)
        self._next = {}
        self._previous = {}

    @property
    def never(self):
        """Tell whether there is no working day at all."""
        return not any(self._weeks)

    def works(self, day):
        """Tell whether `day` is a working day."""
        week, weekday = divmod(day - 1, 7)
        return weekday in self._weeks[week % 2] and day not in self._off

    def next(self, day):
        """Return the first working day that is not before `day`, None within the horizon."""
        if self._always:
            return day
        if day not in self._next:
            self._next[day] = self._search(range(day, day + HORIZON))
        return self._next[day]

    def previous(self, day):
        """Return the last working day that is not after `day`, None within the horizon."""
        if self._always:
            return day
        if day not in self._previous:
            self._previous[day] = self._search(range(day, day - HORIZON, -1))
        return self._previous[day]

    def reopen(self, day):
        """Return `day`, or the first one after the holidays that it falls into; None if never."""
        days = range(day, day + HORIZON)
        return next((one for one in days if one not in self._off), None)

    def _search(self, days):
        return None if self.never else next((day for day in days if self.works(day)), None)

    def add(self, day, number):
        """Return the day that is `number` working days after `day`, or None."""
        if self._always:
            return day + number
        for _step in range(number):
            day = self.next(day + 1)
            if day is None:
                return None
        return day

    def subtract(self, day, number):
        """Return the last day to which `number` working days can be added until `day`, or None."""
        if self._always:
            return day - number
        for _step in range(number):
            day = self.previous(day)
            if day is None:
                return None
            day -= 1
        return day
