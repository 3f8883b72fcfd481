"""Recent orders of the demo, made in Odoo itself: quotations, deliveries, invoices, a refund."""

from datetime import datetime, time, timedelta

import numpy as np
from demo_records import find, mark

DAYS_BACK = 60
PROMISED_DAYS = 6
# What becomes of an order, and of how many in a hundred.
FATES = {"on time": 62, "late": 14, "partial": 9, "cancelled": 3, "sent": 7, "draft": 5}


def ensure_orders(env, profile, company, partners, goods, count, today):
    """Create `count` orders of the last two months and carry them as far as they got.

    Parameters
    ----------
    env : odoo.api.Environment
        With the rights of the superuser.
    profile : demo_customers.Profile
        Whose seed to use.
    company : res.company
    partners : res.partner
        Customers that order regularly.
    goods : product.product
        Storable products.
    count : int
    today : datetime.date
    """
    name = f"orders_{profile.code}"
    if find(env, name):
        return
    rng = np.random.default_rng(profile.seed)
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    _fill_stock(env, company, goods)
    fates = rng.choice(list(FATES), count, p=np.array(list(FATES.values())) / 100).tolist()
    days = np.sort(rng.integers(1, DAYS_BACK, count))[::-1].tolist()
    orders = env["sale.order"].create(
        [_prepare_order(rng, company, partners, goods, today, day) for day in days]
    )
    mark(orders[0], name)
    _confirm(orders, fates)
    _deliver(rng, orders, fates, today)
    if company.chart_template:
        _invoice(orders, fates)


def _fill_stock(env, company, goods):
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    for product in goods:
        env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 20_000)


def _prepare_order(rng, company, partners, goods, today, day):
    partner = partners[int(rng.integers(len(partners)))]
    ordered = datetime.combine(today - timedelta(days=day), time(9, int(rng.integers(60))))
    chosen = rng.choice(len(goods), int(rng.integers(1, 4)), replace=False).tolist()
    return {
        "partner_id": partner.id,
        "company_id": company.id,
        "user_id": partner.user_id.id,
        "date_order": ordered,
        "commitment_date": ordered + timedelta(days=PROMISED_DAYS),
        "client_order_ref": f"PO-{int(rng.integers(10_000, 99_999))}",
        "order_line": [
            (0, 0, {"product_id": goods[i].id, "product_uom_qty": int(rng.integers(5, 80))})
            for i in chosen
        ],
    }


def _confirm(orders, fates):
    """Confirm what was ordered, keeping the dates: confirming sets them to now."""
    dates = {order: order.date_order for order in orders}
    by_fate = {fate: _with_fate(orders, fates, fate) for fate in FATES}
    by_fate["sent"].state = "sent"
    confirmed = orders - by_fate["sent"] - by_fate["draft"]
    confirmed.action_confirm()
    for order in confirmed:
        order.date_order = dates[order]
        _backdate_promises(order)
    by_fate["cancelled"]._action_cancel()


def _backdate_promises(order):
    """Date what was promised as of the day of the order, where it was due before today.

    What was there and why is not told of that day: what is known is what is there today.
    """
    held, due = order.date_order.date(), order.commitment_date.date()
    lines = order.promise_line_ids
    lines.write({"held_on": held, "explanation": False, "explanations": False})
    late = lines.filtered(lambda line: line.date and line.date > due)
    dates = ("date", "likely_date", "expected_date", "ship_date", "wanted_date")
    late.write(dict.fromkeys(dates, due))
    late.part_ids.write(dict.fromkeys(("date", "likely_date", "ship_date"), due))
    if late:
        order.picking_ids.move_ids.date = order.commitment_date


def _with_fate(orders, fates, *wanted):
    picked = [order.id for order, fate in zip(orders, fates, strict=True) if fate in wanted]
    return orders.browse(picked)


def _deliver(rng, orders, fates, today):
    """Deliver what was due by yesterday: on time, late, or in part with the rest to follow."""
    done = {}
    for order, fate in zip(orders, fates, strict=True):
        delay = int(rng.integers(2, 9)) if fate == "late" else -int(rng.integers(0, 3))
        day = order.commitment_date + timedelta(days=delay)
        pickings = order.picking_ids.filtered(lambda p: p.state in ("confirmed", "assigned"))
        if not pickings or day.date() >= today:
            continue
        for move in pickings.move_ids:
            share = 0.6 if fate == "partial" else 1
            move.write({"quantity": int(move.product_uom_qty * share) or 1, "picked": True})
        done |= dict.fromkeys(pickings, day)
    orders.env["stock.picking"].union(*done)._action_done()
    for picking, day in done.items():
        picking.date_done = day


def _invoice(orders, fates):
    """Invoice what was delivered on time, and take one invoice back."""
    delivered = _with_fate(orders, fates, "on time").filtered(
        lambda order: "done" in order.picking_ids.mapped("state")
    )
    for order in delivered[:3]:
        invoice = order._create_invoices()
        invoice.invoice_date = order.picking_ids[:1].date_done.date()
        invoice.action_post()
    if delivered:
        invoice = delivered[0].invoice_ids
        date = invoice.invoice_date + timedelta(days=5)
        invoice._reverse_moves([{"invoice_date": date, "date": date}]).action_post()
