def post_init_hook(env):
    """Give codes to the customers who were there before the add-on."""
    env["res.partner"]._assign_missing_customer_codes()


def uninstall_hook(env):
    """Drop what uninstalling does not know.

    That is the counters of codes, the index on salespersons and the loader's staging table.
    Checked by hand: no table, sequence, column, index or record of ours is left.
    """
    env.cr.execute("DROP TABLE IF EXISTS logistics_history_stage")
    env.cr.execute("DROP INDEX IF EXISTS res_partner__user_id_index")
    schemes = env["logistics.code.scheme"].search([])
    sequences = schemes.sequence_id
    env.cr.execute("UPDATE logistics_code_scheme SET sequence_id = NULL")
    schemes.invalidate_model(["sequence_id"], flush=False)
    sequences.unlink()
