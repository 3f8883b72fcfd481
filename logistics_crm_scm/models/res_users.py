from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_archive(self):
        """Have others call the customers whom archived users were to call about their dates."""
        # sudo: whoever archives users need not see promises
        lines = self.env["logistics.promise.line"].sudo()
        lines = lines.search([("call_id.user_id", "in", self.ids)])
        result = super().action_archive()
        lines.call_news = False
        lines._plan_notices()
        return result
