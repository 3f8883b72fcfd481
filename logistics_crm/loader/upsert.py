"""Good staged lines into the sales history, in one statement."""

from odoo.tools import SQL

from . import rates
from .keys import open_lines

DECIMALS = 6
"""Amounts keep so many decimals: enough for a line, and free of binary noise like 15.2999999."""


def upsert(load):
    """Create the good lines of `load` that are new and replace those that differ.

    Only they reach the INSERT: a line that is loaded again unchanged is neither written nor locked.
    All keys of the good lines must be mapped.

    Returns
    -------
    tuple of int
        Numbers of lines created and updated.
    """
    [counts] = load.env.execute_query(
        SQL(
            """
            WITH days AS MATERIALIZED (%(days)s), written AS (
                INSERT INTO logistics_sales_history AS h (
                    company_id, source, order_ref, line_ref, load_id, date, partner_id, product_id,
                    quantity, currency_id, amount, amount_company, promised_date, delivered_date,
                    customer_key, product_key)
                %(lines)s
                ON CONFLICT (company_id, source, order_ref, line_ref) DO UPDATE SET
                    load_id = excluded.load_id,
                    date = excluded.date,
                    partner_id = excluded.partner_id,
                    product_id = excluded.product_id,
                    quantity = excluded.quantity,
                    currency_id = excluded.currency_id,
                    amount = excluded.amount,
                    amount_company = excluded.amount_company,
                    promised_date = excluded.promised_date,
                    delivered_date = excluded.delivered_date,
                    customer_key = excluded.customer_key,
                    product_key = excluded.product_key
                RETURNING (h.xmax = 0) AS is_new
            )
            SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
            """,
            days=_days(load),
            lines=_changed_lines(load),
        )
    )
    return counts


def _days(load):
    """Return the query for currency and factor per (date, currency) as they stand in the lines."""
    return SQL(
        """
        SELECT pairs.raw_date, pairs.code, pairs.raw_date::date AS date, currency.id AS currency_id,
               %(factor)s AS factor,
               CASE WHEN currency.id = %(own)s THEN NULL ELSE %(rounding)s END AS rounding
          FROM (
            SELECT DISTINCT s.raw_date, COALESCE(s.raw_currency, '') AS code
              FROM logistics_history_stage s WHERE %(open)s
          ) pairs
          JOIN res_currency currency
            ON currency.name = COALESCE(NULLIF(upper(pairs.code), ''), %(own_name)s)
        """,
        factor=rates.factor(load, SQL("currency.id"), SQL("pairs.raw_date::date")),
        own=load.company_id.currency_id.id,
        own_name=load.company_id.currency_id.name,
        rounding=load.company_id.currency_id.rounding,
        open=open_lines(load),
    )


def _changed_lines(load):
    """Return the query for the rows to insert or update, in the order of the INSERT's columns."""
    return SQL(
        """
        SELECT %(company)s, %(source)s, new.order_ref, new.line_ref, %(load)s, new.date,
               new.partner_id, new.product_id, new.quantity, new.currency_id, new.amount,
               new.amount_company, new.promised_date, new.delivered_date, new.customer_key,
               new.product_key
          FROM (%(typed)s) new
          LEFT JOIN logistics_sales_history old
            ON old.company_id = %(company)s AND old.source = %(source)s
           AND old.order_ref = new.order_ref AND old.line_ref = new.line_ref
         WHERE old.id IS NULL
            OR (old.date, old.partner_id, old.product_id, old.quantity, old.currency_id, old.amount,
                old.amount_company, old.promised_date, old.delivered_date, old.customer_key,
                old.product_key)
               IS DISTINCT FROM
               (new.date, new.partner_id, new.product_id, new.quantity, new.currency_id, new.amount,
                new.amount_company, new.promised_date, new.delivered_date, new.customer_key,
                new.product_key)
        """,
        company=load.company_id.id,
        source=load.source,
        load=load.id,
        typed=_typed_lines(load),
    )


def _typed_lines(load):
    """Return the query for the good lines in the types of the history table."""
    return SQL(
        """
        SELECT s.raw_order AS order_ref, s.raw_line AS line_ref, days.date,
               partner.commercial_partner_id AS partner_id, product.product_id,
               s.raw_quantity::float8 AS quantity, days.currency_id,
               round(s.raw_amount::numeric, %(decimals)s) AS amount,
               CASE WHEN days.rounding IS NULL THEN round(s.raw_amount::numeric, %(decimals)s)
                    ELSE round(s.raw_amount::numeric * days.factor / days.rounding) * days.rounding
                    END AS amount_company,
               s.raw_promised::date AS promised_date, s.raw_delivered::date AS delivered_date,
               s.raw_customer AS customer_key, s.raw_product AS product_key
          FROM logistics_history_stage s
          JOIN days
            ON days.raw_date = s.raw_date AND days.code = COALESCE(s.raw_currency, '')
          JOIN logistics_source_key product
            ON product.company_id = %(company)s AND product.source = %(source)s
           AND product.kind = 'product' AND product.key = s.raw_product
          LEFT JOIN logistics_source_key customer
            ON customer.company_id = %(company)s AND customer.source = %(source)s
           AND customer.kind = 'customer' AND customer.key = s.raw_customer
          LEFT JOIN res_partner partner ON partner.id = customer.partner_id
         WHERE %(open)s
        """,
        decimals=DECIMALS,
        company=load.company_id.id,
        source=load.source,
        open=open_lines(load),
    )
