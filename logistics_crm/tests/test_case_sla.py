from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged, warmup

from .case_common import CaseCase


def june(day, hour=0, minute=0):
    """Return a moment in June 2026, on the clock of Brussels, as naive UTC."""
    return datetime(2026, 6, day, hour, minute) - timedelta(hours=2)


@tagged("post_install", "-at_install")
class TestCaseDeadlines(CaseCase):
    def test_deadlines_count_working_hours(self):
        case = self._open(june(5, 15))  # a Friday
        self.assertEqual(case.first_response_deadline, june(8, 11))
        self.assertEqual(case.resolution_deadline, june(9, 15))
        self.assertEqual(case.sla_state, "running")

    def test_hours_of_another_time_zone(self):
        self.policy.calendar_id = self._create_calendar("Shanghai", "Asia/Shanghai")
        case = self._open(datetime(2026, 6, 1, 8))  # 16:00 in Shanghai
        self.assertEqual(case.first_response_deadline, datetime(2026, 6, 2, 4))

    def test_a_clock_change_costs_no_working_hour(self):
        self.policy.first_response_hours = 8
        case = self._open(datetime(2026, 10, 23, 11))  # Friday, 13:00 summer time
        self.assertEqual(case.first_response_deadline, datetime(2026, 10, 26, 12))  # 13:00 winter

    def test_a_night_with_a_clock_change_counts_the_hours_that_pass(self):
        night = self._create_calendar("Night", "Europe/Brussels", ((0, 6),), "6")
        self.policy.write({"calendar_id": night.id, "first_response_hours": 5})
        spring = self._open(datetime(2026, 3, 28, 12))
        self.assertEqual(spring.first_response_deadline, datetime(2026, 3, 29, 4))  # six o'clock
        autumn = self._open(datetime(2026, 10, 24, 12))
        self.assertEqual(autumn.first_response_deadline, datetime(2026, 10, 25, 3))  # four o'clock

    def test_a_clock_change_of_another_time_zone_counts_there(self):
        new_york = self._create_calendar("New York", "America/New_York")
        self.policy.write({"calendar_id": new_york.id, "first_response_hours": 8})
        # New York changes its clock on 8 March, Brussels three weeks later
        case = self._open(datetime(2026, 3, 6, 18))  # Friday, 13:00 winter time there
        self.assertEqual(case.first_response_deadline, datetime(2026, 3, 9, 17))  # 13:00 summer

    def test_public_holidays_are_left_out(self):
        self._add_holiday(june(1, 0), june(1, 23, 59))
        self.assertEqual(self._open().first_response_deadline, june(2, 13))

    def test_holidays_of_another_company_count_there_only(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        holiday = self._add_holiday(june(1, 0), june(1, 23, 59))
        holiday.company_id = other
        self.assertEqual(self._open().first_response_deadline, june(1, 13))

    def test_without_calendar_day_and_night_count(self):
        self.policy.calendar_id = False
        case = self._open(june(6, 20))  # a Saturday
        self.assertEqual(case.first_response_deadline, june(7, 0))
        self.assertFalse(case.sla_message)

    def test_a_calendar_without_hours_gives_no_deadline_and_says_so(self):
        self.calendar.attendance_ids.unlink()
        case = self._open()
        self.assertFalse(case.first_response_deadline)
        self.assertFalse(case.resolution_deadline)
        self.assertEqual(case.sla_state, "none")
        self.assertIn("“Office” has no working hours", case.sla_message)
        self.assertIn("“Office” has no working hours", self.policy.calendar_problem)

    def test_without_policy_there_is_no_deadline_and_the_case_says_so(self):
        self.policy.active = False
        case = self._open()
        self.assertFalse(case.resolution_deadline)
        self.assertIn("no SLA policy fits", case.sla_message)

    def test_zero_hours_mean_no_deadline(self):
        self.policy.first_response_hours = 0
        case = self._open()
        self.assertFalse(case.first_response_deadline)
        self.assertTrue(case.resolution_deadline)

    def test_impossible_hours_are_refused(self):
        with self.assert_refused(ValidationError, "cannot be negative"):
            self.policy.resolution_hours = -1
        with self.assert_refused(ValidationError, "less than 100 percent"):
            self.policy.warning_share = 1.2


@tagged("post_install", "-at_install")
class TestCasePolicy(CaseCase):
    def _add_policy(self, name, **values):
        return self.policies.create({"name": name, "resolution_hours": 8, **values})

    def test_the_customer_goes_before_the_category_before_the_severity(self):
        severe = self._add_policy("Severe", severity="high")
        case = self._open(category_id=self.category.id, severity="high")
        self.assertEqual(case.sla_policy_id, severe)
        category = self._add_policy("Category", category_id=self.category.id)
        self.assertEqual(self._open_again(case), category)
        customer = self._add_policy("Customer", partner_id=self.customer.id)
        self.assertEqual(self._open_again(case), customer)
        both = self._add_policy("Both", partner_id=self.customer.id, severity="high")
        self.assertEqual(self._open_again(case), both)

    def _open_again(self, case):
        copy = self._open(category_id=case.category_id.id, severity=case.severity)
        return copy.sla_policy_id

    def test_the_nearest_category_above_wins(self):
        child, leaf = self.env["logistics.case.category"], self.env["logistics.case.category"]
        child = child.create({"name": "Child", "parent_id": self.category.id})
        leaf = leaf.create({"name": "Leaf", "parent_id": child.id})
        self._add_policy("Far", category_id=self.category.id, severity="medium")
        near = self._add_policy("Near", category_id=child.id)
        self.assertEqual(self._open(category_id=leaf.id).sla_policy_id, near)

    def test_contacts_have_the_policy_of_their_company(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        own = self._add_policy("Own", partner_id=self.customer.id)
        self.assertEqual(self._open(partner_id=contact.id).sla_policy_id, own)

    def test_a_policy_of_the_company_goes_before_a_common_one(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._add_policy("Elsewhere", company_id=other.id)
        own = self._add_policy("Own", company_id=self.env.company.id, sequence=99)
        self.assertEqual(self._open().sla_policy_id, own)

    def test_of_equals_the_first_in_the_list_wins(self):
        first = self._add_policy("First", sequence=1)
        self._add_policy("Last", sequence=50)
        self.assertEqual(self._open().sla_policy_id, first)

    def test_a_case_changes_policy_with_its_severity(self):
        severe = self._add_policy("Severe", severity="high")
        case = self._open()
        case.severity = "high"
        self.assertEqual(case.sla_policy_id, severe)
        self.assertFalse(case.first_response_deadline)

    def test_a_used_policy_is_archived_not_deleted(self):
        self._open()
        with self.assert_refused(UserError, "archive it"):
            self.policy.unlink()


@tagged("post_install", "-at_install")
class TestCasePause(CaseCase):
    def test_deadlines_move_by_the_working_time_of_the_pause(self):
        case = self._open()
        self._move(case, "waiting", june(1, 11))
        self.assertEqual(case.sla_state, "paused")
        self.assertIn("wait for the customer", case.sla_message)
        self._move(case, "open", june(3, 11))
        self.assertEqual(case.first_response_deadline, june(3, 13))
        self.assertEqual(case.resolution_deadline, june(4, 17))
        self.assertEqual(case.sla_state, "running")

    def test_a_pause_at_night_moves_nothing(self):
        case = self._open()
        self._move(case, "waiting", june(1, 18))
        self._move(case, "open", june(2, 8))
        self.assertEqual(case.resolution_deadline, june(2, 17))

    def test_pauses_are_kept_as_intervals(self):
        case = self._open()
        self._move(case, "waiting", june(1, 10))
        self._move(case, "open", june(1, 11))
        self._move(case, "waiting", june(1, 12))
        self.assertEqual(
            case.pause_ids.mapped(lambda pause: (pause.date_start, pause.date_end)),
            [(june(1, 10), june(1, 11)), (june(1, 12), False)],
        )

    def test_what_was_late_before_the_pause_stays_late(self):
        case = self._open()
        self._move(case, "waiting", june(3, 10))
        self.assertEqual(case.sla_state, "breached")

    def test_a_case_in_time_is_met_and_a_late_one_missed(self):
        case = self._open()
        self._move(case, "solved", june(1, 12))
        self.assertEqual((case.sla_state, case.resolution_hours), ("met", 3))
        late = self._open()
        self._move(late, "solved", june(3, 10))
        self.assertEqual(late.sla_state, "missed")
        self.assertTrue(late.is_resolution_late)
        self.assertFalse(late.sla_next_date)

    def test_the_time_between_solution_and_reopening_does_not_count(self):
        case = self._open()
        self._move(case, "solved", june(1, 12))
        self._move(case, "open", june(8, 12))
        self.assertFalse(case.resolution_date)
        self.assertEqual(case.pause_ids.reason, "solved")
        self.assertEqual(case.resolution_deadline, june(9, 17))

    def test_a_cancelled_case_has_neither_met_nor_missed(self):
        case = self._open()
        self._move(case, "cancelled", june(9, 9))
        self.assertEqual(case.sla_state, "none")


@tagged("post_install", "-at_install")
class TestCaseWatch(CaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._create_employee("Boss", cls.officer)
        cls.agent = cls._create_employee("Agent", cls.user, parent_id=cls.boss.id)
        cls.case = cls._open(employee_id=cls.agent.id)

    def _get_activities(self, kind):
        return self.case.activity_search([f"logistics_crm.activity_case_{kind}"])

    def test_nothing_happens_before_the_warning(self):
        self._watch(june(1, 11, 55))
        self.assertFalse(self.case.activity_ids)
        self.assertEqual(self.case.sla_state, "running")

    def test_the_responsible_is_warned_once(self):
        self._watch(june(1, 12, 5))
        self._watch(june(1, 12, 10))
        activity = self._get_activities("deadline")
        self.assertEqual(activity.user_id, self.user)
        self.assertEqual(self.case.sla_state, "warning")
        self.assertFalse(self.case.is_escalated)

    def test_a_breach_is_escalated_to_the_manager_of_the_responsible(self):
        self._watch(june(1, 13, 5))
        self.assertEqual(self.case.escalation_level, 1)
        self.assertEqual(self._get_activities("escalated").user_id, self.officer)
        said = " ".join(self.case.message_ids.mapped("body"))
        self.assertIn("The first answer is overdue", said)
        self.assertIn("Escalated to Log Officer", said)
        self.assertEqual(self.case.sla_state, "breached")

    def test_a_breach_is_escalated_to_the_role_of_the_policy(self):
        self.role.employee_ids = self._create_employee("Quality", self.manager)
        self.policy.escalation_role_id = self.role
        self._watch(june(1, 13, 5))
        self.assertEqual(self._get_activities("escalated").user_id, self.manager)

    def test_who_may_not_see_the_case_is_passed_over(self):
        self.boss.user_id = self.other_user
        self._watch(june(1, 13, 5))
        self.assertEqual(self._get_activities("escalated").user_id, self.user)

    def test_escalation_climbs_and_tells_each_level_once(self):
        self.boss.parent_id = self._create_employee("Director", self.manager)
        levels = []
        for moment in (june(1, 13, 5), june(1, 13, 30), june(2, 17, 5), june(4, 9, 5), june(9, 9)):
            self._watch(moment)
            levels.append(self.case.escalation_level)
        self.assertEqual(levels, [1, 1, 2, 3, 3])
        told = self._get_activities("escalated").user_id
        self.assertEqual(told, self.officer + self.manager)
        self.assertFalse(self.case.sla_next_date)

    def test_a_waiting_case_is_neither_warned_nor_escalated(self):
        self._move(self.case, "waiting", june(1, 11))
        self._watch(june(9, 9))
        self.assertFalse(self.case.activity_ids)
        self.assertEqual(self.case.sla_state, "paused")

    def test_solving_clears_the_warnings(self):
        self._watch(june(1, 13, 5))
        self._move(self.case, "solved", june(1, 14))
        self.assertFalse(self.case.activity_ids)

    def test_a_stand_in_is_warned_while_the_responsible_is_on_leave(self):
        with freeze_time(june(1, 9)):
            self.case.category_id = self.category
        self.role.employee_ids = self._create_employee("Stand-in", self.other_user)
        self._add_holiday(june(1, 9), june(5, 17), resource_id=self.agent.resource_id.id)
        self._watch(june(1, 12, 5))
        self.assertEqual(self._get_activities("deadline").user_id, self.other_user)

    def test_one_case_that_fails_does_not_stop_the_others(self):
        other = self._open(employee_id=self.agent.id)
        cls = type(self.case)
        escalate = cls._escalate

        def fail(cases, levels):
            for case in levels:
                case.name = "Half done"
            if self.case in levels:
                raise ZeroDivisionError
            return escalate(cases, levels)

        self.patch(cls, "_escalate", fail)
        with (
            self.assertLogs("odoo.addons.logistics_crm.models.logistics_case_sla_job", "ERROR"),
            self.assertLogs("odoo.addons.base.models.ir_cron", "ERROR"),
        ):
            self._watch(june(1, 13, 5))
        self.assertEqual(self.case.name, "Where is it?")
        self.assertEqual((self.case.escalation_level, other.escalation_level), (0, 1))


@tagged("post_install", "-at_install")
class TestCaseDeadlinesKeptRight(CaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._open()
        cls.solved = cls._open()
        cls._move(cls.solved, "solved", june(1, 10))

    def _assert_moved(self, deadline):
        self.assertTrue(self.case.sla_outdated)
        self.assertFalse(self.solved.sla_outdated)
        before = self.solved.resolution_deadline
        self._watch(june(1, 9, 30))
        self.assertEqual(self.case.resolution_deadline, deadline)
        self.assertEqual(self.solved.resolution_deadline, before)
        self.assertFalse(self.case.sla_outdated)

    def test_a_new_holiday(self):
        self._add_holiday(june(2, 0), june(2, 23))
        self._assert_moved(june(3, 17))

    def test_a_holiday_that_is_moved_or_deleted(self):
        holiday = self._add_holiday(june(2, 0), june(2, 23))
        self._watch(june(1, 9, 30))
        holiday.write({"date_from": june(3, 0), "date_to": june(3, 23)})
        self._assert_moved(june(2, 17))
        holiday.write({"date_from": june(1, 0), "date_to": june(1, 23)})
        self._assert_moved(june(3, 17))
        holiday.unlink()
        self._assert_moved(june(2, 17))

    def test_other_working_hours(self):
        self.calendar.attendance_ids.hour_to = 13
        self._assert_moved(june(4, 13))

    def test_fewer_working_days(self):
        self.calendar.attendance_ids.filtered(lambda line: line.dayofweek == "1").unlink()
        self._assert_moved(june(3, 17))

    def test_another_time_zone(self):
        self.calendar.tz = "Europe/London"
        self._assert_moved(june(2, 18))

    def test_another_promise(self):
        self.policy.resolution_hours = 8
        self._assert_moved(june(1, 17))

    def test_a_new_policy_that_fits_better(self):
        better = self.policies.create(
            {"name": "Better", "partner_id": self.customer.id, "resolution_hours": 24}
        )
        self._assert_moved(june(2, 9))
        self.assertEqual(self.case.sla_policy_id, better)
        better.active = False
        self._assert_moved(june(2, 17))

    def test_a_category_that_moves_below_another(self):
        parent = self.env["logistics.case.category"].create({"name": "Parent"})
        self.policies.create({"name": "Parent's", "category_id": parent.id, "resolution_hours": 24})
        with freeze_time(june(1, 9)):
            self.case.category_id = self.category
        self.category.parent_id = parent
        self._assert_moved(june(2, 9))

    def test_a_warning_is_given_again_for_a_later_deadline(self):
        agent = self._create_employee("Agent", self.user)
        self.case.employee_id = agent
        self._watch(june(1, 12, 30))
        self.assertEqual(self.case.sla_state, "warning")
        self.policy.first_response_hours = 8
        self._watch(june(1, 12, 40))
        self.assertEqual(self.case.sla_state, "running")
        self._watch(june(1, 16))
        self.assertEqual(self.case.sla_state, "warning")
        self.assertEqual(self.case.warned_deadline, june(1, 17))

    def test_what_does_not_touch_a_case_changes_nothing(self):
        self._add_holiday(june(20, 0), june(21, 0))
        self._add_holiday(june(1, 0), june(5, 0), calendar_id=self._create_calendar("X", "UTC").id)
        agent = self._create_employee("Agent")
        self._add_holiday(june(2, 0), june(3, 0), resource_id=agent.resource_id.id)
        self._create_calendar("Y", "UTC").tz = "Asia/Tokyo"
        self.policies.create({"name": "Low", "severity": "low", "resolution_hours": 2})
        self.policy.name = "Renamed"
        self.assertFalse(self.case.sla_outdated)

    def test_the_job_writes_nothing_when_nothing_changed(self):
        self._watch(june(1, 9, 30))
        written = self.case.write_date
        self._watch(june(1, 10, 30))
        self.assertEqual(self.case.write_date, written)

    @warmup
    def test_computing_again_writes_only_what_differs(self):
        self.case._refresh_sla()
        self.env.flush_all()
        with self.assertQueryCount(4):  # policies, calendar, holidays, pauses; no write
            self.case._refresh_sla()
            self.env.flush_all()
