from odoo import fields, models
from odoo.exceptions import AccessError

SETTINGS = ("claim_officer_limit", "case_satisfaction_ask", "case_satisfaction_days")


class LogisticsServiceSettings(models.TransientModel):
    """What Managers decide about the customer service of a company they work for.

    Managers may not write companies. This sets the fields that are theirs to decide, no others.
    """

    _name = "logistics.service.settings"
    _description = "Service Settings"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    claim_officer_limit = fields.Monetary(
        string="Settlements of Officers",
        default=lambda self: self.env.company.claim_officer_limit,
        help="Officers approve settlements up to this amount, Managers any amount.",
    )
    case_satisfaction_ask = fields.Boolean(
        string="Ask for Satisfaction",
        default=lambda self: self.env.company.case_satisfaction_ask,
        help="When a case is closed, the customer gets a mail with a link to say how it went.",
    )
    case_satisfaction_days = fields.Integer(
        string="Days to Answer",
        default=lambda self: self.env.company.case_satisfaction_days,
        help="So many days the link of the mail can be used, and an answer be changed.",
    )

    def _compute_display_name(self):
        for settings in self:
            settings.display_name = settings.env._("Service Settings")

    def action_save(self):
        """Let the choices hold for the company from now on."""
        self.ensure_one()
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "You do not work for %(company)s: choose it in the list of companies first.",
                    company=self.company_id.sudo().name,  # sudo: to name what was refused
                )
            )
        # sudo: Managers set these three fields of their own company, and may write no other
        self.company_id.sudo().write({name: self[name] for name in SETTINGS})
        return {"type": "ir.actions.act_window_close"}
