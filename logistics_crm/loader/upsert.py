"""Good staged lines into the sales history."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from . import rates
from .keys import open_lines

DECIMALS = 6
"""Amounts keep so many decimals: enough for a line, and free of binary noise like 15.2999999."""


def upsert(load):
    """Replace the good lines of `load` that differ from what is there, create those that are new.

    Lines that are there unchanged are neither written nor locked. All keys must be mapped. Between
    the loads of a source, which wait for each other, the two statements see the same lines; as they
    are told apart by a join, INSERT need not look for conflicts row by row (ON CONFLICT would make
    it half as slow again).

    Returns
    -------
    tuple of int
        Numbers of lines created and updated.

    Raises
    ------
    ConcurrencyError
        Somebody else has created one of the lines meanwhile. Odoo repeats the call.
    """
    days, typed = _days(load), _typed_lines(load)
    cr = load.env.cr
    cr.execute(_update(load, days, typed))
    updated = cr.rowcount
    try:
        cr.execute(_insert(load, days, typed))
    except UniqueViolation as error:
        raise ConcurrencyError("Sales lines were created by another transaction") from error
    return cr.rowcount, updated


def count_existing(load):
    """Return how many good lines of `load` the history holds already, equal or not."""
    [(count,)] = load.env.execute_query(
        SQL(
            """
            SELECT count(*)
              FROM logistics_history_stage s
              JOIN logistics_sales_history old
                ON old.company_id = %(company)s AND old.source = %(source)s
               AND old.order_ref = s.raw_order AND old.line_ref = s.raw_line
             WHERE %(open)s
            """,
            company=load.company_id.id,
            source=load.source,
            open=open_lines(load),
        )
    )
    return count


def _update(load, days, typed):
    return SQL(
        """
        WITH days AS MATERIALIZED (%(days)s)
        UPDATE logistics_sales_history old
           SET load_id = %(load)s, date = new.date, partner_id = new.partner_id,
               product_id = new.product_id, quantity = new.quantity,
               currency_id = new.currency_id, amount = new.amount,
               amount_company = new.amount_company, promised_date = new.promised_date,
               delivered_date = new.delivered_date, customer_key = new.customer_key,
               product_key = new.product_key
          FROM (%(typed)s) new
         WHERE old.company_id = %(company)s AND old.source = %(source)s
           AND old.order_ref = new.order_ref AND old.line_ref = new.line_ref
           AND (old.date, old.partner_id, old.product_id, old.quantity, old.currency_id,
                old.amount, old.amount_company, old.promised_date, old.delivered_date,
                old.customer_key, old.product_key)
               IS DISTINCT FROM
               (new.date, new.partner_id, new.product_id, new.quantity, new.currency_id,
                new.amount, new.amount_company, new.promised_date, new.delivered_date,
                new.customer_key, new.product_key)
        """,
        days=days,
        typed=typed,
        load=load.id,
        company=load.company_id.id,
        source=load.source,
    )


def _insert(load, days, typed):
    return SQL(
        """
        WITH days AS MATERIALIZED (%(days)s)
        INSERT INTO logistics_sales_history (
               company_id, source, load_id, order_ref, line_ref, date, partner_id, product_id,
               quantity, currency_id, amount, amount_company, promised_date, delivered_date,
               customer_key, product_key)
        SELECT %(company)s, %(source)s, %(load)s, new.*
          FROM (%(typed)s) new
         WHERE NOT EXISTS (
            SELECT FROM logistics_sales_history old
             WHERE old.company_id = %(company)s AND old.source = %(source)s
               AND old.order_ref = new.order_ref AND old.line_ref = new.line_ref
         )
        """,
        days=days,
        typed=typed,
        load=load.id,
        company=load.company_id.id,
        source=load.source,
    )


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


def _typed_lines(load):
    """Return the query for the good lines in the types and order of the history table."""
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
