from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import Form, tagged

from .case_common import MONDAY, CaseCase

SATURDAY = MONDAY + timedelta(days=5)


@tagged("post_install", "-at_install")
class TestCaseRouting(CaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls._create_employee("Ann", cls.user)
        cls.bob = cls._create_employee("Bob", cls.other_user)
        cls.role.employee_ids = cls.ann + cls.bob
        fallback = cls.env["logistics.account.role"].search([("code", "=", "customer_service")])
        fallback.code = "elsewhere"

    def _route(self, when=MONDAY, **values):
        return self._open(when, category_id=self.category.id, **values).employee_id

    def _put_in_team(self, employee, customer=None):
        self.env["logistics.account.member"].create(
            {
                "partner_id": (customer or self.customer).id,
                "role_id": self.role.id,
                "employee_id": employee.id,
            }
        )

    def test_who_has_the_least_open_work_gets_the_case(self):
        self._open(employee_id=self.ann.id)
        self.assertEqual(self._route(), self.bob)

    def test_ended_cases_are_no_work(self):
        self._open(employee_id=self.bob.id)
        done = self._open(employee_id=self.ann.id)
        other = self._open(employee_id=self.ann.id)
        self._move(done, "solved", MONDAY)
        self._move(other, "cancelled", MONDAY)
        self.assertEqual(self._route(), self.ann)

    def test_a_batch_is_spread(self):
        with freeze_time(MONDAY):
            cases = self.cases.create(
                [{"name": str(n), "category_id": self.category.id} for n in range(6)]
            )
        self.assertEqual(cases.mapped("employee_id"), self.ann + self.bob)
        self.assertEqual(len(cases.filtered(lambda case: case.employee_id == self.ann)), 3)

    def test_the_customers_own_team_goes_first(self):
        expert = self._create_employee("Expert", self.officer)
        self._put_in_team(expert)
        self._open(employee_id=expert.id)
        self.assertEqual(self._route(), expert)
        self.assertNotEqual(self._route(partner_id=False), expert)

    def test_a_category_is_answered_by_the_role_of_the_one_above(self):
        self.category = self.category.create({"name": "Sub", "parent_id": self.category.id})
        self.assertEqual(self._route(), self.ann)

    def test_a_case_without_category_goes_to_customer_service(self):
        self.assertFalse(self._open().employee_id)
        self.role.code = "customer_service"
        self.assertEqual(self._open().employee_id, self.ann)

    def test_who_is_on_leave_gets_nothing(self):
        self._open(employee_id=self.bob.id)
        self._add_holiday(MONDAY, MONDAY + timedelta(days=3), resource_id=self.ann.resource_id.id)
        self.assertEqual(self._route(), self.bob)

    def test_approved_time_off_counts_as_leave(self):
        kind = self.env["hr.leave.type"].create({"name": "Off", "requires_allocation": False})
        self.env["hr.leave"].create(
            {
                "employee_id": self.ann.id,
                "holiday_status_id": kind.id,
                "request_date_from": MONDAY.date(),
                "request_date_to": MONDAY.date() + timedelta(days=2),
            }
        ).action_approve()
        self._open(employee_id=self.bob.id)
        self.assertEqual(self._route(), self.bob)

    def test_a_member_on_leave_is_replaced_by_the_role(self):
        expert = self._create_employee("Expert", self.officer)
        self._put_in_team(expert)
        self._add_holiday(MONDAY, MONDAY + timedelta(days=3), resource_id=expert.resource_id.id)
        self.assertEqual(self._route(), self.ann)

    def test_who_does_not_work_today_by_their_calendar_gets_nothing(self):
        self.ann.resource_calendar_id = self._create_calendar("Later", "Europe/Brussels", days="34")
        self._open(employee_id=self.bob.id)
        self.assertEqual(self._route(), self.bob)

    def test_at_the_weekend_it_is_who_works_first(self):
        self.ann.resource_calendar_id = self._create_calendar("Later", "Europe/Brussels", days="34")
        self._open(employee_id=self.bob.id)
        self.assertEqual(self._route(SATURDAY), self.bob)

    def test_today_is_today_where_the_employee_is(self):
        calendar = self._create_calendar("Tokyo", "Asia/Tokyo", days="0")
        self.ann.write({"resource_calendar_id": calendar.id, "tz": "Asia/Tokyo"})
        self._open(employee_id=self.bob.id)
        sunday_night = datetime(2026, 6, 7, 23)  # Monday morning in Tokyo
        self.assertEqual(self._route(sunday_night), self.ann)

    def test_who_left_gets_nothing(self):
        self.ann.active = False
        self._open(employee_id=self.bob.id)
        self.assertEqual(self._route(), self.bob)

    def test_who_cannot_open_the_case_gets_it_only_if_nobody_else_can(self):
        self.ann.user_id = self.internal_user
        self._open(employee_id=self.bob.id)
        self.assertEqual(self._route(), self.bob)
        self.bob.user_id = False
        self.assertEqual(self._route(), self.ann)

    def test_the_cases_of_who_leaves_go_to_others(self):
        open_case, done = self._open(employee_id=self.ann.id), self._open(employee_id=self.ann.id)
        open_case.category_id = self.category
        self._move(done, "solved", MONDAY)
        with freeze_time(MONDAY):
            self.ann.active = False
        self.assertEqual(open_case.employee_id, self.bob)
        self.assertEqual(done.employee_id, self.ann)

    def test_a_case_that_nobody_can_take_stays_free(self):
        self.role.employee_ids = False
        self.assertFalse(self._route())

    def test_the_responsible_follows_the_case_and_hears_of_it(self):
        case = self._open(category_id=self.category.id)
        self.assertIn(self.user.partner_id, case.message_partner_ids)
        case.with_user(self.officer).employee_id = self.bob
        self.assertIn(self.other_user.partner_id, case.message_partner_ids)
        told = self.env["mail.message"].search(
            [
                ("model", "=", case._name),
                ("res_id", "=", case.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(told.notified_partner_ids, (self.user + self.other_user).partner_id)

    def test_a_user_without_rights_on_employees_hands_a_case_over(self):
        case = self._open(employee_id=self.ann.id)
        with Form(case.with_user(self.user)) as form:
            form.employee_id = self.bob
        self.assertEqual(case.employee_id, self.bob)
        found = self.cases.with_user(self.officer).search([("employee_id", "ilike", "Bob")])
        self.assertIn(case, found)
        groups = found.formatted_read_group([("id", "=", case.id)], ["employee_id"], ["__count"])
        self.assertEqual(groups[0]["employee_id"], (self.bob.id, "Bob"))
