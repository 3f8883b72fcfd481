from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LogisticsCaseMailbox(models.Model):
    """A mail address whose mails become cases of one company, perhaps of one category."""

    _name = "logistics.case.mailbox"
    _description = "Case Mail Address"
    _inherit = ("mail.alias.mixin", "logistics.company.record")
    _order = "company_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    category_id = fields.Many2one(
        "logistics.case.category",
        ondelete="restrict",
        help="What the mails to this address are about, as claims@. Empty: a person decides.",
    )

    @api.constrains("alias_name")
    def _check_alias_name(self):
        for mailbox in self:
            if not mailbox.alias_name:
                raise ValidationError(
                    self.env._("A mail address for cases needs the part before the @ sign.")
                )

    @api.depends("alias_email", "alias_name")
    def _compute_display_name(self):
        for mailbox in self:
            mailbox.display_name = mailbox.alias_email or mailbox.alias_name

    def write(self, vals):
        """Let the alias follow company and category."""
        result = super().write(vals)
        if vals.keys() & {"company_id", "category_id"}:
            for mailbox in self:
                mailbox.alias_defaults = mailbox._get_alias_defaults()
        return result

    def _alias_get_creation_values(self):
        """Make the alias create cases."""
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("logistics.case")
        if self.id:
            values["alias_defaults"] = self._get_alias_defaults()
        return values

    def _get_alias_defaults(self):
        self.ensure_one()
        values = {"company_id": self.company_id.id, "category_id": self.category_id.id}
        return repr({name: value for name, value in values.items() if value})
