from datetime import timedelta

from odoo.tests import tagged

from .delivery_common import DeliveryCase


@tagged("post_install", "-at_install")
class TestDeliveryFigures(DeliveryCase):
    def _trend(self, **options):
        self.env.flush_all()
        return (
            self.env["logistics.order.fact"].with_user(self.officer)._get_delivery_trend(**options)
        )

    def test_the_trend_has_every_month_oldest_first(self):
        trend = self._trend(months=3)
        first = self.today.replace(day=1)
        before = (first - timedelta(days=1)).replace(day=1)
        self.assertEqual(
            trend[1:],
            [
                {"month": f"{month:%Y-%m}", "lines": 0, "on_time": False, "otif": False}
                for month in (before, first)
            ],
        )
        self.assertEqual(len(trend), 3)

    def test_the_trend_counts_what_is_known_by_month_promised(self):
        first = (self.today.replace(day=1) - self.today).days
        self._imported(first - 1, first - 1)
        self._imported(first - 1, first)
        self._imported(first - 1, first - 2)
        self._imported(None, first)
        month = self._trend(months=2)[0]
        self.assertEqual(month["lines"], 3)
        self.assertAlmostEqual(month["on_time"], 2 / 3)
        self.assertIs(month["otif"], False)

    def test_the_trend_is_of_one_company(self):
        self._imported(-1, -1)
        second = self.env["res.company"].create({"name": "Delivery Test Company"})
        self.officer.company_ids |= second
        self.assertFalse(any(month["lines"] for month in self._trend(company=second)))
        self.assertTrue(any(month["lines"] for month in self._trend()))

    def test_a_customer_shows_the_rates_of_twelve_months(self):
        self._imported(-1, -1)
        self._imported(-2, -1)
        self._imported(-400, -1)
        order = self._promised(-3)
        self._deliver(order, days=-3)
        self.env.invalidate_all()
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        for partner in (self.customer | contact).with_user(self.officer):
            self.assertEqual(partner.delivery_count_12m, 3)
            self.assertAlmostEqual(partner.on_time_rate_12m, 2 / 3)
            self.assertEqual((partner.in_full_count_12m, partner.in_full_rate_12m), (1, 1.0))

    def test_the_rates_of_many_customers_are_one_query(self):
        self._imported(-1, -1)
        partners = self.env["res.partner"].create([{"name": f"Customer {i}"} for i in range(20)])
        partners |= self.customer
        self.env.flush_all()
        partners.with_user(self.officer)._compute_delivery_rates()
        with self.assertQueryCount(1):
            partners.with_user(self.officer)._compute_delivery_rates()

    def test_the_customers_button_opens_what_its_rates_are_made_of(self):
        late, on_time = self._imported(-2, -1), self._imported(-1, -1)
        self._imported(None, -1)
        self.env.flush_all()
        action = self.customer.with_user(self.officer).action_view_deliveries()
        facts = self.env["logistics.order.fact"].with_user(self.officer).search(action["domain"])
        self.assertEqual(facts.history_id, late | on_time)
        self.assertEqual(action["views"][0][1], "list")
