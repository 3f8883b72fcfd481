from odoo.tests import HttpCase, tagged

MINUTES = 5


@tagged("post_install", "-at_install")
class TestPromiseJs(HttpCase):
    def test_the_widget_of_promises(self):
        """Run the widget's own tests, in static/tests, in a browser."""
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&filter=@logistics_crm_scm",
            "",
            "",
            login="admin",
            timeout=60 * MINUTES,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
