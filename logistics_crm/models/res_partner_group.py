from odoo import api, fields, models
from odoo.tools import SQL

from .res_partner_team import GROUP


class ResPartner(models.Model):
    """The corporate group: companies below companies."""

    _inherit = "res.partner"

    group_company_ids = fields.One2many(
        "res.partner",
        "parent_id",
        string="Companies Below",
        domain=[("is_company", "=", True)],
        groups=GROUP,
    )
    group_root_id = fields.Many2one(
        "res.partner", string="Group", compute="_compute_group", groups=GROUP
    )
    group_company_count = fields.Integer(
        string="Companies of the Group", compute="_compute_group", groups=GROUP
    )

    @api.depends("parent_id", "is_company")
    def _compute_group(self):
        """Find the head of the group and count its companies, in one query for all records."""
        self.flush_model(["parent_id", "is_company", "active", "commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE up AS (
                    SELECT id AS start_id, id, parent_id FROM res_partner WHERE id = ANY(%(ids)s)
                     UNION
                    SELECT up.start_id, p.id, p.parent_id
                      FROM up JOIN res_partner p ON p.id = up.parent_id
                ), root AS (
                    SELECT start_id, id FROM up WHERE parent_id IS NULL
                ), down AS (
                    SELECT DISTINCT id AS root_id, id FROM root
                     UNION
                    SELECT down.root_id, p.id
                      FROM down JOIN res_partner p ON p.parent_id = down.id
                     WHERE p.is_company AND p.active
                )
                SELECT root.start_id, root.id,
                       (SELECT COUNT(*) FROM down WHERE down.root_id = root.id)
                  FROM root""",
                ids=self.commercial_partner_id._origin.ids,
            )
        )
        groups = {customer: (root, count) for customer, root, count in rows}
        for partner in self:
            root, count = groups.get(partner.commercial_partner_id._origin.id, (False, 0))
            partner.group_root_id = root if count > 1 else False
            partner.group_company_count = count

    def action_view_group(self):
        """Show the corporate group as a tree."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.action_logistics_customer_group"
        )
        root = self.group_root_id or self.commercial_partner_id
        action["domain"] = [("id", "child_of", root.id), ("is_company", "=", True)]
        action["display_name"] = self.env._("Group of %(company)s", company=root.name)
        return action
