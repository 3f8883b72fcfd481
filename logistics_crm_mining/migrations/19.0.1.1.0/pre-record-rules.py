def migrate(cr, version):
    """Let record rules follow the add-on: databases from before kept those they began with."""
    cr.execute(
        """UPDATE ir_model_data SET noupdate = FALSE
            WHERE module = 'logistics_crm_mining' AND model = 'ir.rule' AND noupdate"""
    )
