"""The queries of a customer's portrait: sales lines are read once and added up in the database."""

from odoo.tools import SQL

# A product counts as bought regularly from this many days with orders on.
REGULAR_DAYS = 3
MOST_PRODUCTS = 200

# What is read of each line; each order becomes one row. Returns lower amounts and are no orders.
COLUMNS = ("partner_id", "order_hash", "origin", "product_id", "date", "quantity", "amount")
COLUMNS += ("is_return", "promised_date")
ORDERS = SQL(
    """SELECT order_hash, MIN(date) AS date, SUM(amount) AS amount, COUNT(*) AS lines,
              SUM(quantity) AS units, MIN(origin) AS origin, MIN(promised_date) AS promised
         FROM line WHERE NOT is_return GROUP BY order_hash"""
)
# name -> one value, read from the rows above; `period` has today, a year ago, and two years ago
PARTS = {
    "days": SQL("SELECT jsonb_agg(DISTINCT date) FROM placed"),
    "total": SQL("SELECT jsonb_build_array(COUNT(*), MIN(date), MAX(date)) FROM placed"),
    "months": SQL(
        """SELECT jsonb_object_agg(month, jsonb_build_array(amount, orders)) FROM (
            SELECT to_char(line.date, 'YYYY-MM') AS month, SUM(line.amount)::float8 AS amount,
                   COUNT(DISTINCT order_hash) FILTER (WHERE NOT is_return) AS orders
              FROM line, period WHERE line.date >= first_month GROUP BY 1) AS one"""
    ),
    "years": SQL(
        """SELECT jsonb_object_agg(year, jsonb_build_array(orders, amount, lines, units)) FROM (
            SELECT CASE WHEN date > year_ago THEN 'last' ELSE 'before' END AS year,
                   COUNT(*) AS orders,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)::float8 AS amount,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY lines)::float8 AS lines,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY units)::float8 AS units
              FROM placed, period WHERE date > two_years_ago GROUP BY 1) AS one"""
    ),
    "revenue": SQL(
        """SELECT jsonb_build_array(
                   COALESCE(SUM(amount) FILTER (WHERE date > year_ago), 0)::float8,
                   COALESCE(SUM(amount) FILTER (
                       WHERE date > two_years_ago AND date <= year_ago), 0)::float8)
             FROM line, period"""
    ),
    "weekdays": SQL(
        """SELECT jsonb_object_agg(weekday, orders) FROM (
            SELECT EXTRACT(isodow FROM date)::int AS weekday, COUNT(*) AS orders
              FROM placed, period WHERE date > two_years_ago GROUP BY 1) AS one"""
    ),
    "seasons": SQL(
        """SELECT jsonb_object_agg(month, orders) FROM (
            SELECT EXTRACT(month FROM date)::int AS month, COUNT(*) AS orders
              FROM placed, period WHERE date > two_years_ago GROUP BY 1) AS one"""
    ),
    "ahead": SQL(
        """SELECT jsonb_build_array(COUNT(*),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY promised - date)::float8)
             FROM placed, period WHERE date > two_years_ago AND promised >= date"""
    ),
    "origins": SQL(
        """SELECT jsonb_object_agg(origin, orders) FROM (
            SELECT origin, COUNT(*) AS orders FROM placed, period
             WHERE date > year_ago GROUP BY 1) AS one"""
    ),
    "categories": SQL(
        """SELECT jsonb_agg(jsonb_build_array(categ_id, revenue, days, days_before, first_date))
             FROM (
            SELECT t.categ_id,
                   COALESCE(SUM(amount) FILTER (WHERE date > year_ago), 0)::float8 AS revenue,
                   COUNT(DISTINCT date) FILTER (WHERE date > year_ago AND NOT is_return) AS days,
                   COUNT(DISTINCT date) FILTER (
                       WHERE date <= year_ago AND date > two_years_ago AND NOT is_return
                   ) AS days_before,
                   MIN(date) AS first_date
              FROM line JOIN product_product p ON p.id = line.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id, period
             GROUP BY 1) AS one"""
    ),
    "articles": SQL(
        """SELECT jsonb_agg(jsonb_build_array(product_id, revenue, days, days_before, first_date))
             FROM (
            SELECT product_id,
                   COALESCE(SUM(amount) FILTER (WHERE date > year_ago), 0)::float8 AS revenue,
                   COUNT(DISTINCT date) FILTER (WHERE date > year_ago AND NOT is_return) AS days,
                   COUNT(DISTINCT date) FILTER (
                       WHERE date <= year_ago AND date > two_years_ago AND NOT is_return
                   ) AS days_before,
                   MIN(date) AS first_date
              FROM line, period WHERE product_id IS NOT NULL
             GROUP BY 1 ORDER BY revenue DESC, days_before DESC, product_id LIMIT %s) AS one""",
        MOST_PRODUCTS,
    ),
    "products": SQL(
        """SELECT jsonb_agg(jsonb_build_array(product_id, days, quantity)) FROM (
            SELECT product_id, jsonb_agg(DISTINCT date) AS days, SUM(amount) AS amount,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY quantity)::float8 AS quantity
              FROM line, period
             WHERE date > two_years_ago AND NOT is_return AND product_id IS NOT NULL
             GROUP BY 1 HAVING COUNT(DISTINCT date) >= %s
             ORDER BY amount DESC, product_id LIMIT %s) AS one""",
        REGULAR_DAYS,
        MOST_PRODUCTS,
    ),
}


def select_lines(query, table):
    """Return the SELECT of the lines that a search for sales lines has found."""
    return query.select(*(SQL.identifier(table, name) for name in COLUMNS))


def sales(lines, today, first_month, year_ago, two_years_ago):
    """Return the query of one row: each of `PARTS` as JSON, None where there is nothing.

    Parameters
    ----------
    lines : SQL
        The lines of the customer, from `select_lines`.
    today, first_month, year_ago, two_years_ago : date
    """
    columns = [SQL("(%s) AS %s", part, SQL.identifier(name)) for name, part in PARTS.items()]
    return SQL(
        """WITH period AS (SELECT %(today)s::date AS today, %(month)s::date AS first_month,
                                  %(year)s::date AS year_ago, %(two)s::date AS two_years_ago),
                line AS MATERIALIZED (%(lines)s),
                placed AS MATERIALIZED (%(orders)s)
           SELECT %(columns)s""",
        today=today,
        month=first_month,
        year=year_ago,
        two=two_years_ago,
        lines=lines,
        orders=ORDERS,
        columns=SQL(", ").join(columns),
    )


def payments(moves):
    """Return how many invoices were paid, how many late, and the median of days they took.

    Parameters
    ----------
    moves : SQL
        The ids of the invoices that count.
    """
    return SQL(
        """SELECT COUNT(*), COUNT(*) FILTER (WHERE paid > due),
                  percentile_cont(0.5) WITHIN GROUP (ORDER BY paid - issued),
                  percentile_cont(0.5) WITHIN GROUP (ORDER BY paid - due) FILTER (WHERE paid > due)
             FROM (
            SELECT m.invoice_date AS issued, m.invoice_date_due AS due, MAX(r.max_date) AS paid
              FROM account_move m
              JOIN account_move_line l ON l.move_id = m.id
              JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
              JOIN account_partial_reconcile r ON r.debit_move_id = l.id
             WHERE m.id IN (%s)
             GROUP BY m.id) AS invoice""",
        moves,
    )


def bought_alike(lines, own, least, limit):
    """Return what others buy and one customer does not: product, how many buy it, usual quantity.

    Parameters
    ----------
    lines : SQL
        The lines of the customers alike, from `select_lines`.
    own : SQL
        The lines of the customer, from `select_lines`.
    least : int
        Customers that must buy it.
    limit : int
    """
    return SQL(
        """SELECT f.product_id, COUNT(DISTINCT f.partner_id) AS customers,
                  percentile_cont(0.5) WITHIN GROUP (ORDER BY f.quantity)::float8
             FROM (%(lines)s) f
             JOIN product_product p ON p.id = f.product_id AND p.active
             JOIN product_template t ON t.id = p.product_tmpl_id AND t.active AND t.sale_ok
            WHERE NOT f.is_return AND f.product_id NOT IN (
                  SELECT product_id FROM (%(own)s) AS line WHERE product_id IS NOT NULL)
            GROUP BY f.product_id HAVING COUNT(DISTINCT f.partner_id) >= %(least)s
            ORDER BY customers DESC, SUM(f.amount) DESC, f.product_id LIMIT %(limit)s""",
        lines=lines,
        own=own,
        least=least,
        limit=limit,
    )
