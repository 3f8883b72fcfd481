from ast import literal_eval

from odoo import models
from odoo.fields import Command, Domain


class LogisticsPlaybook(models.Model):
    """Playbooks that start at once, by an automation rule of their own."""

    _inherit = "logistics.playbook"

    def _sync_automation(self):
        """Make, change or switch off the rule behind each playbook."""
        # sudo: automation rules belong to administrators; a playbook's own rule only starts it
        for playbook in self.sudo():
            wanted = playbook.state == "on" and playbook.mode == "event" and playbook.active
            if wanted and not playbook.automation_id:
                rule = self.env["base.automation"].sudo()
                playbook.automation_id = rule.create(playbook._prepare_automation())
            elif wanted:
                actions = playbook.automation_id.action_server_ids
                values = playbook._prepare_automation()
                values["action_server_ids"] = [
                    *(Command.delete(action.id) for action in actions),
                    *values["action_server_ids"],
                ]
                playbook.automation_id.write(values)
            elif playbook.automation_id:
                playbook.automation_id.active = False

    def _prepare_automation(self):
        self.ensure_one()
        model = self.env["ir.model"]._get(self.model)
        return {
            "name": self.name,
            "active": True,
            "model_id": model.id,
            "trigger": "on_create_or_write",
            "filter_domain": self.filter_domain,
            "trigger_field_ids": [Command.set(self._get_watched_fields().ids)],
            "action_server_ids": [
                Command.create(
                    {
                        "name": self.name,
                        "model_id": model.id,
                        "state": "logistics_playbook",
                        "usage": "base_automation",
                        "logistics_playbook_id": self.id,
                    }
                )
            ],
        }

    def _get_watched_fields(self):
        """Return the fields whose change can make a record match."""
        names = {
            condition.field_expr.split(".")[0]
            for condition in Domain(literal_eval(self.filter_domain)).iter_conditions()
        }
        fields = self.env["ir.model.fields"].sudo()
        return fields.browse([fields._get(self.model, name).id for name in sorted(names)])
