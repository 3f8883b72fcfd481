"""The demo's story of promises: what is under way, what was promised, and what went wrong since.

What is promised is confirmed in Odoo itself; then receipts slip or come early, and a stock count
finds less. Checking the promises again, as every few minutes does, fills the planner's list.
"""

from datetime import datetime, time, timedelta

import demo_promise_words as words
from demo_promise_rules import (
    ensure_goods,
    ensure_suppliers,
    ensure_warehouses,
    ensure_ways,
    get_workday,
)
from demo_records import ensure, find, mark

HISTORY = 300  # days of receipts before today


def ensure_promises(env, profile, company, buyers, portal, today):
    """Load the story for one company.

    Parameters
    ----------
    env : odoo.api.Environment
        With the rights of the superuser.
    profile : demo_customers.Profile
    company : res.company
    buyers : res.partner
        Customers that order regularly.
    portal : res.partner
        The customer who signs in to the portal, or another buyer.
    today : datetime.date
    """
    name = f"promises_{profile.code}"
    if find(env, name):
        return
    lang = words.NAMES[profile.code]["lang"]
    env = env(context={**env.context, "allowed_company_ids": company.ids, "lang": lang})
    company = company.with_env(env)
    goods = ensure_goods(env)
    goods |= _find_goods(env, "BOX-DW-60", "PAL-EUR")
    warehouses = ensure_warehouses(env, profile, company, today)
    ours = (portal | buyers).sorted(lambda one: company not in one.user_id.company_ids)
    cast = dict(zip(words.PARTS, ours[: len(words.PARTS)], strict=True))
    cast = {part: partner.with_env(env) for part, partner in cast.items()}
    cast["second"] = cast["other"]
    ensure_ways(env, profile, company, cast)
    suppliers = ensure_suppliers(env, profile, company, goods)
    _receive_history(env, goods, warehouses[0], suppliers, today)
    _fill(env, goods, warehouses)
    receipts = _order_receipts(env, goods, warehouses[0], suppliers, today)
    _set_aside(env, profile, company, goods, warehouses[0], today)
    env.flush_all()
    orders = _sell(env, cast, warehouses[0], goods)
    mark(orders["portal"], name)
    env.cr.commit()
    _disturb(env, goods, warehouses[0], receipts)
    _quote(env, cast, warehouses, goods)
    _ask(env, company, goods, today)
    env.cr.commit()


def check_promises(env):
    """Check all promises, as the night does, and offer one customer the earlier date."""
    queue = env["logistics.promise.recheck"]
    queue._cron_recheck()
    queue._cron_note_all()
    queue._cron_recheck()
    lines = env["logistics.promise.line"].search([("better_date", "!=", False)], order="id")
    for own in lines.grouped("company_id").values():
        told = own.filtered(lambda line: line.order_id.partner_id.promise_channel == "phone")[:1]
        if told and not own.filtered("better_offered"):
            days = {told: told.better_date}
            told._tell("mail_template_promise_better", days, "better_offered")


def _find_goods(env, *keys):
    found = env["product.product"].search([("default_code", "in", keys)])
    return {product.default_code: product for product in found}


def _noon(day):
    return datetime.combine(day, time(19))  # UTC: midday in America, the same day in China


def _receive_history(env, goods, warehouse, suppliers, today):
    """Receive a dozen times from each supplier, each as late as it was."""
    product, plans = goods["PAL-EUR"], []
    for code, late in words.LATE.items():
        step = HISTORY // len(late)
        plans += [
            (suppliers[code], get_workday(today - timedelta(days=20 + step * number)), days)
            for number, days in enumerate(late)
        ]
    orders = _buy(env, warehouse, [(who, product, 300, day) for who, day, _late in plans])
    pickings = orders.picking_ids
    for move in pickings.move_ids:
        move.write({"quantity": move.product_uom_qty, "picked": True})
    pickings._action_done()
    for order, (_who, day, late) in zip(orders, plans, strict=True):
        order.picking_ids.date_done = _noon(day + timedelta(days=late))
        ordered = _noon(day - timedelta(days=14))
        order.write({"date_order": ordered, "date_approve": ordered})


def _buy(env, warehouse, rows):
    """Return confirmed purchase orders for rows of (supplier, product, quantity, day)."""
    orders = env["purchase.order"].create(
        [
            {
                "partner_id": supplier.id,
                "company_id": warehouse.company_id.id,
                "picking_type_id": warehouse.in_type_id.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": round(product.list_price * 0.7, 2),
                            "date_planned": _noon(day),
                        },
                    )
                ],
            }
            for supplier, product, quantity, day in rows
        ]
    )
    orders.button_confirm()
    for order, (_supplier, _product, _quantity, day) in zip(orders, rows, strict=True):
        order.picking_ids.move_ids.date = _noon(day)
    return orders


def _fill(env, goods, warehouses):
    quants = env["stock.quant"]
    for key, quantities in words.STOCK.items():
        for warehouse, quantity in zip(warehouses, quantities, strict=True):
            if quantity:
                place = warehouse.lot_stock_id
                quants._update_available_quantity(goods[key], place, quantity)


def _order_receipts(env, goods, warehouse, suppliers, today):
    rows = [
        (suppliers[code], goods[key], quantity, get_workday(today + timedelta(days=days)))
        for key, quantity, days, code in words.RECEIPTS.values()
    ]
    return dict(zip(words.RECEIPTS, _buy(env, warehouse, rows), strict=True))


def _set_aside(env, profile, company, goods, warehouse, today):
    allocation = {
        "name": words.NAMES[profile.code]["allocation"],
        "company_id": company.id,
        "product_id": goods["COVER-THERMO"].id,
        "warehouse_id": warehouse.id,
        "quantity": 45,
        "date_from": today - timedelta(days=7),
        "date_to": today + timedelta(days=60),
        "key_account_class": "a",
    }
    ensure(env, "logistics.promise.allocation", {f"allocation_{profile.code}": allocation})


def _prepare_order(partner, warehouse, sourcing, lines, goods):
    return {
        "partner_id": partner.id,
        "company_id": warehouse.company_id.id,
        "user_id": partner.user_id.id,
        "warehouse_id": warehouse.id,
        "promise_sourcing": sourcing,
        "order_line": [
            (0, 0, {"product_id": goods[key].id, "product_uom_qty": quantity, "customer_lead": 0})
            for key, quantity in lines
        ],
    }


def _sell(env, cast, warehouse, goods):
    """Return {part: confirmed order}, one after the other: each is held before the next."""
    orders = env["sale.order"].create(
        [
            _prepare_order(
                cast[part],
                warehouse,
                "single" if part == words.FROM_ANYWHERE else "warehouse",
                lines,
                goods,
            )
            for part, lines in words.CONFIRMED.items()
        ]
    )
    orders.action_confirm()
    return dict(zip(words.CONFIRMED, orders, strict=True))


def _disturb(env, goods, warehouse, receipts):
    """Have receipts slip or come early, and a stock count find less than was thought."""
    for name, days in words.SLIPS.items():
        move = receipts[name].picking_ids.move_ids
        move.date = _noon(get_workday(move.date.date() + timedelta(days=days)))
    key, found = words.COUNTED
    quant = env["stock.quant"].search(
        [("product_id", "=", goods[key].id), ("location_id", "=", warehouse.lot_stock_id.id)]
    )
    quant.with_context(inventory_mode=True).inventory_quantity = found
    quant.action_apply_inventory()


def _quote(env, cast, warehouses, goods):
    orders = env["sale.order"].create(
        [
            _prepare_order(cast[part], warehouses[number], sourcing, lines, goods)
            for part, number, sourcing, lines in words.QUOTED
        ]
    )
    orders[0].state = "sent"  # the portal shows it


def _ask(env, company, goods, today):
    """Note on two leads what they ask for."""
    leads = env["crm.lead"].search(
        [("company_id", "=", company.id), ("probability", "<", 100), ("partner_id", "!=", False)],
        order="id desc",
        limit=2,
    )
    for number, lead in enumerate(leads):
        lead.write(
            {
                "promise_wanted_date": today + timedelta(days=10 + 20 * number),
                "promise_product_ids": [
                    (0, 0, {"product_id": goods[key].id, "quantity": quantity})
                    for key, quantity in words.ASKED
                ],
            }
        )
