"""The demo's campaigns: some that are measured, and one that runs, in each company."""

import logging
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from demo_campaign_words import WORDS

_logger = logging.getLogger(__name__)

SILENT_DAYS, SILENT_SOURCE = 75, "phone"
CALLED_ORDER = 0.3  # share of the called who would not have ordered, and do
SEED = 31


class Known(NamedTuple):
    """What is known of a customer: the last day with a line, the amount and number of lines."""

    last: date
    amount: float
    lines: int


def ensure_campaigns(env, profile, company, manager, today):
    """Make the measured campaign lists of a company as its manager, unless they are there."""
    words = WORDS[profile.code]
    lists = env["logistics.mining.list"].with_user(manager).with_company(company)
    if lists.search_count([("company_id", "=", company.id)]):
        return
    rng = np.random.default_rng(SEED)
    for name, ago, days, share in words.campaigns:
        start = today - timedelta(days=ago)
        known = _read_customers(env, company, start)
        buying = sorted(key for key, row in known.items() if (start - row.last).days < 365)
        asked = sorted(rng.permutation(buying)[: round(share * len(buying))].tolist())
        values = {"holdout_share": words.holdout, "order_counts": False}
        record = _start(lists, name, asked, start, days, **values)
        _answer(rng, record, known)
        record._measure()
    if words.silent:
        _call_silent(env, rng, lists, company, today, words.silent)
    _logger.info("Demo: %s, campaigns", company.name)


def ensure_running_campaign(env, profile, company, manager):
    """Start a list of those who are leaving; of segments at risk where that is not scored.

    Whether a model of so few customers surely beats their rhythm depends on the day.
    """
    words = WORDS[profile.code]
    lists = env["logistics.mining.list"].with_user(manager).with_company(company)
    if lists.search_count([("company_id", "=", company.id), ("name", "=", words.running)]):
        return
    task = env.ref("logistics_crm_mining.task_churn")
    record = lists.create(
        {
            "name": words.running,
            "task_id": task.id,
            "band": "high",
            "customer_limit": 100,
            "sort": "response",
            "holdout_share": 0.25,
            "treatment": "activity",
            "activity_summary": words.to_do,
            "outcome_days": task.horizon_days,
        }
    )
    record.action_choose()
    if not record.customer_count:
        at_risk = repr([("segment_id.at_risk", "=", True)])
        record.write({"task_id": False, "band": False, "customer_domain": at_risk})
        record.action_choose()
    if record.customer_count:
        record.action_start()


def _read_customers(env, company, day):
    """Return {customer: `Known`} as of a day."""
    rows = env["logistics.order.fact"]._read_group(
        [("company_id", "=", company.id), ("partner_id", "!=", False), ("date", "<=", day)],
        ["partner_id"],
        ["date:max", "amount:sum", "__count"],
    )
    return {partner.id: Known(*row) for partner, *row in rows}


def _start(lists, name, partner_ids, start, days, **values):
    record = lists.create(
        {
            "name": name,
            "customer_domain": repr([("id", "in", partner_ids)]),
            "treatment": "export",
            "outcome_days": days,
            **values,
        }
    )
    record._choose()
    record._start(start)
    return record


def _answer(rng, record, known):
    """Let those answer whose lines are large and many; the others seldom."""
    treated = record.member_ids.filtered(lambda member: member.arm == "treated")
    rows = [known[member.partner_id.id] for member in treated]
    size = _standard([max(row.amount, 1.0) / row.lines for row in rows])
    lines = _standard([row.lines for row in rows])
    chance = 1 / (1 + np.exp(1.2 - 1.0 * size - 0.6 * lines))
    said = rng.random(len(treated)) < chance
    for reply, answers in (("yes", said), ("no", ~said)):
        ids = np.array(treated.ids)[answers].tolist()
        treated.browse(ids).write({"reply": reply})


def _standard(values):
    """Return logarithms with mean 0 and deviation 1."""
    values = np.log(values)
    return (values - values.mean()) / values.std()


def _call_silent(env, rng, lists, company, today, words):
    """Call customers who went silent: some of those called order, which the others do not."""
    name, ago, days = words
    start = today - timedelta(days=ago)
    known = _read_customers(env, company, start)
    silent = [
        partner_id
        for partner_id, row in sorted(known.items())
        if (start - row.last).days > SILENT_DAYS
    ]
    record = _start(lists, name, silent, start, days, task_id=False, holdout_share=0.35)
    treated = record.member_ids.filtered(lambda member: member.arm == "treated").partner_id
    called = [partner for partner in treated if rng.random() < CALLED_ORDER]
    lines = _prepare_orders(env, rng, called, company, start, days)
    api = env["logistics.api"].with_env(lists.env)
    result = api.load_sales_history(SILENT_SOURCE, lines)
    if result["rejected"]:
        raise RuntimeError(f"The demo's calls were rejected: {result['rejected'][0]}")
    record._measure()


def _prepare_orders(env, rng, customers, company, start, days):
    product = env["product.product"].search([("default_code", "!=", False)], order="id", limit=1)
    return [
        {
            "order": f"PH-{number:04d}",
            "line": "1",
            "date": str(start + timedelta(days=int(rng.integers(3, days - 5)))),
            "customer": partner.customer_code,
            "product": product.default_code,
            "quantity": 1,
            "amount": round(float(rng.lognormal(6, 0.5)), 2),
            "currency": company.currency_id.name,
        }
        for number, partner in enumerate(customers, 1)
    ]
