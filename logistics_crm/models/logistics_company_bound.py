from odoo import models
from odoo.exceptions import UserError


class LogisticsCompanyBound(models.AbstractModel):
    """A document that stays in the company in which it was made.

    Odoo checks record rules before a change alone: who may write a record could hand it to a
    company that they do not work for, where its codes, deadlines and people mean nothing.
    """

    _name = "logistics.company.bound"
    _description = "Document of One Company"

    def write(self, vals):
        """Let nobody but the system move a document to another company."""
        if "company_id" in vals and not self.env.su:
            moved = self.filtered(lambda one: one.company_id.id != vals["company_id"])[:1]
            if moved:
                raise UserError(
                    self.env._(
                        "%(name)s belongs to %(company)s and stays there. Make a new one in the "
                        "other company, and name this one in it.",
                        name=moved.display_name,
                        company=moved.sudo().company_id.name,  # sudo: its name is on the document
                    )
                )
        return super().write(vals)
