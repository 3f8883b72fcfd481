from odoo import models


class StockPicking(models.Model):
    """Say why a delivery waits although goods are there."""

    _inherit = "stock.picking"

    def action_assign(self):
        """Check availability, and name the orders that goods in stock are promised to."""
        result = super().action_assign()
        told = self.move_ids._tell_promised_to_others()
        if not told:
            return result
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("In stock, but promised to others"),
                "message": "\n".join(told),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
