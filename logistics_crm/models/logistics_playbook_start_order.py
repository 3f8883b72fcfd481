from ast import literal_eval

from odoo import api, models
from odoo.fields import Domain


class LogisticsPlaybookStart(models.Model):
    """Playbooks about late orders end with the order."""

    _inherit = "logistics.playbook.start"

    @api.model
    def _get_running_late(self, orders):
        """Return what runs about these orders because they are late."""
        domain = [("state", "=", "running"), ("playbook_id.model", "=", "sale.order")]
        # sudo: whoever saves a promise need not see the account team's playbooks
        running = self.sudo().search([*domain, ("scope_id", "in", orders.ids)])
        return running.filtered(
            lambda start: (
                "is_late" in {one.field_expr for one in start._get_condition().iter_conditions()}
            )
        )

    def _get_condition(self):
        return Domain(literal_eval(self.playbook_id.filter_domain))

    @api.model
    def _end_cancelled(self, orders):
        """End what runs about late orders that were cancelled: nobody waits for them any more."""
        for start in self._get_running_late(orders):
            start._end("cancelled", "order_cancelled")
            orders.sudo().browse(start.scope_id).message_post(
                body=self.env._(
                    "The playbook %(playbook)s was ended: the order was cancelled.",
                    playbook=start.playbook_id.name,
                )
            )
