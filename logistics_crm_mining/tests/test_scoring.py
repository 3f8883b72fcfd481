from datetime import timedelta

import pandas as pd

from odoo.tests import tagged

from ..analytics import (
    RFMSegmenter,
    customer_value,
    fit_purchase_model,
    fit_spend_model,
    summarize_orders,
    value_bands,
)
from .common import MiningCase

SCORE_FIELDS = [
    "segment_id",
    "rfm_score",
    "probability_alive",
    "expected_orders_12m",
    "clv_12m",
    "value_band",
]


@tagged("post_install", "-at_install")
class TestMiningScoring(MiningCase):
    """What is published is what the numeric core says about the same orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(120)
        cls.rows = cls._make_history(cls.customers)
        # a return on a day of its own, and anonymous sales: no order, no customer
        first = min(cls.rows, key=lambda row: row[1])
        cls.returned = (first[0], first[1], -1.0, -round(first[3] / 2, 2))
        cls._insert_history([cls.returned, (None, cls.today, 5.0, 1e6)], cls.company, "returns")
        cls.scores = cls.env["logistics.mining.score"]

    def _summarize(self, rows=None):
        """Return what `analytics` makes of the inserted rows, without the database."""
        rows = [*self.rows, self.returned] if rows is None else rows
        frame = pd.DataFrame(rows, columns=["partner_id", "date", "quantity", "amount"])
        frame["is_return"] = frame["quantity"] < 0
        return summarize_orders(frame, frame["date"].max(), is_return="is_return")

    def _get_scores(self, run):
        return {
            score.partner_id.id: score for score in self.scores.search([("run_id", "=", run.id)])
        }

    def test_segments_are_those_of_the_core(self):
        run = self._score_directly(self.segment_task)
        self.assertTrue(run.published, run.reason)
        frame = self._summarize()
        expected = RFMSegmenter().fit_transform(frame)
        scores = self._get_scores(run)
        self.assertEqual(set(scores), set(expected.index))
        for partner_id, row in expected.iterrows():
            score = scores[partner_id]
            partner = score.partner_id.with_company(self.company)
            self.assertEqual(score.band, row["segment"])
            self.assertEqual(partner.segment_id.code, row["segment"])
            self.assertEqual(partner.rfm_score, row["rfm_score"])
            self.assertEqual(score.value, round(frame.loc[partner_id, "revenue"], 2))

    def test_values_are_those_of_the_core(self):
        run = self._score_directly(self.clv_task)
        self.assertTrue(run.published, run.reason)
        frame = self._summarize()
        choice = fit_purchase_model(frame["frequency"], frame["recency"], frame["T"])
        spend = fit_spend_model(frame)
        expected = customer_value(choice.model, spend, frame, 1.0, 0.1)
        expected["band"] = value_bands(expected["expected_value"])
        scores = self._get_scores(run)
        self.assertEqual(set(scores), set(expected.index))
        for partner_id, row in expected.iterrows():
            partner = scores[partner_id].partner_id.with_company(self.company)
            self.assertAlmostEqual(partner.clv_12m, row["expected_value"], 1)
            self.assertAlmostEqual(partner.expected_orders_12m, row["expected_orders"], 2)
            self.assertAlmostEqual(partner.probability_alive, row["probability_alive"], 3)
            self.assertEqual(partner.value_band, row["band"])
            self.assertAlmostEqual(scores[partner_id].value, partner.clv_12m, 2)

    def test_orders_without_any_amount_are_not_valued(self):
        rows = [(partner, date, quantity, 0.0) for partner, date, quantity, _amount in self.rows]
        self._insert_history(rows, self.other_company, "free")
        run = self._score_directly(self.clv_task, self.other_company)
        self.assertFalse(run.published)
        self.assertIn("No order has an amount above zero", run.reason)

    def test_runs_keep_their_fitted_model(self):
        run = self._score_directly(self.segment_task)
        model = run._load_model()
        self.assertIsInstance(model, RFMSegmenter)
        frame = self._summarize()
        pd.testing.assert_frame_equal(model.transform(frame), RFMSegmenter().fit_transform(frame))
        orders = self._score_directly(self.clv_task)._load_model()
        frame = self._summarize()
        choice = fit_purchase_model(frame["frequency"], frame["recency"], frame["T"])
        self.assertEqual(type(orders).__name__, type(choice.model).__name__)

    def test_models_go_with_their_runs(self):
        run = self._score_directly(self.segment_task)
        attachments = self.env["ir.attachment"].sudo()
        domain = [("res_model", "=", run._name), ("res_id", "=", run.id)]
        domain.append(("res_field", "=", "model_file"))
        self.assertEqual(attachments.search_count(domain), 1)
        run.unlink()
        self.assertEqual(attachments.search_count(domain), 0)

    def test_run_tells_its_data_and_how_good_it_is(self):
        run = self._score_directly(self.clv_task)
        self.assertEqual(run.line_count, len(self.rows) + 1)
        self.assertEqual(run.customer_count, self._summarize().shape[0])
        self.assertEqual(run.score_count, run.customer_count)
        self.assertEqual(run.cutoff, max(row[1] for row in self.rows))
        self.assertLess(run.metrics["orders_rmse"], run.baseline["orders_rmse"])
        self.assertEqual(run.parameters["discount_rate"], self.clv_task.discount_rate)
        self.assertTrue(run.model_parameters["orders"]["r"] > 0)
        self.assertTrue(run.seconds > 0 and run.memory_mb > 0)

    def test_same_data_have_the_same_fingerprint(self):
        first, second = self._run(self.segment_task), self._run(self.segment_task)
        self.assertEqual(first.fingerprint, second.fingerprint)
        self.assertEqual((second.has_drift, second.drift), (True, 0.0))
        self._insert_history([(self.customers[0].id, self.today, 1.0, 10.0)], self.company, "more")
        self.assertNotEqual(self._run(self.segment_task).fingerprint, first.fingerprint)

    def test_every_published_score_has_reasons_in_words(self):
        for task in (self.segment_task, self.clv_task):
            for score in self._get_scores(self._score_directly(task)).values():
                self.assertTrue(score.reason_text)
                self.assertNotIn("No words are known", score.reason_text)
                self.assertGreaterEqual(len(score.reasons), 2)

    def test_reasons_are_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        score = next(iter(self._get_scores(self._score_directly(self.segment_task)).values()))
        self.assertIn("%", score.reason_text)
        day = score.date.strftime("%d/%m/%Y")
        self.assertIn(day, score.with_context(lang="fr_FR").reason_text)
        self.assertNotIn(day, score.with_context(lang="en_US").reason_text)

    def test_other_company_sees_nothing_and_mixes_nothing(self):
        run = self._score_directly(self.segment_task)
        self.assertFalse(any(self.customers.with_company(self.other_company).mapped("segment_id")))
        others = self.customers[:60]
        self._make_history(others, seed=3, company=self.other_company, amount=5000.0)
        before = self.customers.with_company(self.company).mapped("rfm_score")
        other_run = self._score_directly(self.segment_task, self.other_company)
        self.assertEqual(set(self._get_scores(other_run)), set(others.ids))
        self.assertEqual(self.customers.with_company(self.company).mapped("rfm_score"), before)
        self.assertTrue(run.is_newest and other_run.is_newest)

    def test_values_of_several_runs_are_never_added_up(self):
        self._make_history(self.customers[:60], seed=3, company=self.other_company)
        runs = self._score_directly(self.segment_task)
        runs |= self._score_directly(self.segment_task, self.other_company)
        domain = [("run_id", "in", runs.ids)]
        for _run, total in self.scores._read_group(domain, ["run_id"], ["value:sum"]):
            self.assertGreater(total, 0)
        self.assertEqual(self.scores._read_group(domain, [], ["value:sum"]), [(False,)])

    def test_too_few_customers_publish_nothing_and_say_why(self):
        self.segment_task.min_customers = 121
        run = self._score_directly(self.segment_task)
        self.assertEqual((run.state, run.published, run.score_count), ("done", False, 0))
        self.assertIn("at least 121 are needed", run.reason)
        self.assertFalse(any(self.customers.with_company(self.company).mapped("segment_id")))

    def test_company_without_orders_is_told_so(self):
        for task in (self.segment_task, self.clv_task):
            run = self._score_directly(task, self.other_company)
            self.assertEqual((run.state, run.published), ("done", False))
            self.assertIn("has no orders of known customers", run.reason)

    def test_short_history_does_not_publish_values(self):
        recent = [row for row in self.rows if (self.today - row[1]).days < 50]
        customers = self._create_customers(80)
        rows = [(partner.id, self.today, 1.0, 10.0) for partner in customers] + recent
        self._insert_history(rows, self.other_company)
        run = self._score_directly(self.clv_task, self.other_company)
        self.assertEqual((run.state, run.published, run.score_count), ("done", False, 0))
        self.assertTrue(run.reason)

    def test_model_that_does_not_beat_the_baseline_keeps_the_last_good_scores(self):
        good = self._score_directly(self.clv_task)
        values = self.customers.with_company(self.company).mapped("clv_12m")
        self._go_on_exactly_as_before()
        run = self._score_directly(self.clv_task)
        self.assertEqual((run.state, run.published), ("done", False))
        self.assertIn("did not beat the baseline", run.reason)
        self.assertEqual(self.customers.with_company(self.company).mapped("clv_12m"), values)
        self.assertTrue(good.is_newest)
        self.assertTrue(run.score_count, "a mining manager may look at them, and publish them")

    def _go_on_exactly_as_before(self):
        """Replace the history by customers so regular that the past rate cannot be beaten."""
        self.env.cr.execute(
            "DELETE FROM logistics_sales_history WHERE company_id = %s", [self.company.id]
        )
        rows = [
            (partner_id, self.today - pd.Timedelta(days=offset), 1.0, 50.0)
            for number, partner_id in enumerate(self.customers.ids)
            for offset in range(number % 7, 700, 14 + 14 * (number % 20))
        ]
        self._insert_history(rows, self.company, "regular")

    def test_values_whose_total_does_not_come_true_are_not_published(self):
        last = self.today - timedelta(days=200)
        self.env.cr.execute(
            "UPDATE logistics_sales_history SET amount = 9 * amount,"
            " amount_company = 9 * amount_company WHERE company_id = %s AND date > %s",
            [self.company.id, last],
        )
        run = self._score_directly(self.clv_task)
        self.assertTrue(run.metrics["beats_baseline"])
        self.assertFalse(run.published)
        self.assertRegex(run.reason, r"expected to order for \$\s?[\d,]+, and ordered for \$")

    def test_archived_customers_are_not_scored_and_lose_their_scores(self):
        gone, kept = self.customers[0], self.customers[1]
        for task in (self.segment_task, self.clv_task):
            self._score_directly(task)
        self.assertTrue(gone.with_company(self.company).segment_id)
        gone.active = False
        for task in (self.segment_task, self.clv_task):
            run = self._score_directly(task)
            self.assertTrue(run.published, run.reason)
            scored = set(self._get_scores(run))
            self.assertEqual(scored & set((gone + kept).ids), set(kept.ids))
            self.assertEqual(run.score_count, len(scored))
        archived = gone.with_company(self.company)
        self.assertFalse(archived.segment_id or archived.value_band or archived.clv_12m)

    def test_customer_without_orders_any_more_loses_the_score(self):
        self._score_directly(self.segment_task)
        customer = self.customers[0].with_company(self.company)
        self.assertTrue(customer.segment_id)
        self.env.cr.execute(
            "DELETE FROM logistics_sales_history WHERE partner_id = %s", [customer.id]
        )
        self._score_directly(self.segment_task)
        self.assertFalse(customer.segment_id or customer.rfm_score)

    def test_publishing_an_earlier_run_puts_its_scores_back(self):
        first = self._score_directly(self.segment_task)
        before = self.customers.with_company(self.company).mapped("rfm_score")
        rows = [(partner.id, self.today, 1.0, 1e5) for partner in self.customers[::3]]
        self._insert_history(rows, self.company, "later")
        second = self._score_directly(self.segment_task)
        self.assertNotEqual(self.customers.with_company(self.company).mapped("rfm_score"), before)
        self.assertTrue(second.has_drift and second.drift > 0.25)
        manager = self._create_user("scoring-manager", "logistics_crm_mining.group_mining_manager")
        first.with_user(manager).action_publish()
        self.assertEqual(self.customers.with_company(self.company).mapped("rfm_score"), before)
        self.assertTrue(first.is_newest and not second.is_newest)

    def test_days_left_out_do_not_count(self):
        self.segment_task.write({"cutoff_offset_days": 100})
        run = self._score_directly(self.segment_task)
        self.assertLessEqual(run.cutoff, self.today - pd.Timedelta(days=100))

    def test_today_as_cut_off_counts_the_silence_since(self):
        rows = [(p.id, self.today - pd.Timedelta(days=40), 1.0, 9.0) for p in self.customers]
        self._insert_history(rows, self.other_company)
        self.assertLess(
            self._score_directly(self.segment_task, self.other_company).cutoff, self.today
        )
        self.segment_task.cutoff_basis = "today"
        self.assertEqual(
            self._score_directly(self.segment_task, self.other_company).cutoff, self.today
        )

    def test_erasing_a_customer_erases_the_scores(self):
        run = self._score_directly(self.segment_task)
        customer = self.customers[0]
        self.env.cr.execute(
            "DELETE FROM logistics_sales_history WHERE partner_id = %s", [customer.id]
        )
        count = self.scores.search_count([("run_id", "=", run.id)])
        customer.unlink()
        self.assertEqual(self.scores.search_count([("run_id", "=", run.id)]), count - 1)
