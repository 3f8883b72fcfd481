"""SQL expressions of delivery performance, on the aliases of `logistics.order.fact`.

Beside those of the view: d is the summary of a line's stock moves.
"""

from odoo.tools import SQL

# Fields that these columns read: the ORM writes their pending values before a search.
DEPENDS = {
    "logistics.promise.line": [
        "date",
        "delivered_date",
        "order_line_id",
        "postponed_date",
        "state",
        "transit_days",
    ],
    "sale.order.line": ["qty_delivered_method"],
    "stock.location": ["company_id", "usage"],
    "stock.move": [
        "date",
        "location_dest_id",
        "location_id",
        "origin_returned_move_id",
        "product_id",
        "product_uom",
        "quantity",
        "sale_line_id",
        "state",
        "to_refund",
    ],
}

# Fields that the deliveries in the timeline read.
TIMELINE_DEPENDS = {
    "logistics.promise.line": [
        "date",
        "delivered_date",
        "order_line_id",
        "postponed_date",
        "state",
        "transit_days",
    ],
    "stock.location": ["usage"],
    "stock.picking": [
        "company_id",
        "date_done",
        "location_dest_id",
        "name",
        "origin",
        "partner_id",
        "state",
        "user_id",
    ],
}

# The function behind `customer_rates`.
FUNCTION = "logistics_delivery_rates"

# Rounding of a unit conversion is not a missing delivery.
TOLERANCE = 1e-6


def on_time(promised, delivered):
    """Return whether a delivery date kept its promise; NULL while that is not known.

    Parameters
    ----------
    promised, delivered : SQL
        Date expressions, each possibly NULL.
    """
    return SQL(
        "CASE WHEN %(delivered)s IS NOT NULL THEN %(delivered)s <= %(promised)s"
        " WHEN %(promised)s < CURRENT_DATE THEN FALSE END",
        promised=promised,
        delivered=delivered,
    )


def in_full(promised, delivered):
    """Return whether everything arrived; NULL while the promise is not due.

    Parameters
    ----------
    promised, delivered : SQL
        Date expressions; ``delivered`` is the day on which the last missing part arrived.
    """
    return SQL(
        "CASE WHEN %s IS NOT NULL THEN TRUE WHEN %s < CURRENT_DATE THEN FALSE END",
        delivered,
        promised,
    )


def known(expression):
    """Return the expression for goods that stock moves can tell about, NULL for other lines."""
    return SQL(
        "CASE WHEN l.qty_delivered_method = 'stock_move' AND l.product_uom_qty > 0"
        " AND d.is_kit IS NOT TRUE THEN %s END",
        expression,
    )


def delivery_state(answer):
    """Return the name of a true, false or unknown answer about punctuality."""
    return SQL("CASE %s WHEN TRUE THEN 'on_time' WHEN FALSE THEN 'late' ELSE 'unknown' END", answer)


def frozen_promise():
    """Return the query of one row (promised, delivered, transit) about the promises of line l.

    ``promised`` is NULL without a promise, and where one of them has no date. What the customer
    put off themselves is due on the later day. ``delivered`` is NULL until all of them are over.
    """
    return SQL(
        """SELECT CASE WHEN BOOL_AND(x.date IS NOT NULL)
                THEN MAX(GREATEST(x.date, x.postponed_date)) END AS promised,
            CASE WHEN BOOL_AND(x.delivered_date IS NOT NULL) THEN MAX(x.delivered_date) END
                AS delivered,
            MAX(x.transit_days) AS transit
        FROM logistics_promise_line x
        WHERE x.order_line_id = l.id AND x.state <> 'cancelled'"""
    )


def line_moves(day):
    """Return the query of one row (net, full_day, is_kit) about the moves of order line l.

    Quantities are in the reference unit of the product's unit (divide by ``pu.factor``).
    ``full_day`` is the first day on which as much had gone out as was ordered. A line whose moves
    carry other products is a kit.

    Parameters
    ----------
    day : SQL
        The company's day of a move.
    """
    return SQL(
        """SELECT SUM(x.quantity) AS net,
            MIN(x.day) FILTER (
                WHERE x.gone >= l.product_uom_qty * lu.factor * (1 - %(tolerance)s)
            ) AS full_day,
            BOOL_OR(x.is_kit) AS is_kit
        FROM (
            SELECT y.*, SUM(GREATEST(y.quantity, 0)) OVER (ORDER BY y.day, y.id) AS gone
            FROM (%(moves)s) y
        ) x""",
        tolerance=TOLERANCE,
        moves=_moves(day),
    )


def _moves(day):
    """Return the moves of order line l: positive to the customer, negative when refunded.

    The directions are those of Odoo's delivered quantity: an exchange (returned without refund,
    sent again) counts once.
    """
    return SQL(
        """SELECT m.id, %(day)s AS day, m.product_id <> l.product_id AS is_kit,
            CASE WHEN m.state <> 'done' OR m.product_id <> l.product_id THEN 0
                WHEN %(to_customer)s
                    THEN CASE WHEN m.origin_returned_move_id IS NULL OR m.to_refund
                        THEN m.quantity * mu.factor ELSE 0 END
                WHEN m.to_refund AND (src.usage = 'supplier' OR %(from_customer)s)
                    THEN -m.quantity * mu.factor
                ELSE 0 END AS quantity
        FROM stock_move m
        JOIN uom_uom mu ON mu.id = m.product_uom
        JOIN stock_location src ON src.id = m.location_id
        JOIN stock_location dst ON dst.id = m.location_dest_id
        WHERE m.sale_line_id = l.id AND m.state <> 'cancel' AND dst.usage <> 'inventory'""",
        day=day,
        to_customer=_is_customer(SQL("dst")),
        from_customer=_is_customer(SQL("src")),
    )


def _is_customer(location):
    """Return whether goods there are the customer's; between companies, in shared transit."""
    return SQL(
        "(%(location)s.usage = 'customer'"
        " OR %(location)s.usage = 'transit' AND %(location)s.company_id IS NULL)",
        location=location,
    )


def create_function():
    """Return the statements that create anew the function behind `customer_rates`.

    It keeps its plan as long as the connection lives: see `figures_sql` of the add-on below.
    """
    yield SQL("DROP FUNCTION IF EXISTS %s", SQL.identifier(FUNCTION))
    yield SQL(
        """CREATE FUNCTION %s(customers integer[], companies integer[], since date)
           RETURNS TABLE (customer_id integer, lines bigint, on_time double precision,
               known_quantities bigint, in_full double precision)
           LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $rates$
           #variable_conflict use_column
           BEGIN
               RETURN QUERY
               SELECT partner_id, COUNT(*), AVG(on_time_rate), COUNT(in_full_rate),
                      AVG(in_full_rate)
                 FROM logistics_order_fact
                WHERE partner_id = ANY(customers) AND company_id = ANY(companies)
                  AND promised_date > since AND delivery_state <> 'unknown'
             GROUP BY partner_id;
           END $rates$""",
        SQL.identifier(FUNCTION),
    )


def customer_rates(partner_ids, company_ids, since):
    """Return partner_id, lines promised since a day and the share on time; the same in full."""
    return SQL(
        "SELECT * FROM %s(%s, %s, %s)", SQL.identifier(FUNCTION), partner_ids, company_ids, since
    )
