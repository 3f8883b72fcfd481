"""Companies, currencies, products and people of the demo: made once, found by XML id later."""

from demo_company import get_products, monthly_rates
from demo_customers import CHINA, MAIN
from demo_words import CATEGORIES

MODULE = "logistics_demo"  # the name space of the demo's XML ids; there is no such add-on
CRM, SCM, MINING = "logistics_crm", "logistics_crm_scm", "logistics_crm_mining"
OFFICER = (f"{CRM}.group_logistics_officer",)
INVOICING = "account.group_account_invoice"  # posts the credit notes that Officers draft

# login, name, what the person is, groups, works in both companies
STAFF = [
    ("manager", "Helen Marsh", "Manager", (f"{CRM}.group_logistics_manager",), True),
    ("mining", "Ravi Menon", "Mining Manager", (f"{MINING}.group_mining_manager",), True),
    ("officer", "Sofia Brandt", "Officer", OFFICER, True),
    ("user", "Daniel Osei", "Logistics User", (f"{CRM}.group_logistics_user",), False),
    ("user2", "Marta Kowal", "Logistics User", (f"{CRM}.group_logistics_user",), False),
    ("service", "Aisha Rahman", "Customer Service", OFFICER, False),
    ("service2", "Ben Carver", "Customer Service", OFFICER, False),
    ("finance", "Priya Nair", "Finance", (*OFFICER, INVOICING), False),
    ("quality", "Jonas Weber", "Quality", OFFICER, False),
    ("warehouse", "Luis Romero", "Warehouse", OFFICER, False),
    ("dispatcher", "Tom Hartley", "Dispatcher", (f"{SCM}.group_dispatcher",), False),
    ("planner", "Ines Duarte", "Planner", (f"{SCM}.group_planner",), False),
]
CHINESE = [
    ("chen", "陈薇", "Officer, in Chinese", OFFICER),
    ("liu", "刘洋", "Customer Service, in Chinese", OFFICER),
    ("zhao", "赵敏", "Finance, in Chinese", (*OFFICER, INVOICING)),
]
SUPPLIERS = ("Kestrel Road Haulage", "Albion Air Cargo", "Pacific Star Line")
LOGINS = [
    ("admin", "admin", "Administrator"),
    *((login, login, role) for login, _name, role, _groups, _both in STAFF),
    *((login, login, role) for login, _name, role, _groups in CHINESE),
    ("customer", "customer", "Portal: customer"),
    ("supplier", "supplier", "Portal: supplier"),
]


def find(env, *names):
    """Return {name: record} of those demo records that are there."""
    data = env["ir.model.data"].search([("module", "=", MODULE), ("name", "in", names)])
    return {row.name: env[row.model].browse(row.res_id) for row in data}


def mark(records, *names):
    """Give each record its name, by which it will be found."""
    records.env["ir.model.data"].create(
        [
            {"module": MODULE, "name": name, "model": record._name, "res_id": record.id}
            for name, record in zip(names, records, strict=True)
        ]
    )


def ensure(env, model, wanted):
    """Return {name: record} for {name: values}: found, or created in one batch."""
    found = find(env, *wanted)
    missing = [name for name in wanted if name not in found]
    records = env[model].create([wanted[name] for name in missing])
    mark(records, *missing)
    return found | dict(zip(missing, records, strict=True))


def ensure_chinese(env):
    """Switch Chinese on, for the user who works in it."""
    lang = env["res.lang"].with_context(active_test=False).search([("code", "=", "zh_CN")])
    if not lang.active:
        env["res.lang"]._activate_lang("zh_CN")
        modules = env["ir.module.module"].search([("state", "=", "installed")])
        modules._update_translations("zh_CN")


def ensure_currencies(env, today):
    """Activate the currencies and give each a rate per month, shared by all companies."""
    codes = sorted({currency for _month, currency, _rate in monthly_rates(today)})
    currencies = env["res.currency"].with_context(active_test=False)
    currencies = currencies.search([("name", "in", codes)])
    currencies.filtered(lambda currency: not currency.active).active = True
    by_code = {currency.name: currency for currency in currencies}
    rates = {
        f"rate_{code}_{month:%Y_%m}": {
            "currency_id": by_code[code].id,
            "name": month,
            "rate": rate,
            "company_id": False,
        }
        for month, code, rate in monthly_rates(today)
    }
    ensure(env, "res.currency.rate", rates)
    return by_code


def ensure_companies(env, currencies):
    """Return {profile code: company}: the database's own company renamed, and one in China."""
    # install_mode: a company in a new country would install that country's accounting at once
    env = env(context={**env.context, "install_mode": True})
    main = env.ref("base.main_company")
    main.write(_prepare_company(env, MAIN, currencies))
    china = ensure(env, "res.company", {"company_china": _prepare_company(env, CHINA, currencies)})
    companies = {MAIN.code: main, CHINA.code: china["company_china"]}
    warehouse = {"name": CHINA.city, "code": "SHA", "company_id": companies[CHINA.code].id}
    ensure(env, "stock.warehouse", {"warehouse_china": warehouse})
    _ensure_books(companies[CHINA.code], currencies[CHINA.currency])
    admin = env.ref("base.user_admin")
    admin.company_ids = [(4, company.id) for company in companies.values()]
    return companies


def _ensure_books(company, currency):
    """Give a company Odoo's general chart of accounts, and keep its own country and currency."""
    if company.chart_template:
        return
    company.env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    company.write({"currency_id": currency.id, "account_fiscal_country_id": company.country_id.id})


def _prepare_company(env, profile, currencies):
    values = {
        "name": profile.name,
        "currency_id": currencies[profile.currency].id,
        "country_id": env.ref(f"base.{profile.country.lower()}").id,
        "city": profile.city,
    }
    if "iap_enrich_auto_done" in env["res.company"]._fields:
        values["iap_enrich_auto_done"] = True  # the demo stays off the net
    return values


def ensure_mailboxes(env, companies):
    """Give each company an address whose mails become cases.

    The domain ends in .example, which nobody can register, and no mail server is set up: nothing
    is sent or fetched.
    """
    domain = env["mail.alias.domain"].search([("company_ids", "in", companies[MAIN.code].id)])
    if not domain:
        name = "alias_domain"
        wanted = {name: {"name": "orrin-bay.example"}}
        domain = ensure(env, "mail.alias.domain", wanted)[name]
    for company in companies.values():
        if not company.alias_domain_id:
            company.alias_domain_id = domain
    wanted = {
        f"mailbox_{code}": {"alias_name": alias, "company_id": companies[code].id}
        for code, alias in ((MAIN.code, "service"), (CHINA.code, "kefu"))
    }
    ensure(env, "logistics.case.mailbox", wanted)


def ensure_products(env):
    """Return {key: product}; goods are kept in stock, everything else is a service."""
    categories = ensure_categories(env)
    products = {
        product.key: {
            "name": product.name,
            "default_code": product.key,
            "type": "consu" if product.kind == "goods" else "service",
            "is_storable": product.kind == "goods",
            "categ_id": categories[product.key].id,
            "list_price": product.price,
            "standard_price": round(product.price * 0.7, 2),
            "invoice_policy": "order",
            "taxes_id": False,
            "supplier_taxes_id": False,
        }
        for product in get_products()
    }
    by_name = {f"product_{key}".lower(): values for key, values in products.items()}
    records = ensure(env, "product.product", by_name)
    return {record.default_code: record for record in records.values()}


def ensure_categories(env):
    """Return {product key: category}."""
    wanted = {
        f"category_{name.lower().replace(' ', '_').replace('-', '_')}": {"name": name}
        for name in CATEGORIES
    }
    found = ensure(env, "product.category", wanted)
    records = {name: found[key] for key, name in zip(wanted, CATEGORIES, strict=True)}
    return {
        product.key: records[name]
        for product in get_products()
        for name, beginnings in CATEGORIES.items()
        if product.key.startswith(beginnings)
    }


def ensure_staff(env, companies):
    """Return {login: user} for everyone who works in one of the companies."""
    main, china = companies[MAIN.code], companies[CHINA.code]
    both = main | china
    users = {
        f"user_{login}": _prepare_user(env, login, name, groups, main, both if wide else main)
        for login, name, _role, groups, wide in STAFF
    }
    for login, name, _role, groups in CHINESE:
        chinese = _prepare_user(env, login, name, groups, china, china)
        users[f"user_{login}"] = {**chinese, "lang": "zh_CN", "tz": "Asia/Shanghai"}
    return {user.login: user for user in ensure(env, "res.users", users).values()}


def _prepare_user(env, login, name, groups, company, companies):
    groups = ("base.group_user", *groups)
    return {
        "login": login,
        "password": login,
        "name": name,
        "email": f"{login}@orrinbay.example",
        "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
        "company_id": company.id,
        "company_ids": [(6, 0, companies.ids)],
        "notification_type": "inbox",
    }


def ensure_portal(env, customer, company):
    """Make a portal user of one customer and one of a supplier."""
    suppliers = {
        f"supplier_{number}": {"name": name, "is_company": True, "supplier_rank": 1}
        for number, name in enumerate(SUPPLIERS, 1)
    }
    supplier = ensure(env, "res.partner", suppliers)["supplier_1"]
    contacts = {
        "contact_customer": {"name": "Julia Arden", "parent_id": customer.id},
        "contact_supplier": {"name": "Owen Pryce", "parent_id": supplier.id},
    }
    for name, contact in ensure(env, "res.partner", contacts).items():
        login = name.removeprefix("contact_")
        user = _prepare_user(env, login, contact.name, (), company, company)
        portal = [(6, 0, [env.ref("base.group_portal").id])]
        user |= {"partner_id": contact.id, "group_ids": portal, "notification_type": "email"}
        ensure(env, "res.users", {f"user_{login}": user})
