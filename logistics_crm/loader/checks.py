"""Reasons not to accept a staged line, found set-based. Each function returns one statement.

A check looks only at lines without a reason so far: the first reason that is found is the one that
people read. Values that repeat (dates, currencies, keys) are judged once per distinct value.
"""

from odoo import fields
from odoo.tools import SQL

from . import rates
from .columns import KEY_LENGTH, NAME_LENGTH
from .customers import check_customers
from .keys import open_lines
from .products import check_products

NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?$"
NUMBER_LENGTH = 40
MAX_QUANTITY = 1e12
MAX_AMOUNT = 1e15
FIRST_DATE = "1970-01-01"
YEARS_AHEAD = 10


def statements(load):
    """Yield the checks of `load`, in the order in which they are to run."""
    today = fields.Date.context_today(
        load.with_context(tz=load.env.user.tz or load.company_id.partner_id.tz)
    )
    far = fields.Date.add(today, years=YEARS_AHEAD)
    yield check_values(load)
    yield check_dates(load, "date", today, "future_date")
    yield check_dates(load, "promised", far, "far_date")
    yield check_dates(load, "delivered", today, "future_date")
    yield from reference_statements(load)
    yield check_duplicates(load)


def reference_statements(load):
    """Yield the checks against other records: they can fail later though they passed before."""
    yield check_currencies(load)
    yield check_customers(load)
    yield check_products(load)


def check_values(load):
    """Reject what a look at the line alone tells: empty, unreadable, no number, out of range."""
    verdict = _verdict(load)
    return SQL(
        """
        UPDATE logistics_history_stage s
           SET reject_field = split_part(%(verdict)s, ':', 1),
               reject_reason = split_part(%(verdict)s, ':', 2)
         WHERE %(open)s AND %(verdict)s IS NOT NULL
        """,
        verdict=verdict,
        open=open_lines(load),
    )


def _verdict(load):
    """Return the expression for 'field:reason' of a line, NULL when nothing is against it."""
    return SQL(
        """
        CASE
            WHEN s.raw_order IS NULL THEN 'order:missing'
            WHEN s.raw_line IS NULL THEN 'line:missing'
            WHEN s.raw_date IS NULL THEN 'date:missing'
            WHEN s.raw_customer IS NULL AND NOT %(anonymous)s THEN 'customer:anonymous'
            WHEN s.raw_product IS NULL THEN 'product:missing'
            WHEN s.raw_quantity IS NULL THEN 'quantity:missing'
            WHEN s.raw_amount IS NULL THEN 'amount:missing'
            WHEN octet_length(s.raw_order) > %(key_length)s THEN 'order:too_long'
            WHEN octet_length(s.raw_line) > %(key_length)s THEN 'line:too_long'
            WHEN octet_length(s.raw_customer) > %(key_length)s THEN 'customer:too_long'
            WHEN octet_length(s.raw_product) > %(key_length)s THEN 'product:too_long'
            WHEN octet_length(s.raw_customer_name) > %(name_length)s
                THEN 'customer_name:too_long'
            WHEN octet_length(s.raw_product_name) > %(name_length)s THEN 'product_name:too_long'
            WHEN strpos(
                concat(s.raw_order, s.raw_line, s.raw_customer, s.raw_product), chr(1)
            ) > 0 THEN CASE
                WHEN strpos(s.raw_order, chr(1)) > 0 THEN 'order:control'
                WHEN strpos(s.raw_line, chr(1)) > 0 THEN 'line:control'
                WHEN strpos(s.raw_customer, chr(1)) > 0 THEN 'customer:control'
                ELSE 'product:control' END
            WHEN s.raw_quantity !~ %(number)s THEN 'quantity:not_number'
            WHEN s.raw_amount !~ %(number)s THEN 'amount:not_number'
            WHEN octet_length(s.raw_quantity) > %(number_length)s THEN 'quantity:too_large'
            WHEN octet_length(s.raw_amount) > %(number_length)s THEN 'amount:too_large'
            WHEN abs(s.raw_quantity::float8) >= %(max_quantity)s THEN 'quantity:too_large'
            WHEN abs(s.raw_amount::float8) >= %(max_amount)s THEN 'amount:too_large'
            WHEN s.raw_quantity::float8 = 0 THEN 'quantity:zero'
            WHEN s.raw_quantity::float8 < 0 AND s.raw_amount::float8 > 0
                THEN 'amount:return_amount'
            END
        """,
        anonymous=load.allow_anonymous,
        key_length=KEY_LENGTH,
        name_length=NAME_LENGTH,
        number=NUMBER,
        number_length=NUMBER_LENGTH,
        max_quantity=MAX_QUANTITY,
        max_amount=MAX_AMOUNT,
    )


def check_dates(load, name, last, too_late):
    """Reject dates in column `name` that are none, too early, or after `last` (`too_late`)."""
    return SQL(
        """
        WITH days AS MATERIALIZED (
            SELECT DISTINCT s.%(column)s AS day
              FROM logistics_history_stage s
             WHERE %(open)s AND s.%(column)s IS NOT NULL
        ), parts AS (
            SELECT day, day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AS readable FROM days
        ), numbers AS (
            SELECT day, substr(day, 1, 4)::int AS y, substr(day, 6, 2)::int AS m,
                   substr(day, 9, 2)::int AS d
              FROM parts WHERE readable
        ), judged AS (
            SELECT day, 'bad_date' AS verdict FROM parts WHERE NOT readable
            UNION ALL
            SELECT day, CASE
                WHEN m NOT BETWEEN 1 AND 12 OR d < 1 OR d > CASE
                        WHEN m = 2 AND y %% 4 = 0 AND (y %% 100 <> 0 OR y %% 400 = 0) THEN 29
                        WHEN m = 2 THEN 28
                        WHEN m IN (4, 6, 9, 11) THEN 30
                        ELSE 31 END THEN 'impossible_date'
                WHEN day COLLATE "C" < %(first)s THEN 'past_date'
                WHEN day COLLATE "C" > %(last)s THEN %(too_late)s
                END
              FROM numbers
        )
        UPDATE logistics_history_stage s
           SET reject_field = %(name)s, reject_reason = judged.verdict
          FROM judged
         WHERE %(open)s AND s.%(column)s = judged.day AND judged.verdict IS NOT NULL
        """,
        column=SQL.identifier(f"raw_{name}"),
        name=name,
        open=open_lines(load),
        first=FIRST_DATE,
        last=last.isoformat(),
        too_late=too_late,
    )


def check_currencies(load):
    """Reject currencies that are unknown, inactive or without a rate on the order date."""
    return SQL(
        """
        WITH pairs AS (
            SELECT DISTINCT s.raw_currency AS code, s.raw_date AS day
              FROM logistics_history_stage s
             WHERE %(open)s AND s.raw_currency IS NOT NULL
        ), judged AS (
            SELECT pairs.code, pairs.day, CASE
                WHEN currency.id IS NULL THEN 'unknown_currency'
                WHEN NOT currency.active THEN 'inactive_currency'
                WHEN %(factor)s IS NULL THEN 'no_rate'
                END AS verdict
              FROM pairs
              LEFT JOIN res_currency currency ON currency.name = upper(pairs.code)
        )
        UPDATE logistics_history_stage s
           SET reject_field = 'currency', reject_reason = judged.verdict
          FROM judged
         WHERE %(open)s AND s.raw_currency = judged.code AND s.raw_date = judged.day
           AND judged.verdict IS NOT NULL
        """,
        open=open_lines(load),
        factor=rates.factor(load, SQL("currency.id"), SQL("pairs.day::date")),
    )


def check_duplicates(load):
    """Reject good lines whose order and line came before in this load.

    Only lines whose hash occurs twice are compared as texts.
    """
    return SQL(
        """
        WITH twice AS (
            SELECT hashtextextended(s.raw_order, hashtextextended(s.raw_line, 0)) AS hash
              FROM logistics_history_stage s
             WHERE %(open)s
             GROUP BY 1 HAVING count(*) > 1
        ), ranked AS (
            SELECT s.ctid,
                   row_number() OVER (
                       PARTITION BY s.raw_order, s.raw_line ORDER BY s.row_no
                   ) AS place
              FROM logistics_history_stage s
              JOIN twice
                ON twice.hash = hashtextextended(s.raw_order, hashtextextended(s.raw_line, 0))
             WHERE %(open)s
        )
        UPDATE logistics_history_stage t
           SET reject_field = 'line', reject_reason = 'duplicate'
          FROM ranked
         WHERE t.load_id = %(load)s AND t.ctid = ranked.ctid AND ranked.place > 1
        """,
        open=open_lines(load),
        load=load.id,
    )


def count_query(load):
    """Return the query for the numbers of good and rejected lines."""
    return SQL(
        """
        SELECT count(*) FILTER (WHERE reject_reason IS NULL), count(reject_reason)
          FROM logistics_history_stage WHERE load_id = %s
        """,
        load.id,
    )


def rejected_query(load, after, limit):
    """Return the query for one page of rejected lines behind row `after`."""
    return SQL(
        """
        SELECT row_no, reject_field, reject_reason, raw_order, raw_line, raw_date, raw_customer,
               raw_product, raw_quantity, raw_amount, raw_currency, raw_customer_name,
               raw_customer_country, raw_product_name, raw_promised, raw_delivered
          FROM logistics_history_stage
         WHERE load_id = %s AND row_no > %s AND reject_reason IS NOT NULL
         ORDER BY row_no LIMIT %s
        """,
        load.id,
        after,
        limit,
    )
