from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class LogisticsCaseCreditLine(models.TransientModel):
    """How much of an invoice line is credited."""

    _name = "logistics.case.credit.line"
    _description = "Invoice Line to Credit"

    wizard_id = fields.Many2one("logistics.case.credit", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id", related_sudo=False)
    move_line_id = fields.Many2one("account.move.line", required=True, ondelete="cascade")
    name = fields.Char(related="move_line_id.name", related_sudo=False)
    invoiced_quantity = fields.Float(
        related="move_line_id.quantity",
        related_sudo=False,
        string="Invoiced",
        digits="Product Unit",
    )
    quantity = fields.Float(string="To Credit", digits="Product Unit")
    subtotal = fields.Monetary(string="Untaxed Amount", compute="_compute_subtotal")

    @api.depends("quantity", "move_line_id")
    def _compute_subtotal(self):
        for line in self:
            invoiced = line.move_line_id
            share = line.quantity / invoiced.quantity if invoiced.quantity else 0
            line.subtotal = line.currency_id.round(invoiced.price_subtotal * share)

    @api.constrains("quantity")
    def _check_quantity(self):
        for line in self:
            if not 0 <= line.quantity <= line.invoiced_quantity:
                raise ValidationError(
                    self.env._(
                        "%(line)s: credit between 0 and the %(quantity)s invoiced.",
                        line=line.name,
                        quantity=line.invoiced_quantity,
                    )
                )

    def _prepare_credit_line(self):
        # sudo: the line is on the invoice that was checked; Officers read no accounts
        line = self.move_line_id.sudo()
        return {
            "name": line.name,
            "product_id": line.product_id.id,
            "product_uom_id": line.product_uom_id.id,
            "quantity": self.quantity,
            "price_unit": line.price_unit,
            "discount": line.discount,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "account_id": line.account_id.id,
            "analytic_distribution": line.analytic_distribution,
        }
