from odoo import fields, models


class ResPartner(models.Model):
    """Which playbooks run, ran or had to wait for a customer."""

    _inherit = "res.partner"

    playbook_start_ids = fields.One2many(
        "logistics.playbook.start", "partner_id", groups="logistics_crm.group_logistics_user"
    )
    playbook_start_count = fields.Integer(
        compute="_compute_playbook_start_count", groups="logistics_crm.group_logistics_user"
    )

    def _compute_playbook_start_count(self):
        groups = self.env["logistics.playbook.start"]._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.playbook_start_count = counts.get(partner.commercial_partner_id.id, 0)

    def action_view_playbook_starts(self):
        """Show the playbooks of the whole customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.action_logistics_playbook_start"
        )
        customer = self.commercial_partner_id
        return {**action, "domain": [("partner_id", "=", customer.id)], "context": {}}
