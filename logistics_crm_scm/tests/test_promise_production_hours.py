from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_production_common import TableMixin

MORNING, EVENING, NEXT = (f"2026-03-0{at}" for at in ("2 09:00:00", "2 22:30:00", "3 07:00:00"))


@tagged("post_install", "-at_install")
class TestPromiseProductionHours(TableMixin, TransactionCase):
    """A saw takes a working day for a table; the company works on weekdays from 8 to 17 UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.produce_delay = 0
        cls._stock(100, cls.leg)
        saw = cls.env["mrp.workcenter"].create(
            {
                "name": "Saw",
                "company_id": cls.company.id,
                "resource_calendar_id": cls.calendar.id,
                "time_start": 0,
                "time_stop": 0,
            }
        )
        step = {"name": "Saw", "workcenter_id": saw.id, "time_cycle_manual": 480}
        cls.bom.operation_ids = [(0, 0, {**step, "time_mode": "manual"})]

    def _promise_at(self, moment, quantity=3):
        with freeze_time(moment):
            return self._ask(quantity, self.table).date

    def _confirm_at(self, moment, quantity=3):
        with freeze_time(moment):
            return self._confirm(quantity, self.table)

    def test_once_the_hours_are_over_it_begins_on_the_next_working_day_as_odoo_plans(self):
        self.assertEqual(self._promise_at(MORNING), day(2))
        self.assertEqual(self._promise_at("2026-03-02 16:59:00"), day(2))
        self.assertEqual(self._promise_at("2026-03-02 17:00:00"), day(3))
        self.assertEqual(self._promise_at(EVENING), day(3))
        self.assertEqual(self._promise_at("2026-03-06 22:30:00"), day(9))
        with freeze_time(EVENING):
            order = self._make(3)
            order.button_plan()
        self.assertEqual(order.date_finished.date(), day(3))

    def test_its_lead_time_begins_then_as_well(self):
        self.bom.write({"operation_ids": [(5,)], "produce_delay": 2})
        self.assertEqual(self._promise_at(MORNING), day(2))
        self.assertEqual(self._promise_at(EVENING), day(3))

    def test_hours_are_those_of_the_calendar_in_its_time_zone(self):
        self.calendar.tz = "America/New_York"  # until 22:00 UTC
        self.assertEqual(self._promise_at("2026-03-02 21:59:00"), day(2))
        self.assertEqual(self._promise_at(EVENING), day(3))

    def test_whoever_has_no_hours_begins_at_once(self):
        self.calendar.flexible_hours = True
        self.assertEqual(self._promise_at(EVENING), day(2))

    def test_what_is_promised_in_the_evening_is_kept_then_and_in_the_morning(self):
        held = self._confirm_at(EVENING)
        self.assertEqual(held.date, day(3))
        for moment in (EVENING, NEXT):
            with freeze_time(moment):
                self._assert_kept(held)

    def test_what_was_begun_in_time_is_not_at_risk_in_the_evening(self):
        held = self._confirm_at(MORNING)
        with freeze_time("2026-03-02 08:00:00"):
            self._make(3).button_plan()
        with freeze_time(EVENING):
            self._assert_kept(held)

    def test_what_nobody_began_moves_on_by_the_day_that_is_over(self):
        held = self._confirm_at(MORNING)
        self.assertEqual(held.date, day(2))
        for moment in (EVENING, NEXT):
            with freeze_time(moment):
                self._follow_up(held)
                self.assertEqual((held.expected_date, held.at_risk), (day(3), True))
