from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Let a surviving contact that had no customer code take over that of a merged one."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        codes = {partner.id: partner.customer_code for partner in partners}
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        survivor = partners.exists()
        inherited = [codes[partner.id] for partner in partners - survivor if codes[partner.id]]
        if len(survivor) == 1 and inherited and not codes[survivor.id]:
            survivor.customer_code = inherited[0]
        return result
