from odoo.tests import HttpCase, tagged

from .portrait_common import PortraitCase


@tagged("post_install", "-at_install")
class TestPortraitTour(PortraitCase, HttpCase):
    """An account manager reads the page, sees what is behind it, and begins a quotation."""

    def test_an_account_manager_goes_from_the_customer_to_a_quotation(self):
        self.customer.name = "Tour Customer"
        product = self._create_product("Tour Pallet")
        self._order(25, 45, 65, 85, product=product, quantity=3.0)
        url = f"/odoo/logistics-customers/{self.customer.id}"
        self.start_tour(url, "logistics_portrait", login=self.user.login)
