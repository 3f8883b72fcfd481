from odoo import models

from ..tools.change_sql import KINDS, close_query, record_query


class LogisticsMiningRun(models.Model):
    """What becomes worse when a run is published, and the playbooks that this starts."""

    _inherit = "logistics.mining.run"

    def _publish(self):
        """Keep whose score became worse, and start the playbooks that wait for it."""
        before = self._get_newest()
        result = super()._publish()
        if self.task_id.code in KINDS and before != self:
            self._start_playbooks(self._record_changes(before))
        return result

    def _record_changes(self, before):
        """Return the changes since the run before: two statements per kind, however many.

        The first run that is published changes nothing: it only says how things are.
        """
        changes = self.env["logistics.mining.change"]
        for kind in KINDS[self.task_id.code]:
            self.env.cr.execute(close_query(self, kind))
            if before:
                rows = self.env.execute_query(record_query(self, before, kind))
                changes += changes.browse([row[0] for row in rows])
        changes.invalidate_model(flush=False)
        return changes

    def _start_playbooks(self, changes):
        """Start the playbooks that start at once; the others come to it at night."""
        playbooks = self.env["logistics.playbook"]
        at_once = [("state", "=", "on"), ("mode", "=", "event"), ("model", "=", changes._name)]
        for playbook in playbooks.search(at_once):
            if changes and playbook.company_id in (playbook.company_id.browse(), self.company_id):
                hits = playbook._find_hits(self.company_id, changes)
                playbook._start_hits(hits, self.company_id)
