"""Load the demo company into a database.

`load(env)` wants the superuser's environment of a database in which the three add-ons are
installed, and this folder on `sys.path`. It commits after each step and can be repeated: what is
there is found again, and once all is there it returns at once. The day of the first call is
remembered, so that a load that was interrupted goes on with the same history.
"""

import logging
from datetime import date

from demo_campaigns import ensure_campaigns, ensure_running_campaign
from demo_cases import ensure_calls, ensure_cases, ensure_leads
from demo_company import generate
from demo_customers import CHINA, MAIN
from demo_history import load_history, set_details
from demo_invoices import ensure_invoices
from demo_leads import ensure_lead_history
from demo_numbers import set_numbers
from demo_orders import ensure_orders
from demo_overdue import ensure_overdue
from demo_people import ensure_employees, ensure_people
from demo_promises import check_promises, ensure_promises
from demo_quality import ensure_playbooks
from demo_records import (
    LOGINS,
    ensure_chinese,
    ensure_companies,
    ensure_currencies,
    ensure_mailboxes,
    ensure_portal,
    ensure_products,
    ensure_staff,
)

__all__ = ["LOGINS", "load"]

_logger = logging.getLogger(__name__)

TODAY, DONE = "logistics_demo.today", "logistics_demo.done"
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "no_reset_password": True}
TASKS = ("segment", "clv", "churn", "key_account", "lead", "response")


def load(env):
    """Load companies, people, history, orders and scores; do nothing when all is there."""
    parameters = env["ir.config_parameter"]
    if parameters.get_param(DONE):
        _logger.info("The demo company is there already.")
        return
    today = date.fromisoformat(parameters.get_param(TODAY) or str(date.today()))
    parameters.set_param(TODAY, today.isoformat())
    env = env(context={**env.context, **QUIET})
    _logger.info("Demo: companies, currencies, products and people")
    ensure_chinese(env)
    companies = ensure_companies(env, ensure_currencies(env, today))
    products = ensure_products(env)
    staff = ensure_staff(env, companies)
    employees = ensure_employees(env, companies, staff)
    ensure_mailboxes(env, companies)
    env.cr.commit()
    _load_customers(env, today, companies, products, staff, employees)
    callers = ((MAIN, staff["manager"]), (CHINA, staff["chen"]))
    for profile, user in callers:
        ensure_campaigns(env, profile, companies[profile.code], user, today)
    env.cr.commit()
    _score(env, companies, staff["mining"])
    for profile, user in callers:
        ensure_running_campaign(env, profile, companies[profile.code], user)
    parameters.set_param(DONE, "1")
    env.cr.commit()


def _load_customers(env, today, companies, products, staff, employees):
    """Load both companies' customers with their history and recent orders."""
    goods = env["product.product"].union(*(p for p in products.values() if p.is_storable))
    codes = {}
    for profile, sellers, orders in (
        (MAIN, ("user", "user2", "officer", "manager"), 36),
        (CHINA, ("chen",), 10),
    ):
        company, demo = companies[profile.code], generate(today, profile)
        partners = load_history(env, demo, company, staff["manager"], codes)
        set_details(demo, partners, [staff[login] for login in sellers])
        set_numbers(demo, partners)
        env.cr.commit()
        regular = [c for c in demo.customers if c.rhythm in ("weekly", "monthly", "growing")]
        buyers = env["res.partner"].union(*(partners[c.key] for c in regular))
        ensure_orders(env, profile, company, buyers, goods, orders, today)
        ensure_overdue(env, profile, company, buyers, goods, today)
        ensure_invoices(env, demo, company, partners, products, today)
        if profile is MAIN:
            codes = {key: partner.customer_code for key, partner in partners.items()}
        env.cr.commit()
        users = [staff[login] for login in sellers]
        _load_service(env, today, demo, company, partners, employees, users)
        portal = _find_portal_customer(env, buyers)
        if profile is MAIN:
            ensure_portal(env, portal, company)
            env.cr.commit()
        _logger.info("Demo: %s, promises", company.name)
        ensure_promises(env, profile, company, buyers, portal, today)
    # what the night does
    env["logistics.lifecycle.stage"]._cron_apply_rules()
    ensure_playbooks(env)
    check_promises(env)
    env.cr.commit()


def _find_portal_customer(env, buyers):
    """Return the buyer with orders who has the most cases, so that the portal shows both."""
    ordered = env["sale.order"].search([("partner_id", "in", buyers.ids)]).partner_id
    found = env["logistics.case"]._read_group(
        [("commercial_partner_id", "in", ordered.ids)],
        ["commercial_partner_id"],
        order="__count DESC, commercial_partner_id",
        limit=1,
    )
    return found[0][0] if found else buyers[:1]


def _load_service(env, today, demo, company, partners, employees, sellers):
    """Load a company's people, cases, calls and leads."""
    _logger.info("Demo: %s, people, cases, calls and leads", company.name)
    ensure_people(env, demo, company, partners, employees)
    ensure_cases(env, demo, company, partners, employees, today)
    ensure_calls(env, demo, company, partners, employees, today)
    ensure_leads(env, demo, company, partners, sellers, today)
    ensure_lead_history(env, demo, company, partners, sellers, today)
    env.cr.commit()


def _score(env, companies, user):
    """Run the scoring tasks for both companies, as the mining manager asks for them."""
    for company in companies.values():
        api = env["logistics.api"].with_user(user).with_company(company)
        runs = [api.run_mining(code)["run"] for code in TASKS]
        env.cr.commit()
        env["logistics.mining.run"]._cron_process_queue()
        env.cr.commit()
        for run in map(api.mining_run, runs):
            outcome = "published" if run["published"] else run["reason"]
            _logger.info("Demo: %s, task %s: %s", company.name, run["task"], outcome)
