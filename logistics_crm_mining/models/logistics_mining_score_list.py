from odoo import models
from odoo.exceptions import UserError


class LogisticsMiningScore(models.Model):
    """From scores to a campaign list."""

    _inherit = "logistics.mining.score"

    def action_make_list(self):
        """Make a campaign list of the customers selected, by the task of their scores."""
        if len(self.task_id) != 1 or not self.partner_id:
            raise UserError(
                self.env._(
                    "Select scores of customers of one task: a campaign list is measured for one "
                    "task."
                )
            )
        return self.partner_id._make_list(self.task_id)
