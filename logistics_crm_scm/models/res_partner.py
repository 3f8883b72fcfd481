from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import delivery_sql

DELIVERY_READERS = "logistics_crm.group_logistics_user,logistics_crm_scm.group_dispatcher"


class ResPartner(models.Model):
    _inherit = "res.partner"

    delivery_count_12m = fields.Integer(
        string="Deliveries in 12 Months",
        compute="_compute_delivery_rates",
        groups=DELIVERY_READERS,
        help="Order lines promised in the last 12 months whose punctuality is known.",
    )
    on_time_rate_12m = fields.Float(
        string="On Time in 12 Months",
        compute="_compute_delivery_rates",
        groups=DELIVERY_READERS,
    )
    in_full_count_12m = fields.Integer(
        string="Quantities Known in 12 Months",
        compute="_compute_delivery_rates",
        groups=DELIVERY_READERS,
        help="Order lines promised in the last 12 months whose delivered quantity is known.",
    )
    in_full_rate_12m = fields.Float(
        string="In Full in 12 Months",
        compute="_compute_delivery_rates",
        groups=DELIVERY_READERS,
    )

    def init(self):
        """Create the function that the rates are read with."""
        for statement in delivery_sql.create_function():
            self.env.cr.execute(statement)
        return super().init()

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_delivery_rates(self):
        """Rates of the whole commercial partner, in one query for all records."""
        told = self._filter_told_deliveries()
        found = told._read_delivery_rates()
        for partner in self:
            customer = partner.commercial_partner_id._origin.id if partner in told else False
            figures = found.get(customer, (0, 0, 0, 0))
            partner.delivery_count_12m, partner.on_time_rate_12m = figures[:2]
            partner.in_full_count_12m, partner.in_full_rate_12m = figures[2:]

    def _read_delivery_rates(self):
        customers = self.commercial_partner_id._origin
        if not customers:
            return {}
        self.env.flush_all()  # the sales lines read many models
        since = fields.Date.context_today(self) - relativedelta(months=12)
        rows = self.env.execute_query(
            delivery_sql.customer_rates(customers.ids, self.env.companies.ids, since)
        )
        return {customer: figures for customer, *figures in rows}

    def _filter_told_deliveries(self):
        """Return whose sales lines the user may read (see the rules on sales lines)."""
        if self.env.user.has_group("logistics_crm_scm.group_dispatcher"):
            return self
        return self._filter_told()

    def _get_delivery_domain(self):
        """Return the domain of the sales lines that the customers' rates are made of."""
        today = fields.Date.context_today(self)
        return (
            Domain("partner_id", "in", self.commercial_partner_id.ids)
            & Domain("promised_date", ">", today - relativedelta(months=12))
            & Domain("delivery_state", "!=", "unknown")
        )

    def action_view_deliveries(self):
        """Open the deliveries that the customer's rates are made of."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm_scm.delivery_performance_action"
        )
        views = sorted(action["views"], key=lambda view: view[1] != "list")
        return action | {
            "views": views,
            "domain": list(self._get_delivery_domain()),
            "context": {"search_default_late": 1},
        }
