import operator
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .order_fact_common import OrderFactInvoicingCase
from .playbook_common import PlaybookMixin

COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


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

    def test_overdue_days_are_found_as_they_are_shown(self):
        paid = self._invoice_due(40)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=paid.ids
        ).create({})._create_payments()
        invoices = paid + self._invoice_due(8) + self._invoice_due(7) + self._invoice_due(0)
        self.assertEqual(invoices.mapped("days_overdue"), [0, 8, 7, 0])
        own = [("id", "in", invoices.ids)]
        for sign, compare in COMPARE.items():
            for days in (-1, 0, 1, 7, 8, 40):
                with self.subTest(f"{sign} {days}"):
                    found = invoices.search([*own, ("days_overdue", sign, days)])
                    wanted = invoices.filtered(lambda m, c=compare, d=days: c(m.days_overdue, d))
                    self.assertEqual(set(found), set(wanted))
