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
        # two kinds, so that there are groups to show
        cls._make_history(cls.customers[:60], seed=1, amount=20.0)
        cls._make_history(cls.customers[60:], seed=2, amount=9000.0)
        cls.run_segment = cls._score_directly(cls.segment_task)

    def test_a_mining_manager_reads_how_good_a_model_is(self):
        self.assertTrue(self.run_segment.metrics["behaviour"].get("groups"))
        self.start_tour("/odoo/mining-models", "logistics_model_page", login=self.manager.login)
