from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.case_values import OPEN_STATES


class ResPartner(models.Model):
    """The cases of a customer, and what happens to them when the customer changes."""

    _inherit = "res.partner"

    case_ids = fields.One2many(
        "logistics.case",
        "commercial_partner_id",
        string="Cases",
        groups="logistics_crm.group_logistics_user",
    )

    open_case_count = fields.Integer(
        string="Open Cases",
        compute="_compute_open_case_count",
        groups="logistics_crm.group_logistics_user",
    )

    @api.depends("commercial_partner_id.case_ids.state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_open_case_count(self):
        """Count the open cases of the customer as a whole, in one query for all."""
        customers = self.commercial_partner_id
        groups = self.env["logistics.case"]._read_group(
            [("commercial_partner_id", "in", customers.ids), ("state", "in", OPEN_STATES)],
            ["commercial_partner_id"],
            ["__count"],
        )
        counts = {customer.id: count for customer, count in groups}
        for partner in self:
            partner.open_case_count = counts.get(partner.commercial_partner_id._origin.id, 0)

    def write(self, vals):
        """Match open cases to SLA policies again whose customer becomes part of another."""
        result = super().write(vals)
        if vals.keys() & {"parent_id", "is_company"}:
            self.env["logistics.case"]._mark_sla_outdated([("partner_id", "child_of", self.ids)])
        return result

    @api.model
    def _get_own_document_domains(self):
        """Let who answers a case read its customer."""
        return {
            **super()._get_own_document_domains(),
            "logistics.case": Domain("user_id", "=", self.env.uid),
        }

    def action_view_cases(self):
        """Open the cases of the customer as a whole, the open ones first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.action_logistics_case"
        )
        return action | {
            "domain": [("commercial_partner_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.id, "search_default_open_cases": 1},
        }
