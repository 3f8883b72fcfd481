from odoo import api, models

from ..tools.plain_text import storable


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """Take off what cannot be stored: a mail that says NUL somewhere is not lost for it."""
        parsed = super().message_parse(message, save_original)
        return {name: _clean(value) for name, value in parsed.items()}

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Let cases say which of them an incoming mail belongs to."""
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        return self.env["logistics.case"]._settle_mail_routes(message, message_dict, routes)


def _clean(value):
    if isinstance(value, str):
        return type(value)(storable(value))
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(_clean(part) for part in value)
    return value._replace(fname=storable(value.fname)) if hasattr(value, "fname") else value
