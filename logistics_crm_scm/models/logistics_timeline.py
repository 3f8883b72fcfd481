from odoo import models
from odoo.tools import SQL

from odoo.addons.logistics_crm.tools import timeline_sql

from ..tools import delivery_sql


class LogisticsTimeline(models.Model):
    _inherit = "logistics.timeline"
    _depends = delivery_sql.TIMELINE_DEPENDS

    def _get_timeline_parts(self):
        return [*super()._get_timeline_parts(), "delivery"]

    def _get_timeline_part_delivery(self):
        """Return the part of deliveries that left for the customer."""
        return timeline_sql.document_part(
            "stock.picking",
            SQL(
                """stock_picking d JOIN res_partner p ON p.id = d.partner_id
                JOIN stock_location t ON t.id = d.location_dest_id"""
            ),
            {
                "kind": SQL("'delivery'"),
                "date": SQL("d.date_done"),
                "title": SQL("CONCAT_WS(' · ', d.name, NULLIF(d.origin, ''))"),
            },
            SQL("d.state = 'done' AND t.usage = 'customer'"),
        )
