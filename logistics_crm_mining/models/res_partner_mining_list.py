from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .res_partner import GROUP


class ResPartner(models.Model):
    """The campaign lists a customer is on, and whether they are to be left alone."""

    _inherit = "res.partner"

    mining_list_count = fields.Integer(
        "Campaign Lists", compute="_compute_mining_list_count", groups=GROUP
    )
    held_out_until = fields.Date(
        "Left Alone Until",
        compute="_compute_held_out_until",
        groups=GROUP,
        help="Until then a campaign is measured by customers who are not contacted, as this one.",
    )
    is_held_out = fields.Boolean(
        "Held Out", compute="_compute_held_out_until", search="_search_is_held_out", groups=GROUP
    )

    @api.depends_context("company", "uid")
    def _compute_mining_list_count(self):
        groups = self.env["logistics.mining.list.member"]._read_group(
            self._get_list_domain(), ["partner_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.mining_list_count = counts.get(partner.commercial_partner_id.id, 0)

    def _get_list_domain(self):
        return [
            ("partner_id", "in", self.commercial_partner_id.ids),
            ("company_id", "=", self.env.company.id),
            ("list_state", "!=", "draft"),
        ]

    @api.depends_context("company")
    def _compute_held_out_until(self):
        groups = self._get_held_out()._read_group(
            self._get_held_out_domain()
            & Domain("partner_id", "in", self.commercial_partner_id.ids),
            ["partner_id", "list_id"],
        )
        until = {}
        for customer, record in groups:
            until[customer.id] = max(filter(None, [until.get(customer.id), record.date_end]))
        for partner in self:
            partner.held_out_until = until.get(partner.commercial_partner_id.id)
            partner.is_held_out = bool(partner.held_out_until)

    @api.model
    def _search_is_held_out(self, operator, value):
        # Odoo asks for the groups of a field where it reads a column, and this one has none
        self._check_field_access(self._fields["is_held_out"], "read")
        if operator != "in":
            return NotImplemented
        found = self._get_held_out()._search(self._get_held_out_domain())
        return Domain("commercial_partner_id", "in", found.subselect("partner_id"))

    @api.model
    def _get_held_out(self):
        # sudo: whoever may contact a customer is told to leave them alone, whosever list it is
        return self.env["logistics.mining.list.member"].sudo()

    @api.model
    def _get_held_out_domain(self):
        return (
            Domain("is_open", "=", True)
            & Domain("arm", "=", "held_out")
            & Domain("company_id", "=", self.env.company.id)
        )

    # ------------------------------------------------------------------ screens

    def action_view_mining_lists(self):
        """Show the campaign lists the customer is or was on."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm_mining.action_logistics_mining_list_member"
        )
        return {**action, "domain": self._get_list_domain(), "context": {}}

    def action_make_list(self):
        """Make a campaign list of the customers selected."""
        return self._make_list()

    def _make_list(self, task=None):
        """Return the form of a new campaign list with these customers on it."""
        today = format_date(self.env, fields.Date.context_today(self))
        record = self.env["logistics.mining.list"].create(
            {
                "name": self.env._("Customers chosen on %s", today),
                "task_id": task.id if task else False,
                "customer_domain": repr([("id", "in", self.commercial_partner_id.ids)]),
            }
        )
        record._onchange_task_id()
        record._choose()
        if not record.customer_count:
            self._refuse_empty_list(record)
        return record.get_formview_action()

    def _refuse_empty_list(self, record):
        """Say why nobody is on a new list; raising takes it back."""
        if record.left_out_count:
            raise UserError(
                self.env._(
                    "All of these customers are on another running list, or left alone for its "
                    "measurement."
                )
            )
        raise UserError(
            self.env._(
                "None of these customers can come onto a list of yours: they are other "
                "salespeople's, archived, of our own companies, or have no score now."
            )
        )

    def action_plan_activity(self):
        """Leave out who is held out: contacting them would spoil what is being measured."""
        allowed = self.filtered(lambda partner: not partner.is_held_out)
        if self and not allowed:
            raise UserError(
                self.env._(
                    "All of these customers are left alone until %s, to measure what a campaign "
                    "brings.",
                    format_date(self.env, max(self.mapped("held_out_until"))),
                )
            )
        return super(ResPartner, allowed).action_plan_activity()
