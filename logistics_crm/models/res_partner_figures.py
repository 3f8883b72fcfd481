from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools import figures_sql
from .res_partner_team import GROUP

# The fields of the figures that are read together, in the order of their columns.
FIGURES = (
    "revenue_12m",
    "revenue_change",
    "last_order_date",
    "open_receivable",
    "overdue",
    "open_order_count",
    "open_order_amount",
    "open_quotation_count",
    "satisfaction",
    "satisfaction_count",
    "customer_credit_limit",
)


class ResPartner(models.Model):
    """What a customer buys, owes, waits for and thinks: figures of contacts and branches together.

    All are of the user's company and in its currency, so that companies never mix. They are told
    of customers whom the user works with; of others they stay empty.
    """

    _inherit = "res.partner"

    revenue_12m = fields.Monetary(
        string="Revenue in 12 Months",
        compute="_compute_customer_figures",
        groups=GROUP,
        help="Untaxed, from orders, credit notes and imported sales.",
    )
    revenue_change = fields.Float(
        compute="_compute_customer_figures",
        groups=GROUP,
        help="Against the 12 months before; empty where nothing was sold then.",
    )
    order_count_12m = fields.Integer(
        string="Orders in 12 Months", compute="_compute_order_count_12m", groups=GROUP
    )
    last_order_date = fields.Date(
        string="Last Order", compute="_compute_customer_figures", groups=GROUP
    )
    open_receivable = fields.Monetary(
        compute="_compute_customer_figures",
        groups=GROUP,
        help="Posted invoices that are still to be paid.",
    )
    overdue = fields.Monetary(compute="_compute_customer_figures", groups=GROUP)
    customer_credit_limit = fields.Monetary(
        string="Agreed Credit Limit",
        compute="_compute_customer_figures",
        groups=GROUP,
        help="Empty where none was agreed with this customer.",
    )
    open_order_count = fields.Integer(
        string="Open Orders", compute="_compute_customer_figures", groups=GROUP
    )
    open_order_amount = fields.Monetary(compute="_compute_customer_figures", groups=GROUP)
    open_quotation_count = fields.Integer(
        string="Open Quotations", compute="_compute_customer_figures", groups=GROUP
    )
    satisfaction = fields.Float(
        compute="_compute_customer_figures",
        digits=(3, 1),
        groups=GROUP,
        help="Mean of the customer's ratings in 12 months, from 1 to 5; 0 where there are none.",
    )
    satisfaction_count = fields.Integer(
        string="Ratings in 12 Months", compute="_compute_customer_figures", groups=GROUP
    )
    last_contact_date = fields.Datetime(
        string="Last Contact",
        compute="_compute_last_contact_date",
        groups=GROUP,
        help="The last message, call, meeting or activity that was done.",
    )

    def init(self):
        """Create the function that the figures are read with."""
        for statement in figures_sql.create_function():
            self.env.cr.execute(statement)
        return super().init()

    @api.depends_context("company", "uid")
    def _compute_customer_figures(self):
        today = fields.Date.context_today(self)
        rows = self._read_figures(
            figures_sql.figures,
            today,
            today - relativedelta(months=12),
            today - relativedelta(months=24),
            fields.Datetime.now() - relativedelta(months=12),
        )
        usual_limit = self._fields["credit_limit"].get_company_dependent_fallback(self)
        figures = {}
        for customer, recent, before, *others, limit in rows:
            change = recent / before - 1 if before > 0 else 0
            figures[customer] = (recent, change, *others, limit if limit != usual_limit else 0)
        self._set_figures(FIGURES, figures)

    @api.depends_context("company", "uid")
    def _compute_order_count_12m(self):
        year_ago = fields.Date.context_today(self) - relativedelta(months=12)
        rows = self._read_figures(figures_sql.order_counts, year_ago)
        self._set_figures(("order_count_12m",), {customer: (count,) for customer, count in rows})

    @api.depends_context("company", "uid")
    def _compute_last_contact_date(self):
        rows = self._read_figures(figures_sql.last_contact, fields.Datetime.now())
        figures = {customer: (date,) for customer, date in rows}
        self._set_figures(("last_contact_date",), figures)

    def _read_figures(self, get_query, *arguments):
        """Return the rows of a query of `figures_sql` over the customers who may be told of."""
        customers = self._filter_told().commercial_partner_id
        if not customers.ids:
            return []
        self.env.flush_all()  # the queries read many models, some through views
        query = get_query(customers._origin.ids, self.env.company.id, *arguments)
        return self.env.execute_query(query)

    def _set_figures(self, names, figures):
        """Set fields from the figures (dict of customer id to values), else empty them."""
        told = self._filter_told()
        for partner in self:
            customer = partner.commercial_partner_id._origin.id if partner in told else False
            values = figures.get(customer) or [False] * len(names)
            partner.update(dict(zip(names, values, strict=True)))

    def _filter_told(self):
        """Return whose figures the user may read: own customers, or all of them."""
        if self.env.su or not self.env.user._sees_own_customers_only():
            return self
        return self.filtered("is_own_customer")
