from datetime import timedelta

from odoo.tests import tagged

from .common import MiningCase

CODES = ("segment", "churn", "clv", "key_account", "response")


@tagged("post_install", "-at_install")
class TestBadData(MiningCase):
    """Whatever the data are like, a task ends with scores that have reasons, or says why not."""

    def _day(self, days_ago):
        return self.today - timedelta(days=days_ago)

    def _orders(self, customers, days_ago, amount=100.0, quantity=1.0):
        return [
            (one.id, self._day(days), quantity, amount) for one in customers for days in days_ago
        ]

    def assert_told(self, rows):
        """Run all tasks on a company that has these rows."""
        if rows:
            self._insert_history(rows, self.company)
        for code in CODES:
            task = self.env["logistics.mining.task"].search([("code", "=", code)])
            run = self._score_directly(task)
            with self.subTest(code=code):
                self.assertEqual(run.state, "done")
                self.assertTrue(run.published or run.reason, code)
                self.assertNotIn("Traceback", run.reason or "")
                scores = self.env["logistics.mining.score"].search([("run_id", "=", run.id)])
                if run.published:
                    self.assertTrue(scores and all(scores.mapped("reason_text")), code)

    def test_no_customers(self):
        self.assert_told([])

    def test_one_order_of_one_customer(self):
        self.assert_told(self._orders(self._create_customers(1), [40]))

    def test_one_customer_fewer_than_churn_needs(self):
        self.assert_told(self._orders(self._create_customers(29), range(5, 800, 30)))

    def test_all_orders_on_one_day(self):
        self.assert_told(self._orders(self._create_customers(60), [40]))

    def test_all_orders_today(self):
        self.assert_told(self._orders(self._create_customers(60), [0]))

    def test_one_customer_makes_all_the_revenue(self):
        customers = self._create_customers(60)
        rows = self._orders(customers[0], range(5, 900, 10), 1e9)
        self.assert_told(rows + self._orders(customers[1:], range(20, 900, 90), 0.0))

    def test_returns_only(self):
        self.assert_told(self._orders(self._create_customers(60), range(5, 800, 40), -50.0, -1.0))

    def test_more_is_returned_than_was_ordered(self):
        customers = self._create_customers(60)
        rows = self._orders(customers, range(10, 900, 60))
        self.assert_told(rows + self._orders(customers, range(5, 900, 60), -500.0, -1.0))

    def test_dates_in_the_future(self):
        self.assert_told(self._orders(self._create_customers(60), [-400, -40, -4]))

    def test_older_history_was_loaded_without_amounts(self):
        customers = self._create_customers(60)
        rows = self._orders(customers, range(305, 900, 30), 0.0)
        self.assert_told(rows + self._orders(customers, range(5, 300, 30)))
        run = self.clv_task.run_ids.filtered(lambda run: run.company_id == self.company)
        self.assertIn("No order before the held out months has an amount above zero", run.reason)

    def test_everybody_orders_alike(self):
        self.assert_told(self._orders(self._create_customers(60), range(5, 900, 30)))

    def test_amounts_of_a_cent_and_of_billions(self):
        customers = self._create_customers(60)
        rows = self._orders(customers[:30], range(5, 900, 35), 0.01)
        self.assert_told(rows + self._orders(customers[30:], range(9, 900, 50), 9e11))
