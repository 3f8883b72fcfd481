"""Products, stock, open moves and quotations for the benchmark of order promising.

Pattern records are made by the ORM and copied set by set, as for customer service.
"""

from datetime import timedelta

from service_records import copy_record

from odoo.tools import SQL

WAREHOUSES, PRODUCTS, MOVES = 5, 1_000, 100_000
TABLES = ("product_product", "stock_quant", "stock_move", "sale_order_line")
DRAWN = (
    "(SELECT p.id FROM bench_product AS p"
    " WHERE p.i = (g.i + {first}) %% (SELECT COUNT(*) FROM bench_product))"
)
DAY = "pattern.date + g.i * 13 %% 90 * INTERVAL '1 day'"


def make_all(env, size):
    """Make what there is to promise; return {what: how many}.

    Parameters
    ----------
    env : odoo.api.Environment
        Of the company whose goods they are.
    size : float
        1 for the full size.
    """
    moves = max(10 * WAREHOUSES, int(size * MOVES))
    warehouses = make_warehouses(env)
    products = make_products(env, max(10, int(size * PRODUCTS)))
    make_stock(env, warehouses, products)
    for warehouse in warehouses:
        make_moves(env, warehouse, products[0], moves // (2 * WAREHOUSES))
    analyze(env)
    return {"warehouses": WAREHOUSES, "products": len(products), "open moves": moves}


def analyze(env):
    """Let the planner know what was made."""
    env.cr.execute(SQL("; ").join(SQL("ANALYZE %s", SQL.identifier(t)) for t in TABLES))
    env.invalidate_all()


def make_warehouses(env):
    """Return the company's warehouse and four more."""
    found = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    values = [{"name": f"Bench {n}", "code": f"BW{n}"} for n in range(1, WAREHOUSES)]
    return found | env["stock.warehouse"].create(values)


def make_products(env, count):
    """Return products, and make a table to draw them from."""
    products = env["product.product"].create(
        [{"name": f"Bench {n}", "type": "consu", "is_storable": True} for n in range(count)]
    )
    vendor = env["res.partner"].create({"name": "Bench vendor"})
    env["product.supplierinfo"].create(
        [
            {"partner_id": vendor.id, "product_tmpl_id": template.id, "delay": 5 + n % 20}
            for n, template in enumerate(products.product_tmpl_id)
        ]
    )
    env.cr.execute(
        SQL(
            """CREATE TEMP TABLE bench_product AS
               SELECT id, (row_number() OVER (ORDER BY id) - 1)::int AS i
                 FROM unnest(%s) AS id;
               CREATE UNIQUE INDEX ON bench_product (i); ANALYZE bench_product""",
            products.ids,
        )
    )
    return products


def make_stock(env, warehouses, products):
    """Put 20 of every product into every warehouse."""
    for warehouse in warehouses:
        place = warehouse.lot_stock_id
        env["stock.quant"]._update_available_quantity(products[0], place, 20)
        quant = env["stock.quant"].search(
            [("product_id", "=", products[0].id), ("location_id", "=", place.id)]
        )
        copy_record(env, quant, len(products) - 1, product_id=DRAWN.format(first=0))


def make_moves(env, warehouse, product, count):
    """Make so many receipts and as many deliveries, on the next 90 days."""
    supplier = env.ref("stock.stock_location_suppliers")
    customer = env.ref("stock.stock_location_customers")
    tomorrow = env.cr.now() + timedelta(days=1)
    for source, target, kind in (
        (supplier, warehouse.lot_stock_id, warehouse.in_type_id),
        (warehouse.lot_stock_id, customer, warehouse.out_type_id),
    ):
        move = env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": 1,
                "location_id": source.id,
                "location_dest_id": target.id,
                "picking_type_id": kind.id,
                "date": tomorrow,
                "reference": "Bench",
            }
        )
        # as confirming leaves it, without a reservation
        move.state = "confirmed"
        copy_record(env, move, count - 1, product_id=DRAWN.format(first=0), date=DAY)


def make_quotations(env, count):
    """Return the lines of a quotation per warehouse, as many in all, each with its own date.

    Each quotation begins with the product at which the one before ended, so that few lines and
    many ask for the same products.
    """
    customer = env["res.partner"].create({"name": "Bench customer", "is_company": True})
    warehouses = env["stock.warehouse"].search([("company_id", "=", env.company.id)])
    lines = env["sale.order.line"]
    products = env["product.product"].search([("name", "=like", "Bench %")], limit=2)
    for number, warehouse in enumerate(warehouses):
        order = env["sale.order"].create(
            {
                "partner_id": customer.id,
                "warehouse_id": warehouse.id,
                "order_line": [(0, 0, {"product_id": products[0].id, "product_uom_qty": 1})],
            }
        )
        lines |= order.order_line
        copy_record(
            env,
            order.order_line,
            count // len(warehouses) - 1,
            product_id=DRAWN.format(first=number * count // len(warehouses)),
            product_uom_qty="1 + g.i %% 30",
            customer_lead=f"1 + (g.i * {len(warehouses)} + {warehouse.id % 7}) * 0.05 %% 60",
        )
    analyze(env)
    return env["sale.order.line"].search([("order_id", "in", lines.order_id.ids)])


def make_last_units(env, quantity):
    """Return a product of which so much is left, and no more can be had."""
    product = env["product.product"].create(
        {"name": "Last units", "type": "consu", "is_storable": True}
    )
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, quantity)
    return product


def make_orders(env, product, count):
    """Return quotations of one unit each."""
    customer = env["res.partner"].create({"name": "Last customer", "is_company": True})
    line = {"product_id": product.id, "product_uom_qty": 1}
    order = {"partner_id": customer.id, "order_line": [(0, 0, line)]}
    return env["sale.order"].create([order] * count)


def count_promised(env, orders):
    """Return how many units of confirmed orders have a date."""
    return sum(
        orders.filtered(lambda o: o.state == "sale")
        .promise_line_ids.filtered("date")
        .mapped("quantity")
    )
