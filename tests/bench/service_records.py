"""Customers, history, cases and leads for the benchmark of customer service, made set by set.

How records are made is measured elsewhere: here one pattern record of each kind is copied by one
statement, foreign keys left out.
"""

from odoo.tools import SQL

CUSTOMERS, LINES, CASES = 100_000, 1_000_000, 200_000
DUE = 1_000  # so many cases or customers are due for a job the first time, then twice as many
DRAWN = "pg_temp.drawn(g.i)"  # a customer's id: a few are drawn often, many now and then
TABLES = ("logistics_case", "crm_lead", "logistics_sales_history", "mail_message", "res_partner")


def make_all(env, size):
    """Make everything; return {what: how many}.

    Parameters
    ----------
    env : odoo.api.Environment
    size : float
        1 for the full size.
    """
    customers, lines, cases = (max(10, int(size * n)) for n in (CUSTOMERS, LINES, CASES))
    env.cr.execute("SELECT setseed(0.5)")
    drop_foreign_keys(env)
    make_customers(env, customers)
    make_history(env, lines)
    make_cases(env, cases)
    make_leads(env, cases)
    env.cr.execute(SQL("; ").join(SQL("ANALYZE %s", SQL.identifier(t)) for t in TABLES))
    env.invalidate_all()
    return {"customers": customers, "lines of history": lines, "cases, leads": cases}


def drop_foreign_keys(env):
    """Drop the foreign keys of the tables: millions of checks would only delay the benchmark."""
    query = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"
    for table in TABLES:
        for (name,) in env.execute_query(SQL(query, table)):
            drop = "ALTER TABLE %s DROP CONSTRAINT %s"
            env.cr.execute(SQL(drop, SQL.identifier(table), SQL.identifier(name)))


def copy_record(env, record, count, **columns):
    """Insert copies of a record; the columns named are SQL over the number `g.i`, from 1."""
    env.flush_all()
    query = """SELECT column_name FROM information_schema.columns
                WHERE table_name = %s AND is_generated = 'NEVER' AND column_name <> 'id'"""
    names = [row[0] for row in env.execute_query(SQL(query, record._table))]
    values = [
        SQL(columns[name]) if name in columns else SQL.identifier("pattern", name) for name in names
    ]
    env.cr.execute(
        SQL(
            """INSERT INTO %(table)s (%(names)s)
               SELECT %(values)s FROM %(table)s AS pattern, generate_series(1, %(count)s) AS g(i)
                WHERE pattern.id = %(id)s""",
            table=SQL.identifier(record._table),
            names=SQL(", ").join(map(SQL.identifier, names)),
            values=SQL(", ").join(values),
            count=count,
            id=record.id,
        )
    )


def make_customers(env, count):
    """Make companies, a contact for every second of them, and a table to draw them from."""
    company = env["res.partner"].create(
        {"name": "Bench", "ref": "bench", "is_company": True, "customer_rank": 1}
    )
    contact = env["res.partner"].create({"name": "Contact", "parent_id": company.id})
    address = "'office' || g.i || '@customer.example'"
    copy_record(
        env,
        company,
        count,
        name="'Customer ' || g.i",
        complete_name="'Customer ' || g.i",
        customer_code="'BENCH' || g.i",
        email=address,
        email_normalized=address,
    )
    env.cr.execute(
        """UPDATE res_partner SET commercial_partner_id = id WHERE ref = 'bench';
           CREATE TEMP TABLE bench_customer AS
           SELECT id, (row_number() OVER (ORDER BY id))::int AS i
             FROM res_partner WHERE ref = 'bench' AND customer_code LIKE 'BENCH%';
           CREATE UNIQUE INDEX ON bench_customer (i);
           ANALYZE bench_customer;
           CREATE FUNCTION pg_temp.drawn(number int) RETURNS int LANGUAGE sql STABLE AS $$
               SELECT id FROM pg_temp.bench_customer WHERE i =
                   1 + (power(number * 0.61803398875 % 1, 3)
                        * (current_setting('bench.customers')::int - 1))::int
           $$;"""
    )
    env.cr.execute("SELECT set_config('bench.customers', %s, false)", [str(count)])
    second = "(SELECT c.id FROM bench_customer AS c WHERE c.i = g.i * 2)"
    copy_record(
        env,
        contact,
        count // 2,
        name="'Contact ' || g.i",
        complete_name="'Customer, Contact ' || g.i",
        parent_id=second,
        commercial_partner_id=second,
    )


def make_history(env, lines):
    """Make lines of three years."""
    product = env["product.product"].create({"name": "Bench"})
    load = env["logistics.history.load"].create({"source": "bench"})
    line = env["logistics.sales.history"].create(
        {
            "source": "bench",
            "company_id": env.company.id,
            "order_ref": "B",
            "line_ref": "1",
            "load_id": load.id,
            "date": "2024-01-01",
            "product_id": product.id,
            "product_key": "bench",
            "quantity": 1,
            "currency_id": env.company.currency_id.id,
            "amount": 100,
            "amount_company": 100,
        }
    )
    copy_record(
        env,
        line,
        lines,
        order_ref="'B' || g.i / 3",
        line_ref="g.i %% 3",
        date="CURRENT_DATE - (random() * 1095)::int",
        partner_id=DRAWN,
        customer_key="'bench'",
    )


def spread(choices):
    """Return SQL that chooses by `g.i %% 100`; `choices` are (SQL, upper bound in a hundred)."""
    cases = " ".join(f"WHEN g.i %% 100 < {bound} THEN {value}" for value, bound in choices)
    return f"CASE {cases} END"


def make_cases(env, count):
    """Make cases of two years, 6 in 100 of them open, with a message each."""
    partner = env["res.partner"].search([("ref", "=", "bench")], limit=1)
    case = env["logistics.case"].create({"name": "Bench", "partner_id": partner.id})
    shares = {"new": 1, "open": 5, "waiting": 6, "solved": 8, "closed": 100}
    stages = {state: env["logistics.case"]._get_stage(state).id for state in shares}
    dated = "now() at time zone 'UTC' - (g.i %% 730) * interval '1 day'"
    columns = {
        "code": "'BENCHCASE' || g.i",
        "name": "'Case ' || g.i",
        "partner_id": DRAWN,
        "commercial_partner_id": DRAWN,
        "stage_id": spread([(stages[state], bound) for state, bound in shares.items()]),
        "state": spread([(f"'{state}'", bound) for state, bound in shares.items()]),
        "create_date": dated,
        "date_received": dated,
        "external_id": "NULL",
        "access_token": "NULL",
    }
    ended = "g.i %% 100 >= 6"
    columns |= {
        name: f"CASE WHEN {ended} THEN NULL ELSE pattern.{name} END"
        for name in ("deadline", "sla_next_date", "first_response_warning", "resolution_warning")
        if name in case._fields
    }
    copy_record(env, case, count, **columns)
    message = case.message_post(body="Where is it?", message_type="comment")
    env.flush_all()
    env.cr.execute(
        """CREATE TEMP TABLE bench_case AS
           SELECT id, (row_number() OVER (ORDER BY id))::int AS i
             FROM logistics_case WHERE code LIKE 'BENCHCASE%';
           CREATE UNIQUE INDEX ON bench_case (i); ANALYZE bench_case"""
    )
    copy_record(
        env,
        message,
        count,
        res_id="(SELECT c.id FROM bench_case AS c WHERE c.i = g.i)",
        message_id="'<bench' || g.i || '@bench.example>'",
        date=dated,
    )


def make_leads(env, count):
    """Make as many opportunities, over the stages as cases are."""
    partner = env["res.partner"].search([("ref", "=", "bench")], limit=1)
    lead = env["crm.lead"].create(
        {"name": "Bench", "type": "opportunity", "partner_id": partner.id, "user_id": 2}
    )
    stages = env["crm.stage"].search([], order="sequence").ids
    bounds = [1, 5, *[6] * (len(stages) - 3), 100]
    copy_record(
        env,
        lead,
        count,
        name="'Lead ' || g.i",
        partner_id=DRAWN,
        stage_id=spread(zip(stages, bounds, strict=True)),
    )


def make_users(env):
    """Return the ids of an officer of ours, and of who sees all leads and customers in Odoo."""
    users = []
    for login, group in (
        ("bench_ours", "logistics_crm.group_logistics_officer"),
        ("bench_theirs", "sales_team.group_sale_salesman_all_leads"),
    ):
        user = env["res.users"].search([("login", "=", login)]) or env["res.users"].create(
            {"name": login, "login": login, "group_ids": [(4, env.ref(group).id)]}
        )
        users.append(user.id)
    return users


def make_due(env, job, count):
    """Make so many cases or customers due for a job; return how many are."""
    return DUE_BY_JOB[job](env, count)


def _make_deadlines_due(env, count):
    env.cr.execute(
        """UPDATE logistics_case SET sla_outdated = TRUE WHERE id IN (
               SELECT id FROM logistics_case
                WHERE code LIKE 'BENCHCASE%%' AND state IN ('new', 'open')
                    AND COALESCE(escalation_level, 0) = 0
                ORDER BY id LIMIT %s)""",
        [count],
    )
    return env.cr.rowcount


def _make_playbook_due(env, count):
    """Switch a new playbook on that hits so many customers."""
    env["logistics.playbook"].search([("state", "=", "on")]).action_switch_off()
    rows = env.execute_query(SQL("SELECT id FROM bench_customer ORDER BY id LIMIT %s", count))
    ids = [row[0] for row in rows]
    plan = env["mail.activity.plan"].search([("res_model", "=", "res.partner")], limit=1)
    hit = [("ref", "=", "bench"), ("id", ">=", min(ids)), ("id", "<=", max(ids))]
    values = {"name": f"Bench {count}", "plan_id": plan.id, "filter_domain": repr(hit)}
    env["logistics.playbook"].create(values).action_switch_on()
    return len(ids)


def _count_customers(env, _count):
    return env["res.partner"].search_count([("ref", "=", "bench")])


JOBS = {
    "SLA job": lambda env: env["logistics.case"]._cron_watch_sla(),
    "playbook job": lambda env: env["logistics.playbook"]._cron_scan(),
    "lifecycle job": lambda env: env["logistics.lifecycle.stage"]._cron_apply_rules(),
}
DUE_BY_JOB = {
    "SLA job": _make_deadlines_due,
    "playbook job": _make_playbook_due,
    "lifecycle job": _count_customers,
}
