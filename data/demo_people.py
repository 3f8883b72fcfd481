"""Who works at the demo company, for whom, and whom they talk to at the customers."""

import demo_service_words as words
import numpy as np
from demo_customers import CHINA, MAIN
from demo_records import CRM, ensure, find, mark

# name, login of the user, job, account roles that they do, by company; the first one leads
EMPLOYEES = {
    MAIN.code: (
        ("Helen Marsh", "manager", "Managing Director", ()),
        ("Sofia Brandt", "officer", "Head of Key Accounts", ("account_manager",)),
        ("Daniel Osei", "user", "Account Manager", ("account_manager",)),
        ("Marta Kowal", "user2", "Account Manager", ("account_manager",)),
        ("Aisha Rahman", "service", "Customer Service", ("customer_service",)),
        ("Ben Carver", "service2", "Customer Service", ("customer_service", "dispatcher")),
        ("Tom Hartley", "dispatcher", "Dispatcher", ()),
        ("Priya Nair", "finance", "Accounts Receivable", ("finance",)),
        ("Jonas Weber", "quality", "Quality Manager", ("quality",)),
        ("Luis Romero", "warehouse", "Warehouse Lead", ("warehouse",)),
    ),
    CHINA.code: (
        ("陈薇", "chen", "客户总监", ("account_manager", "quality")),
        ("刘洋", "liu", "客服专员", ("customer_service", "dispatcher", "warehouse")),
        ("赵敏", "zhao", "财务", ("finance",)),
    ),
}
HOLDINGS = (("Ravensworth Holding", "US"), ("Nordhaven Group", "DE"), ("Castellan Partners", "NL"))
PEOPLE_AT = 120  # so many customers of the main company have people with names
DIALLING = {"US": "+1 253 555", "CN": "+86 21 5550", "GB": "+44 1632 96", "DE": "+49 30 2345"}


def ensure_employees(env, companies, staff):
    """Make the employees and give each account role to those who do it.

    Parameters
    ----------
    env : odoo.api.Environment
    companies : dict of str to res.company
    staff : dict of str to res.users

    Returns
    -------
    dict of str to hr.employee
        By login.
    """
    found = {}
    for code, rows in EMPLOYEES.items():
        wanted = {
            f"employee_{login}": {
                "name": name,
                "user_id": staff[login].id,
                "company_id": companies[code].id,
                "job_title": job,
                "work_email": staff[login].email,
            }
            for name, login, job, _roles in rows
        }
        records = ensure(env, "hr.employee", wanted)
        people = {name.removeprefix("employee_"): record for name, record in records.items()}
        head = people[rows[0][1]]
        (env["hr.employee"].union(*people.values()) - head).parent_id = head
        found |= people
    for role in ("account_manager", "customer_service", "dispatcher", "finance", "quality"):
        _set_role(env, role, found)
    _set_role(env, "warehouse", found)
    return found


def _set_role(env, role, employees):
    logins = [row[1] for rows in EMPLOYEES.values() for row in rows if role in row[3]]
    doers = env["hr.employee"].union(*(employees[login] for login in logins))
    env.ref(f"{CRM}.account_role_{role}").employee_ids |= doers


def ensure_people(env, demo, company, partners, employees):
    """Give regular customers people, roles and an account team of their own, and join groups."""
    if find(env, f"people_{demo.profile.code}"):
        return
    rng = np.random.default_rng(demo.profile.seed + 300)
    regular = [
        c
        for c in demo.customers
        if c.rhythm in ("weekly", "monthly", "growing", "declining") and not c.main_key
    ][:PEOPLE_AT]
    people = _make_contacts(rng, env, demo, partners, regular)
    mark(people[:1], f"people_{demo.profile.code}")
    _set_partner_roles(rng, env, partners, demo.customers)
    _make_teams(env, demo, company, partners, regular, employees)
    if demo.profile is MAIN:
        _make_holdings(env, demo, partners)


def get_domain(customer):
    """Return the mail domain of a customer."""
    latin = "".join(c for c in customer.name.lower() if c.isascii() and c.isalnum() or c == " ")
    words_of = latin.split()[:2]
    return f"{'-'.join(words_of) if words_of else customer.key.lower()}.example"


def _make_contacts(rng, env, demo, partners, customers):
    roles = env["logistics.contact.role"].search([])
    by_code = {role.code: role.id for role in roles}
    values = []
    for number, customer in enumerate(customers):
        partner, domain = partners[customer.key], get_domain(customer)
        phone = f"{DIALLING.get(customer.country, '+44 1632 96')} {2000 + number}"
        partner.write({"email": f"office@{domain}", "phone": phone})
        is_chinese = customer.country == "CN"
        functions = words.CHINESE_FUNCTIONS if is_chinese else words.FUNCTIONS
        count = min(len(functions), int(rng.integers(1, 4)))
        chosen = rng.choice(len(functions), count, replace=False)
        names = rng.permutation(words.HAN_PEOPLE if is_chinese else words.FIRST_NAMES)
        for place, function in enumerate(chosen.tolist()):
            title, role = functions[function]
            first, last = str(names[place]), str(rng.choice(words.LAST_NAMES))
            values.append(
                {
                    "name": first if is_chinese else f"{first} {last}",
                    "parent_id": partner.id,
                    "function": title,
                    "email": f"{role.replace('_', '.')}{place or ''}@{domain}",
                    "contact_role_ids": [(6, 0, [by_code[role]])],
                }
            )
    return env["res.partner"].create(values)


def _set_partner_roles(rng, env, partners, customers):
    """Customers ship or receive, some do both; a few are forwarders themselves."""
    mixes = (("shipper",), ("consignee",), ("shipper", "consignee"), ("forwarder",))
    chosen = rng.choice(len(mixes), len(customers), p=(0.4, 0.25, 0.28, 0.07)).tolist()
    for number, mix in enumerate(mixes):
        ids = [env.ref(f"{CRM}.partner_role_{code}").id for code in mix]
        picked = [c for c, place in zip(customers, chosen, strict=True) if place == number]
        members = env["res.partner"].union(*(partners[customer.key] for customer in picked))
        members.logistics_role_ids = [(6, 0, ids)]


def _make_teams(env, demo, company, partners, customers, employees):
    """The salesperson is the account manager; an agent answers, for large customers one more."""
    by_user = {employee.user_id: employee for employee in employees.values()}
    agents = {MAIN.code: ("service", "service2"), CHINA.code: ("liu",)}[demo.profile.code]
    role = {
        code: env.ref(f"{CRM}.account_role_{code}").id
        for code in ("account_manager", "customer_service", "dispatcher")
    }
    members = []
    for number, customer in enumerate(customers):
        partner = partners[customer.key]
        agent = employees[agents[number % len(agents)]]
        team = {"account_manager": by_user.get(partner.user_id), "customer_service": agent}
        if customer.rhythm == "weekly":
            team["dispatcher"] = employees[agents[-1]]
        members += [
            {
                "partner_id": partner.id,
                "role_id": role[code],
                "employee_id": employee.id,
                "company_id": company.id,
            }
            for code, employee in team.items()
            if employee and employee.company_id == company
        ]
    env["logistics.account.member"].create(members)


def _make_holdings(env, demo, partners):
    """Put some customers below a holding, as their names tell."""
    for number, (name, country) in enumerate(HOLDINGS):
        stem = name.split()[0]
        below = [c for c in demo.customers if c.name.startswith(stem)]
        wanted = {
            "name": name,
            "is_company": True,
            "country_id": env.ref(f"base.{country.lower()}").id,
        }
        head = ensure(env, "res.partner", {f"holding_{number}": wanted})[f"holding_{number}"]
        env["res.partner"].union(*(partners[c.key] for c in below)).write(
            {"parent_id": head.id, "type": "other"}
        )
