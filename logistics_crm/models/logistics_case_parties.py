from odoo import api, models
from odoo.exceptions import ValidationError


class LogisticsCase(models.Model):
    """Who and what a case names belongs together: customer, order, invoice, responsible."""

    _inherit = "logistics.case"

    @api.constrains("name")
    def _check_subject(self):
        if any(not (case.name or "").strip() for case in self):
            raise ValidationError(self.env._("A case needs a subject: what is it about?"))

    @api.constrains("partner_id", "order_id")
    def _check_order_of_customer(self):
        """Take orders that the customer has a part in: buyer, receiver or payer."""
        for case in self:
            # sudo: the order may be another team's; only whose it is matters
            order, customer = case.sudo().order_id, case.sudo().commercial_partner_id
            parties = order.partner_id | order.partner_shipping_id | order.partner_invoice_id
            if order and customer and customer not in parties.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s is no order of %(customer)s.",
                        order=order.name,
                        customer=customer.display_name,
                    )
                )

    @api.constrains("partner_id", "invoice_id")
    def _check_invoice_of_customer(self):
        for case in self:
            # sudo: whoever answers a case need not read invoices
            invoice, customer = case.sudo().invoice_id, case.sudo().commercial_partner_id
            if invoice and customer and invoice.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(invoice)s is no invoice of %(customer)s.",
                        invoice=invoice.name,
                        customer=customer.display_name,
                    )
                )

    @api.constrains("employee_id", "company_id")
    def _check_employee_of_company(self):
        """Take employees of the case's company, of any where all companies share the cases."""
        if self.env["logistics.data.sharing"]._get_scope("cases") == "shared":
            return
        for case in self:
            employee = case.sudo().employee_id  # sudo: employees of other companies are hidden
            if employee.company_id and employee.company_id != case.company_id:
                raise ValidationError(
                    self.env._(
                        "%(employee)s does not work for %(company)s.",
                        employee=employee.name,
                        company=case.company_id.name,
                    )
                )
