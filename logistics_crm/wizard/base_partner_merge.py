from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Let a surviving contact that had no customer code take over that of a merged one."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        self._settle_playbooks(partners)
        codes = {partner.id: partner.customer_code for partner in partners}
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        survivor = partners.exists()
        inherited = [codes[partner.id] for partner in partners - survivor if codes[partner.id]]
        if len(survivor) == 1:
            self._move_playbooks(survivor)
        if len(survivor) == 1 and inherited and not codes[survivor.id]:
            survivor.customer_code = inherited[0]
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
