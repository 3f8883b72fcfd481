from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Let cases say which of them an incoming mail belongs to."""
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        return self.env["logistics.case"]._settle_mail_routes(message, message_dict, routes)
