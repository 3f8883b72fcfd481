from odoo.tests import HttpCase, tagged

from .history_load_common import HistoryLoadCase


@tagged("post_install", "-at_install")
class TestHistoryLoadTour(HistoryLoadCase, HttpCase):
    def test_a_manager_loads_the_good_lines_of_a_file(self):
        self.start_tour("/odoo", "logistics_history_load", login=self.manager.login)
        load = self.Load.search([("source", "=", "tour")])
        self.assertEqual((load.state, load.created_count, load.rejected_count), ("done", 2, 2))
        self.assertEqual(sorted(self.lines_of(load).mapped("amount")), [4, 7])
        # a click would count as leaving the page, which tours forbid
        self.authenticate(self.manager.login, self.manager.login)
        rejected = self.url_open(load.action_download_rejected()["url"]).text
        self.assertIn("two", rejected)
        self.assertIn("2024-02-31", rejected)
