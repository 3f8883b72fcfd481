import random
from datetime import UTC, datetime, timedelta

from odoo.tests import TransactionCase, tagged

from ..tools.work_clock import DayAndNight, WorkClock
from .case_common import CaseCase


def at(day, hour=0, minute=0):
    return datetime(2026, 6, day, hour, minute)


class OfficeHours:
    """Nine to five on every day, counting how often it is asked."""

    def __init__(self):
        self.calls = 0

    def __call__(self, start, end):
        self.calls += 1
        day = start.replace(hour=0, minute=0)
        while day < end:
            begin, finish = max(day.replace(hour=9), start), min(day.replace(hour=17), end)
            if begin < finish:
                yield begin, finish
            day += timedelta(days=1)


@tagged("post_install", "-at_install")
class TestWorkClock(TransactionCase):
    def setUp(self):
        super().setUp()
        self.load = OfficeHours()
        self.clock = WorkClock(self.load, at(1))

    def test_hours_run_within_working_time_only(self):
        self.assertEqual(self.clock.plan(at(1, 10), 3), at(1, 13))
        self.assertEqual(self.clock.plan(at(1, 16), 3), at(2, 11))
        self.assertEqual(self.clock.plan(at(1, 20), 1), at(2, 10))

    def test_a_deadline_may_be_the_end_of_a_day(self):
        self.assertEqual(self.clock.plan(at(1, 9), 8), at(1, 17))

    def test_pauses_move_a_deadline_by_their_working_time(self):
        pause = (at(1, 11), at(2, 11))
        self.assertEqual(self.clock.plan(at(1, 10), 3, [pause]), at(2, 13))
        overnight = (at(1, 18), at(2, 8))
        self.assertEqual(self.clock.plan(at(1, 16), 3, [overnight]), at(2, 11))

    def test_a_pause_after_the_deadline_moves_nothing(self):
        pause = (at(1, 13), at(2, 12))
        self.assertEqual(self.clock.plan(at(1, 10), 3, [pause]), at(1, 13))

    def test_what_was_planned_is_what_is_counted(self):
        pauses = [(at(1, 11), at(1, 12)), (at(2, 9), at(3, 10, 30))]
        due = self.clock.plan(at(1, 10, 20), 20.5, pauses)
        self.assertEqual(self.clock.count(at(1, 10, 20), due, pauses), 20.5)

    def test_working_time_is_loaded_once_for_many_deadlines(self):
        for minute in range(500):
            self.clock.plan(at(1) + timedelta(minutes=10 * minute), 16)
        self.assertEqual(self.load.calls, 1)

    def test_a_calendar_that_never_works_gives_no_deadline(self):
        clock = WorkClock(lambda start, end: (), at(1))
        self.assertIsNone(clock.plan(at(1), 1))

    def test_day_and_night_every_hour_counts(self):
        clock = DayAndNight()
        self.assertEqual(clock.plan(at(1, 22), 4), at(2, 2))
        self.assertEqual(clock.plan(at(1, 22), 4, [(at(1, 23), at(2, 1))]), at(2, 4))
        self.assertEqual(clock.count(at(1, 22), at(2, 4), [(at(1, 23), at(2, 1))]), 4)


@tagged("post_install", "-at_install")
class TestWorkClockOfCalendar(CaseCase):
    """The clock tells the time of `resource.calendar.plan_hours`."""

    def _assert_same_as_odoo(self, calendar, year_start):
        chance = random.Random(19)
        origin = year_start
        clock = calendar._get_work_clock(self.env.company, origin)
        for _round in range(60):
            start = origin + timedelta(minutes=chance.randrange(365 * 24 * 60))
            hours = chance.choice([0.25, 1, 4, 7.75, 8, 16, 40, 100])
            theirs = calendar.plan_hours(hours, start.replace(tzinfo=UTC), compute_leaves=True)
            theirs = theirs.astimezone(UTC).replace(tzinfo=None)
            ours = clock.plan(start, hours)
            self.assertLess(abs(ours - theirs), timedelta(seconds=2), f"{start} + {hours}")

    def test_in_other_time_zones_and_over_clock_changes(self):
        hours = ((0, 4), (8.5, 12), (13, 24))
        for tz in ("Europe/Brussels", "America/New_York", "Asia/Shanghai", "Asia/Kathmandu"):
            with self.subTest(tz=tz):
                calendar = self._create_calendar(tz, tz, hours, "0123456")
                self._assert_same_as_odoo(calendar, datetime(2026, 1, 1))

    def test_with_holidays(self):
        self._add_holiday(
            datetime(2026, 5, 14), datetime(2026, 5, 17), calendar_id=self.calendar.id
        )
        self._add_holiday(datetime(2026, 12, 24, 11), datetime(2027, 1, 3))
        self._assert_same_as_odoo(self.calendar, datetime(2026, 1, 1))

    def test_with_weeks_that_differ(self):
        calendar = self._create_calendar("Shifts", "Europe/Brussels")
        calendar.switch_calendar_type()
        odd = calendar.attendance_ids.filtered(lambda line: line.week_type == "1")
        odd.filtered(lambda line: line.dayofweek in "01").unlink()
        self._assert_same_as_odoo(calendar, datetime(2026, 1, 1))
