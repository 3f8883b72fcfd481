from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_archive(self):
        """Hand the playbook steps of who leaves to others, before their activities are deleted."""
        # sudo: who archives a user need not see the customers
        steps = self.env["logistics.playbook.step"].sudo()
        steps.search([("state", "=", "open"), ("activity_id.user_id", "in", self.ids)])._hand_on(
            without=self
        )
        return super().action_archive()
