from odoo import api, fields, models


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    state = fields.Selection(
        selection_add=[("logistics_playbook", "Start Playbook"), ("code",)],
        ondelete={"logistics_playbook": "cascade"},
    )
    logistics_playbook_id = fields.Many2one(
        "logistics.playbook",
        string="Playbook",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('model', '=', model_name)]",
    )

    @api.model
    def _name_depends(self):
        return [*super()._name_depends(), "logistics_playbook_id"]

    def _generate_action_name(self):
        """Name the action after its playbook."""
        if self.state == "logistics_playbook" and self.logistics_playbook_id:
            return self.env._("Start %(playbook)s", playbook=self.logistics_playbook_id.name)
        return super()._generate_action_name()

    @api.model
    def _warning_depends(self):
        return [*super()._warning_depends(), "logistics_playbook_id"]

    def _get_warning_messages(self):
        """Say that a playbook of other records cannot be started."""
        warnings = super()._get_warning_messages()
        playbook = self.logistics_playbook_id
        if self.state == "logistics_playbook" and playbook.model != self.model_id.model:
            warnings.append(self.env._("Choose a playbook that looks at the records of the rule."))
        return warnings

    def _run_action_logistics_playbook_multi(self, eval_context=None):
        """Start the playbook for the records of the rule; a failure is logged, not raised."""
        context = self.env.context
        ids = context.get("active_ids") or [context.get("active_id")]
        # sudo: whoever changes a record sets a playbook off, whether or not they see the customer
        records = self.env[self.model_name].sudo().browse(filter(None, ids)).exists()
        self.logistics_playbook_id.sudo()._start_for(records)
        return False
