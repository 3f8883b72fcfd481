from odoo import fields, models

from .res_company import SOURCING


class ResPartner(models.Model):
    _inherit = "res.partner"

    delivery_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Delivery Days",
        help="The days on which this customer receives, or this supplier sends; every day when"
        " empty, here and at its company.",
    )
    promise_sourcing = fields.Selection(
        SOURCING,
        string="Sourcing",
        help="From which warehouses this customer's orders may come; the company's choice when"
        " empty.",
    )

    def _get_promise_sourcing(self, company):
        """Return from which warehouses a customer (or nobody) is served."""
        self and self.ensure_one()
        wish = self.promise_sourcing or self.commercial_partner_id.promise_sourcing
        return wish or company.promise_sourcing
