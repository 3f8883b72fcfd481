"""The queries of the figures on a customer: one row per commercial partner, in one statement each.

All take the ids of commercial partners and of one company; amounts are in its currency.
"""

from odoo.tools import SQL


def sales(partner_ids, company_id, year_ago, two_years_ago):
    """Return partner_id, revenue of the last 12 months and of those before, orders, last order."""
    return SQL(
        """SELECT partner_id,
                  COALESCE(SUM(amount) FILTER (WHERE date > %(year)s), 0),
                  COALESCE(SUM(amount) FILTER (WHERE date > %(two)s AND date <= %(year)s), 0),
                  COUNT(DISTINCT order_hash) FILTER (WHERE date > %(year)s AND NOT is_return),
                  MAX(date) FILTER (WHERE NOT is_return)
             FROM logistics_order_fact
            WHERE partner_id = ANY(%(partners)s) AND company_id = %(company)s
         GROUP BY partner_id""",
        year=year_ago,
        two=two_years_ago,
        partners=partner_ids,
        company=company_id,
    )


def receivables(partner_ids, company_id, today):
    """Return partner_id, what is still to be paid, and what of it is past its due date."""
    return SQL(
        """SELECT l.partner_id, SUM(l.amount_residual),
                  COALESCE(SUM(l.amount_residual) FILTER (WHERE l.date_maturity < %(today)s), 0)
             FROM account_move_line l JOIN account_account a ON a.id = l.account_id
            WHERE l.partner_id = ANY(%(partners)s) AND l.company_id = %(company)s
              AND l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
              AND a.account_type = 'asset_receivable'
         GROUP BY l.partner_id""",
        today=today,
        partners=partner_ids,
        company=company_id,
    )


def orders(partner_ids, company_id):
    """Return partner_id, open orders, their untaxed amount, and open quotations.

    An order is open until all of it is invoiced.
    """
    return SQL(
        """SELECT p.commercial_partner_id,
                  COUNT(*) FILTER (WHERE o.state = 'sale'),
                  COALESCE(SUM(o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1))
                           FILTER (WHERE o.state = 'sale'), 0),
                  COUNT(*) FILTER (WHERE o.state <> 'sale')
             FROM res_partner p JOIN sale_order o ON o.partner_id = p.id
            WHERE p.commercial_partner_id = ANY(%(partners)s) AND o.company_id = %(company)s
              AND (o.state IN ('draft', 'sent')
                   OR o.state = 'sale' AND o.invoice_status IN ('no', 'to invoice'))
         GROUP BY p.commercial_partner_id""",
        partners=partner_ids,
        company=company_id,
    )


def satisfaction(partner_ids, company_id, year_ago):
    """Return partner_id, the mean rating of cases since a day (1 to 5), and how many rated."""
    return SQL(
        """SELECT c.commercial_partner_id, AVG(g.rating)::float, COUNT(*)
             FROM logistics_case c
             JOIN rating_rating g
               ON g.res_model = 'logistics.case' AND g.res_id = c.id
              AND g.consumed AND g.rating > 0 AND g.write_date > %(year)s
            WHERE c.commercial_partner_id = ANY(%(partners)s) AND c.company_id = %(company)s
         GROUP BY c.commercial_partner_id""",
        year=year_ago,
        partners=partner_ids,
        company=company_id,
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
