from odoo import models


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _get_promise_area(self):
        """Return the warehouse whose deliveries are picked from here; empty elsewhere."""
        warehouse = self.warehouse_id
        stock = warehouse.lot_stock_id
        if self.usage == "internal" and stock and self.parent_path.startswith(stock.parent_path):
            return warehouse
        return warehouse.browse()
