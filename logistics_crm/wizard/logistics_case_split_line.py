from odoo import api, fields, models


class LogisticsCaseSplitLine(models.TransientModel):
    """A message that may go to the new case, as far as the user may read it."""

    _name = "logistics.case.split.line"
    _description = "Message to Split off"

    wizard_id = fields.Many2one("logistics.case.split", required=True, ondelete="cascade")
    is_chosen = fields.Boolean(string="Goes Along")
    message_id = fields.Many2one(
        "mail.message", string="Message to Move", required=True, ondelete="cascade"
    )
    date = fields.Datetime(compute="_compute_from_message")
    author_id = fields.Many2one("res.partner", compute="_compute_from_message")
    preview = fields.Char(compute="_compute_from_message", string="Message")

    @api.depends("message_id")
    def _compute_from_message(self):
        """Show messages that the user may read: over the API, any message can be named."""
        self.message_id.check_access("read")
        for line in self:
            line.date = line.message_id.date
            line.author_id = line.message_id.author_id
            line.preview = line.message_id.preview
