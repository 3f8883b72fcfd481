from odoo.tests import TransactionCase, tagged

from .playbook_common import PlaybookMixin


@tagged("post_install", "-at_install")
class TestPlaybookScan(PlaybookMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_playbooks()
        cls.env["logistics.playbook"].search([("id", "!=", cls.playbook.id)]).state = "off"

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("logistics_crm.ir_cron_playbook_scan").method_direct_trigger()

    def _count(self, method):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        method()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_the_nightly_run_starts_what_is_on(self):
        order = self._late_order()
        self._run()
        self.assertEqual(self.playbook.start_ids.res_id, order.id)
        self.assertEqual(order.activity_ids.user_id, self.service.user_id)

    def test_finding_costs_one_query_whatever_the_number(self):
        self._late_order()
        few = self._count(self._hits)
        for _number in range(9):
            self._late_order()
        self.assertEqual(self._count(self._hits), few)

    def test_starting_does_not_cost_more_queries_per_customer_than_its_own_activity(self):
        def start():
            self.playbook._start_hits(self._hits(), self.env.company)

        for _number in range(3):
            self._late_order()
        three = self._count(start)
        for _number in range(12):
            self._late_order()
        self.assertLessEqual(self._count(start) - three, 12 * 6)

    def test_a_night_on_which_nothing_changed_writes_nothing(self):
        self._late_order()
        self._run()
        hits = self._hits()
        with self.assertQueryCount(0):
            self.playbook._start_hits(
                [hit for hit in hits if hit.outcome == "start"], self.env.company
            )

    def test_a_worker_leaves_a_locked_playbook_to_the_other(self):
        self._late_order()
        self.patch(
            type(self.playbook), "try_lock_for_update", lambda records, **kwargs: records.browse()
        )
        self._run()
        self.assertFalse(self.playbook.start_ids)
