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

    def _get_promise_terms(self, company):
        """Return what of a `Demand` an order of this customer (or of nobody) would say.

        Who asks without an order gets the answer that a new order would get: it goes to the
        customer's delivery address, or to the address itself where one was named.
        """
        # sudo: nothing is kept of this order; who asks need not be one who may write one
        orders = self.env["sale.order"].sudo().with_company(company)
        order = orders.new({"partner_id": self._origin.id, "company_id": company.id})
        named = self.type in ("delivery", "other")
        ship_to = self._origin if named else order.partner_shipping_id._origin.sudo(self.env.su)
        sourcing = ship_to._get_promise_sourcing(company)
        return {
            "ship_to": ship_to,
            "warehouse": order.warehouse_id,
            "only": sourcing == "warehouse",
            "split": sourcing == "split",
        }
