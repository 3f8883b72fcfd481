from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

GROUP = "logistics_crm.group_logistics_user"


class ResPartner(models.Model):
    """What a partner does, who of ours serves them, and whose customers they are."""

    _inherit = "res.partner"

    logistics_role_ids = fields.Many2many(
        "logistics.partner.role", string="Roles", groups=GROUP, help="What they do in the trade."
    )
    contact_role_ids = fields.Many2many(
        "logistics.contact.role",
        string="Contact Roles",
        groups=GROUP,
        help="What the person does at the customer.",
    )
    account_member_ids = fields.One2many(
        "logistics.account.member",
        "partner_id",
        string="Account Team",
        groups=GROUP,
        help="Who of ours serves the customer, and in which role.",
    )
    is_own_customer = fields.Boolean(
        compute="_compute_is_own_customer",
        search="_search_is_own_customer",
        help="The user is the salesperson or in the account team of the customer as a whole.",
    )

    @api.depends(
        "commercial_partner_id.user_id", "commercial_partner_id.account_member_ids.user_id"
    )
    @api.depends_context("uid")
    def _compute_is_own_customer(self):
        found = self.search([("id", "in", self.ids), ("is_own_customer", "=", True)])
        for partner in self:
            partner.is_own_customer = partner._origin in found

    @api.model
    def _search_is_own_customer(self, operator, value):
        """Find own customers with their contacts: what record rules of all models stand on.

        One IN over a UNION: the planner finds the partners by their keys, where an OR of two
        conditions on the customer would read them all.
        """
        if operator != "in":
            return NotImplemented
        return Domain("commercial_partner_id", "in", self._get_own_customers_sql())

    @api.model
    def _get_own_customers_sql(self):
        """Return the SELECT, in brackets, of the ids of customers (as a whole) of the user."""
        own = Domain("user_id", "=", self.env.uid)
        # sudo: record rules stand on this; it hands out no record by itself
        customers = self.sudo().with_context(active_test=False)._search(own).subselect("id")
        members = self.env["logistics.account.member"].sudo()._search(own).subselect("partner_id")
        return SQL("(%s UNION %s)", customers, members)

    def write(self, vals):
        """Keep the account team with the customer when a company comes below another one."""
        result = super().write(vals)
        if vals.keys() & {"parent_id", "is_company"}:
            self._move_account_members()
        return result

    def _move_account_members(self):
        # sudo: who arranges the companies of a group need not be one who may change teams
        members = self.env["logistics.account.member"].sudo()
        moved = members.search([("partner_id", "in", self.ids)]).filtered(
            lambda member: member.partner_id.commercial_partner_id != member.partner_id
        )
        for customer, members in moved.grouped("partner_id").items():
            members._move_to(customer.commercial_partner_id)
