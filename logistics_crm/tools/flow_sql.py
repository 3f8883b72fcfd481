"""The statements that keep `logistics.flow` like the documents.

Each works on a set of orders, however large, and writes only rows that differ.
"""

from odoo.tools import SQL

#: What is known of each order: aliases o (order), p (partner), i (its posted invoices).
ORDERS = SQL(
    """SELECT o.id AS order_id, o.opportunity_id AS lead_id, o.company_id, o.currency_id,
        o.amount_untaxed AS amount, o.user_id, o.date_order, o.state,
        LEAST(o.create_date, o.date_order) AS create_date,
        p.commercial_partner_id AS partner_id, l.create_date AS lead_date, l.user_id AS lead_user,
        o.invoice_status = 'invoiced' AS is_invoiced, i.*,
        NOT EXISTS (
            SELECT FROM sale_order_line x WHERE x.order_id = o.id AND x.display_type IS NULL
                AND x.is_downpayment IS NOT TRUE
                AND x.product_uom_qty > COALESCE(x.qty_delivered, 0)
        ) AS is_delivered
    FROM sale_order o
    JOIN res_partner p ON p.id = o.partner_id
    LEFT JOIN crm_lead l ON l.id = o.opportunity_id
    LEFT JOIN LATERAL (
        SELECT max(m.id) AS move_id, max(m.invoice_date) AS invoiced_on,
            bool_and(m.state = 'posted') AS all_posted,
            bool_and(m.payment_state IN ('paid', 'in_payment', 'reversed')) AS all_paid,
            max(r.max_date) AS paid_on
        FROM (
            SELECT DISTINCT al.move_id FROM sale_order_line ol
            JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = ol.id
            JOIN account_move_line al ON al.id = rel.invoice_line_id
            WHERE ol.order_id = o.id
        ) linked
        JOIN account_move m ON m.id = linked.move_id AND m.state <> 'cancel'
        LEFT JOIN LATERAL (
            SELECT max(pr.max_date) AS max_date FROM account_move_line ml
            JOIN account_partial_reconcile pr
                ON pr.debit_move_id = ml.id OR pr.credit_move_id = ml.id
            WHERE ml.move_id = m.id
        ) r ON TRUE
    ) i ON TRUE"""
)


def seen(day):
    """Return when something happened of which only the day is known: now, if it is today.

    Parameters
    ----------
    day : SQL
        An expression of type ``date``.
    """
    return SQL(
        """CASE WHEN %(day)s < (%(now)s)::date THEN (%(day)s)::timestamp ELSE %(now)s END""",
        day=day,
        now=SQL("(now() AT TIME ZONE 'UTC')"),
    )


CONFIRMED = SQL("k.state = 'sale'")
INVOICED = SQL("k.is_invoiced AND COALESCE(k.all_posted, FALSE)")


def delivered(moment):
    """Return when an order was delivered; what is invoiced as a whole counts as delivered.

    Parameters
    ----------
    moment : SQL
        When the last goods left, if something knows it; NULL otherwise.
    """
    return SQL(
        """CASE WHEN %(confirmed)s AND (k.is_delivered OR %(invoiced)s)
            THEN COALESCE(%(moment)s, was.date_done, %(seen)s) END""",
        confirmed=CONFIRMED,
        invoiced=INVOICED,
        moment=moment,
        seen=seen(SQL("k.invoiced_on")),
    )


def get_parts():
    """Return the steps of an order by stage code, each with what tells it is done.

    Returns
    -------
    dict[str, dict[str, SQL]]
        ``when`` (does the order take the step), ``done`` (timestamp or NULL), ``model``, ``id``
        and ``user``, over the columns of `ORDERS` as alias k and the step's own row as alias was.
    """
    sale = {"model": SQL("'sale.order'"), "id": SQL("k.order_id"), "user": SQL("k.user_id")}
    move = {"model": SQL("'account.move'"), "id": SQL("k.move_id"), "user": SQL("NULL::int")}
    invoiced = INVOICED
    return {
        "lead": {
            "when": SQL("k.lead_id IS NOT NULL"),
            "done": SQL("k.create_date"),
            "model": SQL("'crm.lead'"),
            "id": SQL("k.lead_id"),
            "user": SQL("k.lead_user"),
        },
        "quotation": {
            **sale,
            "when": SQL("TRUE"),
            "done": SQL("CASE WHEN %s THEN k.date_order END", CONFIRMED),
        },
        "order": {
            **sale,
            "when": SQL("TRUE"),
            "done": delivered(SQL("NULL::timestamp")),
        },
        "invoice": {
            **move,
            "when": SQL("TRUE"),
            "done": SQL(
                "CASE WHEN %s THEN COALESCE(was.date_done, %s) END",
                invoiced,
                seen(SQL("k.invoiced_on")),
            ),
        },
        "payment": {
            **move,
            "when": SQL("TRUE"),
            "done": SQL(
                "CASE WHEN %s AND k.all_paid THEN COALESCE(was.date_done, %s) END",
                invoiced,
                seen(SQL("k.paid_on")),
            ),
        },
    }


#: The user of a role for the customer of alias p_row: account team first, then the role's own.
ROLE_USER = SQL(
    """COALESCE(
        (SELECT m.user_id FROM logistics_account_member m JOIN res_users u ON u.id = m.user_id
            WHERE m.partner_id = k.partner_id AND m.role_id = st.role_id
                AND m.company_id = k.company_id AND u.active ORDER BY m.id LIMIT 1),
        (SELECT u.id FROM hr_employee_logistics_account_role_rel rel
            JOIN hr_employee e ON e.id = rel.hr_employee_id AND e.active
            JOIN res_users u ON u.id = e.user_id AND u.active
            WHERE rel.logistics_account_role_id = st.role_id
                AND (e.company_id IS NULL OR e.company_id = k.company_id)
            ORDER BY e.id LIMIT 1))"""
)


def owner(user):
    """Return who has a step: the document's salesperson or the role, as the stage says.

    Parameters
    ----------
    user : SQL
        The user of the step's document.
    """
    return SQL(
        """CASE WHEN st.salesperson_first THEN COALESCE(%(user)s, %(role)s)
            ELSE COALESCE(%(role)s, %(user)s) END""",
        user=user,
        role=ROLE_USER,
    )


def upsert_flows(order_ids):
    """Return the statement that makes or adopts the flow of each order."""
    return SQL(
        """WITH k AS (%(orders)s WHERE o.id IN %(ids)s), adopted AS (
            UPDATE logistics_flow f SET order_id = first.order_id
            FROM (
                SELECT DISTINCT ON (lead_id) lead_id, order_id FROM k
                WHERE lead_id IS NOT NULL
                    AND NOT EXISTS (SELECT FROM logistics_flow x WHERE x.order_id = k.order_id)
                ORDER BY lead_id, order_id
            ) first
            WHERE f.lead_id = first.lead_id AND f.order_id IS NULL
            RETURNING f.order_id
        )
        INSERT INTO logistics_flow (order_id, lead_id, partner_id, company_id, currency_id, amount,
            state, date_start)
        SELECT order_id, lead_id, partner_id, company_id, currency_id, amount, 'open',
            COALESCE(lead_date, create_date)
        FROM k
        WHERE order_id NOT IN (SELECT order_id FROM adopted)
            AND (state <> 'cancel'
                OR EXISTS (SELECT FROM logistics_flow x WHERE x.order_id = k.order_id))
        ON CONFLICT (order_id) DO NOTHING""",
        orders=ORDERS,
        ids=tuple(order_ids),
    )


def upsert_steps(order_ids, parts):
    """Return the statement that writes the steps the orders have reached.

    Parameters
    ----------
    order_ids : collection of int
    parts : dict
        As of `get_parts`, with those of the add-ons above.
    """
    rows = SQL(" UNION ALL ").join(
        SQL(
            """SELECT k.order_id, f.id AS flow_id, st.id AS stage_id, st.sequence, st.role_id,
                k.partner_id, k.company_id, COALESCE(k.lead_date, k.create_date) AS date_start,
                %(done)s AS done, %(model)s AS res_model, %(id)s AS res_id, %(owner)s AS user_id
            FROM k JOIN logistics_flow f ON f.order_id = k.order_id
            JOIN logistics_flow_stage st ON st.code = %(code)s
            LEFT JOIN logistics_flow_step was
                ON was.flow_id = f.id AND was.stage_id = st.id AND was.state = 'done'
            WHERE k.state <> 'cancel' AND (%(when)s)""",
            code=code,
            done=part["done"],
            model=part["model"],
            id=part["id"],
            owner=owner(part["user"]),
            when=part["when"],
        )
        for code, part in parts.items()
    )
    return SQL(
        """WITH k AS (%(orders)s WHERE o.id IN %(ids)s), part AS (%(rows)s), chain AS (
            SELECT part.*,
                GREATEST(date_start, max(done) OVER upto) AS reached,
                count(*) FILTER (WHERE done IS NULL) OVER upto AS missing
            FROM part
            WINDOW upto AS (PARTITION BY order_id ORDER BY sequence, stage_id)
        ), step AS (
            SELECT chain.*,
                COALESCE(lag(reached) OVER line, date_start) AS date_open,
                COALESCE(lag(missing) OVER line, 0) AS missing_before
            FROM chain
            WINDOW line AS (PARTITION BY order_id ORDER BY sequence, stage_id)
        ), wanted AS (
            SELECT flow_id, stage_id, sequence, role_id, user_id, partner_id, company_id,
                res_model, res_id, date_open,
                CASE WHEN missing = 0 THEN 'done' ELSE 'open' END AS state,
                CASE WHEN missing = 0 THEN reached END AS date_done,
                CASE WHEN missing = 0 THEN
                    EXTRACT(EPOCH FROM reached - date_open)::float8 / 86400 END AS waiting_days
            FROM step WHERE missing_before = 0
        ), gone AS (
            DELETE FROM logistics_flow_step s USING logistics_flow f
            WHERE s.flow_id = f.id AND f.order_id IN %(ids)s AND NOT EXISTS (
                SELECT FROM wanted w WHERE w.flow_id = s.flow_id AND w.stage_id = s.stage_id)
        )
        INSERT INTO logistics_flow_step AS s (flow_id, stage_id, sequence, role_id, user_id,
            partner_id, company_id, res_model, res_id, date_open, state, date_done, waiting_days)
        SELECT flow_id, stage_id, sequence, role_id, user_id, partner_id, company_id, res_model,
            res_id, date_open, state, date_done, waiting_days FROM wanted
        ON CONFLICT (flow_id, stage_id) DO UPDATE SET sequence = EXCLUDED.sequence,
            role_id = EXCLUDED.role_id,
            user_id = CASE WHEN s.state = 'done' AND EXCLUDED.state = 'done' THEN s.user_id
                ELSE EXCLUDED.user_id END,
            partner_id = EXCLUDED.partner_id, company_id = EXCLUDED.company_id,
            res_model = EXCLUDED.res_model, res_id = EXCLUDED.res_id,
            date_open = EXCLUDED.date_open, state = EXCLUDED.state,
            date_done = EXCLUDED.date_done, waiting_days = EXCLUDED.waiting_days
        WHERE (s.state, s.res_id, s.date_open, s.date_done, s.partner_id, s.sequence)
            IS DISTINCT FROM (EXCLUDED.state, EXCLUDED.res_id, EXCLUDED.date_open,
                EXCLUDED.date_done, EXCLUDED.partner_id, EXCLUDED.sequence)
            OR EXCLUDED.state = 'open'
                AND (s.user_id, s.role_id) IS DISTINCT FROM (EXCLUDED.user_id, EXCLUDED.role_id)""",
        orders=ORDERS,
        ids=tuple(order_ids),
        rows=rows,
    )


def update_flows(order_ids):
    """Return the statement that brings flows to the step that is open, or to their end."""
    return SQL(
        """WITH k AS (%(orders)s WHERE o.id IN %(ids)s), wanted AS (
            SELECT f.id, k.lead_id, k.partner_id, k.company_id, k.currency_id, k.amount,
                CASE WHEN k.state = 'cancel' THEN 'cancelled'
                    WHEN s.id IS NULL THEN 'done' ELSE 'open' END AS state,
                COALESCE(s.stage_id, CASE WHEN k.state <> 'cancel' THEN paid.id END) AS stage_id,
                s.user_id, COALESCE(k.lead_date, k.create_date) AS date_start,
                s.date_open AS date_step,
                s.date_open + stage.days * interval '1 day' AS date_stuck,
                CASE WHEN s.id IS NULL AND k.state <> 'cancel' THEN
                    (SELECT max(x.date_done) FROM logistics_flow_step x WHERE x.flow_id = f.id)
                    END AS date_end
            FROM k JOIN logistics_flow f ON f.order_id = k.order_id
            LEFT JOIN logistics_flow_step s ON s.flow_id = f.id AND s.state = 'open'
            LEFT JOIN logistics_flow_stage stage ON stage.id = s.stage_id
            LEFT JOIN logistics_flow_stage paid ON paid.code = 'done'
        )
        UPDATE logistics_flow f SET lead_id = w.lead_id, partner_id = w.partner_id,
            company_id = w.company_id, currency_id = w.currency_id, amount = w.amount,
            state = w.state, stage_id = w.stage_id, user_id = w.user_id,
            date_start = w.date_start, date_step = w.date_step, date_stuck = w.date_stuck,
            date_end = w.date_end
        FROM wanted w
        WHERE w.id = f.id AND (f.lead_id, f.partner_id, f.company_id, f.currency_id, f.amount,
            f.state, f.stage_id, f.user_id, f.date_start, f.date_step, f.date_stuck, f.date_end)
            IS DISTINCT FROM (w.lead_id, w.partner_id, w.company_id, w.currency_id, w.amount,
            w.state, w.stage_id, w.user_id, w.date_start, w.date_step, w.date_stuck, w.date_end)""",
        orders=ORDERS,
        ids=tuple(order_ids),
    )


def refresh_leads():
    """Return the statements that show open leads without an order, and end those closed.

    Returns
    -------
    list[SQL]
    """
    leads = SQL(
        """SELECT l.id AS lead_id, p.commercial_partner_id AS partner_id, l.company_id, l.user_id,
            l.create_date, NOT l.active OR stage.is_won AS is_closed
        FROM crm_lead l
        LEFT JOIN crm_stage stage ON stage.id = l.stage_id
        LEFT JOIN res_partner p ON p.id = l.partner_id"""
    )
    return [
        SQL(
            """WITH k AS (%(leads)s)
            INSERT INTO logistics_flow (lead_id, partner_id, company_id, state, stage_id, user_id,
                date_start, date_step, date_stuck)
            SELECT k.lead_id, k.partner_id, k.company_id, 'open', st.id, %(owner)s, k.create_date,
                k.create_date, k.create_date + st.days * interval '1 day'
            FROM k JOIN logistics_flow_stage st ON st.code = 'lead'
            WHERE k.is_closed IS NOT TRUE
                AND NOT EXISTS (SELECT FROM logistics_flow f WHERE f.lead_id = k.lead_id)
                AND NOT EXISTS (SELECT FROM sale_order o WHERE o.opportunity_id = k.lead_id)
            ON CONFLICT (lead_id) WHERE order_id IS NULL DO NOTHING""",
            leads=leads,
            owner=owner(SQL("k.user_id")),
        ),
        SQL(
            """WITH k AS (%(leads)s), wanted AS (
                SELECT f.id, k.partner_id, k.company_id,
                    CASE WHEN k.is_closed THEN 'cancelled' ELSE 'open' END AS state,
                    CASE WHEN k.is_closed IS NOT TRUE THEN %(owner)s END AS user_id
                FROM k JOIN logistics_flow f ON f.lead_id = k.lead_id AND f.order_id IS NULL
                JOIN logistics_flow_stage st ON st.code = 'lead'
            )
            UPDATE logistics_flow f SET partner_id = w.partner_id, company_id = w.company_id,
                state = w.state, user_id = w.user_id
            FROM wanted w
            WHERE w.id = f.id AND (f.partner_id, f.company_id, f.state, f.user_id)
                IS DISTINCT FROM (w.partner_id, w.company_id, w.state, w.user_id)""",
            leads=leads,
            owner=owner(SQL("k.user_id")),
        ),
    ]
