from odoo import api, models

from .logistics_playbook_mining import CHANGE


class LogisticsPlaybookStart(models.Model):
    """What the log says of a playbook that a score change has started."""

    _inherit = "logistics.playbook.start"

    @api.model
    def _get_facts(self, playbook, hits, company):
        """Leave out the kind of change: the name of the change says it already."""
        facts = super()._get_facts(playbook, hits, company)
        if playbook.model == CHANGE:
            for fact in facts:
                fact["values"].pop("kind", None)
        return facts
