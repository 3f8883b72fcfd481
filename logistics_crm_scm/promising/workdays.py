"""Which days somebody works on."""

HORIZON = 732  # days; who does not work for two years never works


class WorkDays:
    """The days on which a warehouse ships, a carrier drives or a customer receives.

    Parameters
    ----------
    weekdays : iterable of int, optional
        0 (Monday) to 6; all by default. For a calendar of two weeks, see `second`.
    off : iterable of int, optional
        Days (ordinals) without work, such as public holidays.
    second : iterable of int, optional
        Weekdays of every second week, where weeks differ: those whose number, counted from
        ordinal 1 (a Monday), is odd.

    Example
    -------
    >>> WorkDays(weekdays=range(5)).next(date(2026, 1, 3).toordinal()) == date(
    ...     2026, 1, 5
    ... ).toordinal()
    True
    """

    def __init__(self, weekdays=range(7), off=(), second=None):
        first = frozenset(weekdays)
        self._weeks = (first, first if second is None else frozenset(second))
        self._off = frozenset(off)

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
        return next((d for d in range(day, day + HORIZON) if self.works(d)), None)

    def previous(self, day, earliest):
        """Return the last working day in `earliest` to `day`, or None."""
        return next((d for d in range(day, earliest - 1, -1) if self.works(d)), None)

    def add(self, day, number):
        """Return the day that is `number` working days after `day`, or None."""
        for _step in range(number):
            day = self.next(day + 1)
            if day is None:
                return None
        return day
