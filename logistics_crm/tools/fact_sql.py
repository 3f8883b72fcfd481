"""SQL expressions of `logistics.order.fact`, shared by its parts and by the add-ons above.

The aliases are those of the view: l is the order line, o its order, p the order's partner, c the
company, cp the company's partner, a the credited invoice line, m its invoice.
"""

from odoo.tools import SQL

# Fields that the view reads: the ORM writes their pending values before a search.
DEPENDS = {
    "account.move": ["move_type"],
    "account.move.line": [
        "balance",
        "currency_id",
        "date",
        "display_type",
        "invoice_date",
        "move_id",
        "move_name",
        "parent_state",
        "price_subtotal",
        "product_uom_id",
        "quantity",
        "sale_line_ids",
    ],
    "logistics.sales.history": [
        "amount_company",
        "company_id",
        "date",
        "delivered_date",
        "order_ref",
        "partner_id",
        "product_id",
        "promised_date",
        "quantity",
        "source",
    ],
    "product.product": ["product_tmpl_id"],
    "product.template": ["uom_id"],
    "res.company": ["currency_id", "partner_id"],
    "res.partner": ["commercial_partner_id", "tz"],
    "sale.order": [
        "commitment_date",
        "currency_id",
        "currency_rate",
        "date_order",
        "name",
        "partner_id",
    ],
    "sale.order.line": [
        "company_id",
        "customer_lead",
        "display_type",
        "is_downpayment",
        "order_id",
        "price_subtotal",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "qty_delivered",
        "state",
        "untaxed_amount_invoiced",
        "untaxed_amount_to_invoice",
    ],
    "uom.uom": ["factor"],
}

# What a line sold: ordered, or delivered where nothing was ordered (added by the warehouse).
LINE_QUANTITY = SQL(
    """(CASE WHEN l.product_uom_qty <> 0 THEN l.product_uom_qty
    ELSE COALESCE(l.qty_delivered, 0) END)"""
)

# What a line sold in the order's currency. Lines ordered with quantity zero have no subtotal.
LINE_AMOUNT = SQL(
    """(CASE WHEN l.product_uom_qty <> 0 THEN l.price_subtotal
    ELSE COALESCE(l.untaxed_amount_invoiced, 0) + COALESCE(l.untaxed_amount_to_invoice, 0) END)"""
)

# When a line was promised, in UTC: as agreed on the order, else after the line's lead time.
LINE_PROMISE = SQL("COALESCE(o.commitment_date, o.date_order + l.customer_lead * interval '1 day')")

# Order lines that are sales: confirmed, and neither a text nor an advance on other lines.
LINE_COUNTS = SQL("l.state = 'sale' AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE")

# All on unique keys: the planner drops those that a query does not need.
ORDER_JOINS = SQL(
    """LEFT JOIN res_partner p ON p.id = o.partner_id
    LEFT JOIN res_company c ON c.id = l.company_id
    LEFT JOIN res_partner cp ON cp.id = c.partner_id"""
)


def company_date(timestamp):
    """Return the day of a UTC timestamp in the time zone of the company (UTC without one).

    Parameters
    ----------
    timestamp : SQL
        An expression of type ``timestamp``, in UTC as Odoo stores it.
    """
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(cp.tz, 'UTC'))::date", timestamp)


def is_credit(line, move):
    """Return the condition under which an invoice line gives money back to the customer.

    Parameters
    ----------
    line, move : SQL
        Aliases of ``account_move_line`` and ``account_move``.
    """
    return SQL(
        """(%(move)s.move_type = 'out_refund' AND %(line)s.quantity > 0
        OR %(move)s.move_type = 'out_invoice' AND %(line)s.quantity < 0)""",
        line=line,
        move=move,
    )


def line_invoiced():
    """Return the query of one row (net, credited) of an order line, in the order's currency.

    Only posted documents count. An invoice in another currency is converted by the order's rate.
    """
    return SQL(
        """SELECT SUM(x.amount) AS net, -SUM(x.amount) FILTER (WHERE x.is_credit) AS credited
        FROM (
            SELECT %(is_credit)s AS is_credit,
                CASE WHEN ia.currency_id <> o.currency_id THEN -ia.balance * o.currency_rate
                    WHEN im.move_type = 'out_refund' THEN -ia.price_subtotal
                    ELSE ia.price_subtotal END AS amount
            FROM sale_order_line_invoice_rel ir
            JOIN account_move_line ia ON ia.id = ir.invoice_line_id
            JOIN account_move im ON im.id = ia.move_id
            WHERE ir.order_line_id = l.id AND ia.parent_state = 'posted'
                AND ia.display_type = 'product'
                AND im.move_type IN ('out_invoice', 'out_refund')
        ) x""",
        is_credit=is_credit(SQL("ia"), SQL("im")),
    )
