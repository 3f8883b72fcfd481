from odoo import models
from odoo.exceptions import AccessError


class LogisticsCompanyRecord(models.AbstractModel):
    """A record with a ``company_id``: nobody moves it to a company where they do not work.

    Record rules look at a record before it is written, not at the company it goes to. Where all
    companies share a kind of record there is no such rule at all.
    """

    _name = "logistics.company.record"
    _description = "Record of a Company"

    def write(self, vals):
        """Move records to companies of the user's only, and not where the company follows."""
        if "company_id" in vals and not self.env.su:
            self._check_may_move(vals["company_id"])
        return super().write(vals)

    def _check_may_move(self, company_id):
        field = self._fields["company_id"]
        moved = self.filtered(lambda record: record.company_id.id != (company_id or False))[:1]
        if not moved:
            return
        if field.readonly:
            raise AccessError(
                self.env._(
                    "The company of “%(record)s” is set by the system and cannot be written.",
                    record=moved.display_name,
                )
            )
        if company_id and company_id not in self.env.companies.ids:
            raise AccessError(
                self.env._(
                    "“%(record)s” stays in its company: you do not work for the other one, or "
                    "have switched it off at the top of the page.",
                    record=moved.display_name,
                )
            )
