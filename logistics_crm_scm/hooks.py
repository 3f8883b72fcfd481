from odoo.tools.sql import drop_view_if_exists


def uninstall_hook(env):
    """Drop the views of sales and touches: the next start builds them without this add-on."""
    for name in ("logistics.order.fact", "logistics.timeline"):
        drop_view_if_exists(env.cr, env[name]._table)
