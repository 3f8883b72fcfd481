"""The statements behind campaign lists: who comes onto one, and what they did afterwards."""

from odoo.tools import SQL

BUSY = SQL(
    """EXISTS (
        SELECT FROM logistics_mining_list_member other
        WHERE other.is_open AND other.company_id = member.company_id
            AND other.partner_id = member.partner_id
            AND (other.arm = 'held_out'
                OR COALESCE(other.task_id, 0) = COALESCE(member.task_id, 0)))"""
)


def choose_query(record, fitting, order):
    """Return the statement that puts customers onto a list.

    Parameters
    ----------
    record : logistics.mining.list
    fitting : SQL
        Query of ``partner_id``, ``score_value``, ``band`` and ``score_date``.
    order : SQL
        Who comes first, by ``member`` and ``p`` (the partner).

    Returns
    -------
    SQL
        One row: how many came onto the list, and how many were left out because they are on
        another running list of the same task, or held out by any.
    """
    return SQL(
        """WITH fitting AS (
            SELECT %(company)s::int AS company_id, %(task)s::int AS task_id, fitting.*
            FROM (%(fitting)s) fitting
        ), marked AS (
            SELECT member.*, %(busy)s AS busy FROM fitting member
        ), added AS (
            INSERT INTO logistics_mining_list_member (
                list_id, company_id, task_id, partner_id, score_value, band, score_date,
                segment_id, segment_date, is_open)
            SELECT %(list)s, member.company_id, member.task_id, member.partner_id,
                member.score_value, member.band, member.score_date,
                (p.segment_id->>%(key)s)::int, segment.cutoff, false
            FROM marked member
            JOIN res_partner p ON p.id = member.partner_id
            LEFT JOIN (
                SELECT r.cutoff FROM logistics_mining_run r
                JOIN logistics_mining_task t ON t.id = r.task_id AND t.code = 'segment'
                WHERE r.is_newest AND r.company_id = %(company)s
            ) segment ON p.segment_id->>%(key)s IS NOT NULL
            WHERE NOT member.busy
            ORDER BY %(order)s, member.partner_id
            LIMIT %(limit)s
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM marked WHERE busy)""",
        company=record.company_id.id,
        task=record.task_id.id or None,
        key=str(record.company_id.id),
        fitting=fitting,
        busy=BUSY,
        list=record.id,
        order=order,
        limit=record.customer_limit or None,
    )


def drop_gone_query(record):
    """Return the statement that takes off who may not be contacted since they were chosen.

    Returns
    -------
    SQL
        A row for each of them with the reason: ``archived``, ``alone`` (left alone for another
        running list) or ``busy`` (on another running list of the same task).
    """
    return SQL(
        """DELETE FROM logistics_mining_list_member member
        USING res_partner p
        WHERE member.list_id = %s AND p.id = member.partner_id AND (NOT p.active OR %s)
        RETURNING CASE WHEN NOT p.active THEN 'archived' WHEN EXISTS (
            SELECT FROM logistics_mining_list_member other
            WHERE other.is_open AND other.company_id = member.company_id
                AND other.partner_id = member.partner_id AND other.arm = 'held_out')
            THEN 'alone' ELSE 'busy' END""",
        record.id,
        BUSY,
    )


def draw_query(record, held_out_ids):
    """Return the statement that tells the contacted from those held out."""
    return SQL(
        """UPDATE logistics_mining_list_member
        SET arm = CASE WHEN id = ANY(%s) THEN 'held_out' ELSE 'treated' END, is_open = true
        WHERE list_id = %s""",
        held_out_ids,
        record.id,
    )


def outcome_query(record, answers):
    """Return the statement that writes down what each customer did.

    Parameters
    ----------
    record : logistics.mining.list
        With its start and end; orders after the day of the start count, up to the end.
    answers : list of SQL
        Queries of the ``partner_id`` of customers who answered in another way.
    """
    ways = [SQL("own.partner_id IN (%s)", answer) for answer in answers]
    if record.order_counts:
        ways.append(SQL("COALESCE(done.ordered, false)"))
    return SQL(
        """WITH done AS (
            SELECT f.partner_id,
                BOOL_OR(f.quantity > 0 AND NOT f.is_return) AS ordered,
                MIN(f.date) FILTER (WHERE f.quantity > 0 AND NOT f.is_return) AS order_date,
                SUM(f.amount)::numeric AS amount
            FROM logistics_order_fact f
            WHERE f.company_id = %(company)s AND f.date > %(start)s AND f.date <= %(end)s
                AND f.partner_id IN (
                    SELECT partner_id FROM logistics_mining_list_member WHERE list_id = %(list)s)
            GROUP BY f.partner_id
        )
        UPDATE logistics_mining_list_member member
        SET is_open = false, ordered = COALESCE(done.ordered, false),
            order_date = done.order_date, amount = COALESCE(done.amount, 0),
            answered = own.arm = 'treated' AND CASE own.reply
                WHEN 'yes' THEN true WHEN 'no' THEN false ELSE %(told)s END
        FROM logistics_mining_list_member own
        LEFT JOIN done ON done.partner_id = own.partner_id
        WHERE own.id = member.id AND own.list_id = %(list)s""",
        company=record.company_id.id,
        start=record.date_start,
        end=record.date_end,
        list=record.id,
        told=SQL(" OR ").join(ways) if ways else SQL("false"),
    )
