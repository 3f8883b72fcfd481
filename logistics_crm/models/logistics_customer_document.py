from odoo import api, models


class LogisticsCustomerDocument(models.AbstractModel):
    """A document with a ``partner_id`` that shows its customer to whoever has it in hand.

    Because it does, users who see own customers only may not name any customer on one: over the
    API an id is enough, and naming one would show it to them.
    """

    _name = "logistics.customer.document"
    _description = "Document of a Customer"

    @api.model_create_multi
    def create(self, vals_list):
        """Name customers only whom the user sees already."""
        self._check_sees_customers(vals.get("partner_id") for vals in vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Name customers only whom the user sees already."""
        self._check_sees_customers([vals.get("partner_id")])
        return super().write(vals)

    @api.model
    def _check_sees_customers(self, partner_ids):
        if not self.env.su and self.env.user._sees_own_customers_only():
            self.env["res.partner"].browse(filter(None, partner_ids)).check_access("read")
