from odoo import fields, models


class LogisticsCaseSplitLine(models.TransientModel):
    """A message that may go to the new case, as the user may read it."""

    _name = "logistics.case.split.line"
    _description = "Message to Split off"

    wizard_id = fields.Many2one("logistics.case.split", required=True, ondelete="cascade")
    is_chosen = fields.Boolean(string="Goes Along")
    message_id = fields.Many2one(
        "mail.message", string="Message to Move", required=True, ondelete="cascade"
    )
    date = fields.Datetime(related="message_id.date", related_sudo=False)
    author_id = fields.Many2one(related="message_id.author_id", related_sudo=False)
    preview = fields.Char(
        related="message_id.preview", related_sudo=False, string="Message"
    )
