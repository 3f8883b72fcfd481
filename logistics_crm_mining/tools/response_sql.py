"""What was known of customers when a campaign contacted them, and of all customers now."""

from odoo.tools import SQL

CONTACTS = {
    "partner_id": "int64",
    "list_id": "int64",
    "time": "date",
    "until": "date",
    "answered": "int32",
    "channel": "int32",
    "segment_id": "int32",
    "orders": "int64",
    "orders_year": "int64",
    "first_date": "date",
    "last_date": "date",
    "amount": "float64",
    "amount_year": "float64",
    "earlier_contacts": "int64",
    "earlier_answers": "int64",
    "answers_date": "date",
    "lines": "int64",
}


def contacts_query(company, last_day, channels):
    """Return the query of all contacts of measured lists, and of every customer as of a day.

    Of a contact, orders up to the day of the contact count, and answers to lists that were over
    before it. Customers to be scored have ``list_id`` 0 and ``answered`` -1, and are described as
    if they were contacted on the day, in the way most were so far.

    Parameters
    ----------
    company : res.company
    last_day : datetime.date
    channels : list of str
        Treatments of campaign lists; ``channel`` is a place in it.
    """
    return SQL(
        """WITH asked AS (
            SELECT m.partner_id, l.id AS list_id, l.date_start AS time, l.date_end AS until,
                m.answered::int AS answered,
                array_position(%(channels)s::varchar[], l.treatment) - 1 AS channel,
                CASE WHEN m.segment_date <= l.date_start THEN m.segment_id END AS segment_id
            FROM logistics_mining_list_member m
            JOIN logistics_mining_list l ON l.id = m.list_id
            WHERE l.company_id = %(company)s AND l.state = 'measured' AND m.arm = 'treated'
                AND l.date_end <= %(day)s
        ), day AS (
            SELECT f.partner_id, f.date, SUM(f.amount) AS amount, COUNT(*) AS lines,
                BOOL_OR(f.quantity > 0 AND NOT f.is_return) AS ordered
            FROM logistics_order_fact f
            WHERE f.company_id = %(company)s AND f.partner_id IS NOT NULL AND f.date <= %(day)s
            GROUP BY f.partner_id, f.date
        ), contact AS (
            SELECT * FROM asked
            UNION ALL
            SELECT d.partner_id, 0, %(day)s::date, %(day)s::date, -1,
                (SELECT channel FROM asked GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1),
                (p.segment_id->>%(key)s)::int
            FROM (SELECT DISTINCT partner_id FROM day) d
            JOIN res_partner p ON p.id = d.partner_id
        ), known AS (
            SELECT c.partner_id, c.list_id,
                COUNT(*) FILTER (WHERE d.ordered) AS orders,
                COUNT(*) FILTER (WHERE d.ordered AND d.date > c.time - 365) AS orders_year,
                MIN(d.date) FILTER (WHERE d.ordered) AS first_date,
                MAX(d.date) FILTER (WHERE d.ordered) AS last_date,
                SUM(d.amount) AS amount,
                SUM(d.amount) FILTER (WHERE d.date > c.time - 365) AS amount_year,
                SUM(d.lines)::bigint AS lines
            FROM contact c JOIN day d ON d.partner_id = c.partner_id AND d.date <= c.time
            GROUP BY c.partner_id, c.list_id
        ), earlier AS (
            SELECT c.partner_id, c.list_id, COUNT(*) AS contacts,
                SUM(a.answered)::bigint AS answers, MAX(a.until) AS date
            FROM contact c
            JOIN asked a ON a.partner_id = c.partner_id AND a.until <= c.time
            GROUP BY c.partner_id, c.list_id
        )
        SELECT c.partner_id, c.list_id, c.time, c.until, c.answered, c.channel, c.segment_id,
            COALESCE(k.orders, 0) AS orders, COALESCE(k.orders_year, 0) AS orders_year,
            k.first_date, k.last_date, COALESCE(k.amount, 0) AS amount,
            COALESCE(k.amount_year, 0) AS amount_year, COALESCE(e.contacts, 0) AS earlier_contacts,
            COALESCE(e.answers, 0) AS earlier_answers, e.date AS answers_date,
            COALESCE(k.lines, 0) AS lines
        FROM contact c
        LEFT JOIN known k ON k.partner_id = c.partner_id AND k.list_id = c.list_id
        LEFT JOIN earlier e ON e.partner_id = c.partner_id AND e.list_id = c.list_id
        ORDER BY c.time, c.list_id, c.partner_id""",
        channels=channels,
        company=company.id,
        day=last_day,
        key=str(company.id),
    )
