from datetime import timedelta

import numpy as np

from odoo.tests import tagged

from .common import MiningCase

MANAGER = "logistics_crm_mining.group_mining_manager"
OFFICER = "logistics_crm.group_logistics_officer"


@tagged("post_install", "-at_install")
class TestDrift(MiningCase):
    """Data that have moved are told in words, once, to those who can look at them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(200)
        cls.rows = cls._make_history(cls.customers)
        cls.manager = cls._create_user("drift_manager", MANAGER)
        cls.officer = cls._create_user("drift_officer", OFFICER)

    def _activities(self, user=None):
        user = user or self.manager
        return self.env["mail.activity"].search(
            [("res_model", "=", "logistics.mining.run"), ("user_id", "=", user.id)]
        )

    def _run_after_a_change(self, task):
        first = self._score_directly(task)
        self.env.cr.execute(
            "UPDATE logistics_sales_history SET amount = 10 * amount, amount_company = 10 * amount"
            " WHERE company_id = %s",
            [self.company.id],
        )
        return first, self._score_directly(task)

    def test_same_data_have_not_moved(self):
        for task in (self.segment_task, self.clv_task):
            self._score_directly(task)
            run = self._score_directly(task)
            self.assertTrue(run.feature_drift)
            self.assertFalse(run.has_alarm or run.drift_text)
            self.assertEqual({row["psi"] for row in run.feature_drift}, {0.0})
            page = self.env["logistics.mining.report"].with_user(self.officer).get_page(task.id)
            [card] = [one for one in page["cards"] if one["key"] == "drift"]
            self.assertEqual(card["answer"], "In the last run nothing had moved.")
        self.assertFalse(self._activities())

    def test_first_run_has_nothing_to_be_compared_with(self):
        run = self._score_directly(self.segment_task)
        self.assertTrue(run.feature_reference)
        self.assertFalse(run.feature_drift or run.has_alarm)

    def test_amounts_that_jump_are_told_in_words(self):
        first, run = self._run_after_a_change(self.clv_task)
        self.assertTrue(run.has_alarm)
        self.assertIn("Amount of an order: from about", run.drift_text)
        self.assertIn("Look at the data before you trust the scores", run.drift_text)
        self.assertNotIn("Days since the last order", run.drift_text)
        self.assertTrue(run.published, "drift warns, and leaves publishing to the evaluation")

    def test_few_customers_do_not_raise_an_alarm_by_chance(self):
        rng = np.random.default_rng(3)
        few = self._create_customers(30)
        for source in ("one", "two"):
            self.env.cr.execute(
                "DELETE FROM logistics_sales_history WHERE company_id = %s",
                [self.other_company.id],
            )
            rows = [
                (one.id, self.today - timedelta(days=int(day)), 1.0, float(amount))
                for one in few
                for day, amount in zip(rng.integers(0, 600, 8), rng.gamma(4, 25, 8), strict=True)
            ]
            self._insert_history(rows, self.other_company, source)
            run = self._score_directly(self.segment_task, self.other_company)
        self.assertTrue(run.feature_drift)
        self.assertFalse(run.has_alarm, run.drift_text)

    def test_managers_of_the_company_are_told_once_per_run(self):
        elsewhere = self._create_user("drift_elsewhere", MANAGER)
        elsewhere.write(
            {"company_ids": [(6, 0, self.other_company.ids)], "company_id": self.other_company.id}
        )
        _first, run = self._run_after_a_change(self.clv_task)
        activity = self._activities()
        self.assertEqual((len(activity), activity.res_id), (1, run.id))
        self.assertIn("Amount of an order", activity.note)
        self.assertFalse(self._activities(elsewhere) or self._activities(self.officer))

    def test_a_newer_run_without_alarm_settles_what_was_to_do(self):
        self._run_after_a_change(self.clv_task)
        self.assertTrue(self._activities())
        self.assertFalse(self._score_directly(self.clv_task).has_alarm)
        self.assertFalse(self._activities())

    def test_manager_marks_it_as_looked_at(self):
        _first, run = self._run_after_a_change(self.clv_task)
        self._activities().with_user(self.manager).action_feedback("Prices in cents, loaded anew")
        self.assertFalse(self._activities())
        self.assertIn("loaded anew", run.message_ids[:1].body)

    def test_the_reference_holds_shares_and_no_records(self):
        run = self._score_directly(self.segment_task)
        for column in run.feature_reference["columns"]:
            self.assertLessEqual(len(column["shares"]), 25)
            self.assertAlmostEqual(sum(column["shares"]), 1.0)

    def test_another_set_of_features_is_compared_by_what_both_have(self):
        first = self._score_directly(self.clv_task)
        columns = first.feature_reference["columns"]
        gone = {**columns[0], "name": "gone"}
        first.feature_reference = {**first.feature_reference, "columns": [gone, *columns[1:]]}
        run = self._score_directly(self.clv_task)
        told = {row["column"] for row in run.feature_drift}
        self.assertEqual(told, {column["name"] for column in columns[1:]})
