from odoo import api, models


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _run_buy(self, procurements):
        """Have suppliers deliver on the promised day what goes to the customer beside our goods.

        A kit's procurement is planned for the day on which our part of it leaves the warehouse.
        """
        for procurement, rule in procurements:
            promised = procurement.values.get("promised_delivery")
            if promised and rule.location_dest_id.usage == "customer":
                procurement.values["date_planned"] = promised
        return super()._run_buy(procurements)
