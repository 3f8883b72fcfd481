from datetime import timedelta

from .common import MiningCase

OFFICER = "logistics_crm.group_logistics_officer"
USER = "logistics_crm.group_logistics_user"


class DashboardCase(MiningCase):
    """Ten customers who ordered a month ago: the first for 910, the others for 10 each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user("dash-officer", OFFICER)
        cls.user = cls._create_user("dash-user", f"{USER},sales_team.group_sale_salesman")
        cls.customers = cls._create_customers(10)
        cls.scored = cls.customers.with_company(cls.company)
        recent = cls.today - timedelta(days=30)
        rows = [(cls.customers[0].id, recent, 1.0, 910.0)]
        rows += [(customer.id, recent, 1.0, 10.0) for customer in cls.customers[1:]]
        rows += [(cls.customers[1].id, cls.today - timedelta(days=500), 1.0, 250.0)]
        cls._insert_history(rows, cls.company)
        cls._insert_history([(cls.customers[2].id, recent, 1.0, 5000.0)], cls.other_company)
        cls.champion = cls.env.ref("logistics_crm_mining.segment_champion")
        cls.risk = cls.env.ref("logistics_crm_mining.segment_key_at_risk")

    def _dashboard(self, user=None):
        dashboard = self.env["logistics.dashboard"].with_user(user or self.officer)
        return dashboard.with_company(self.company)

    def _get_data(self, user=None, **kwargs):
        return self._dashboard(user).get_data(**kwargs)

    def _card(self, key, user=None, **kwargs):
        cards = self._get_data(user, **kwargs)["cards"]
        return next(card for card in cards if card["key"] == key)

    def _figures(self, user=None, **kwargs):
        return {one["label"]: one for one in self._get_data(user, **kwargs)["figures"]}

    def _points(self, key, user=None, **kwargs):
        """Return what a chart shows, by label."""
        chart = self._card(key, user, **kwargs)["chart"]
        return dict(zip(chart["labels"], chart["series"][0]["data"], strict=True))

    def _count_behind(self, target, user=None):
        """Return how many records a link shows to the user."""
        records = self.env[target["res_model"]].with_user(user or self.officer)
        return records.with_company(self.company).search_count(target["domain"])

    def assert_counts_lead_to_their_records(self, key, user=None, **kwargs):
        chart = self._card(key, user, **kwargs)["chart"]
        self.assertTrue(chart, key)
        found = [self._count_behind(target, user) for target in chart["targets"]]
        self.assertEqual(found, chart["series"][0]["data"], key)
