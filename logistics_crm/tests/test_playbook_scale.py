from odoo import Command
from odoo.tests import TransactionCase, tagged

from .playbook_common import PlaybookMixin


@tagged("post_install", "-at_install")
class TestPlaybookScale(PlaybookMixin, TransactionCase):
    """The nightly run starts a playbook for many customers with as many queries as for few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_playbooks()
        cls.env["logistics.playbook"].search([]).state = "off"

    def _playbook_on(self, name, count):
        """Return a playbook that is on and hits so many new customers."""
        customers = self.env["res.partner"].create(
            [
                {"name": f"{name} {n}", "ref": name, "is_company": True, "customer_rank": 1}
                for n in range(count)
            ]
        )
        customers.user_id = self.user
        steps = [
            {"summary": summary, "responsible_type": "account_role", "account_role_id": role.id}
            for summary, role in (
                ("Call", self._role("customer_service")),
                ("Remind", self._role("finance")),
            )
        ]
        plan = self.env["mail.activity.plan"].create(
            {
                "name": name,
                "res_model": "res.partner",
                "template_ids": [Command.create(step) for step in steps],
            }
        )
        return self.env["logistics.playbook"].create(
            {
                "name": name,
                "plan_id": plan.id,
                "filter_domain": repr([("ref", "=", name)]),
                "state": "on",
            }
        )

    def _count(self, method):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        method()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _scan(self, playbook):
        playbook._start_hits(self._hits(playbook), self.env.company)

    def test_ten_times_as_many_customers_cost_as_many_queries(self):
        warm = self._playbook_on("Warm", 3)
        few, many = self._playbook_on("Few", 20), self._playbook_on("Many", 200)
        self._count(lambda: self._scan(warm))
        few_queries = self._count(lambda: self._scan(few))
        # rows are written a hundred at a time: one more query each for some tables
        self.assertLessEqual(self._count(lambda: self._scan(many)), few_queries + 15)
        self.assertLess(few_queries, 60)
        steps = many.start_ids.step_ids
        self.assertEqual((len(many.start_ids), len(steps)), (200, 400))
        self.assertEqual(len(steps.filtered("activity_id")), 200)

    def test_ten_times_as_many_orders_cost_as_many_queries(self):
        self.playbook.state = "on"
        for _number in range(3):
            self._late_order()
        self._count(lambda: self._scan(self.playbook))
        counts = []
        for number in (4, 24):
            for _number in range(number):
                self._late_order()
            counts.append(self._count(lambda: self._scan(self.playbook)))
        self.assertLessEqual(counts[1], counts[0] + 5)

    def test_a_night_on_which_nothing_changed_costs_as_much_for_many_as_for_few(self):
        few, many = self._playbook_on("Few", 5), self._playbook_on("Many", 100)
        counts = []
        for playbook in (few, many):
            self._scan(playbook)
            counts.append(self._count(lambda: self._scan(playbook)))  # noqa: B023
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 3)
