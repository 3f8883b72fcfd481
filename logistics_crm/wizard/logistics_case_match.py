from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class LogisticsCaseMatch(models.TransientModel):
    """Choose the customer of a case in the inbox."""

    _name = "logistics.case.match"
    _description = "Choose the Customer of a Case"

    case_id = fields.Many2one("logistics.case", required=True, ondelete="cascade")
    partner_name = fields.Char(related="case_id.partner_name", related_sudo=False)
    partner_email = fields.Char(related="case_id.partner_email", related_sudo=False)
    partner_phone = fields.Char(related="case_id.partner_phone", related_sudo=False)
    line_ids = fields.One2many(
        "logistics.case.match.line",
        "match_id",
        string="Suggestions",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
    )
    partner_id = fields.Many2one("res.partner", string="Another Customer")
    remember = fields.Boolean(
        string="Remember the Address",
        help="Keep the sender as a contact of the customer: the next mail is theirs at once.",
    )

    @api.depends("case_id")
    def _compute_line_ids(self):
        for match in self:
            suggestions = match.case_id._get_suggestions().get(match.case_id, ())
            match.line_ids = [Command.clear()] + [
                Command.create({"partner_id": partner.id, "reason": reason})
                for partner, reason, _weight in suggestions
            ]

    def action_assign(self):
        """Give the case to the customer chosen by hand."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose a customer, or take one of the suggestions."))
        return self._assign(self.partner_id)

    def action_create_customer(self):
        """Make a new contact of the sender."""
        self.ensure_one()
        if not self.partner_name and not self.partner_email:
            raise UserError(self.env._("Nothing is known of the sender. Choose a customer."))
        partner = self.env["res.partner"].create(
            {
                "name": self.partner_name or self.partner_email,
                "email": self.partner_email,
                "phone": self.partner_phone,
            }
        )
        return self._assign(partner)

    def _assign(self, partner):
        self.case_id._assign_customer(partner, remember=self.remember)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
