"""The demo's invoices are of orders that were placed, and some are paid late, on any day."""

from collections import Counter
from datetime import date

import pytest
from demo_company import generate
from demo_customers import CHINA, MAIN
from demo_invoices import INVOICES, TERM, plan_invoices
from demo_words import CATEGORIES, PRODUCTS

DAYS = (date(2026, 3, 11), date(2026, 9, 30))


@pytest.fixture(scope="module", params=DAYS, ids=str)
def today(request):
    return request.param


@pytest.fixture(scope="module", params=[MAIN, CHINA], ids=lambda profile: profile.code)
def demo(request, today):
    return generate(today, request.param)


@pytest.fixture(scope="module")
def invoices(demo, today):
    return plan_invoices(demo, today)


def test_the_same_day_gives_the_same_invoices(demo, today, invoices):
    assert plan_invoices(demo, today) == invoices


def test_an_invoice_is_of_an_order_of_the_customer(demo, invoices):
    sold = {(row["order"], row["product"]): row for row in demo.lines if row["quantity"] > 0}
    for invoice in invoices:
        for product, quantity, amount in invoice.lines:
            row = sold[invoice.order, product]
            assert (row["customer"], row["date"]) == (invoice.customer, invoice.made.isoformat())
            assert (row["quantity"], row["amount"]) == (quantity, amount)
            assert row["currency"] == invoice.currency


def test_each_customer_has_several_in_the_past_year(invoices, today):
    counts = Counter(invoice.customer for invoice in invoices)
    assert len(counts) >= 8 and set(counts.values()) == {INVOICES}
    assert len({invoice.order for invoice in invoices}) == len(invoices)
    assert all(0 < (today - invoice.made).days < 366 for invoice in invoices)


def test_most_are_paid_some_of_them_late_and_some_still_open(invoices, today):
    assert all((invoice.due - invoice.made).days == TERM for invoice in invoices)
    paid = [invoice for invoice in invoices if invoice.paid]
    assert all(invoice.made < invoice.paid <= today for invoice in paid)
    late = [invoice for invoice in paid if invoice.paid > invoice.due]
    assert 0.7 < len(paid) / len(invoices) < 1
    assert 0.08 < len(late) / len(paid) < 0.6


def test_every_product_has_one_category():
    for key, *_rest in PRODUCTS:
        found = [name for name, parts in CATEGORIES.items() if key.startswith(parts)]
        assert len(found) == 1, (key, found)
