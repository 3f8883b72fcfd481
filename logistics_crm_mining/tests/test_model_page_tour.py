from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .common import MiningCase

MANAGER = "logistics_crm_mining.group_mining_manager"


@tagged("post_install", "-at_install")
class TestModelPageTour(MiningCase, HttpCase):
    """The page of a model is drawn in the browser, with and without a run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("tour_manager", MANAGER)
        cls.customers = cls._create_customers(120)
        # two kinds that nobody mixes up, so that there are groups to show on any day of the year
        cls._insert_history(cls._get_orders(cls.customers[:60], 7, 9000.0), cls.company)
        cls._insert_history(cls._get_orders(cls.customers[60:], 60, 20.0), cls.company)
        cls.run_segment = cls._score_directly(cls.segment_task)

    @classmethod
    def _get_orders(cls, customers, gap, amount):
        """Return an order every so many days, each for about that amount; some have stopped."""
        return [
            (
                partner.id,
                cls.today - timedelta(days=day),
                1.0,
                amount * (1 + (place + day) % 9 / 20),
            )
            for place, partner in enumerate(customers)
            for day in range(place % 6 * gap + place % gap, 600, gap)
        ]

    def test_a_mining_manager_reads_how_good_a_model_is(self):
        self.assertTrue(self.run_segment.metrics["behaviour"].get("groups"))
        self.start_tour("/odoo/mining-models", "logistics_model_page", login=self.manager.login)

    def test_a_salesperson_reads_how_good_a_model_is_and_runs_nothing(self):
        user = self._create_user("tour_user", "logistics_crm.group_logistics_user")
        self.start_tour("/odoo/mining-models", "logistics_model_page_reader", login=user.login)
