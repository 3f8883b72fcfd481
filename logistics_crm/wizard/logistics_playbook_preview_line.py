from odoo import fields, models


class LogisticsPlaybookPreviewLine(models.TransientModel):
    """A customer, or a document of one, in the preview of a playbook."""

    _name = "logistics.playbook.preview.line"
    _description = "Playbook Preview Line"
    _order = "id"

    preview_id = fields.Many2one(
        "logistics.playbook.preview", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    company_id = fields.Many2one("res.company", required=True)
    reason = fields.Char()
    outcome = fields.Selection(
        [
            ("start", "Would start"),
            ("cooldown", "Must wait: started a short time ago"),
            ("running", "Runs already"),
        ],
        string="What Happens",
        required=True,
    )
    until = fields.Date(string="Waits Until")
    owner = fields.Char(string="First Step Goes to")
