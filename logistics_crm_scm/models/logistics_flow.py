from odoo import api, models
from odoo.tools import SQL

from odoo.addons.logistics_crm.tools import flow_sql


class LogisticsFlow(models.Model):
    """Orders whose goods leave the warehouse: delivered when the last of them left."""

    _inherit = "logistics.flow"

    @api.model
    def _get_parts(self):
        """Date the delivery of an order by its stock moves."""
        parts = super()._get_parts()
        left = SQL(
            """(SELECT max(m.date) FROM stock_move m JOIN sale_order_line x ON x.id = m.sale_line_id
            WHERE x.order_id = k.order_id AND m.state = 'done')"""
        )
        parts["order"] = {**parts["order"], "done": flow_sql.delivered(left)}
        return parts
