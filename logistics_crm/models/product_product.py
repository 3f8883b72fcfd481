from odoo import api, models


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ("product.product", "logistics.code.picker")

    @api.model
    def _search_display_name(self, operator, value):
        """Find a product by our code as it is typed or scanned, before names are searched."""
        if operator in ("ilike", "="):
            domain = self.env["logistics.code.scheme"]._get_code_domain(self._name, value)
            if domain:
                return domain
        return super()._search_display_name(operator, value)

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Look for our code first: Odoo compares codes as they are stored only."""
        if operator in ("ilike", "=") and name:
            code = self.env["logistics.code.scheme"]._read_code(self._name, name)
            name = code or name
        return super().name_search(name, domain, operator, limit)
