from odoo import models

from ..tools.languages import say_in_each_language

DATES = {"removal_date", "expiration_date"}  # where lots may expire


class StockLot(models.Model):
    """Promises of which lots expire on another day are checked again."""

    _inherit = "stock.lot"

    def write(self, vals):
        """Note that it may have to leave sooner, or may leave later."""
        result = super().write(vals)
        if DATES & vals.keys():
            recheck = self.env["logistics.promise.recheck"]
            for lot in self:
                reasons = say_in_each_language(
                    lot,
                    lambda one: one.env._("Lot %(name)s expires on another day.", name=one.name),
                )
                # sudo: who changes a date need not see the stock of all companies
                for company in lot.company_id or lot.sudo().quant_ids.company_id:
                    recheck._note(lot.product_id, company, reasons, lot.name)
        return result
