from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.sql import drop_view_if_exists, table_exists

from ..tools import fact_sql

# Where each part's ids start. History, by far the largest part, keeps the ids of its table, so
# that reading a page of lines by id uses the primary key; every id still fits an XML-RPC integer.
SALE_ID_OFFSET = 1 << 30
REFUND_ID_OFFSET = (1 << 30) + (1 << 29)


class LogisticsOrderFact(models.Model):
    """Sales in one shape: Odoo order lines, credit notes and imported history.

    Every report and every mining task reads sales here. The SQL view is a ``UNION ALL`` of parts;
    add-ons above add columns and parts through `_get_fact_columns` and `_get_fact_parts`.

    What a line is
    --------------
    ``sale``
        A line of a confirmed order: what was ordered, discounts inside, at the order's own
        currency rate, dated by the company's time zone. Cancelled orders, quotations, sections,
        notes and down payments are left out; services and re-invoiced expenses are in. A line
        ordered with quantity zero (added by the warehouse or by timesheets) counts with what was
        delivered and what is or will be invoiced.
    ``refund``
        A line credited to the customer on a posted credit note (or as a negative quantity on a
        posted invoice), negative, in company currency as booked, at the document's date. Only
        credit that stays un-invoiced counts: of the credit of an order line, the share
        ``(ordered - net invoiced) / credited``, between 0 and 1, in the order's currency. An order
        of 10 invoiced, credited and invoiced again counts 10; credited by 3 it counts 7; with its
        ordered quantity lowered to 7 as well it still counts 7. The share is the same for all
        credit notes of one order line; a credit of several order lines counts with the first.
        A return to the warehouse without a credit note changes no amount. Credit notes without an
        order are not sales of an order and are left out.
    ``history``
        A line imported from another system. If the same order is in Odoo and in an imported
        source, both count: whoever imports decides which system tells about which period.

    Columns
    -------
    id : int, unique over all parts
    origin : 'sale', 'refund' or 'history'
    company_id, product_id : int
    partner_id : int or NULL
        The commercial partner; NULL where history has no customer (anonymous).
    order_ref : text for people
    order_key : text, unique per order: 's<id>' or 'h<company>/<source>/<order>'
        A credit note carries the key of its order: count orders where not ``is_return``.
    order_hash : bigint, the order as one integer (SQL only, not a field)
        The order's id for Odoo orders, a 64-bit hash for history: sorts and counts several times
        faster than ``order_key`` and has no relation to dates.
    date : date in the company's time zone
    quantity : in the product's unit; negative for returns and refunds
    amount : untaxed, in the currency of the company; negative for returns and refunds
        Never add it up over companies of different currencies.
    currency_id : int, the company's currency
    is_return : bool, quantity below zero, or a refund
    promised_date : date or NULL
        History: as imported. Odoo orders: the delivery date agreed on the order, otherwise order
        date plus the line's lead time.
    delivered_date : date or NULL, as imported; add-ons fill it for Odoo orders
    sale_line_id, history_id : int or NULL, the source

    No part uses a volatile function or looks up a rate, and joins that a query does not need are
    dropped by the planner: an aggregate over history costs what it costs on its own table.
    """

    _name = "logistics.order.fact"
    _description = "Sales Line"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "order_ref"
    _depends = fact_sql.DEPENDS

    origin = fields.Selection(
        [("sale", "Odoo order"), ("refund", "Credit note"), ("history", "Imported history")],
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    order_ref = fields.Char(string="Order", readonly=True)
    order_key = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    amount = fields.Monetary(
        readonly=True,
        groups="logistics_crm.group_logistics_user",
        help="Untaxed, in the company's currency at the rate of the order date.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    is_return = fields.Boolean(string="Return", readonly=True)
    promised_date = fields.Date(readonly=True)
    delivered_date = fields.Date(readonly=True)
    sale_line_id = fields.Many2one("sale.order.line", string="Order Line", readonly=True)
    history_id = fields.Many2one("logistics.sales.history", string="History Line", readonly=True)

    def init(self):
        """Create the view anew: add-ons may have added or removed columns and parts."""
        drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL("CREATE VIEW %s AS %s", SQL.identifier(self._table), self._get_fact_query())
        )

    def _register_hook(self):
        """Rebuild the view after the uninstallation of an add-on that extended, and dropped, it."""
        super()._register_hook()
        if not table_exists(self.env.cr, self._table):
            self.init()

    def _read_group_select(self, aggregate_spec, query):
        """Never add up amounts of companies with different currencies: such a sum is unknown."""
        expression = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec not in ("amount:sum", "amount:sum_currency", "amount:avg"):
            return expression
        currency = self._field_to_sql(self._table, "currency_id", query)
        return SQL("CASE WHEN MIN(%s) = MAX(%s) THEN %s END", currency, currency, expression)

    def action_open_source(self):
        """Open the order or credit note that the line comes from, or the imported line itself."""
        self.ensure_one()
        record = self.history_id or self.sale_line_id.order_id
        if self.origin == "refund":
            record = self.env["account.move.line"].browse(self.id - REFUND_ID_OFFSET).move_id
        return record.get_formview_action()

    # ------------------------------------------------------------
    # COMPOSITION
    # ------------------------------------------------------------

    def _get_fact_columns(self):
        """Return the columns of the view with their SQL types.

        Returns
        -------
        dict[str, str]
            Column name to SQL type, in order. A part that does not give a column has NULL there.
        """
        return {
            "id": "integer",
            "origin": "varchar",
            "company_id": "integer",
            "partner_id": "integer",
            "product_id": "integer",
            "order_ref": "varchar",
            "order_key": "text",
            "order_hash": "bigint",
            "date": "date",
            "quantity": "numeric",
            "amount": "numeric",
            "currency_id": "integer",
            "is_return": "boolean",
            "promised_date": "date",
            "delivered_date": "date",
            "sale_line_id": "integer",
            "history_id": "integer",
        }

    def _get_fact_parts(self):
        """Return the names of the parts; ``_get_fact_part_<name>`` describes each."""
        return ["sale", "refund", "history"]

    def _get_fact_query(self):
        """Return the whole view as one ``UNION ALL``, every column cast to its type."""
        parts = [getattr(self, f"_get_fact_part_{name}")() for name in self._get_fact_parts()]
        return SQL(" UNION ALL ").join(self._get_fact_select(part) for part in parts)

    def _get_fact_select(self, part):
        """Return one part as a query: all columns, in the order and types of the view."""
        given = part["columns"]
        columns = SQL(", ").join(
            SQL("(%s)::%s AS %s", given.get(name, SQL("NULL")), SQL(kind), SQL.identifier(name))
            for name, kind in self._get_fact_columns().items()
        )
        return SQL("SELECT %s FROM %s WHERE %s", columns, part["from"], part["where"])

    # ------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------

    def _get_fact_part_sale(self):
        """Return the part of confirmed order lines.

        Returns
        -------
        dict
            ``columns`` (name to SQL expression), ``from`` and ``where`` (SQL). The aliases are l
            (order line), o (order), p (its partner), c (company), cp (the company's partner),
            pt (product template), lu and pu (unit of the line, of the product).
        """
        quantity = SQL("%s * lu.factor / pu.factor", fact_sql.LINE_QUANTITY)
        return {
            "columns": {
                "id": SQL("l.id + %s", SALE_ID_OFFSET),
                "origin": SQL("'sale'"),
                "company_id": SQL("l.company_id"),
                "partner_id": SQL("p.commercial_partner_id"),
                "product_id": SQL("l.product_id"),
                "order_ref": SQL("o.name"),
                "order_key": SQL("'s' || o.id"),
                "order_hash": SQL("o.id"),
                "date": fact_sql.company_date(SQL("o.date_order")),
                "quantity": quantity,
                "amount": SQL("%s / COALESCE(NULLIF(o.currency_rate, 0), 1)", fact_sql.LINE_AMOUNT),
                "currency_id": SQL("c.currency_id"),
                "is_return": SQL("%s < 0", fact_sql.LINE_QUANTITY),
                "promised_date": fact_sql.company_date(fact_sql.LINE_PROMISE),
                "sale_line_id": SQL("l.id"),
            },
            "from": SQL(
                """sale_order_line l
                JOIN sale_order o ON o.id = l.order_id
                %s
                LEFT JOIN product_product pp ON pp.id = l.product_id
                LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
                LEFT JOIN uom_uom lu ON lu.id = l.product_uom_id
                LEFT JOIN uom_uom pu ON pu.id = pt.uom_id""",
                fact_sql.ORDER_JOINS,
            ),
            "where": SQL(
                "%s AND (%s <> 0 OR %s <> 0)",
                fact_sql.LINE_COUNTS,
                fact_sql.LINE_QUANTITY,
                fact_sql.LINE_AMOUNT,
            ),
        }

    def _get_fact_part_refund(self):
        """Return the part of credited lines; aliases as in the sale part, a is the credit line."""
        share = SQL("LEAST(GREATEST((%s - n.net) / n.credited, 0), 1)", fact_sql.LINE_AMOUNT)
        return {
            "columns": {
                "id": SQL("a.id + %s", REFUND_ID_OFFSET),
                "origin": SQL("'refund'"),
                "company_id": SQL("l.company_id"),
                "partner_id": SQL("p.commercial_partner_id"),
                "product_id": SQL("l.product_id"),
                "order_ref": SQL("a.move_name"),
                "order_key": SQL("'s' || o.id"),
                "order_hash": SQL("o.id"),
                "date": SQL("COALESCE(a.invoice_date, a.date)"),
                "quantity": SQL("-ABS(a.quantity) * lu.factor / pu.factor * %s", share),
                "amount": SQL("-a.balance * %s", share),
                "currency_id": SQL("c.currency_id"),
                "is_return": SQL("TRUE"),
                "sale_line_id": SQL("l.id"),
            },
            "from": SQL(
                """account_move_line a
                JOIN account_move m ON m.id = a.move_id
                JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = a.id
                JOIN sale_order_line l ON l.id = r.order_line_id
                JOIN sale_order o ON o.id = l.order_id
                %s
                LEFT JOIN product_product pp ON pp.id = l.product_id
                LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
                LEFT JOIN uom_uom lu ON lu.id = a.product_uom_id
                LEFT JOIN uom_uom pu ON pu.id = pt.uom_id
                JOIN LATERAL (%s) n ON n.credited <> 0 AND ROUND(%s, 6) > 0""",
                fact_sql.ORDER_JOINS,
                fact_sql.line_invoiced(),
                share,
            ),
            "where": SQL(
                """%s AND %s AND a.parent_state = 'posted' AND a.display_type = 'product'
                AND NOT EXISTS (
                    SELECT FROM sale_order_line_invoice_rel other
                    WHERE other.invoice_line_id = a.id AND other.order_line_id < l.id)""",
                fact_sql.LINE_COUNTS,
                fact_sql.is_credit(SQL("a"), SQL("m")),
            ),
        }

    def _get_fact_part_history(self):
        """Return the part of imported lines; aliases are h (history line) and c (company)."""
        return {
            "columns": {
                "id": SQL("h.id"),
                "origin": SQL("'history'"),
                "company_id": SQL("h.company_id"),
                "partner_id": SQL("h.partner_id"),
                "product_id": SQL("h.product_id"),
                "order_ref": SQL("h.order_ref"),
                "order_key": SQL("'h' || h.company_id || '/' || h.source || '/' || h.order_ref"),
                "order_hash": SQL("hashtextextended(h.source || '/' || h.order_ref, h.company_id)"),
                "date": SQL("h.date"),
                "quantity": SQL("h.quantity"),
                "amount": SQL("h.amount_company"),
                "currency_id": SQL("c.currency_id"),
                "is_return": SQL("h.quantity < 0"),
                "promised_date": SQL("h.promised_date"),
                "delivered_date": SQL("h.delivered_date"),
                "history_id": SQL("h.id"),
            },
            "from": SQL("logistics_sales_history h LEFT JOIN res_company c ON c.id = h.company_id"),
            "where": SQL("(h.quantity <> 0 OR h.amount_company <> 0)"),
        }
