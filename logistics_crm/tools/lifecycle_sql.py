"""The SQL of the customer life cycle: each customer's own order rhythm, and the stage it tells."""

from odoo.tools import SQL

# Customers with fewer order intervals than this have no rhythm of their own yet.
LEAST_GAPS = 2
# What an amount must be made of to tell a trend: order days in each of the two windows.
LEAST_ORDER_DAYS = 3
# The longest window over which amounts are compared.
WINDOW_DAYS = 180
# The rhythm of a company that has no customer with one of its own.
DEFAULT_RHYTHM = 30


def rhythm_ctes(company_id, today, limits):
    """Return the common table expressions up to ``figure``: one row per customer who ordered.

    Parameters
    ----------
    company_id : int
    today : datetime.date
        Orders after this day do not count.
    limits : dict
        ``lost`` and ``declining``: each (factor, least, most), in rhythms and days.

    Returns
    -------
    SQL
        ``figure`` has partner_id, first, last, quiet (days since the last order), rhythm (median
        days between two order days), is_own (whether the rhythm is the customer's, else the
        median of all customers'), lost_limit, declining_limit (days), came_back (day of the last
        order after a gap beyond lost_limit), absence (that gap), window (days), recent, before
        (amounts ordered in the last window and the one before), recent_days, before_days.
    """
    return SQL(
        """day AS (
            SELECT partner_id, date, SUM(amount) AS amount
              FROM logistics_order_fact
             WHERE company_id = %(company)s AND partner_id IS NOT NULL
               AND NOT is_return AND date <= %(today)s
          GROUP BY partner_id, date
        ), gap AS (
            SELECT *, date - LAG(date) OVER (PARTITION BY partner_id ORDER BY date) AS days
              FROM day
        ), own AS (
            SELECT partner_id, MIN(date) AS first, MAX(date) AS last,
                   CASE WHEN COUNT(days) >= %(least_gaps)s
                        THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY days) END AS rhythm
              FROM gap GROUP BY partner_id
        ), typical AS (
            SELECT COALESCE(percentile_cont(0.5) WITHIN GROUP (ORDER BY rhythm), %(default)s)
                   AS rhythm
              FROM own
        ), paced AS (
            SELECT own.partner_id, first, last, %(today)s - last AS quiet,
                   COALESCE(own.rhythm, typical.rhythm) AS rhythm,
                   own.rhythm IS NOT NULL AS is_own,
                   %(lost)s AS lost_limit,
                   %(declining)s AS declining_limit,
                   LEAST(%(window)s, (%(today)s - first) / 2) AS "window"
              FROM own, typical
        ), telling AS (
            SELECT partner_id,
                   MAX(date) FILTER (WHERE days > lost_limit) AS came_back,
                   MAX(days) FILTER (WHERE days > lost_limit) AS absence,
                   SUM(amount) FILTER (WHERE %(today)s - date < "window") AS recent,
                   SUM(amount) FILTER (WHERE %(today)s - date >= "window"
                                         AND %(today)s - date < 2 * "window") AS before,
                   COUNT(*) FILTER (WHERE %(today)s - date < "window") AS recent_days,
                   COUNT(*) FILTER (WHERE %(today)s - date >= "window"
                                      AND %(today)s - date < 2 * "window") AS before_days
              FROM gap JOIN paced USING (partner_id)
             WHERE days > %(least_lost)s OR %(today)s - date < 2 * %(window)s
          GROUP BY partner_id
        ), figure AS (
            SELECT * FROM paced LEFT JOIN telling USING (partner_id)
        )""",
        company=company_id,
        today=today,
        least_gaps=LEAST_GAPS,
        default=DEFAULT_RHYTHM,
        window=WINDOW_DAYS,
        least_lost=min(limits["lost"][1:]),  # no gap up to this is an absence of anybody
        lost=_limit(*limits["lost"]),
        declining=_limit(*limits["declining"]),
    )


def _limit(factor, least, most):
    return SQL(
        "LEAST(GREATEST(COALESCE(own.rhythm, typical.rhythm) * %s, %s), %s)", factor, least, most
    )


def told_stage(today, new_days, recovered_days, rise, fall):
    """Return what ``figure`` tells: the columns reason and its figures.

    The reason is the code of a stage, with a second word where a stage has two reasons.
    """
    return SQL(
        """CASE
            WHEN quiet > lost_limit THEN 'lost'
            WHEN %(today)s - came_back <= %(recovered)s THEN 'recovered'
            WHEN %(today)s - first <= %(new)s THEN 'new'
            WHEN quiet > declining_limit THEN 'declining'
            WHEN before_days >= %(least)s AND COALESCE(recent, 0) <= before * (1 - %(fall)s)
                THEN 'declining_amount'
            WHEN before_days >= %(least)s AND recent_days >= %(least)s
                AND before > 0 AND recent >= before * (1 + %(rise)s) THEN 'growing'
            ELSE 'mature' END AS reason,
        quiet, ROUND(rhythm) AS rhythm, is_own, first, came_back, absence, "window" AS days,
        CASE WHEN before > 0
             THEN ROUND(100 * (COALESCE(recent, 0) / before - 1)) END AS percent""",
        today=today,
        recovered=recovered_days,
        new=new_days,
        least=LEAST_ORDER_DAYS,
        rise=rise,
        fall=fall,
    )


def is_prospect(company_id):
    """Return whether partner p may become a customer: by its rank, or a lead or quotation."""
    return SQL(
        """p.id = p.commercial_partner_id AND (
            p.customer_rank > 0 AND p.active
                AND (p.company_id IS NULL OR p.company_id = %(company)s)
            OR p.id IN (SELECT other.commercial_partner_id
                          FROM crm_lead l JOIN res_partner other ON other.id = l.partner_id
                         WHERE l.company_id = %(company)s OR l.company_id IS NULL)
            OR p.id IN (SELECT other.commercial_partner_id
                          FROM sale_order o JOIN res_partner other ON other.id = o.partner_id
                         WHERE o.company_id = %(company)s AND o.state <> 'cancel'))""",
        company=company_id,
    )
