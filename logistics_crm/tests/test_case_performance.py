from freezegun import freeze_time

from odoo.tests import tagged

from .case_common import MONDAY, CaseCase


@tagged("post_install", "-at_install")
class TestCasePerformance(CaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls._create_employee("Ann", cls.user)
        cls.bob = cls._create_employee("Bob", cls.other_user)
        cls.role.employee_ids = cls.ann + cls.bob
        cls.customers = cls.customer + cls._create_customer("Two") + cls._create_customer("Three")
        cls.env = cls.env(context={"mail_auto_subscribe_no_notify": True, "tracking_disable": True})
        cls.cases = cls.cases.with_env(cls.env)

    def _create_many(self, count):
        values = [
            {
                "name": f"Case {number}",
                "partner_id": self.customers[number % 3].id,
                "category_id": self.category.id,
                "severity": ("low", "high")[number % 2],
            }
            for number in range(count)
        ]
        with freeze_time(MONDAY):
            cases = self.cases.create(values)
            self.env.flush_all()
        return cases

    def _count_queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_batch_needs_as_many_queries_for_ten_cases_as_for_a_hundred(self):
        self._create_many(2)
        few = self._count_queries(lambda: self._create_many(10))
        many = self._count_queries(lambda: self._create_many(100))
        self.assertLessEqual(many, few + 3)
        self.assertLess(many, 90)

    def test_computing_deadlines_again_takes_as_many_queries_for_many_as_for_few(self):
        few, many = self._create_many(10), self._create_many(100)
        few_queries = self._count_queries(few._refresh_sla)
        self.assertLessEqual(self._count_queries(many._refresh_sla), few_queries + 1)

    def test_the_kanban_reads_a_column_with_few_queries(self):
        cases = self._create_many(80)
        specification = {
            "name": {},
            "code": {},
            "state": {},
            "severity": {},
            "sla_state": {},
            "sla_color": {},
            "deadline": {},
            "is_escalated": {},
            "needs_answer": {},
            "partner_name": {},
            "partner_id": {"fields": {"display_name": {}}},
            "category_id": {"fields": {"display_name": {}}},
            "employee_id": {"fields": {"display_name": {}}},
            "activity_ids": {"fields": {}},
            "activity_state": {},
        }
        officer_cases = self.cases.with_user(self.officer)
        domain = [("id", "in", cases.ids)]

        def read():
            found = officer_cases.web_search_read(domain, specification, limit=80)
            self.assertEqual(len(found["records"]), 80)

        read()
        self.assertLessEqual(self._count_queries(read), 14)
