from odoo import models


class ResPartner(models.Model):
    """The way from a customer to the portrait."""

    _inherit = "res.partner"

    def action_open_portrait(self):
        """Open the page with all that is known of the customer."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "logistics_crm_mining.action_logistics_portrait"
        )
        return {**action, "context": {"active_id": self.commercial_partner_id.id}}
