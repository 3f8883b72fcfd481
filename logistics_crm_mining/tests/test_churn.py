import re
from datetime import date, timedelta

import numpy as np
import pandas as pd

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import format_date

from ..analytics import VERDICT_REASONS, ChurnModel
from ..models.logistics_mining_task_churn import active_year_revenue
from .common import DAYS, MiningCase

OFFICER = "logistics_crm.group_logistics_officer"
CODE = re.compile(r"\bchurn_|verdict_|No words are known")


@tagged("post_install", "-at_install")
class TestChurn(MiningCase):
    """Who is leaving: what is published is what the numeric core says, in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.env.ref("logistics_crm_mining.task_churn")
        cls.customers = cls._create_customers(300)
        cls.rows = cls._make_loose_and_loyal(cls.customers)
        cls._insert_history(cls.rows, cls.company)

    @classmethod
    def _make_loose_and_loyal(cls, customers):
        """Return orders at like rhythms; every other customer buys little and soon leaves."""
        rng, rows = np.random.default_rng(11), []
        for number, partner_id in enumerate(customers.ids):
            loose = number % 2
            day = int(rng.integers(0, DAYS - 60))
            while day < DAYS:
                amount = round(rng.gamma(9.0, 1 / 9) * (80 if loose else 400), 2)
                rows.append((partner_id, cls.today - timedelta(days=DAYS - day), 1.0, amount))
                if rng.random() < (0.3 if loose else 0.01):
                    break
                day += 1 + int(rng.exponential(30))
        return rows

    def _frame(self):
        frame = pd.DataFrame(self.rows, columns=["partner_id", "date", "quantity", "amount"])
        return frame.assign(date=pd.to_datetime(frame["date"]))

    def _published(self):
        run = self._score_directly(self.task)
        self.assertTrue(run.published, run.reason)
        return run

    def test_risks_are_those_of_the_core(self):
        run = self._published()
        frame, cutoff = self._frame(), run.cutoff
        model = ChurnModel(horizon=90).fit(frame, cutoff)
        features = model.features(frame, cutoff)
        expected = model.predict(features, cutoff)
        scores = self.env["logistics.mining.score"].search([("run_id", "=", run.id)])
        self.assertEqual(set(scores.partner_id.ids), set(expected.index))
        for score in scores:
            row = expected.loc[score.partner_id.id]
            partner = score.partner_id.with_company(self.company)
            self.assertAlmostEqual(partner.churn_probability, row["churn_probability"], 3)
            self.assertEqual(partner.churn_risk, score.band)
            if pd.isna(row["expected_date"]):
                self.assertFalse(partner.expected_order_date)
            else:
                self.assertEqual(partner.expected_order_date, row["expected_date"].date())

    def test_what_is_at_risk_is_a_year_up_to_the_last_order(self):
        run = self._published()
        frame = self._frame()
        scores = self.env["logistics.mining.score"].search([("run_id", "=", run.id)])
        for score in scores:
            own = frame[frame["partner_id"] == score.partner_id.id]
            year = own[own["date"] > own["date"].max() - pd.Timedelta(days=365)]
            customer = score.partner_id.with_company(self.company)
            revenue = year["amount"].sum()
            self.assertAlmostEqual(customer.active_year_revenue, revenue, 1)
            self.assertAlmostEqual(customer.value_at_risk, revenue * score.value, 1)

    def test_returns_after_the_last_order_lower_what_is_at_risk_to_nothing_at_most(self):
        day = pd.Timestamp("2026-01-10")
        rows = [
            (1, day - pd.Timedelta(days=400), 900.0, False),
            (1, day, 100.0, False),
            (1, day + pd.Timedelta(days=9), -30.0, True),
            (2, day, 10.0, False),
            (2, day + pd.Timedelta(days=1), -50.0, True),
            (3, day, -5.0, True),
        ]
        names = ["partner_id", "date", "amount", "is_return"]
        found = active_year_revenue(pd.DataFrame(rows, columns=names))
        self.assertEqual(found.to_dict(), {1: 70.0, 2: 0.0})

    def test_the_run_keeps_its_fitted_model(self):
        run = self._published()
        model, frame = run._load_model(), self._frame()
        features = model.features(frame, run.cutoff)
        expected = ChurnModel(horizon=90).fit(frame, run.cutoff).predict(features, run.cutoff)
        found = model.predict(features, run.cutoff)
        self.assertEqual(
            found["churn_probability"].round(6).to_dict(),
            expected["churn_probability"].round(6).to_dict(),
        )

    def test_the_kind_of_model_that_was_checked_scores(self):
        run = self._published()
        self.assertEqual(run._load_model().candidates, [run.metrics["model"]])

    def test_every_risk_has_reasons_in_words(self):
        run = self._published()
        officer = self._create_user("churn_officer", OFFICER)
        scores = self.env["logistics.mining.score"].with_user(officer)
        scores = scores.search([("run_id", "=", run.id)])
        self.assertTrue(scores)
        for score in scores:
            self.assertTrue(score.reason_text)
            self.assertNotRegex(score.reason_text, CODE)
        partner = scores[0].partner_id.with_company(self.company)
        self.assertEqual(partner.churn_reasons, scores[0].reason_text)
        self.assertEqual(partner.churn_date, run.cutoff)

    def test_the_run_tells_how_good_it_is_beside_the_rhythm_alone(self):
        run = self._published()
        self.assertGreater(run.metrics["auc"], run.baseline["auc"])
        self.assertIn("AUC", run.figures_text)
        # what was tried was not known in training
        held_out = run.cutoff - timedelta(days=90)
        self.assertEqual(run.metrics["holdout_cutoff"], held_out.isoformat())
        self.assertTrue(run.metrics["snapshots"])
        for snapshot in run.metrics["snapshots"]:
            known = date.fromisoformat(snapshot["cutoff"]) + timedelta(days=90)
            self.assertLessEqual(known, held_out)

    def test_thirty_customers_are_needed(self):
        self._insert_history(self.rows[:20], self.other_company)
        run = self._score_directly(self.task, self.other_company)
        self.assertFalse(run.published)
        self.assertIn("at least 30", run.reason)

    def test_a_history_that_ended_long_ago_names_the_day_that_counts(self):
        rows = [(partner, day - timedelta(days=1100), *rest) for partner, day, *rest in self.rows]
        self._insert_history([*rows, (rows[0][0], self.today, 1.0, 10.0)], self.other_company)
        run = self._score_directly(self.task, self.other_company)
        self.assertFalse(run.published)
        cutoff = format_date(self.env, run.cutoff - timedelta(days=2 * 90))
        self.assertIn(f"only 0 customers ordered within 730 days up to {cutoff}", run.reason)
        self.assertIn("look for orders with a wrong date", run.reason)

    def test_every_verdict_of_the_core_has_words(self):
        figures = dict.fromkeys(("count", "needed", "days", "expected", "actual"), 7)
        for name in ("auc", "log_loss"):
            figures |= dict.fromkeys((name, f"{name}_low", f"{name}_high"), 0.1)
        for code in VERDICT_REASONS:
            task = "lead_" if re.search("won|lost|lead|rate$", code) else ""
            reason = {"code": f"{task}verdict_{code}", "cutoff": "2026-03-04", **figures}
            text = self.env["logistics.mining.reason"]._render(reason, self.company)
            self.assertNotRegex(text, CODE)
            self.assertNotIn("%(", text)

    def test_who_stays_away_by_chance_is_not_published(self):
        customers = self._create_customers(60)
        rows = [
            (partner.id, self.today - timedelta(days=7 * week), 1.0, 100.0)
            for partner in customers
            for week in range(60)
        ]
        self._insert_history(rows, self.other_company)
        run = self._score_directly(self.task, self.other_company)
        self.assertFalse(run.published)
        self.assertNotRegex(run.reason, CODE)
        self.assertIn("stayed away", run.reason)

    def test_who_has_a_season_is_told_that_two_years_of_history_help(self):
        reason = {"code": "verdict_not_calibrated", "expected": 32.0, "actual": 16.0}
        text = self.env["logistics.mining.reason"]._render(reason, self.company)
        self.assertIn("32% of the customers were expected to stay away, and 16% did", text)
        self.assertIn("A strong season with less than two years of history is a", text)

    def test_nobody_types_a_risk(self):
        officer = self._create_user("churn_writer", OFFICER)
        with self.assertRaises(AccessError):
            self.customers[0].with_user(officer).churn_risk = "low"

    def test_other_systems_read_the_risks(self):
        run = self._published()
        officer = self._create_user("churn_reader", OFFICER)
        api = self.env["logistics.api"].with_user(officer).with_company(self.company)
        rows = api.scores("churn", limit=5)
        self.assertEqual(len(rows), 5)
        self.assertEqual({row["run"] for row in rows}, {run.id})
        self.assertTrue(all(row["reasons"] for row in rows))
        self.assertEqual(rows, sorted(rows, key=lambda row: -row["value"]))

    def test_the_number_of_days_is_a_parameter(self):
        self.task.horizon_days = 60
        run = self._score_directly(self.task)
        self.assertEqual(run.parameters["horizon_days"], 60)
        self.assertEqual(
            (run.cutoff - timedelta(days=60)).isoformat(), run.metrics["holdout_cutoff"]
        )
