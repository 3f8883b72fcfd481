from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Playbooks of merged customers go on with the one that remains, each once."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Settle the playbooks before the customers become one."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        self._settle_playbooks(partners)
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        survivor = partners.exists()
        if len(survivor) == 1:
            self._move_playbooks(survivor)
        return result

    def _settle_playbooks(self, partners):
        """Keep one of the playbooks that run for several of the merged customers."""
        # sudo: who may merge customers need not see every playbook
        starts = self.env["logistics.playbook.start"].sudo()
        running = starts.search(
            [("state", "=", "running"), ("partner_id", "in", partners.ids)], order="id"
        )
        twins = running.grouped(lambda start: (start.playbook_id, start.company_id, start.scope_id))
        for same in twins.values():
            same[1:]._end("cancelled", "merged")

    def _move_playbooks(self, survivor):
        """Let the playbooks of merged customers go on with the survivor."""
        starts = self.env["logistics.playbook.start"].sudo()  # sudo: as above
        starts.search(
            [
                ("partner_id", "=", survivor.id),
                ("res_model", "=", "res.partner"),
                ("res_id", "!=", survivor.id),
            ]
        ).res_id = survivor.id
