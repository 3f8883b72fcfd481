from odoo import models

# What leads take over from their customer without being written themselves.
TAKEN_OVER = frozenset({"country_id", "email", "lang", "parent_id", "phone", "state_id"})


class ResPartner(models.Model):
    """The chances of a customer's leads follow what the leads take over from the customer."""

    _inherit = "res.partner"

    def write(self, vals):
        """Score the open leads again that take over what has changed."""
        result = super().write(vals)
        if TAKEN_OVER & vals.keys():
            self._refresh_win_chances()
        return result

    def _refresh_win_chances(self):
        # sudo: who may change a customer need not see the customer's leads
        leads = self.env["crm.lead"].sudo()
        if leads._get_win_runs():
            leads.search(
                [("partner_id", "in", self.ids), ("won_status", "=", "pending")]
            )._refresh_win_chance()
