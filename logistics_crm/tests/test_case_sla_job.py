from freezegun import freeze_time

from odoo.tests import tagged

from .case_common import MONDAY, CaseCase
from .test_case_sla import june


@tagged("post_install", "-at_install")
class TestCaseDeadlineJob(CaseCase):
    """The job tells of many deadlines at once, with as many queries as of few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._create_employee("Boss", cls.officer)
        cls.agents = cls._create_employee("Ann", cls.user, parent_id=cls.boss.id)
        cls.agents += cls._create_employee("Bob", cls.other_user, parent_id=cls.boss.id)
        cls.customers = cls.customer + cls._create_customer("Two") + cls._create_customer("Three")
        for customer in cls.customers:
            customer.user_id = cls.user

    def _open_many(self, count):
        values = [
            {
                "name": f"Case {number}",
                "partner_id": self.customers[number % 3].id,
                "category_id": self.category.id,
                "employee_id": self.agents[number % 2].id,
            }
            for number in range(count)
        ]
        with freeze_time(MONDAY):
            return self.cases.create(values)

    def _count(self, moment, work):
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time(moment):
            before = self.env.cr.sql_log_count
            work()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

    def _assert_few_queries(self, few, many, moment):
        few_queries = self._count(moment, few._tell_of_sla)
        # rows are written a hundred at a time: one more query each for some tables
        self.assertLessEqual(self._count(moment, many._tell_of_sla), few_queries + 10)
        self.assertLess(few_queries, 80)

    def test_ten_times_as_many_cases_cost_as_many_queries(self):
        warm, few, many = self._open_many(4), self._open_many(20), self._open_many(200)
        moments = (june(1, 12, 5), june(1, 13, 5), june(2, 17, 5), june(4, 9, 5))
        for level, moment in enumerate(moments):
            self._count(moment, warm._tell_of_sla)
            self._assert_few_queries(few, many, moment)
            self.assertEqual(set(many.mapped("escalation_level")), {level})
        planned = self.env["mail.activity"].search_count(
            [("res_model", "=", "logistics.case"), ("res_id", "in", many.ids)]
        )
        self.assertEqual(planned, 400)  # the agent's warning and the boss's escalation

    def test_cases_that_nobody_has_cost_as_many_queries_however_many(self):
        self.role.employee_ids = self.agents
        few, many = self._open_many(20), self._open_many(200)
        (few + many).employee_id = False
        self._assert_few_queries(few, many, june(1, 12, 5))
        self._assert_few_queries(few, many, june(1, 13, 5))
        self.assertEqual(many.activity_ids.user_id, self.user + self.other_user)

    def test_a_run_on_which_nothing_is_due_reads_no_case(self):
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kwargs: 60)
        self._open_many(3)
        few = self._count(june(1, 9, 30), self.cases._cron_watch_sla)
        self._open_many(50)
        self.assertEqual(self._count(june(1, 9, 30), self.cases._cron_watch_sla), few)
        self.assertLessEqual(few, 3)

    def test_one_broken_case_among_many_costs_some_tries_not_one_for_each(self):
        many = self._open_many(64)
        broken, tries = many[40], []
        tell = type(many)._tell_of_sla

        def fail(cases):
            tries.append(len(cases))
            if broken in cases:
                raise ZeroDivisionError
            return tell(cases)

        self.patch(type(many), "_tell_of_sla", fail)
        job = "odoo.addons.logistics_crm.models.logistics_case_sla_job"
        with (
            self.assertLogs(job, "ERROR") as logs,
            self.assertLogs("odoo.addons.base.models.ir_cron", "ERROR"),
        ):
            self._watch(june(1, 13, 5))
        self.assertEqual(len(logs.output), 1)
        self.assertLess(len(tries), 20)
        self.assertEqual(broken.escalation_level, 0)
        self.assertEqual(set((many - broken).mapped("escalation_level")), {1})

    def test_who_has_left_is_not_told(self):
        case, other = self._open_many(2)
        self.boss.user_id.active = False
        self.agents[1].active = False  # the cases of who leaves go to others
        self._count(june(1, 13, 5), (case + other)._tell_of_sla)
        self.assertEqual((case + other).mapped("escalation_level"), [1, 1])
        told = (case + other).activity_ids.user_id
        self.assertEqual(told, case.user_id)

    def test_each_person_gets_one_message_with_all_cases(self):
        self.officer.tz = "Europe/Brussels"
        cases = self._open_many(6)
        self._count(june(1, 13, 5), cases._tell_of_sla)
        sent = self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.officer.partner_id.ids),
            ]
        )
        self.assertEqual(len(sent), 1)
        self.assertEqual(sent.subject, "6 cases are overdue or soon will be")
        for case in cases:
            self.assertIn(case.code, sent.body)
        self.assertIn("1:00:00 PM", sent.body)  # on the clock of the reader

    def test_a_single_case_is_told_on_the_case_itself(self):
        case = self._open_many(1)
        self._count(june(1, 12, 5), case._tell_of_sla)
        sent = self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("model", "=", "logistics.case"),
                ("res_id", "=", case.id),
                ("subject", "like", "deadline is near"),
            ]
        )
        self.assertEqual(sent.partner_ids, self.user.partner_id)

    def test_followers_hear_of_escalations_unless_they_do_not_want_to(self):
        case, other = self._open_many(2)
        (case + other).message_subscribe(self.manager.partner_id.ids)
        kind = self.env.ref("logistics_crm.mt_case_escalated")
        follower = other.message_follower_ids.filtered(
            lambda follower: follower.partner_id == self.manager.partner_id
        )
        follower.subtype_ids -= kind
        self._count(june(1, 13, 5), (case + other)._tell_of_sla)
        sent = self.env["mail.message"].search(
            [("partner_ids", "in", self.manager.partner_id.ids), ("body", "like", case.code)]
        )
        self.assertEqual(len(sent), 1)
        self.assertNotIn(other.code, sent.body)
