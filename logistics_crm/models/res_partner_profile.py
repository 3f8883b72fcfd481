from odoo import api, fields, models

from ..tools import figures_sql
from .res_partner_team import GROUP

# How many of the newest open orders and cases the profile lists.
ROWS = 5
NEWEST = ("newest_order_ids", "newest_case_ids")


class ResPartner(models.Model):
    """The profile of a customer: what is open, who they are, and where it leads."""

    _inherit = "res.partner"

    people_ids = fields.One2many(
        "res.partner",
        "parent_id",
        string="Their People",
        domain=[("type", "=", "contact"), ("is_company", "=", False)],
        groups=GROUP,
    )
    newest_order_ids = fields.Many2many(
        "sale.order", string="Newest Open Orders", compute="_compute_newest_work", groups=GROUP
    )
    newest_case_ids = fields.Many2many(
        "logistics.case", string="Newest Open Cases", compute="_compute_newest_work", groups=GROUP
    )

    @api.depends_context("company", "uid")
    def _compute_newest_work(self):
        """List the newest open orders and cases of each customer that the user may read."""
        self.env.flush_all()
        customers = self.commercial_partner_id._origin.ids
        query = figures_sql.newest_work(customers, self.env.company.id, ROWS)
        rows = {customer: found for customer, *found in self.env.execute_query(query)}
        readable = [
            self._filter_readable(model, (found[column] for found in rows.values()))
            for column, model in enumerate(("sale.order", "logistics.case"))
        ]
        for partner in self:
            found = rows.get(partner.commercial_partner_id._origin.id, ([], []))
            for name, ids, records in zip(NEWEST, found, readable, strict=True):
                partner[name] = records.browse(ids) & records

    def _filter_readable(self, model, lists):
        records = self.env[model].browse(record_id for ids in lists for record_id in ids)
        return records._filtered_access("read")

    def get_formview_id(self, access_uid=None):
        """Open customers on their profile, from wherever a Logistics user comes to them."""
        self.ensure_one()
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        if self.customer_code and user.has_group(GROUP):
            return self.env.ref("logistics_crm.view_logistics_customer_form").id
        return super().get_formview_id(access_uid=access_uid)

    def action_view_timeline(self):
        """Open all touches with the customer as a list."""
        return self._get_profile_action(
            "logistics_crm.action_logistics_timeline",
            self.env._("Timeline of %(customer)s", customer=self.commercial_partner_id.name),
            [("commercial_partner_id", "=", self.commercial_partner_id.id)],
        )

    def action_view_open_orders(self):
        """Open the quotations and orders of the customer."""
        customer = self.commercial_partner_id
        return self._get_profile_action(
            "sale.action_quotations_with_onboarding",
            self.env._("Orders of %(customer)s", customer=customer.name),
            [("partner_id", "child_of", customer.id)],
            default_partner_id=self.id,
        )

    def action_view_revenue(self):
        """Open the sales of the customer, by month."""
        customer = self.commercial_partner_id
        return self._get_profile_action(
            "logistics_crm.logistics_order_fact_action",
            self.env._("Sales of %(customer)s", customer=customer.name),
            [("partner_id", "=", customer.id)],
        )

    def action_view_receivables(self):
        """Open the invoices of the customer that are still to be paid."""
        customer = self.commercial_partner_id
        return self._get_profile_action(
            "account.action_move_out_invoice_type",
            self.env._("Unpaid Invoices of %(customer)s", customer=customer.name),
            [
                ("commercial_partner_id", "=", customer.id),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ],
            default_move_type="out_invoice",
        )

    def action_view_lifecycle(self):
        """Open the customer's moves through its lifecycle."""
        customer = self.commercial_partner_id
        return self._get_profile_action(
            "logistics_crm.action_logistics_lifecycle_move",
            self.env._("Lifecycle of %(customer)s", customer=customer.name),
            [("partner_id", "=", customer.id)],
        )

    def _get_profile_action(self, xmlid, name, domain, **context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "display_name": name, "domain": domain, "context": context}
