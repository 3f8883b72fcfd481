from odoo import models


class AccountMove(models.Model):
    """Invoices and payments tell the flow of their orders."""

    _inherit = "account.move"

    def write(self, vals):
        """Bring the flow to the next step when an invoice is posted, or back."""
        result = super().write(vals)
        if "state" in vals:
            self.env["logistics.flow"]._queue(self)
        return result

    def _compute_payment_state(self):
        """Bring the flow to its end when everything is paid."""
        result = super()._compute_payment_state()
        self.env["logistics.flow"]._queue(self)
        return result
