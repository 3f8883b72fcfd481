"""The demo's invoices of the past year: what was ordered, when it was due, and when it was paid.

Finance sees who pays late; the page of a customer tells how they pay. The plan is made without
Odoo from the generated history; invoices and payments are then posted a batch each.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from demo_records import find, mark

CUSTOMERS = 14  # of a company, and no more than a tenth: those who bought most
INVOICES = 4  # of each, spread over the year
TERM, NEWEST, OLDEST = 30, 12, 350  # days
# Habit: share of invoices paid late, and by how many days at most.
HABITS = {"in time": (0.0, 0), "sometimes late": (0.35, 9), "mostly late": (0.8, 26)}
HABIT_SHARES = (0.5, 0.3, 0.2)
SEED = 41


@dataclass(frozen=True)
class Invoice:
    """An order that was invoiced; `paid` is None while nothing was paid."""

    customer: str
    order: str
    made: date
    due: date
    paid: date | None
    currency: str
    lines: tuple  # of (product key, quantity, amount)


def plan_invoices(demo, today):
    """Return the invoices of a generated company, oldest first.

    Parameters
    ----------
    demo : demo_company.Demo
    today : datetime.date

    Returns
    -------
    list of Invoice
        Nothing was invoiced or paid after `today`.
    """
    rng = np.random.default_rng(SEED + demo.profile.seed)
    orders = _collect_orders(demo, today)
    planned = []
    for customer in _find_largest(orders, min(CUSTOMERS, len(demo.customers) // 10)):
        share, most = HABITS[rng.choice(list(HABITS), p=HABIT_SHARES)]
        found = orders[customer]
        places = np.unique(np.linspace(0, len(found) - 1, INVOICES).round().astype(int))
        for place in places.tolist():
            order, made, rows = found[place]
            days = TERM + int(rng.integers(1, most + 1)) if rng.random() < share else None
            days = days or int(rng.integers(9, TERM))
            due, paid = made + timedelta(days=TERM), made + timedelta(days=days)
            lines = tuple((row["product"], row["quantity"], row["amount"]) for row in rows[:2])
            paid = paid if paid <= today else None
            planned.append(Invoice(customer, order, made, due, paid, rows[0]["currency"], lines))
    return sorted(planned, key=lambda invoice: (invoice.made, invoice.order))


def _collect_orders(demo, today):
    """Return {customer: [(order, day, lines)]} of the past year, oldest first, without returns."""
    first = (today - timedelta(days=OLDEST)).isoformat()
    last = (today - timedelta(days=NEWEST)).isoformat()
    lines = {}
    for row in demo.lines:
        if first <= row["date"] <= last and row["quantity"] > 0:
            lines.setdefault((row["customer"], row["date"], row["order"]), []).append(row)
    orders = {}
    for (customer, day, order), rows in sorted(lines.items()):
        orders.setdefault(customer, []).append((order, date.fromisoformat(day), rows))
    return orders


def _find_largest(orders, most):
    """Return the customers who have enough orders and bought most, in their own currency."""
    totals = {
        customer: sum(row["amount"] for _order, _day, rows in found for row in rows)
        for customer, found in orders.items()
        if len(found) >= INVOICES
    }
    return sorted(totals, key=lambda customer: (-totals[customer], customer))[:most]


def ensure_invoices(env, demo, company, partners, products, today):
    """Post the planned invoices and what was paid of them.

    A company without a sales journal and its account keeps no books in Odoo and gets none.
    """
    name = f"invoices_{demo.profile.code}"
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    journals = env["account.journal"].search([("company_id", "=", company.id)])
    sales = journals.filtered(lambda one: one.type == "sale" and one.default_account_id)[:1]
    bank = journals.filtered(lambda one: one.type == "bank" and one.default_account_id)[:1]
    if not (sales and bank) or find(env, name):
        return
    planned = plan_invoices(demo, today)
    env["res.partner"].union(*(partners[one.customer] for one in planned)).with_company(
        company
    ).property_payment_term_id = env.ref("account.account_payment_term_30days")
    invoices = env["account.move"].create(
        [_prepare_invoice(env, sales, partners, products, one) for one in planned]
    )
    invoices.action_post()
    _pay(bank, invoices, [one.paid for one in planned])
    mark(invoices[0], name)


def _prepare_invoice(env, journal, partners, products, planned):
    partner = partners[planned.customer]
    return {
        "move_type": "out_invoice",
        "journal_id": journal.id,
        "partner_id": partner.id,
        "invoice_user_id": partner.user_id.id,
        "currency_id": env["res.currency"].search([("name", "=", planned.currency)]).id,
        "invoice_date": planned.made,
        "invoice_payment_term_id": False,
        "invoice_date_due": planned.due,
        "ref": planned.order,
        "invoice_line_ids": [
            (
                0,
                0,
                {
                    "product_id": products[key].id,
                    "quantity": quantity,
                    "price_unit": amount / quantity,
                    "tax_ids": False,
                },
            )
            for key, quantity, amount in planned.lines
        ],
    }


def _pay(bank, invoices, days):
    """Book what came in at the bank, and reconcile it with the invoices."""
    paid = [(invoice, day) for invoice, day in zip(invoices, days, strict=True) if day]
    lines = [
        invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        for invoice, _day in paid
    ]
    entries = bank.env["account.move"].create(
        [_prepare_entry(bank, line, day) for line, (_invoice, day) in zip(lines, paid, strict=True)]
    )
    entries.action_post()
    pairs = [
        line | entry.line_ids.filtered(lambda one: one.account_type == "asset_receivable")
        for line, entry in zip(lines, entries, strict=True)
    ]
    bank.env["account.move.line"]._reconcile_plan(pairs)


def _prepare_entry(bank, line, day):
    """Return what the bank's statement said, at the rate of the invoice."""
    values = {"partner_id": line.partner_id.id, "currency_id": line.currency_id.id}
    return {
        "move_type": "entry",
        "journal_id": bank.id,
        "date": day,
        "ref": line.move_id.name,
        "line_ids": [
            (
                0,
                0,
                {
                    **values,
                    "account_id": account.id,
                    "balance": sign * line.balance,
                    "amount_currency": sign * line.amount_currency,
                },
            )
            for account, sign in ((bank.default_account_id, 1), (line.account_id, -1))
        ],
    }
