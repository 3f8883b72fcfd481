from odoo import api, models
from odoo.exceptions import UserError


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_sales_history(self):
        """Do what a foreign key would (see `Many2oneUnchecked`)."""
        # sudo: lines that the user may not see count, too
        history = self.env["logistics.sales.history"].sudo()
        if history.search_count([("currency_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Sales history uses this currency: archive it instead of deleting it.")
            )
