from odoo import models

from ..tools.languages import say_in_each_language


class StockPicking(models.Model):
    """Say why a delivery waits although goods are there; note that another carrier takes it."""

    _inherit = "stock.picking"

    def write(self, vals):
        """Have promises checked that another carrier delivers."""
        before = {one: one.carrier_id for one in self} if "carrier_id" in vals else {}
        result = super().write(vals)
        for transfer, carrier in before.items():
            if transfer.carrier_id != carrier and transfer.state not in ("done", "cancel"):
                transfer._note_carrier()
        return result

    def _note_carrier(self):
        """Note the products of a transfer that are promised to the customer of an order."""
        reasons = say_in_each_language(self, lambda one: one._describe_carrier())
        # sudo: whoever plans transfers need not read promises
        for product in self.sudo().move_ids.filtered("sale_line_id").product_id:
            recheck = self.env["logistics.promise.recheck"].sudo()
            recheck._note(product, self.company_id, reasons, self.name)

    def _describe_carrier(self):
        name = self.carrier_id.name or self.env._("none")
        return self.env._(
            "The carrier of %(transfer)s is another one now: %(name)s.",
            transfer=self.name,
            name=name,
        )

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
