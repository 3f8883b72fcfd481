"""The demo's customer service in Odoo: cases with their conversations, calls, leads."""

from datetime import datetime, time, timedelta

import demo_service_words as words
import numpy as np
from demo_customers import MAIN
from demo_people import get_domain
from demo_quality import (
    ensure_articles,
    make_disciplines,
    make_ratings,
    prepare_satisfaction,
)
from demo_records import CRM, find, mark
from demo_service import make_calls, make_cases
from markupsafe import Markup

# Nobody is told of what happened long ago.
SILENT = {"mail_auto_subscribe_no_notify": True, "mail_notify_force_send": False}
END = """
    UPDATE logistics_case SET stage_id = stage.id, state = stage.state
      FROM logistics_case_stage AS stage, unnest(%s, %s) AS given(case_id, stage_id)
     WHERE logistics_case.id = given.case_id AND stage.id = given.stage_id
"""


def ensure_cases(env, demo, company, partners, employees, today):
    """Load the cases of a company, and some mails whose sender nobody knows yet."""
    name = f"cases_{demo.profile.code}"
    if find(env, name):
        return
    env = env(context={**env.context, **SILENT, "allowed_company_ids": company.ids})
    stories = make_cases(demo, today)
    contacts = _get_contacts(env, partners)
    agents = _get_agents(employees, company)
    cases = env["logistics.case"].create(
        [
            _prepare_case(env, company, story, contacts[partners[story.customer]], agents, number)
            for number, story in enumerate(stories)
        ]
    )
    mark(cases[:1], name)
    _pause(env, cases, stories)
    _end(env, cases, stories)
    _tell(env, cases, stories)
    make_ratings(env, cases)
    make_disciplines(env, demo, cases, employees)
    ensure_articles(env, demo, company, cases)
    if demo.profile is MAIN:
        _make_inbox(env, demo, company)


def _get_contacts(env, partners):
    """Return {customer: who writes}: a person where there is one."""
    customers = env["res.partner"].union(*partners.values())
    people = env["res.partner"].search([("parent_id", "in", customers.ids), ("email", "!=", False)])
    first = {person.parent_id: person for person in people.sorted("id", reverse=True)}
    return {customer: first.get(customer, customer) for customer in customers}


def _get_agents(employees, company):
    """Return {category: employees who answer it}, of those who work here."""
    here = {login for login, employee in employees.items() if employee.company_id == company}
    answer = {
        "delivery_damaged": ("quality", "chen"),
        "invoice": ("finance", "zhao"),
        "stock": ("warehouse",),
        "quotation": ("user", "user2", "officer", "chen"),
    }
    usual = [employees[login] for login in ("service", "service2", "liu") if login in here]
    found = {
        code: [employees[login] for login in logins if login in here]
        for code, logins in answer.items()
    }
    return {code: some or usual for code, some in found.items()} | {"": usual}


def _prepare_case(env, company, story, contact, agents, number):
    some = agents.get(story.theme.category, agents[""])
    is_taken = story.answered or number % 3
    return {
        "name": story.subject,
        "description": Markup("<p>%s</p>") % story.text,
        "kind": story.theme.kind,
        "channel": story.channel,
        "severity": story.severity,
        "company_id": company.id,
        "currency_id": company.currency_id.id,
        "partner_id": contact.id,
        "category_id": env.ref(f"{CRM}.case_category_{story.theme.category}").id,
        "employee_id": some[number % len(some)].id if is_taken else False,
        "date_received": story.received,
        "first_response_date": story.answered,
        "last_answer_date": max((m[1] for m in story.messages if m[0] == "us"), default=False),
        "last_reply_date": max((m[1] for m in story.messages if m[0] == "customer"), default=False),
        "resolution_date": story.solved,
        "claimed_amount": story.claimed,
        "liable_amount": story.liable,
        "settled_amount": story.settled,
        **prepare_satisfaction(story),
    }


def _pause(env, cases, stories):
    env["logistics.case.pause"].create(
        [
            {"case_id": case.id, "date_start": story.waiting[0], "date_end": story.waiting[1]}
            for case, story in zip(cases, stories, strict=True)
            if story.waiting
        ]
    )
    cases._refresh_sla()


def _end(env, cases, stories):
    """Put the cases into their stages by one statement: a button would write to the customers."""
    stages = {
        state: env["logistics.case"]._get_stage(state).id for state in {s.state for s in stories}
    }
    env.flush_all()
    env.cr.execute(END, [cases.ids, [stages[story.state] for story in stories]])
    env.cr.execute(
        "UPDATE logistics_case SET create_date = date_received WHERE id = ANY(%s)", [cases.ids]
    )
    env.invalidate_all()
    cases._refresh_sla_state()
    cases.filtered("first_response_date")._refresh_hours()
    cases.modified(["state"])


def _tell(env, cases, stories):
    """Write the conversations as they went."""
    subtype = env.ref("mail.mt_comment").id
    values = []
    for case, story in zip(cases, stories, strict=True):
        for who, when, text in story.messages:
            author = case.user_id.partner_id if who == "us" else case.partner_id
            values.append(
                {
                    "model": case._name,
                    "res_id": case.id,
                    "message_type": "comment" if who == "us" else "email",
                    "subtype_id": subtype,
                    "author_id": author.id,
                    "email_from": author.email_formatted,
                    "subject": case.name,
                    "body": Markup("<p>%s</p>") % text,
                    "date": when,
                }
            )
    env["mail.message"].create(values)


def _make_inbox(env, demo, company):
    """Mails that came in this morning and whose sender nobody knows."""
    regular = next(c for c in demo.customers if c.rhythm == "monthly")
    fill = {"order": demo.lines[-1]["order"], "domain": get_domain(regular)}
    env["logistics.case"].create(
        [
            {
                "name": subject.format(**fill),
                "description": Markup("<p>%s</p>") % text.format(**fill),
                "channel": "mail",
                "company_id": company.id,
                "partner_name": name,
                "partner_email": address.format(**fill),
            }
            for name, address, subject, text in words.STRANGERS
        ]
    )


def ensure_calls(env, demo, company, partners, employees, today):
    """Load the call log: calls of two months, some still to be returned."""
    name = f"calls_{demo.profile.code}"
    if find(env, name):
        return
    contacts = _get_contacts(env, partners)
    agents = _get_agents(employees, company)[""]
    values = []
    for number, call in enumerate(make_calls(demo, today)):
        contact = contacts[partners[call.customer]] if call.customer else env["res.partner"]
        phone = contact.phone or contact.commercial_partner_id.phone
        user = agents[number % len(agents)].user_id
        is_returned = call.outcome == "returned"
        values.append(
            {
                "direction": call.direction,
                "number": phone or f"+1 206 555 {3000 + number}",
                "partner_id": contact.id,
                "company_id": company.id,
                "user_id": user.id,
                "start": call.start,
                "duration": call.minutes / 60,
                "outcome": "missed" if is_returned else call.outcome,
                "note": call.note,
                "returned_date": call.start + timedelta(hours=1) if is_returned else False,
                "returned_user_id": user.id if is_returned else False,
            }
        )
    mark(env["logistics.call"].create(values)[:1], name)


def ensure_leads(env, demo, company, partners, sellers, today):
    """Load opportunities in all stages, won and lost ones among them."""
    name = f"leads_{demo.profile.code}"
    if find(env, name):
        return
    rng = np.random.default_rng(demo.profile.seed + 400)
    stages = env["crm.stage"].search([], order="sequence").ids
    customers = [c for c in demo.customers if c.rhythm in ("monthly", "occasional", "one-off")]
    values = []
    for number in range(30 if demo.profile is MAIN else 10):
        partner = partners[customers[int(rng.integers(len(customers)))].key]
        came = datetime.combine(today, time(9)) - timedelta(days=int(rng.integers(2, 120)))
        values.append(
            {
                "name": words.LEADS[number % len(words.LEADS)],
                "type": "opportunity",
                "partner_id": partner.id,
                "company_id": company.id,
                "user_id": sellers[number % len(sellers)].id,
                "stage_id": stages[int(rng.integers(len(stages)))],
                "expected_revenue": int(rng.integers(4, 90)) * 1000,
                "date_deadline": today + timedelta(days=int(rng.integers(5, 90))),
                "date_open": came,
            }
        )
    mark(env["crm.lead"].create(values)[:1], name)
