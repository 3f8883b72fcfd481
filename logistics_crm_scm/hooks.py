from odoo.tools.sql import drop_view_if_exists


def uninstall_hook(env):
    """Drop the sales view: the next start builds it without the columns of this add-on."""
    drop_view_if_exists(env.cr, env["logistics.order.fact"]._table)
