from odoo import fields, models


class LogisticsCaseSplitLine(models.TransientModel):
    """A message that may go to the new case."""

    _name = "logistics.case.split.line"
    _description = "Message to Split off"

    wizard_id = fields.Many2one("logistics.case.split", required=True, ondelete="cascade")
    is_chosen = fields.Boolean(string="Goes Along")
    message_id = fields.Many2one(
        "mail.message", string="Message to Move", required=True, ondelete="cascade"
    )
    date = fields.Datetime(related="message_id.date")
    author_id = fields.Many2one(related="message_id.author_id")
    preview = fields.Char(related="message_id.preview", string="Message")
