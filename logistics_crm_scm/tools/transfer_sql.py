"""SQL of what one of our warehouses is to send to another one, and nothing is reserved for."""

from odoo.tools import SQL

from .supply_sql import OPEN, get_reserved


def transfers(places, products, company):
    """Return the query of what receipts wait for in other warehouses, or nobody brings.

    A transfer is followed from where it leaves a warehouse's stock, through packing and transit,
    to where it enters another one. What is reserved for it is sure, and what has left as well; so
    a receipt out of transit counts on its first steps, and on what lies in transit.

    Columns: the move that takes it out of the stock, or NULL where there is none, the move that
    brings it, the transit location or NULL, and how much nobody brings.
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
        missing AS (
            SELECT a.id, a.location_id, LEAST(a.rest, SUM(a.rest) OVER (
                PARTITION BY a.product_id, a.location_id ORDER BY a.date, a.id
            ) - COALESCE((
                SELECT SUM(q.quantity - q.reserved_quantity) FROM stock_quant q
                WHERE q.product_id = a.product_id AND q.location_id = a.location_id
            ), 0))::float AS quantity
            FROM adrift a
        )
        SELECT w.leg, m.id, NULL::int, 0.0::float
        FROM way w
        JOIN stock_move m ON m.id = w.move
        JOIN place dst ON dst.location = COALESCE(m.location_final_id, m.location_dest_id)
        WHERE dst.warehouse <> w.warehouse
        UNION ALL
        SELECT NULL, id, location_id, quantity FROM missing WHERE quantity > 0
        ORDER BY 1, 2""",
        places=places,
        products=list(products),
        company=company,
        open=list(OPEN),
        reserved=get_reserved("m"),
    )
