from odoo import api, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the partner of a new company out of other companies' customers."""
        marked = self.with_context(logistics_partner_of_company=True)
        return super(ResCompany, marked).create(vals_list).with_env(self.env)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_sales_history(self):
        """Do what a foreign key would (see `Many2oneUnchecked`)."""
        # sudo: lines that the user may not see count, too
        history = self.env["logistics.sales.history"].sudo()
        if history.search_count([("company_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Sales history uses this company: archive it instead of deleting it.")
            )
