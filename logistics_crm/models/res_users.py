from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _sees_own_customers_only(self):
        """Tell whether the user works with own customers only (see the rule on partners)."""
        self.ensure_one()
        return self.has_group("logistics_crm.group_logistics_user") and not self.has_group(
            "logistics_crm.group_logistics_officer"
        )
