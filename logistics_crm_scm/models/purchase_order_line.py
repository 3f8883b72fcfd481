from odoo import models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _update_move_date_deadline(self, new_date):
        """Plan open receipts for the day that the buyer was told, not only their deadline.

        Odoo leaves the planned day of a receipt where it was: nobody would hear of the delay.
        """
        result = super()._update_move_date_deadline(new_date)
        receipts = self.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel") and move.location_id.usage == "supplier"
            )
        )
        receipts.date = new_date
        return result
