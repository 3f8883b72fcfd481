from odoo import models


class MailActivity(models.Model):
    """Calls that tell customers another date."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Keep that the customer was told once the call is done."""
        # sudo: whoever calls the customer need not see promises, which are written by what happened
        lines = self.env["logistics.promise.line"].sudo().search([("call_id", "in", self.ids)])
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        lines._keep_called()
        return result
