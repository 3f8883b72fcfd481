"""The demo's customers and their history, through the door that other systems use."""

import logging

_logger = logging.getLogger(__name__)

SOURCE = "tms"  # the transport management system that the company used before Odoo
CHUNK = 10_000


def load_history(env, demo, company, manager, codes):
    """Load the lines of a generated company as its manager; return {key: partner}.

    Parameters
    ----------
    env : odoo.api.Environment
    demo : demo_company.Demo
    company : res.company
    manager : res.users
    codes : dict of str to str
        Customers that another company has already: the key there, and our own customer code.

    Raises
    ------
    RuntimeError
        If a line is rejected.
    """
    ours = {c.key: codes[c.main_key] for c in demo.customers if c.main_key}
    lines = [{**row, "customer": ours.get(row["customer"], row["customer"])} for row in demo.lines]
    api = env["logistics.api"].with_user(manager).with_company(company)
    for start in range(0, len(lines), CHUNK):
        result = api.load_sales_history(SOURCE, lines[start : start + CHUNK])
        if result["rejected"]:
            raise RuntimeError(f"The demo's history was rejected: {result['rejected'][0]}")
        env.cr.commit()
        done = min(start + CHUNK, len(lines))
        _logger.info("Demo: %s, %s of %s lines of history", company.name, done, len(lines))
    return _find_partners(env, demo, company, ours)


def _find_partners(env, demo, company, ours):
    keys = env["logistics.source.key"].search(
        [("company_id", "=", company.id), ("source", "=", SOURCE), ("kind", "=", "customer")]
    )
    found = {row.key: row.partner_id for row in keys}
    return {c.key: found[ours.get(c.key, c.key)] for c in demo.customers}


def set_details(demo, partners, sellers):
    """Give the customers their city and a salesperson."""
    by_city, by_seller = {}, {}
    for number, customer in enumerate(demo.customers):
        if customer.main_key:
            continue
        partner = partners[customer.key]
        by_city.setdefault(customer.city, []).append(partner.id)
        by_seller.setdefault(sellers[number % len(sellers)], []).append(partner.id)
    env = sellers[0].env
    for city, ids in by_city.items():
        env["res.partner"].browse(ids).city = city
    for seller, ids in by_seller.items():
        env["res.partner"].browse(ids).user_id = seller
