"""Invoices of the demo that nobody has paid in time, for whoever collects the money."""

from datetime import timedelta

from demo_records import find, mark

# days since the invoice, days since it was due, units sold
UNPAID = ((75, 45, 40), (48, 18, 65), (40, 10, 25))


def ensure_overdue(env, profile, company, partners, goods, today):
    """Post invoices that are overdue, to the first customers who order regularly.

    A company without a sales journal and its account keeps no books in Odoo and gets none.
    """
    name = f"overdue_{profile.code}"
    journal = env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "sale")], limit=1
    )
    if not journal.default_account_id or find(env, name):
        return
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    invoices = env["account.move"].create(
        [
            _prepare_invoice(journal, partners[number], goods[number], today, *unpaid)
            for number, unpaid in enumerate(UNPAID[: len(partners)])
        ]
    )
    invoices.action_post()
    mark(invoices[0], name)


def _prepare_invoice(journal, partner, product, today, made, due, quantity):
    return {
        "move_type": "out_invoice",
        "journal_id": journal.id,
        "partner_id": partner.id,
        "invoice_user_id": partner.user_id.id,
        "invoice_date": today - timedelta(days=made),
        "invoice_payment_term_id": False,
        "invoice_date_due": today - timedelta(days=due),
        "invoice_line_ids": [(0, 0, {"product_id": product.id, "quantity": quantity})],
    }
