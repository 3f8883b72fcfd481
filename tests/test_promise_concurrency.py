"""Several people confirm orders for the same goods at the same moment, over real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

MAKE = """
from odoo.fields import Command

warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
product = env["product.product"].create(
    [{"name": name, "type": "consu", "is_storable": True} for name in stock]
)
for one, quantity in zip(product, stock.values()):
    env["stock.quant"]._update_available_quantity(one, warehouse.lot_stock_id, quantity)
if bought:
    vendor = env["res.partner"].create({"name": "Vendor"})
    env["product.supplierinfo"].create(
        [{"partner_id": vendor.id, "product_tmpl_id": template.id, "delay": 5}
         for template in product.product_tmpl_id]
    )
customer = env["res.partner"].create({"name": "Customer", "is_company": True})
named = dict(zip(stock, product))
result = [
    env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [
                Command.create({"product_id": named[name].id, "product_uom_qty": 1})
                for name in names
            ],
        }
    ).id
    for names in orders
]
"""
PROMISED = """
found = env["sale.order"].browse(ids)
result = [
    [order.state, sorted((h.product_id.name, str(h.date or "")) for h in order.promise_line_ids)]
    for order in found
]
"""
# The receipt slips after the confirmation began to look, and before it is over.
OVERLAP = """
from datetime import timedelta
from odoo import SUPERUSER_ID, api, fields

warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
product = env["product.product"].create(
    {"name": "Slipping", "type": "consu", "is_storable": True}
)
planned = fields.Datetime.now() + timedelta(days=3)
purchase = env["purchase.order"].create(
    {
        "partner_id": env["res.partner"].create({"name": "Vendor"}).id,
        "picking_type_id": warehouse.in_type_id.id,
        "order_line": [
            (0, 0, {"product_id": product.id, "product_qty": 5, "date_planned": planned})
        ],
    }
)
purchase.button_confirm()
order = env["sale.order"].create(
    {
        "partner_id": env["res.partner"].create({"name": "Customer"}).id,
        "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 5})],
    }
)
env.cr.commit()
with env.registry.cursor() as other:
    if confirms_first:
        order.action_confirm()
        env.flush_all()
    else:
        env.invalidate_all()
        order.read(["name"])  # the confirmation sees what there was until now
    there = api.Environment(other, SUPERUSER_ID, {})
    there["purchase.order"].browse(purchase.id).picking_ids.move_ids.date += timedelta(days=20)
    other.commit()
    if not confirms_first:
        order.action_confirm()
env.cr.commit()
promise = order.promise_line_ids
result = [(promise.expected_date - planned.date()).days < 10]
queue = env["logistics.promise.recheck"].search([("product_id", "=", product.id)])
result.append(len(queue))
queue.due = fields.Datetime.now() - timedelta(seconds=1)
while batch := env["logistics.promise.recheck"]._get_batch():
    batch._process()
env.cr.commit()
result.append((promise.expected_date - planned.date()).days >= 15)
result.append(promise.at_risk)
"""
FORGET = 'env.cr.execute("DELETE FROM logistics_promise_turn")\nresult = True'


@pytest.fixture(scope="module")
def server(odoo_server):
    for login in ("mary", "ravi", "olga"):
        odoo_server.create_user(login, "sales_team.group_sale_salesman_all_leads")
        odoo_server.api_key(login)
    return odoo_server


def make_orders(server, stock, *orders, bought=False):
    """Return the ids of quotations, each of a unit of the products named, of which `stock` is."""
    return server.shell(MAKE, stock=stock, orders=orders, bought=bought)


def confirm_at_once(server, *calls):
    """Confirm orders: each person's ids in one call, all calls together."""
    barrier = Barrier(len(calls))

    def confirm(login, ids):
        barrier.wait()
        return server.json2("sale.order", "action_confirm", login, ids=ids)

    with ThreadPoolExecutor(len(calls)) as pool:
        answers = list(pool.map(confirm, ("mary", "ravi", "olga"), calls))
    assert [answer.status_code for answer in answers] == [200] * len(calls), [
        answer.text[:300] for answer in answers
    ]


def promised(server, ids):
    """Return [(product, date or an empty text)] of each order, which must be confirmed."""
    found = server.shell(PROMISED, ids=ids)
    assert [state for state, _lines in found] == ["sale"] * len(ids)
    return [[tuple(line) for line in lines] for _state, lines in found]


@pytest.mark.parametrize("first_ever", [True, False])
def test_the_last_unit_is_promised_to_exactly_one(server, first_ever):
    if first_ever:
        server.shell(FORGET)
    ids = make_orders(server, {"Last": 1}, ["Last"], ["Last"])
    confirm_at_once(server, ids[:1], ids[1:])
    dates = [lines[0][1] for lines in promised(server, ids)]
    assert sum(bool(date) for date in dates) == 1, dates


def test_who_comes_second_is_promised_the_suppliers_day(server):
    ids = make_orders(server, {"Bought": 1}, ["Bought"], ["Bought"], bought=True)
    confirm_at_once(server, ids[:1], ids[1:])
    first, second = sorted(lines[0][1] for lines in promised(server, ids))
    assert first and second > first


def test_two_products_in_opposite_order_wait_for_nobody_in_a_circle(server):
    names = ["One", "Two"]
    ids = make_orders(server, dict.fromkeys(names, 1), names, names[::-1])
    confirm_at_once(server, ids[:1], ids[1:])
    dates = [dict(lines) for lines in promised(server, ids)]
    for name in names:
        assert sum(bool(order[name]) for order in dates) == 1, dates


def test_several_orders_in_one_call_share_with_those_of_another(server):
    ids = make_orders(server, {"Few": 3}, *[["Few"]] * 5)
    confirm_at_once(server, ids[:2], ids[2:4], ids[4:])
    dates = [lines[0][1] for lines in promised(server, ids)]
    assert sum(bool(date) for date in dates) == 3, dates


@pytest.mark.parametrize("confirms_first", [True, False])
def test_a_receipt_that_slips_during_a_confirmation_is_found_a_little_later(server, confirms_first):
    found = server.shell(OVERLAP, confirms_first=confirms_first)
    assert found == [True, 1, True, True]  # neither could see the other
