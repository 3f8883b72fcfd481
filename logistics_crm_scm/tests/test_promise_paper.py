from odoo import Command
from odoo.tests import HttpCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


@tagged("post_install", "-at_install")
class TestPromisePaper(RecheckMixin, HttpCase):
    """What a customer gets of an order with sections, notes and down payments: all have no unit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock(5)
        cls.customer.email = "buyer@example.com"
        order = cls._quotation(2, user_id=cls.seller.id, require_signature=True)
        order.require_payment = False
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Section of goods"}),
            Command.create({"display_type": "line_note", "name": "Note on goods"}),
        ]
        cls.order = order.with_user(cls.seller).with_company(cls.company)

    def _sign(self):
        return self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/accept",
            {
                "access_token": self.order.sudo()._portal_ensure_token(),
                "name": "Ann Buyer",
                "signature": SIGNATURE,
            },
        )

    def _portal(self):
        answer = self.url_open(self.order.sudo().get_portal_url())
        self.assertEqual(answer.status_code, 200)
        return answer.text

    def _printed(self, lang="en_US"):
        report = self.env["ir.actions.report"].with_user(self.seller).with_context(lang=lang)
        return report._render_qweb_html("sale.report_saleorder", self.order.ids)[0].decode()

    def test_who_signs_in_the_portal_without_a_login_is_promised_and_reads_the_date(self):
        self.order.action_quotation_sent()
        self.assertTrue(self._sign()["force_refresh"])
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.order.sudo().promise_line_ids.mapped("date"), [day(0)])
        self.assertIn("03/02/2026", self._portal())

    def test_a_confirmed_order_is_printed_and_sent(self):
        self.order.action_confirm()
        self.assertIn("Delivery by 03/02/2026", self._printed())
        self.assertIn("Section of goods", self._printed())
        action = self.order.action_quotation_send()
        composer = self.env[action["res_model"]].with_user(self.seller)
        mail = composer.with_context(**action["context"]).create({})
        mail.action_send_mail()
        self.assertEqual(mail.model, "sale.order")

    def test_an_order_with_a_down_payment_is_printed_and_opened_in_the_portal(self):
        self.order.action_confirm()
        # as the wizard of Odoo adds them, which needs a chart of accounts
        self.order.sudo().order_line = [
            Command.create(
                {
                    "name": "Down payment",
                    "is_downpayment": True,
                    "product_uom_qty": 0,
                    "price_unit": 30,
                }
            )
        ]
        self.assertFalse(self.order.order_line[-1:].product_uom_id)
        for text in (self._printed(), self._portal()):
            self.assertIn("03/02/2026", text)
