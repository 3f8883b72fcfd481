from odoo import fields, models


class LogisticsCaseMatchLine(models.TransientModel):
    """A customer who may have sent a case, and why."""

    _name = "logistics.case.match.line"
    _description = "Suggested Customer of a Case"

    match_id = fields.Many2one("logistics.case.match", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", related_sudo=False, string="Customer"
    )
    customer_code = fields.Char(related="commercial_partner_id.customer_code", related_sudo=False)
    reason = fields.Char(string="Because")

    def action_assign(self):
        """Give the case to this customer."""
        self.ensure_one()
        return self.match_id._assign(self.partner_id)
