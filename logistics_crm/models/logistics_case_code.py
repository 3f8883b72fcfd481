from odoo import api, models


class LogisticsCase(models.Model):
    _name = "logistics.case"
    _inherit = ("logistics.case", "logistics.code.picker")

    @api.model
    def _search_display_name(self, operator, value):
        """Find a case by its code as it is typed or scanned, before subjects are searched."""
        if operator in ("ilike", "="):
            domain = self.env["logistics.code.scheme"]._get_code_domain(self._name, value)
            if domain:
                return domain
        return super()._search_display_name(operator, value)
