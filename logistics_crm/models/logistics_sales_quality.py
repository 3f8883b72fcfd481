from odoo import fields, models
from odoo.tools import SQL

from ..tools.known_float import KnownFloat

AMOUNTS = {"amount:sum", "discount_amount:sum"}


class LogisticsSalesQuality(models.Model):
    """The quality of sales, order by order: won, at what discount, kept, paid.

    Rates are averages over the orders of which the answer is known: a quotation that is still
    open is neither won nor lost, an order without an agreed date keeps no promise and breaks none.
    """

    _name = "logistics.sales.quality"
    _description = "Sales Quality"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "order_id"
    _depends = {
        "sale.order": [
            "amount_untaxed",
            "commitment_date",
            "company_id",
            "currency_rate",
            "date_order",
            "partner_id",
            "state",
            "user_id",
            "validity_date",
        ],
        "sale.order.line": ["discount", "order_id", "price_unit", "product_uom_qty"],
        "logistics.flow": ["order_id"],
        "logistics.flow.step": ["date_done", "date_open", "flow_id", "stage_id", "state"],
        "res.partner": ["commercial_partner_id"],
    }

    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(readonly=True, help="When the quotation was made.")
    amount = fields.Monetary(
        string="Sold", readonly=True, help="Untaxed, in company currency; confirmed orders only."
    )
    discount_amount = fields.Monetary(string="Discount Given", readonly=True)
    conversion = KnownFloat(readonly=True, aggregator="avg", help="Share of quotations won.")
    discount = KnownFloat(readonly=True, aggregator="avg", help="Average over the orders won.")
    promise_kept = KnownFloat(
        readonly=True,
        aggregator="avg",
        help="Share of the orders with an agreed date that were delivered by then.",
    )
    paid_in_time = KnownFloat(
        readonly=True, aggregator="avg", help="Share of invoiced orders paid by their due date."
    )
    payment_days = KnownFloat(
        string="Days to Payment",
        readonly=True,
        aggregator="avg",
        help="From the invoice to its payment.",
    )

    @property
    def _table_query(self):
        """Read orders and their flow when asked; nothing is stored."""
        return SQL(
            """SELECT o.id, o.id AS order_id, p.commercial_partner_id AS partner_id, o.user_id,
                o.team_id, o.company_id, c.currency_id,
                LEAST(o.create_date, o.date_order)::date AS date,
                CASE WHEN o.state = 'sale' THEN
                    o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1) END AS amount,
                CASE WHEN o.state = 'sale' THEN
                    d.discount / COALESCE(NULLIF(o.currency_rate, 0), 1) END AS discount_amount,
                CASE WHEN o.state = 'sale' THEN 1.0
                    WHEN o.state = 'cancel' OR o.validity_date < %(today)s THEN 0.0
                    END::float8 AS conversion,
                CASE WHEN o.state = 'sale' AND o.amount_untaxed + d.discount > 0 THEN
                    d.discount / (o.amount_untaxed + d.discount) END::float8 AS discount,
                CASE WHEN o.state = 'sale' AND o.commitment_date IS NOT NULL THEN
                    CASE WHEN delivery.date_done IS NOT NULL
                        THEN (delivery.date_done::date <= o.commitment_date::date)::int
                    WHEN o.commitment_date::date < %(today)s THEN 0 END END::float8 AS promise_kept,
                CASE WHEN payment.date_done IS NOT NULL
                    THEN (payment.date_done::date <= i.due)::int
                    WHEN i.due < %(today)s THEN 0 END::float8 AS paid_in_time,
                EXTRACT(EPOCH FROM payment.date_done - payment.date_open)::float8 / 86400
                    AS payment_days
            FROM sale_order o
            LEFT JOIN res_partner p ON p.id = o.partner_id
            LEFT JOIN res_company c ON c.id = o.company_id
            LEFT JOIN LATERAL (
                SELECT COALESCE(sum(l.price_unit * l.product_uom_qty * l.discount / 100), 0)
                    AS discount
                FROM sale_order_line l WHERE l.order_id = o.id AND l.display_type IS NULL
            ) d ON TRUE
            LEFT JOIN logistics_flow f ON f.order_id = o.id
            LEFT JOIN logistics_flow_stage st_delivery ON st_delivery.code = %(delivery)s
            LEFT JOIN logistics_flow_step delivery ON delivery.flow_id = f.id
                AND delivery.stage_id = st_delivery.id AND delivery.state = 'done'
            LEFT JOIN logistics_flow_stage st_payment ON st_payment.code = 'payment'
            LEFT JOIN logistics_flow_step payment ON payment.flow_id = f.id
                AND payment.stage_id = st_payment.id
            LEFT JOIN account_move m ON payment.res_model = 'account.move' AND m.id = payment.res_id
            LEFT JOIN LATERAL (SELECT m.invoice_date_due AS due) i ON TRUE""",
            today=fields.Date.context_today(self),
            delivery=self._get_delivery_code(),
        )

    def _get_delivery_code(self):
        """Return the code of the step that delivers an order; a hook."""
        return "order"

    def _read_group_select(self, aggregate_spec, query):
        """Never add up amounts of companies with different currencies: such a sum is unknown."""
        expression = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec not in AMOUNTS:
            return expression
        currency = self._field_to_sql(self._table, "currency_id", query)
        return SQL("CASE WHEN MIN(%s) = MAX(%s) THEN %s END", currency, currency, expression)

    def action_open_order(self):
        """Open the quotation or order."""
        self.ensure_one()
        return self.order_id.get_formview_action()
