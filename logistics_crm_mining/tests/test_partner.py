import time
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MiningCase

PLANNER = "odoo.addons.logistics_crm_mining.models.logistics_mining_run_store.inform_planner"


@tagged("post_install", "-at_install")
class TestScoredPartner(MiningCase):
    """Scores on the customer: read in bulk, searched, grouped, acted on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user("officer", "logistics_crm.group_logistics_officer")
        cls.customers = cls._create_customers(160)
        cls._make_history(cls.customers[:150])
        cls.partners = cls.env["res.partner"].with_user(cls.officer)
        cls.runs = cls._score_directly(cls.segment_task) | cls._score_directly(cls.clv_task)

    def test_both_tasks_published(self):
        self.assertEqual(self.runs.mapped("published"), [True, True], self.runs.mapped("reason"))

    def test_nobody_types_in_a_score(self):
        customer = self.customers[0].with_user(self.officer)
        for values in ({"clv_12m": 1e6}, {"segment_id": False}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                customer.write(values)
        with self.assertRaises(AccessError):
            customer.create({"name": "Rich", "clv_12m": 1e6})

    def _count_queries(self, function, size):
        self.env.invalidate_all()
        self.env.cr.execute("SELECT 1")
        before = self.env.cr.sql_log_count
        function(self.customers[:size].with_user(self.officer))
        return self.env.cr.sql_log_count - before

    def test_list_page_needs_as_many_queries_for_80_customers_as_for_8(self):
        def read(partners):
            partners.web_read(
                {
                    "segment_id": {"fields": {"display_name": {}}},
                    "rfm_score": {},
                    "clv_12m": {},
                    "value_band": {},
                    "segment_reasons": {},
                    "clv_reasons": {},
                    "segment_date": {},
                }
            )

        self._count_queries(read, 1)  # caches of the registry
        few, many = self._count_queries(read, 8), self._count_queries(read, 80)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 12)

    def test_storing_needs_as_many_queries_for_150_customers_as_for_50(self):
        counts = []
        for size in (50, 50, 150):
            self.env.cr.execute(
                "DELETE FROM logistics_sales_history WHERE company_id = %s",
                [self.other_company.id],
            )
            self._make_history(self.customers[:size], company=self.other_company)
            run = self.segment_task._queue(self.other_company)
            run._start()
            outcome = self.segment_task._score(run, self.segment_task._extract(run))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            with patch(PLANNER):  # counts again where a vacuum happened to come between
                run._conclude(outcome, time.monotonic())
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(run.score_count, size)
        # the first run does not find scores of before to measure how far it is from them
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(max(counts), 25)

    def test_segments_can_be_searched_and_grouped(self):
        at_risk = self.partners.search(
            [("segment_id.at_risk", "=", True), ("id", "in", self.customers.ids)]
        )
        self.assertTrue(at_risk)
        self.assertTrue(all(at_risk.mapped("segment_id.at_risk")))
        domain = [("id", "in", self.customers.ids)]
        groups = dict(self.partners._read_group(domain, ["segment_id"], ["__count"]))
        self.assertEqual(sum(groups.values()), 160)
        self.assertEqual(groups[self.env["logistics.mining.segment"]], 10)
        for segment, count in groups.items():
            found = self.partners.search_count([*domain, ("segment_id", "=", segment.id)])
            self.assertEqual(found, count)

    def test_values_can_be_sorted_and_added_up(self):
        domain = [("id", "in", self.customers.ids)]
        found = self.partners.search(domain, order="clv_12m desc, id")
        values = found.mapped("clv_12m")
        self.assertEqual(values, sorted(values, reverse=True))
        [(total,)] = self.partners._read_group(domain, [], ["clv_12m:sum"])
        self.assertAlmostEqual(total, sum(values), 2)
        high = self.partners.search_count([*domain, ("value_band", "=", "high")])
        self.assertEqual(high, 30)

    def test_reasons_and_dates_are_those_of_the_newest_scores(self):
        customer = self.customers[0].with_user(self.officer)
        score = self.env["logistics.mining.score"].search(
            [("partner_id", "=", customer.id), ("task_id", "=", self.segment_task.id)]
        )
        self.assertEqual(customer.segment_reasons, score.reason_text)
        self.assertEqual(customer.segment_date, score.date)
        self.assertTrue(customer.clv_reasons)
        unscored = self.customers[155].with_user(self.officer)
        self.assertFalse(unscored.segment_reasons or unscored.segment_date)

    def test_writing_scores_keeps_the_last_edit_of_the_customer(self):
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = '2020-01-01' WHERE id = %s",
            [self.customers[0].id],
        )
        self.env.invalidate_all()
        self._insert_history([(self.customers[0].id, self.today, 1.0, 1e6)], self.company, "x")
        value = self.customers[0].with_company(self.company).clv_12m
        self._score_directly(self.clv_task)
        self.assertNotEqual(self.customers[0].with_company(self.company).clv_12m, value)
        self.assertEqual(str(self.customers[0].write_date), "2020-01-01 00:00:00")

    def test_activity_is_planned_for_all_selected_customers(self):
        selected = self.customers[:3].with_user(self.officer)
        action = selected.action_plan_activity()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create({"summary": "Call them"})
        )
        wizard.action_schedule_activities()
        self.assertEqual(selected.activity_ids.mapped("summary"), ["Call them"] * 3)
