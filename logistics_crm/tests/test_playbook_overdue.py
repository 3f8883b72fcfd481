from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .order_fact_common import OrderFactInvoicingCase
from .playbook_common import PlaybookMixin


@tagged("post_install", "-at_install")
class TestPlaybookOverdue(PlaybookMixin, OrderFactInvoicingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.playbook = cls.env.ref("logistics_crm.playbook_payment_overdue").sudo()  # as the cron
        cls.playbook.state = "on"

    def _invoice_due(self, days):
        invoice = self._confirmed()._create_invoices()
        invoice.invoice_date = fields.Date.today() - timedelta(days=days)
        invoice.invoice_payment_term_id = False
        invoice.invoice_date_due = invoice.invoice_date
        invoice.action_post()
        return invoice

    def test_overdue_invoices_hit_their_customer_once(self):
        invoices = self._invoice_due(40) + self._invoice_due(20)
        self._invoice_due(2)
        (hit,) = self._hits()
        self.assertEqual((hit.partner_id, hit.total), (self.customer.id, 2))
        start = self._start()
        self.assertEqual((start.res_model, start.res_id), ("res.partner", self.customer.id))
        for invoice in invoices:
            self.assertIn(invoice.name, start.reason)

    def test_a_paid_invoice_hits_nobody(self):
        invoice = self._invoice_due(40)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertFalse(self._hits())
