from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def get_promise_week(self):
        """Return what can be promised of all variants this week, see `product.product`."""
        return self.product_variant_ids.get_promise_week()

    def action_promise_check(self):
        """Open the question when this product can be delivered."""
        return self.product_variant_ids.action_promise_check()
