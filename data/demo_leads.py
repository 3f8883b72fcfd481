"""The demo's leads of two years: what they came by, and how they ended."""

from datetime import datetime, time, timedelta

import demo_service_words as words
import numpy as np
from demo_customers import MAIN
from demo_records import find, mark

CLOSED, OPEN = {True: 900, False: 24}, {True: 40, False: 6}
SOURCES = ("Trade Fair", "Web Form", "Newsletter", "Cold Call")
# What adds to the chance (log-odds): Odoo's own scoring sees the source, and nothing else of this.
SOURCE_ODDS, USUAL, RECOMMENDED, CUSTOMER, LARGE = (0.3, 0.1, -0.1, -0.3), -1.4, 3.0, 0.9, -2.0
DATES = """
    UPDATE crm_lead SET create_date = given.came, date_open = given.came, date_closed = given.ended
      FROM unnest(%s::int[], %s::timestamp[], %s::timestamp[]) AS given(id, came, ended)
     WHERE crm_lead.id = given.id
"""


def ensure_lead_history(env, demo, company, partners, sellers, today):
    """Load closed leads, enough in the main company to learn from, and open ones."""
    name = f"lead_history_{demo.profile.code}"
    if find(env, name):
        return
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    rng = np.random.default_rng(demo.profile.seed + 500)
    is_main = demo.profile is MAIN
    sources = _ensure_sources(env)
    stages = env["crm.stage"].search([("is_won", "=", False)], order="sequence")
    won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
    rows = [
        _draw(rng, demo, partners, sellers[number % len(sellers)], sources, company, number)
        for number in range(CLOSED[is_main] + OPEN[is_main])
    ]
    closed, still = rows[: CLOSED[is_main]], rows[CLOSED[is_main] :]
    ends = ({"active": False, "probability": 0}, {"stage_id": won.id, "probability": 100})
    leads = env["crm.lead"].create(
        [{**values, "stage_id": stages[:1].id, **ends[is_won]} for values, is_won, _days in closed]
    )
    leads |= env["crm.lead"].create(
        [
            {**values, "stage_id": stages[number % len(stages)].id}
            for number, (values, _is_won, _days) in enumerate(still)
        ]
    )
    _set_dates(env, leads, rows, len(closed), today)
    _give_sources(env, company, sources)
    mark(leads[:1], name)


def _ensure_sources(env):
    """Return the sources, which both companies share."""
    found = env["utm.source"].search([("name", "in", SOURCES)])
    known = {source.name: source for source in found}
    missing = [{"name": name} for name in SOURCES if name not in known]
    known |= {source.name: source for source in env["utm.source"].create(missing)}
    return [known[name] for name in SOURCES]


def _give_sources(env, company, sources):
    """Let the leads that were there before have come from somewhere as well."""
    without = env["crm.lead"].search([("company_id", "=", company.id), ("source_id", "=", False)])
    for number, source in enumerate(sources):
        without[number :: len(sources)].source_id = source


def _draw(rng, demo, partners, seller, sources, company, number):
    """Return the values of a lead, whether it will be won, and how long ago it came (0 to 1)."""
    customer = demo.customers[int(rng.integers(len(demo.customers)))]
    is_customer = rng.random() < 0.4 and customer.rhythm in ("weekly", "monthly", "growing")
    recommended, source = rng.random() < 0.35, int(rng.integers(len(SOURCES)))
    revenue = int(rng.integers(4, 90)) * 1000 if rng.random() < 0.7 else 0
    odds = USUAL + SOURCE_ODDS[source] + RECOMMENDED * recommended
    odds += CUSTOMER * is_customer + LARGE * (revenue > 50_000)
    values = {
        "name": words.LEADS[number % len(words.LEADS)],
        "type": "opportunity",
        "partner_id": partners[customer.key].id if is_customer else False,
        "partner_name": False if is_customer else f"Prospect {number + 1:03}",
        "company_id": company.id,
        "user_id": seller.id,
        "source_id": sources[source].id,
        "referred": "A customer" if recommended else False,
        "expected_revenue": revenue,
    }
    is_won = bool(rng.random() < 1 / (1 + np.exp(-odds)))
    return values, is_won, float(rng.random())


def _set_dates(env, leads, rows, closed, today):
    """Let closed leads have come in two years and ended within weeks, open ones lately."""
    noon, came, ended = datetime.combine(today, time(9)), [], []
    for number, (_values, _is_won, part) in enumerate(rows):
        is_closed = number < closed
        days = 60 + 670 * part if is_closed else 1 + 50 * part
        came.append(noon - timedelta(days=days))
        ended.append(came[-1] + timedelta(days=5 + 50 * (number % 7) / 7) if is_closed else None)
    env.flush_all()
    env.cr.execute(DATES, [leads.ids, came, ended])
    env.invalidate_all()
