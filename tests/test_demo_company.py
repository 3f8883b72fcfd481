"""The demo company tells the same story on any day: who buys, who leaves, who is late."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from demo_company import USD_RATES, generate, monthly_rates
from demo_customers import BAD_SEASON, CHINA, DAYS, MAIN, RHYTHMS, SHARED

TODAY = date(2026, 3, 11)
START = TODAY - timedelta(days=DAYS)

company = cache(generate)


@pytest.fixture(scope="module", params=[MAIN, CHINA], ids=lambda profile: profile.code)
def demo(request):
    return company(TODAY, request.param)


@pytest.fixture(scope="module")
def frame(demo):
    lines = pd.DataFrame(demo.lines)
    lines["usd"] = lines["amount"] / lines["currency"].map(USD_RATES)
    lines["day"] = (pd.to_datetime(lines["date"]) - pd.Timestamp(START)).dt.days
    lines["rhythm"] = lines["customer"].map({c.key: c.rhythm for c in demo.customers})
    return lines


def active_months(frame, rhythm):
    """Return customers x twelfths of the history: the number of orders of one rhythm."""
    orders = frame[(frame["rhythm"] == rhythm) & (frame["quantity"] > 0)]
    orders = orders.drop_duplicates("order")
    part = orders["day"] * 12 // DAYS
    return orders.groupby(["customer", part]).size().unstack(fill_value=0)


def test_the_same_seed_and_day_give_the_same_company():
    assert generate(TODAY, CHINA) == company(TODAY, CHINA)


def test_another_day_moves_the_history_and_keeps_the_customers():
    moved = generate(TODAY + timedelta(days=100), CHINA)
    assert moved.customers == company(TODAY, CHINA).customers
    assert max(row["date"] for row in moved.lines) == "2026-06-18"


def test_history_is_three_years_and_ends_yesterday(frame):
    assert frame["day"].max() == DAYS - 1
    assert 0 <= frame["day"].min() < 14


def test_every_order_line_is_named_once(frame):
    assert not frame.duplicated(["order", "line"]).any()


def test_every_customer_has_ordered_and_has_a_name_of_its_own(demo, frame):
    assert set(frame["customer"]) == {customer.key for customer in demo.customers}
    assert len({customer.name for customer in demo.customers}) == demo.profile.customers


def test_the_volume_is_that_of_a_company_of_this_size():
    assert 30_000 < len(company(TODAY, MAIN).lines) < 60_000


@pytest.mark.parametrize("shift", [0, 182])
def test_a_fifth_of_the_customers_make_three_quarters_of_the_value(shift):
    lines = pd.DataFrame(company(TODAY + timedelta(days=shift), MAIN).lines)
    usd = lines["amount"] / lines["currency"].map(USD_RATES)
    value = usd.groupby(lines["customer"]).sum().sort_values(ascending=False)
    assert 0.72 < value.head(len(value) // 5).sum() / value.sum() < 0.82


def test_every_rhythm_is_there_and_orders_at_its_pace(frame):
    assert set(frame["rhythm"]) == set(RHYTHMS)
    orders = frame[frame["quantity"] > 0].groupby(["rhythm", "customer"])["order"].nunique()
    typical = orders.groupby("rhythm").median()
    assert typical["weekly"] > typical["monthly"] > typical["occasional"] > typical["one-off"]
    assert (orders["one-off"] == 1).all()


def test_growing_customers_order_more_and_declining_ones_less(frame):
    growing, declining = (active_months(frame, name).sum() for name in ("growing", "declining"))
    assert growing.iloc[-4:].sum() > 2 * growing.iloc[:4].sum()
    assert declining.iloc[:4].sum() > 2 * declining.iloc[-4:].sum()


def test_lost_customers_have_been_silent_for_months(frame):
    last = frame[(frame["rhythm"] == "lost") & (frame["quantity"] > 0)]
    assert (last.groupby("customer")["day"].max() < DAYS - 100).all()


def test_seasonal_customers_buy_in_autumn(frame):
    seasonal = frame[(frame["rhythm"] == "seasonal") & (frame["quantity"] > 0)]
    month = pd.to_datetime(seasonal.drop_duplicates("order")["date"]).dt.month
    assert month.between(8, 12).mean() > 0.55


def test_deliveries_were_late_in_the_bad_season_and_recovered(frame):
    known = frame.dropna(subset=["promised", "delivered"])
    on_time = known["delivered"] <= known["promised"]
    bad = known["day"].between(*BAD_SEASON)
    after = known["day"] > BAD_SEASON[1]
    assert on_time[bad].mean() < 0.86
    assert on_time[~bad & ~after].mean() > 0.9
    assert on_time[after].mean() > 0.9


def test_nothing_is_delivered_after_yesterday(frame):
    assert frame["delivered"].dropna().max() < TODAY.isoformat()
    waiting = frame[frame["promised"].notna() & frame["delivered"].isna()]
    assert len(waiting) > 0


def test_returns_are_goods_given_back_in_part_after_the_order(demo, frame):
    returns = frame[frame["quantity"] < 0]
    goods = {product.key for product in demo.products if product.kind == "goods"}
    assert len(returns) > 20 and set(returns["product"]) <= goods
    sold = frame.set_index(["order", "line"])
    for row in returns.itertuples():
        origin = sold.loc[(row.order.removesuffix("-R"), row.line)]
        assert origin["day"] < row.day
        assert 0 > row.amount >= -origin["amount"]
        assert row.customer == origin["customer"]


def test_both_companies_serve_the_same_large_customers():
    main = {customer.key: customer for customer in company(TODAY, MAIN).customers}
    shared = [c for c in company(TODAY, CHINA).customers if c.main_key]
    assert len(shared) == SHARED
    assert all(main[c.main_key].name == c.name for c in shared)
    others = {c.name for c in company(TODAY, CHINA).customers if not c.main_key}
    assert not others & {c.name for c in main.values()}


def test_lines_come_in_four_currencies_and_each_has_a_rate_on_every_month():
    used = {row["currency"] for row in company(TODAY, MAIN).lines}
    assert used == set(USD_RATES)
    rates = monthly_rates(TODAY)
    months = {(currency, month) for month, currency, _rate in rates}
    assert len(rates) == len(months) == 38 * len(USD_RATES)
    assert min(month for month, _currency, _rate in rates) <= START
    for _month, currency, rate in rates:
        assert abs(rate / USD_RATES[currency] - 1) < 0.2


LOAD = """
import sys
sys.path.insert(0, folder)
import load_demo
load_demo.load(env)
risky = env["logistics.promise.line"].search([("at_risk", "=", True)])
actions = [lines.action_view_rescues() for lines in risky.grouped("company_id").values()]
rescues = env["logistics.promise.rescue"].search([("id", "in", actions[0]["domain"][0][2])])
queue = env["logistics.promise.recheck"].search_count([("due", "=", False)])
result = {
    "companies": len(actions),
    "reasons": risky.mapped("reason"),
    "kinds": rescues.mapped("kind"),
    "saving": len(rescues.filtered("saves")),
    "offered": env["logistics.promise.line"].search_count([("better_offered", "!=", False)]),
    "queue": queue,
    "numbers": [
        env["res.partner"].search_count([(name, "!=", False), ("customer_rank", ">", 0)])
        for name in ("vat", "global_location_number")
    ],
    "mailboxes": len(env["logistics.case.mailbox"].search([]).company_id),
    "sent": env["mail.mail"].search_count([("state", "=", "sent")]),
    "servers": env["ir.mail_server"].search_count([]),
    "overdue": env["account.move"].search_count([("days_overdue", ">", 7)]),
    "paid": [
        env["account.move"].search_count(
            [("move_type", "=", "out_invoice"), ("payment_state", "=", "paid"),
             ("company_id", "=", company.id)])
        for company in env["res.company"].search([], order="id")
    ],
    "currencies": env["res.company"].search([], order="id").mapped("currency_id.name"),
    "categories": len(env["product.product"].search(
        [("default_code", "!=", False), ("categ_id", "!=", False)]).categ_id),
    "lists": [
        [record.name, record.state]
        for record in env["logistics.mining.list"].search(
            [("company_id.partner_id.country_id.code", "=", "CN")])
    ],
}
"""


def test_its_promises_are_at_risk_for_reasons_and_some_can_be_saved(cloned_database, run_shell):
    told = run_shell(cloned_database, LOAD, folder=str(Path(__file__).parents[1] / "data"))
    assert min(told["numbers"]) > 50 and told["mailboxes"] == 2
    assert (told["sent"], told["servers"]) == (0, 0)
    assert told["overdue"] >= 3
    assert min(told["paid"]) >= 20 and told["categories"] >= 9
    assert told["currencies"] == ["USD", "CNY"]
    assert {state for _name, state in told["lists"]} == {"measured", "running"}
    assert not any(name.isascii() for name, _state in told["lists"])
    assert told["companies"] == 2 and told["queue"] == 0 and told["offered"] > 0
    assert told["reasons"] and all(told["reasons"])
    assert set(told["kinds"]) >= {"expedite", "warehouse", "split"} and told["saving"] > 0
