"""SQL of what is in stock, what is coming and what is promised already.

A warehouse's stock is what lies where its deliveries are picked from. A move counts when it crosses
the border of that area, at its final location: so each flow counts once, however many steps it
has, and what already lies in the output area belongs to its order.
"""

from odoo.tools import SQL

from .supply_rows import Leaving, Receipt

OPEN = ("waiting", "confirmed", "partially_available", "assigned")
ORDINAL = SQL("- DATE '0001-01-01' + 1")  # of a day, as Python counts them
# The day that what comes at `local.at`, on the clock of warehouse `a`, counts from: after the
# cut-off the next one.
COUNTED = SQL(
    """local.at::date %s + (
        a.cutoff > 0 AND local.at - date_trunc('day', local.at) >= a.cutoff * '1h'::interval
    )::int""",
    ORDINAL,
)


def locations(warehouses):
    """Return the query of (location, warehouse): where the stock of each warehouse lies.

    Parameters
    ----------
    warehouses : list of (int, int)
        Id, stock location.
    """
    values = SQL(", ").join(SQL("(%s::int, %s::int)", *row) for row in warehouses)
    return SQL(
        """SELECT l.id, a.warehouse
        FROM (VALUES %s) AS a (warehouse, stock)
        JOIN stock_location s ON s.id = a.stock
        JOIN stock_location l ON l.parent_path LIKE s.parent_path || '%%'
        WHERE l.usage = 'internal'""",
        values,
    )


def places(warehouses, found):
    """Return the common tables of the warehouses and of the locations of their stock.

    The locations are given one by one, so that the planner knows how many there are: it took a
    subquery for a handful, and compared each of 100,000 moves with all of them.

    Parameters
    ----------
    warehouses : list of (int, str, float)
        Id, time zone, cut-off in hours (0: none).
    found : list of (int, int)
        Location, warehouse: the rows of :func:`locations`.
    """
    values = SQL(", ").join(SQL("(%s::int, %s::text, %s::float)", *row) for row in warehouses)
    return SQL(
        """area (warehouse, tz, cutoff) AS (VALUES %s),
        place (location, warehouse) AS MATERIALIZED (
            SELECT * FROM unnest(%s::int[], %s::int[])
        )""",
        values,
        [location for location, _warehouse in found],
        [warehouse for _location, warehouse in found],
    )


def free_stock(places, products, expires, owner):
    """Return the query of (product, warehouse, last day it may leave or NULL, quantity)."""
    last = SQL("NULL::date")
    lots = SQL()
    if expires:
        lots = SQL("LEFT JOIN stock_lot n ON n.id = q.lot_id")
        last = SQL(
            "(COALESCE(n.removal_date, n.expiration_date) AT TIME ZONE 'UTC' AT TIME ZONE a.tz)"
            "::date - 1"
        )
    return SQL(
        """WITH %(places)s
        SELECT q.product_id, p.warehouse, %(last)s AS last,
            SUM(COALESCE(q.quantity, 0) - COALESCE(q.reserved_quantity, 0))::float
        FROM stock_quant q
        JOIN place p ON p.location = q.location_id
        JOIN area a ON a.warehouse = p.warehouse %(lots)s
        WHERE q.product_id = ANY(%(products)s)
            AND (q.owner_id IS NULL OR q.owner_id = %(owner)s)
        GROUP BY 1, 2, 3""",
        places=places,
        last=last,
        lots=lots,
        products=list(products),
        owner=owner,
    )


def _flow(products, company, excluded):
    """Return the common tables of the open moves that cross a border, in the product's unit.

    Where a buyer orders less, Odoo keeps the receipt and plans to send the rest back: what is not
    reserved for that yet comes of neither, and the first receipts are those that stay. Odoo notes
    the order line on the transfers that bring its goods as well: only what leaves for good is its.
    """
    return SQL(
        """sent_back AS (
            SELECT o.purchase_line_id AS line, o.product_id,
                SUM(CASE WHEN d.usage = 'supplier' THEN o.product_qty - %(reserved_back)s
                    ELSE 0 END)::float AS back,
                SUM(CASE WHEN s.usage = 'supplier' THEN o.product_qty ELSE 0 END)::float AS coming
            FROM stock_move o
            JOIN stock_location s ON s.id = o.location_id
            JOIN stock_location d ON d.id = o.location_dest_id
            WHERE o.purchase_line_id IS NOT NULL AND o.product_id = ANY(%(products)s)
                AND o.state = ANY(%(open)s) AND o.company_id = %(company)s
                AND 'supplier' IN (s.usage, d.usage)
            GROUP BY 1, 2
            HAVING bool_or(d.usage = 'supplier') AND bool_or(s.usage = 'supplier')
        ),
        flow AS (
            SELECT m.id, m.product_id, m.date, m.reference,
                (CASE
                    WHEN back.line IS NULL THEN m.product_qty
                    WHEN src.warehouse IS NULL THEN GREATEST(0, LEAST(
                        m.product_qty,
                        back.coming - back.back - COALESCE((
                            SELECT SUM(o.product_qty)
                            FROM stock_move o JOIN stock_location s ON s.id = o.location_id
                            WHERE o.purchase_line_id = back.line AND o.state = ANY(%(open)s)
                                AND o.product_id = m.product_id AND s.usage = 'supplier'
                                AND (o.date, o.id) < (m.date, m.id)
                        ), 0)
                    ))
                    ELSE %(reserved)s + (m.product_qty - %(reserved)s)
                        * GREATEST(0, 1 - back.coming / NULLIF(back.back, 0))
                END)::float AS quantity,
                CASE WHEN dst.location IS NULL AND NOT EXISTS (
                    SELECT 1 FROM stock_location own
                    WHERE own.id = COALESCE(m.location_final_id, m.location_dest_id)
                        AND own.usage = 'transit' AND own.company_id IS NOT NULL
                ) THEN m.sale_line_id END AS sale_line_id,
                m.purchase_line_id,
                %(reserved)s::float AS reserved,
                src.warehouse AS src, dst.warehouse AS dst,
                m.location_id, m.location_dest_id,
                m.sale_line_id = ANY(%(excluded)s) AS excluded,
                m.procure_method = 'make_to_order' AS procured,
                COALESCE(m.promise_undated, FALSE) AS undated
            FROM stock_move m
            LEFT JOIN place src ON src.location = m.location_id
            LEFT JOIN place dst
                ON dst.location = COALESCE(m.location_final_id, m.location_dest_id)
            LEFT JOIN sent_back back
                ON back.line = m.purchase_line_id AND back.product_id = m.product_id
            WHERE m.product_id = ANY(%(products)s) AND m.state = ANY(%(open)s)
                AND m.company_id = %(company)s
                AND src.warehouse IS DISTINCT FROM dst.warehouse
        )""",
        products=list(products),
        open=list(OPEN),
        company=company,
        excluded=list(excluded),
        reserved=get_reserved("m"),
        reserved_back=get_reserved("o"),
    )


def get_reserved(move):
    """Return how much is reserved for a move (name of its table), in the product's unit."""
    return SQL(
        """LEAST(%(m)s.product_qty, CASE WHEN %(m)s.product_uom_qty <> 0
            THEN %(m)s.quantity * %(m)s.product_qty / %(m)s.product_uom_qty ELSE 0 END)""",
        m=SQL.identifier(move),
    )


def _by_place(rows, columns, suppliers):
    """Return the query of (product, warehouse, columns as a JSON array of arrays, suppliers).

    By columns, of which PostgreSQL looks up the type once: by rows it did for each value.
    """
    packed = (SQL("json_agg(%s)", SQL.identifier("r", column)) for column in columns)
    return SQL(
        """SELECT r.product, r.warehouse, concat('[', %s, ']'), %s
        FROM (%s) AS r GROUP BY 1, 2""",
        SQL(", ',', ").join(packed),
        suppliers,
        rows,
    )


def demand(places, products, company, excluded):
    """Return the query of SupplyRows of `supply_rows.Leaving`.

    ``given_back`` is what moves of excluded order lines have reserved: it is free for them.
    """
    rows = SQL(
        """WITH %(places)s, %(flow)s
        SELECT f.product_id AS product, f.src AS warehouse,
            (f.date AT TIME ZONE 'UTC' AT TIME ZONE a.tz)::date %(ordinal)s AS day,
            COALESCE(SUM(f.quantity - f.reserved) FILTER (WHERE f.excluded IS NOT TRUE), 0)
                AS quantity,
            COALESCE(SUM(f.reserved) FILTER (WHERE f.excluded), 0) AS given_back
        FROM flow f JOIN area a ON a.warehouse = f.src
        GROUP BY 1, 2, 3""",
        places=places,
        flow=_flow(products, company, excluded),
        ordinal=ORDINAL,
    )
    return _by_place(rows, Leaving._fields, SQL("NULL"))


def line_demand(places, products, company, spoils=None):
    """Return the query of what is to leave each warehouse, one row per open move.

    Where lots expire, `spoils` is the moment (naive UTC): what is reserved of a lot that may not
    leave any more on the planned day, or now if that is later, counts as not reserved.

    Columns: move, product, warehouse, planned day, quantity that nothing is reserved for, reserved
    quantity, whether it is procured for it alone, whether it was promised without a date, the first
    move of the same order line (what is left of a delivery is a new move), order line or NULL;
    those that are to leave first come first.
    """
    spoilt = SQL("SELECT 0.0 AS quantity")
    if spoils:
        spoilt = SQL(
            """SELECT COALESCE(SUM(ml.quantity_product_uom), 0)::float AS quantity
            FROM stock_move_line ml JOIN stock_lot n ON n.id = ml.lot_id
            WHERE ml.move_id = f.id
                AND (COALESCE(n.removal_date, n.expiration_date) AT TIME ZONE 'UTC'
                    AT TIME ZONE a.tz)::date
                    <= (GREATEST(f.date, %s) AT TIME ZONE 'UTC' AT TIME ZONE a.tz)::date""",
            spoils,
        )
    return SQL(
        """WITH %(places)s, %(flow)s
        SELECT f.id, f.product_id, f.src,
            (f.date AT TIME ZONE 'UTC' AT TIME ZONE a.tz)::date AS day,
            f.quantity - good.reserved, good.reserved, f.procured, f.undated,
            CASE WHEN f.sale_line_id IS NULL THEN f.id ELSE (
                SELECT MIN(o.id) FROM stock_move o
                WHERE o.sale_line_id = f.sale_line_id AND o.product_id = f.product_id
            ) END,
            f.sale_line_id
        FROM flow f JOIN area a ON a.warehouse = f.src
        CROSS JOIN LATERAL (%(spoilt)s) spoilt
        CROSS JOIN LATERAL (SELECT GREATEST(0, f.reserved - spoilt.quantity) AS reserved) good
        ORDER BY day, f.id""",
        places=places,
        spoilt=spoilt,
        flow=_flow(products, company, []),
    )


def beyond(places, order_lines):
    """Return the query of what has left the stock for order lines, one row per move.

    Columns: move, order line, product, warehouse or NULL, whether it has left the house, whether
    a supplier brings it to the customer, day, quantity in the product's unit, supplier or NULL.
    Returns count for nothing: what was delivered was delivered.
    """
    return SQL(
        """WITH %(places)s
        SELECT m.id, m.sale_line_id, m.product_id, a.warehouse, m.state = 'done',
            src.usage = 'supplier',
            (m.date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(a.tz, 'UTC'))::date AS day,
            (CASE WHEN m.state <> 'done' AND src.usage = 'supplier' THEN m.product_uom_qty
                ELSE m.quantity END * mu.factor / pu.factor)::float,
            line.partner_id
        FROM stock_move m
        JOIN uom_uom mu ON mu.id = m.product_uom
        JOIN product_product pp ON pp.id = m.product_id
        JOIN product_template pt ON pt.id = pp.product_tmpl_id
        JOIN uom_uom pu ON pu.id = pt.uom_id
        JOIN stock_location src ON src.id = m.location_id
        JOIN stock_location dst ON dst.id = CASE WHEN m.state = 'done' THEN m.location_dest_id
            ELSE COALESCE(m.location_final_id, m.location_dest_id) END
        LEFT JOIN area a ON a.warehouse = src.warehouse_id
        LEFT JOIN purchase_order_line line ON line.id = m.purchase_line_id
        WHERE m.sale_line_id = ANY(%(lines)s) AND src.usage <> 'customer'
            AND (dst.usage = 'customer' OR dst.usage = 'transit' AND dst.company_id IS NULL)
            AND (m.state = 'done' AND (m.origin_returned_move_id IS NULL OR m.to_refund)
                OR m.state = ANY(%(open)s)
                    AND m.location_id NOT IN (SELECT location FROM place))
        ORDER BY day, m.id""",
        places=places,
        lines=list(order_lines),
        open=list(OPEN),
    )


def receipts(places, products, company, excluded):
    """Return the query of SupplyRows of `supply_rows.Receipt`, a row for each move.

    Those of one day are told apart: one that was ordered after a promise may have been ordered for
    it, and what is left of one was ordered with the first of it. What comes after the cut-off
    counts from the next day on. Of a chain of moves the last one counts.
    """
    rows = SQL(
        """WITH %(places)s, %(flow)s
        SELECT f.product_id AS product, f.dst AS warehouse,
            %(counted)s AS day,
            f.location_dest_id IN (SELECT location FROM place) AS lands,
            line.partner_id AS supplier, f.quantity, f.id AS move,
            CASE WHEN f.purchase_line_id IS NULL THEN f.id ELSE (
                SELECT MIN(o.id) FROM stock_move o
                WHERE o.purchase_line_id = f.purchase_line_id AND o.product_id = f.product_id
            ) END AS first,
            COALESCE(f.reference, '') AS name, local.at::date %(ordinal)s AS noted
        FROM flow f
        JOIN area a ON a.warehouse = f.dst
        JOIN stock_location source ON source.id = f.location_id
        LEFT JOIN purchase_order_line line ON line.id = f.purchase_line_id
        CROSS JOIN LATERAL (SELECT f.date AT TIME ZONE 'UTC' AT TIME ZONE a.tz AS at) local
        WHERE source.usage <> 'customer'
            AND NOT EXISTS (
                SELECT 1
                FROM stock_move_move_rel r JOIN stock_move next ON next.id = r.move_dest_id
                WHERE r.move_orig_id = f.id AND next.state = ANY(%(open)s)
                    AND (COALESCE(next.location_final_id, next.location_dest_id), f.dst)
                        IN (SELECT location, warehouse FROM place)
                    AND (next.location_id, f.dst) NOT IN (SELECT location, warehouse FROM place)
            )""",
        places=places,
        flow=_flow(products, company, excluded),
        ordinal=ORDINAL,
        counted=COUNTED,
        open=list(OPEN),
    )
    suppliers = SQL("array_agg(r.supplier) FILTER (WHERE r.supplier IS NOT NULL)")
    return _by_place(rows, Receipt._fields, suppliers)


def lateness(suppliers, company, since):
    """Return the query of (supplier, days late, receipts): negative days are early."""
    return SQL(
        """SELECT l.partner_id, m.date::date - l.date_planned::date AS late, COUNT(*)
        FROM purchase_order_line l JOIN stock_move m ON m.purchase_line_id = l.id
        JOIN stock_location s ON s.id = m.location_id
        WHERE l.partner_id = ANY(%s) AND l.company_id = %s AND m.state = 'done'
            AND m.date >= %s AND s.usage = 'supplier' AND l.date_planned IS NOT NULL
        GROUP BY 1, 2""",
        list(suppliers),
        company,
        since,
    )
