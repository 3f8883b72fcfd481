from odoo.tests import HttpCase, tagged

from .dashboard_common import DashboardCase


@tagged("post_install", "-at_install")
class TestDashboardTour(DashboardCase, HttpCase):
    """An officer looks at the pages in the browser, goes to the records, and saves both files."""

    def test_an_officer_goes_through_the_roles_and_saves_what_they_see(self):
        self.scored[:4].segment_id = self.champion
        self.scored[4:].segment_id = self.risk
        self.customers[0].user_id = self.officer
        self.scored[0].churn_risk = "high"
        self.start_tour(
            "/odoo/logistics-dashboard", "logistics_dashboard", login=self.officer.login
        )
