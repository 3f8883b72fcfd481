"""SQL of what one of our warehouses is to send to another one, and nothing is reserved for."""

from odoo.tools import SQL

from .supply_sql import COUNTED, OPEN, get_reserved


def transfers(places, products, company):
    """Return the query of what receipts wait for in other warehouses, or nobody brings.

    A transfer is followed from where it leaves a warehouse's stock, through packing and transit,
    to where it enters another one. What is reserved for it is sure, and what has left as well; so
    a receipt out of transit counts on its first steps, and on what lies in transit.

    Columns: the move that takes it out of the stock, or NULL where there is none, the move that
    brings it, the transit location or NULL, how much nobody brings, or how much of it is planned to
    leave later than it is to come, on which day (in the time zone and by the cut-off of the
    warehouse it comes to), and by which document, or which other company of ours.
    """
    return SQL(
        """WITH RECURSIVE %(places)s,
        leg AS (
            SELECT m.id, m.product_id, src.warehouse
            FROM stock_move m
            JOIN place src ON src.location = m.location_id
            JOIN stock_location d ON d.id = COALESCE(m.location_final_id, m.location_dest_id)
            LEFT JOIN place dst ON dst.location = d.id
            WHERE m.product_id = ANY(%(products)s) AND m.state = ANY(%(open)s)
                AND m.company_id = %(company)s AND d.usage IN ('internal', 'transit')
                AND src.warehouse IS DISTINCT FROM dst.warehouse
                AND m.product_qty > %(reserved)s
        ),
        way (leg, product, warehouse, move) AS (
            SELECT id, product_id, warehouse, id FROM leg
            UNION
            SELECT w.leg, w.product, w.warehouse, n.id
            FROM way w
            JOIN stock_move_move_rel r ON r.move_orig_id = w.move
            JOIN stock_move n ON n.id = r.move_dest_id
            WHERE n.product_id = w.product AND n.state = ANY(%(open)s)
                AND n.location_id NOT IN (SELECT location FROM place)
        ),
        adrift AS (
            SELECT m.id, m.product_id, m.location_id, m.date,
                GREATEST(0, m.product_qty - %(reserved)s - COALESCE((
                    SELECT SUM(o.product_qty)
                    FROM stock_move_move_rel r JOIN stock_move o ON o.id = r.move_orig_id
                    WHERE r.move_dest_id = m.id AND o.state = ANY(%(open)s)
                ), 0)) AS rest
            FROM stock_move m
            JOIN stock_location s ON s.id = m.location_id
            JOIN place dst
                ON dst.location = COALESCE(m.location_final_id, m.location_dest_id)
            WHERE m.product_id = ANY(%(products)s) AND m.state = ANY(%(open)s)
                AND m.company_id = %(company)s
                AND s.usage = 'transit' AND s.company_id = %(company)s
        ),
        behind (receipt, direct, move, date) AS (
            SELECT m.id, o.id, o.id, o.date
            FROM stock_move m
            JOIN place dst ON dst.location = COALESCE(m.location_final_id, m.location_dest_id)
            JOIN stock_move_move_rel r ON r.move_dest_id = m.id
            JOIN stock_move o ON o.id = r.move_orig_id
            WHERE m.product_id = ANY(%(products)s) AND m.state = ANY(%(open)s)
                AND m.company_id = %(company)s
                AND m.location_id NOT IN (SELECT location FROM place)
                AND o.product_id = m.product_id AND o.state = ANY(%(open)s)
            UNION
            SELECT b.receipt, b.direct, o.id, o.date
            FROM behind b
            JOIN stock_move_move_rel r ON r.move_dest_id = b.move
            JOIN stock_move n ON n.id = b.move
            JOIN stock_move o ON o.id = r.move_orig_id
            WHERE o.product_id = n.product_id AND o.state = ANY(%(open)s)
        ),
        late AS (
            SELECT b.receipt, o.product_qty AS most, w.product_qty AS quantity,
                SUM(w.product_qty) OVER (
                    PARTITION BY b.receipt, b.direct ORDER BY b.date DESC, b.move
                ) - w.product_qty AS later,
                CASE WHEN w.company_id = %(company)s THEN COALESCE(w.reference, '')
                    ELSE (SELECT c.name FROM res_company c WHERE c.id = w.company_id) END AS name,
                %(counted)s AS day
            FROM behind b
            JOIN stock_move w ON w.id = b.move
            JOIN stock_move o ON o.id = b.direct
            JOIN stock_move m ON m.id = b.receipt
            JOIN place dst ON dst.location = COALESCE(m.location_final_id, m.location_dest_id)
            JOIN area a ON a.warehouse = dst.warehouse
            CROSS JOIN LATERAL (SELECT b.date AT TIME ZONE 'UTC' AT TIME ZONE a.tz AS at) local
            WHERE b.date > m.date
        ),
        missing AS (
            SELECT a.id, a.location_id, LEAST(a.rest, SUM(a.rest) OVER (
                PARTITION BY a.product_id, a.location_id ORDER BY a.date, a.id
            ) - COALESCE((
                SELECT SUM(q.quantity - q.reserved_quantity) FROM stock_quant q
                WHERE q.product_id = a.product_id AND q.location_id = a.location_id
            ), 0))::float AS quantity
            FROM adrift a
        )
        SELECT w.leg, m.id, NULL::int, 0.0::float, NULL::int, NULL::text
        FROM way w
        JOIN stock_move m ON m.id = w.move
        JOIN place dst ON dst.location = COALESCE(m.location_final_id, m.location_dest_id)
        WHERE dst.warehouse <> w.warehouse
        UNION ALL
        SELECT NULL, id, location_id, quantity, NULL, NULL FROM missing WHERE quantity > 0
        UNION ALL
        SELECT NULL, receipt, NULL, LEAST(quantity, most - later)::float, day, name
        FROM late WHERE most > later
        ORDER BY 1, 2, 5, 6""",
        places=places,
        products=list(products),
        company=company,
        open=list(OPEN),
        counted=COUNTED,
        reserved=get_reserved("m"),
    )
