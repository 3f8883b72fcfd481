from odoo.tools import SQL

from .tools import figures_sql


def post_init_hook(env):
    """Give codes to the customers who were there before the add-on."""
    env["res.partner"]._assign_missing_customer_codes()


def uninstall_hook(env):
    """Drop what uninstalling does not know.

    That is the counters of codes, the indexes on partners, the loader's staging table and the
    function of the customers' figures.
    Checked by hand: no table, sequence, column, index or record of ours is left.
    """
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s", SQL.identifier(figures_sql.FUNCTION)))
    env.cr.execute("DROP TABLE IF EXISTS logistics_history_stage")
    for column in ("user_id", "email_normalized", "phone_sanitized"):
        index = SQL.identifier(f"res_partner__{column}_index")
        env.cr.execute(SQL("DROP INDEX IF EXISTS %s", index))
    schemes = env["logistics.code.scheme"].search([])
    sequences = schemes.sequence_id
    env.cr.execute("UPDATE logistics_code_scheme SET sequence_id = NULL")
    schemes.invalidate_model(["sequence_id"], flush=False)
    sequences.unlink()
