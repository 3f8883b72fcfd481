from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Keep the codes and the account teams of all merged partners with the one that remains."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        codes = {partner.id: partner.customer_code for partner in partners}
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        survivor = partners.exists()
        if len(survivor) == 1:
            self._keep_codes(partners - survivor, survivor, codes)
            # the SLA policies of both are those of one customer from now on
            customer = survivor.commercial_partner_id
            self.env["logistics.case"]._mark_sla_outdated(
                [("commercial_partner_id", "=", customer.id)]
            )
        return result

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Move the teams one member at a time: who is in both of them stays in once."""
        # sudo: who may merge partners need not be one who may arrange teams
        members = self.env["logistics.account.member"].sudo()
        members.search([("partner_id", "in", src_partners.ids)])._move_to(
            dst_partner.commercial_partner_id
        )
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _keep_codes(self, merged, survivor, codes):
        former = [codes[partner.id] for partner in merged if codes[partner.id]]
        aliases = self.env["logistics.code.alias"]
        aliases._move("res.partner", merged.ids, survivor.id)
        if former and not codes[survivor.id]:
            survivor.customer_code = former.pop(0)
        aliases._keep("res.partner", dict.fromkeys(former, survivor.id), "merged")
