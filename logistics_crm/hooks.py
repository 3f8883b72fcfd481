def post_init_hook(env):
    """Give codes to the customers who were there before the add-on."""
    env["res.partner"]._assign_missing_customer_codes()


def uninstall_hook(env):
    """Drop the counters behind the code schemes: nothing of them stays in the database."""
    schemes = env["logistics.code.scheme"].search([])
    sequences = schemes.sequence_id
    env.cr.execute("UPDATE logistics_code_scheme SET sequence_id = NULL")
    schemes.invalidate_model(["sequence_id"], flush=False)
    sequences.unlink()
