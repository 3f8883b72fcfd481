"""The queries of the figures on a customer: one row per commercial partner, in one statement each.

All take the ids of commercial partners and of one company; amounts are in its currency.
"""

from odoo.tools import SQL

FUNCTION = "logistics_customer_figures"


def create_function():
    """Return the statements that create anew the function behind `figures`.

    The credit limit is the one set for the customer: NULL where the company's own holds.

    The sales alone join a dozen tables: to plan that takes twenty times as long as to run it for
    one customer. A function keeps its plans as long as the connection lives. PostgreSQL does not
    tie its body to the views it reads, so that they can be made anew.
    """
    yield SQL("DROP FUNCTION IF EXISTS %s", SQL.identifier(FUNCTION))
    yield SQL(
        """CREATE FUNCTION %s(
               customers integer[], company integer, today date,
               year_ago date, two_years_ago date, rated_since timestamp)
           RETURNS TABLE (customer_id integer, revenue numeric, revenue_before numeric,
               last_order date, receivable numeric, overdue numeric, orders bigint,
               order_amount numeric, quotations bigint, rating double precision, ratings bigint,
               credit_limit double precision)
           LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $figures$
           #variable_conflict use_column
           BEGIN
               RETURN QUERY
               SELECT customer.id, sales.*, dues.*, work.*, rated.*,
                      (customer.credit_limit->>company::text)::double precision
                 FROM unnest(customers) AS wanted(id)
                 JOIN res_partner AS customer ON customer.id = wanted.id
                CROSS JOIN LATERAL (%s) AS sales
                CROSS JOIN LATERAL (%s) AS dues
                CROSS JOIN LATERAL (%s) AS work
                CROSS JOIN LATERAL (%s) AS rated;
           END $figures$""",
        SQL.identifier(FUNCTION),
        SALES,
        RECEIVABLES,
        ORDERS,
        SATISFACTION,
    )


# Revenue of the last 12 months and of those before, and the last order.
SALES = SQL(
    """SELECT COALESCE(SUM(amount) FILTER (WHERE date > year_ago), 0),
              COALESCE(SUM(amount) FILTER (WHERE date > two_years_ago AND date <= year_ago), 0),
              MAX(date) FILTER (WHERE NOT is_return)
         FROM logistics_order_fact
        WHERE partner_id = customer.id AND company_id = company"""
)

# What is still to be paid, and what of it is past its due date.
RECEIVABLES = SQL(
    """SELECT COALESCE(SUM(l.amount_residual), 0),
              COALESCE(SUM(l.amount_residual) FILTER (WHERE l.date_maturity < today), 0)
         FROM account_move_line l JOIN account_account a ON a.id = l.account_id
        WHERE l.partner_id = customer.id AND l.company_id = company
          AND l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
          AND a.account_type = 'asset_receivable'"""
)

# Open orders, their untaxed amount, and open quotations. An order is open until it is invoiced.
ORDERS = SQL(
    """SELECT COUNT(*) FILTER (WHERE o.state = 'sale'),
              COALESCE(SUM(o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1))
                       FILTER (WHERE o.state = 'sale'), 0),
              COUNT(*) FILTER (WHERE o.state <> 'sale')
         FROM res_partner p JOIN sale_order o ON o.partner_id = p.id
        WHERE p.commercial_partner_id = customer.id AND o.company_id = company
          AND (o.state IN ('draft', 'sent')
               OR o.state = 'sale' AND o.invoice_status IN ('no', 'to invoice'))"""
)

# The mean rating of cases since a day (1 to 5), and how many rated.
SATISFACTION = SQL(
    """SELECT AVG(g.rating)::float, COUNT(*)
         FROM logistics_case c
         JOIN rating_rating g
           ON g.res_model = 'logistics.case' AND g.res_id = c.id
          AND g.consumed AND g.rating > 0 AND g.write_date > rated_since
        WHERE c.commercial_partner_id = customer.id AND c.company_id = company"""
)


def figures(partner_ids, company_id, today, year_ago, two_years_ago, rated_since):
    """Return partner_id and the figures of one customer each, as the function names them."""
    return SQL(
        "SELECT * FROM %s(%s, %s, %s, %s, %s, %s)",
        SQL.identifier(FUNCTION),
        partner_ids,
        company_id,
        today,
        year_ago,
        two_years_ago,
        rated_since,
    )


def order_counts(partner_ids, company_id, year_ago):
    """Return partner_id and the number of orders since a day."""
    return SQL(
        """SELECT partner_id, COUNT(DISTINCT order_hash)
             FROM logistics_order_fact
            WHERE partner_id = ANY(%s) AND company_id = %s AND date > %s AND NOT is_return
         GROUP BY partner_id""",
        partner_ids,
        company_id,
        year_ago,
    )


def newest_work(partner_ids, company_id, count):
    """Return partner_id and the ids of its newest open orders, and of its newest open cases."""
    return SQL(
        """SELECT customer.id,
                  ARRAY(SELECT o.id FROM res_partner p JOIN sale_order o ON o.partner_id = p.id
                         WHERE p.commercial_partner_id = customer.id AND o.company_id = %(company)s
                           AND (o.state IN ('draft', 'sent')
                                OR o.state = 'sale' AND o.invoice_status IN ('no', 'to invoice'))
                      ORDER BY o.date_order DESC, o.id DESC LIMIT %(count)s),
                  ARRAY(SELECT c.id FROM logistics_case c
                         WHERE c.commercial_partner_id = customer.id AND c.company_id = %(company)s
                           AND c.active AND c.state IN ('new', 'open', 'waiting')
                      ORDER BY c.id DESC LIMIT %(count)s)
             FROM unnest(%(partners)s::int[]) AS customer(id)""",
        partners=partner_ids,
        company=company_id,
        count=count,
    )


def last_contact(partner_ids, company_id, now):
    """Return partner_id and when someone of them and of us last talked."""
    return SQL(
        """SELECT commercial_partner_id, MAX(date) FROM logistics_timeline
            WHERE commercial_partner_id = ANY(%(partners)s)
              AND kind IN ('mail', 'call', 'meeting', 'activity')
              AND date <= %(now)s
              AND (company_id = %(company)s OR company_id IS NULL)
         GROUP BY commercial_partner_id""",
        now=now,
        partners=partner_ids,
        company=company_id,
    )
