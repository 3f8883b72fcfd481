from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class LogisticsCase(models.Model):
    """What belongs together on a case: its company, who answers, and the customer's documents."""

    _inherit = "logistics.case"

    def write(self, vals):
        """Hand cases that move to another company to somebody there, unless money has moved."""
        if "company_id" not in vals:
            return super().write(vals)
        moved = self.filtered(lambda case: case.company_id.id != vals["company_id"])
        moved._check_nothing_credited_here()
        left = moved._get_left_by_responsible(vals)
        result = super(LogisticsCase, self - left).write(vals) if self - left else True
        if left:
            super(LogisticsCase, left).write({**vals, "employee_id": False})
            # sudo: who hands a case to another company need not see it there
            left.sudo().filtered(lambda case: case._is_open())._route()
        moved._propose_settlement()  # the other company has a limit of its own
        return result

    def _check_nothing_credited_here(self):
        # sudo: whoever sees the case, the note keeps it in its company
        credited = self.sudo().filtered("credit_note_ids")[:1]
        if credited:
            raise UserError(
                self.env._(
                    "%(case)s stays with %(company)s: there is a credit note. Open another case "
                    "and link the two.",
                    case=credited.display_name,
                    company=credited.company_id.name,
                )
            )

    def _get_left_by_responsible(self, vals):
        """Return the cases whose responsible does not work in the company that they move to."""
        if vals.get("employee_id"):
            return self.browse()
        # sudo: employees of other companies are not for everyone to read
        companies = (False, vals["company_id"])
        return self.filtered(lambda case: case.employee_id.sudo().company_id.id not in companies)

    @api.constrains("order_id", "invoice_id", "partner_id")
    def _check_documents_of_the_customer(self):
        for case in self:
            # sudo: a document counts that the user may not read
            customer = case.sudo().commercial_partner_id
            for name in ("order_id", "invoice_id"):
                owner = case.sudo()[name].partner_id.commercial_partner_id
                if customer and owner and owner != customer:
                    raise ValidationError(case._get_foreign_document_message(name))

    def _get_foreign_document_message(self, name):
        return self.env._(
            "%(case)s: “%(field)s” is one of another customer. Choose one of this customer, or "
            "leave it empty.",
            case=self.display_name,
            field=self._fields[name]._description_string(self.env),
        )
