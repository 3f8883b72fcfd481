from odoo.tests import HttpCase, tagged

from ..tools.history_spool import REJECTED
from .history_load_common import HistoryLoadCase


@tagged("post_install", "-at_install")
class TestHistoryLoadTour(HistoryLoadCase, HttpCase):
    def test_a_manager_loads_the_good_lines_of_a_file(self):
        self.start_tour("/odoo", "logistics_history_load", login=self.manager.login)
        load = self.Load.search([("source", "=", "tour")])
        self.assertEqual((load.state, load.created_count, load.rejected_count), ("done", 2, 2))
        self.assertEqual(sorted(self.lines_of(load).mapped("amount")), [4, 7])
        self.assertTrue(self.spool.has(load.id, REJECTED))
