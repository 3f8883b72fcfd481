import pandas as pd

from odoo.tests import tagged

from ..analytics import (
    cohort_table,
    customer_value,
    fit_purchase_model,
    fit_spend_model,
    summarize_orders,
    value_intervals,
)
from .common import MiningCase

OFFICER = "logistics_crm.group_logistics_officer"


@tagged("post_install", "-at_install")
class TestValueLimits(MiningCase):
    """A value comes with the limits that it will lie between, wherever people read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(120)
        cls.rows = cls._make_history(cls.customers)
        cls.officer = cls._create_user("limits_officer", OFFICER)
        cls.run_clv = cls._score_directly(cls.clv_task)

    def _frame(self):
        frame = pd.DataFrame(self.rows, columns=["partner_id", "date", "quantity", "amount"])
        return frame.assign(date=pd.to_datetime(frame["date"]))

    def test_limits_are_those_of_the_core_and_discounted_like_the_value(self):
        orders = self._frame()
        frame = summarize_orders(orders, orders["date"].max())
        choice = fit_purchase_model(frame["frequency"], frame["recency"], frame["T"])
        spend = fit_spend_model(frame)
        value = customer_value(choice.model, spend, frame, 1.0, self.clv_task.discount_rate)
        limits = value_intervals(choice.model, spend, frame)
        worth = value["expected_value"] / (value["expected_orders"] * value["expected_average"])
        self.assertTrue((worth.dropna() < 1).all())
        for partner in self.customers.with_user(self.officer):
            row = limits.loc[partner.id]
            for name in ("low", "high"):
                told = partner[f"clv_12m_{name}"]
                self.assertAlmostEqual(told, row[f"value_{name}"] * worth[partner.id], 1)

    def test_value_is_read_with_its_limits(self):
        seen = self.customers.with_user(self.officer)
        sure = max(seen, key=lambda partner: partner.clv_12m_low)
        self.assertRegex(sure.clv_text, r"^\$\s?[\d,]+ \(between \$\s?[\d,.]+ and \$\s?[\d,]+\)$")
        score = self.env["logistics.mining.score"].with_user(self.officer)
        score = score.search([("partner_id", "=", sure.id), ("task_id", "=", self.clv_task.id)])
        self.assertEqual(score.value_text, sure.clv_text)
        self.assertIn("Eight in ten such customers end up between", score.reason_text)

    def test_customer_who_will_most_likely_bring_nothing_is_told_so(self):
        words = self.env["logistics.mining.reason"]
        text = words._value_with_limits(12.5, 0.0, 0.0, self.company)
        self.assertRegex(text, r"^\$\s?12\.50 on average, most likely nothing$")
        self.assertRegex(words._value_with_limits(0.0, 0.0, 0.0, self.company), r"^\$\s?0\.00$")

    def test_amounts_of_a_currency_without_decimals_keep_their_zeros(self):
        self.company.currency_id = self.env.ref("base.JPY")
        text = self.env["logistics.mining.reason"]._whole(1200.0, self.company)
        self.assertIn("1,200", text)

    def test_limits_of_a_customer_who_is_not_scored_any_more_go_with_the_value(self):
        customer = self.customers[0].with_user(self.officer)
        self.env.cr.execute(
            "DELETE FROM logistics_sales_history WHERE partner_id = %s", [customer.id]
        )
        self._score_directly(self.clv_task)
        self.assertEqual((customer.clv_12m_high, customer.clv_text), (0.0, False))

    def test_cohorts_are_those_of_the_core(self):
        orders = self._frame()
        expected = cohort_table(orders, orders["date"].max(), "Q")
        cohorts = self.run_clv.metrics["cohorts"]
        self.assertGreaterEqual(len(cohorts), 4)
        for cohort in cohorts:
            rows = expected[expected["cohort"] == pd.Timestamp(cohort["cohort"])]
            self.assertEqual(cohort["customers"], rows["customers"].iloc[0])
            told = [period["active"] for period in cohort["periods"]]
            self.assertEqual(told, rows["active"].tolist())
            self.assertAlmostEqual(cohort["periods"][0]["revenue"], rows["revenue"].iloc[0], 2)

    def test_probabilities_are_read_as_such(self):
        task = self.env.ref("logistics_crm_mining.task_churn")
        values = {"task_id": task.id, "value": 0.654, "company_id": self.company.id}
        score = self.env["logistics.mining.score"].new(values)
        self.assertEqual(score.value_text, "65%")
