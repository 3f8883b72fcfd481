from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestCaseWorkload(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.customer = cls._create_customer("Harbour Goods", user_id=cls.user.id)
        cls.employee = cls.env["hr.employee"].create(
            {"name": "Ann", "tz": "Asia/Shanghai", "user_id": cls.other_user.id}
        )

    def _case(self, deadline, **values):
        case = self.env["logistics.case"].create(
            {
                "name": "Case",
                "partner_id": self.customer.id,
                "employee_id": self.employee.id,
                **values,
            }
        )
        case.resolution_deadline = deadline
        case.flush_recordset()
        return case

    def _load(self, user=None):
        workload = self.env["logistics.case.workload"].with_user(user or self.officer)
        return workload.search([("employee_id", "=", self.employee.id)])

    def test_case_stands_on_the_day_of_its_deadline_in_the_time_zone_of_the_employee(self):
        noon = fields.Datetime.now().replace(hour=12, minute=0) + timedelta(days=3)
        early = self._case(noon)
        late = self._case(noon + timedelta(hours=6))
        days = {line.case_id: line.day for line in self._load()}
        self.assertEqual(days[early], noon.date())
        self.assertEqual(days[late], noon.date() + timedelta(days=1))

    def test_overdue_cases_are_work_of_today(self):
        now = fields.Datetime.now()
        self._case(now - timedelta(days=5))
        line = self._load()
        self.assertEqual((line.open_count, line.overdue_count), (1, 1))
        self.assertGreaterEqual(line.day, now.date())

    def test_waiting_cases_are_open_and_not_overdue_ended_ones_are_no_work(self):
        past = fields.Datetime.now() - timedelta(days=5)
        waiting, solved = self._case(past), self._case(past)
        waiting.action_wait()
        waiting.resolution_deadline = past
        solved.action_solve()
        self.env.flush_all()
        line = self._load()
        self.assertEqual(line.case_id, waiting)
        self.assertEqual((line.overdue_count, line.waiting_count), (0, 1))

    def test_users_see_the_work_on_own_customers_and_their_own(self):
        case = self._case(False)
        stranger = self._create_user("log_stranger", "logistics_crm.group_logistics_user")
        self.assertEqual(self._load(self.user).case_id.ids, case.ids)
        self.assertEqual(self._load(self.other_user).case_id.ids, case.ids)
        self.assertFalse(self._load(stranger))

    def test_other_companies_stay_out(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self._case(False, company_id=elsewhere.id, employee_id=False)
        workload = self.env["logistics.case.workload"].with_user(self.officer)
        self.assertFalse(workload.search([("company_id", "=", elsewhere.id)]))
