from odoo.tools import SQL
from odoo.tools.sql import drop_view_if_exists

from .tools import delivery_sql


def uninstall_hook(env):
    """Drop the views of sales and touches: the next start builds them without this add-on.

    Drop the function of the delivery rates for good.
    """
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s", SQL.identifier(delivery_sql.FUNCTION)))
    for name in ("logistics.order.fact", "logistics.timeline"):
        drop_view_if_exists(env.cr, env[name]._table)
