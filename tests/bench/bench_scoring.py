"""Segment and CLV of 1,000,000 lines of 50,000 customers, against COPY of the same query.

Run by `make bench` on a database with the add-ons; everything is rolled back at the end.
"""

import os
import time
from unittest.mock import patch

from odoo_environment import open_environment

CUSTOMERS, LINES, AIM_TIMES = 50_000, 1_000_000, 10
INSERT_LINES = """
    INSERT INTO logistics_sales_history (company_id, source, order_ref, line_ref, date, partner_id,
        customer_key, product_id, product_key, quantity, currency_id, amount, amount_company)
    SELECT %(company)s, 'bench', 'B' || i, '1',
        -- customers come over two years and go after some months or years
        start + least((random() * life)::int, DATE '2024-12-31' - start),
        partner_id, partner_id::text, %(product)s, 'bench', 1, %(currency)s, amount, amount
    FROM (
        SELECT i, customer.*, round((level * (0.5 + random()))::numeric, 2) AS amount
        FROM generate_series(1, %(lines)s) AS i
        -- a few customers order often, many now and then
        JOIN bench_customer AS customer
            ON customer.number = 1 + ((i * 0.61803398875 %% 1) ^ 2 * (%(customers)s - 1))::int
    ) AS line
"""
CREATE_CUSTOMERS = """
    CREATE TEMP TABLE bench_customer ON COMMIT DROP AS
    SELECT id AS partner_id, row_number() OVER (ORDER BY id)::int AS number,
        DATE '2022-01-01' + (random() * 700)::int AS start,
        60 - (600 * ln(1 - random()))::int AS life, 20 + 500 * random() ^ 3 AS level
    FROM res_partner WHERE ref = 'bench'
"""


def make_customers(env):
    """Insert copies of one partner: how customers are made is measured elsewhere."""
    from odoo.tools import SQL

    pattern = env["res.partner"].create({"name": "Bench", "ref": "bench", "is_company": True})
    env.flush_all()
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'res_partner' "
        "AND is_generated = 'NEVER'"
    )
    left_out = {"id", "customer_code", "commercial_partner_id"}
    names = [row[0] for row in env.cr.fetchall() if row[0] not in left_out]
    columns = SQL(", ").join(SQL.identifier(name) for name in names)
    env.cr.execute(
        SQL(
            "INSERT INTO res_partner (%s) SELECT %s FROM res_partner, generate_series(2, %s) "
            "WHERE id = %s",
            columns,
            columns,
            CUSTOMERS,
            pattern.id,
        )
    )
    env.cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE ref = 'bench'")


def drop_constraints(env):
    """Drop the foreign keys of the history: a million checks would only delay the benchmark."""
    from odoo.tools import SQL

    env.cr.execute(
        "SELECT conname FROM pg_constraint "
        "WHERE conrelid = 'logistics_sales_history'::regclass AND contype = 'f'"
    )
    for (name,) in env.cr.fetchall():
        drop = "ALTER TABLE logistics_sales_history DROP CONSTRAINT %s"
        env.cr.execute(SQL(drop, SQL.identifier(name)))


def make_lines(env):
    """Insert the history."""
    make_customers(env)
    drop_constraints(env)
    values = {
        "company": env.company.id,
        "currency": env.company.currency_id.id,
        "product": env["product.product"].create({"name": "Bench"}).id,
        "lines": LINES,
        "customers": CUSTOMERS,
    }
    env.flush_all()
    env.cr.execute("SELECT setseed(0.5)")
    env.cr.execute(CREATE_CUSTOMERS)
    env.cr.execute(INSERT_LINES, values)
    env.cr.execute("ANALYZE logistics_sales_history; ANALYZE res_partner")
    env.invalidate_all()


class Clock:
    """Adds up the seconds of named steps."""

    def __init__(self):
        self.seconds = {}

    def time(self, name, call, *args):
        """Call, and add the time to a step."""
        start = time.perf_counter()
        try:
            return call(*args)
        finally:
            spent = time.perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + spent


def run_task(env, code, clock):
    """Run the three steps of a task; return the outcome."""
    task = env["logistics.mining.task"].search([("code", "=", code)])
    run = task._queue(env.company)
    run.parameters = task._prepare_parameters()
    inner = Clock()
    evaluate = type(task)._evaluate_clv

    def timed(self, *args):
        return inner.time("evaluate", evaluate, self, *args)

    with patch.object(type(task), "_evaluate_clv", timed):
        frame = clock.time("extract", task._extract, run)
        outcome = clock.time("fit and score", task._score, run, frame)
    evaluated = inner.seconds.get("evaluate", 0.0)
    clock.seconds["fit and score"] -= evaluated
    clock.seconds["evaluate"] = evaluated
    clock.time("store", run._store, outcome)
    if outcome.publish:
        clock.time("publish", run._publish)
    env.flush_all()
    return outcome


def record_query():
    """Patch the extraction so that the query it copies is known; give (patch, queries)."""
    from odoo.addons.logistics_crm_mining.models import logistics_mining_task_extract as extract

    queries, copy_frame = [], extract.copy_frame

    def recording(cr, query, schema):
        queries.append(query)
        return copy_frame(cr, query, schema)

    return patch.object(extract, "copy_frame", recording), queries


def time_raw(env, query):
    """Return the seconds of COPY BINARY of the query to nowhere."""
    from odoo.tools import SQL

    statement = env.cr.mogrify(SQL("COPY (%s) TO STDOUT (FORMAT binary)", query))
    start = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        env.cr.copy_expert(statement, nowhere)
    return time.perf_counter() - start


def main():
    """Print the table."""
    with open_environment() as env:
        make_lines(env)
        patched, queries = record_query()
        rows = {}
        with patched:
            for code in ("segment", "clv"):
                clock = Clock()
                outcome = run_task(env, code, clock)
                raw = min(time_raw(env, queries[-1]) for _ in range(2))
                rows[code] = (raw, clock.seconds, outcome)
    show(rows)


def show(rows):
    """Print what was measured."""
    steps = ("extract", "fit and score", "evaluate", "store", "publish")
    print(f"Scoring {LINES:,} lines of {CUSTOMERS:,} customers, seconds")
    print(f"{'':9}{'raw COPY':>9}" + "".join(f"{step:>15}" for step in steps) + f"{'x raw':>7} aim")
    total, raws = 0.0, []
    for code, (raw, seconds, outcome) in rows.items():
        told = "".join(f"{seconds.get(step, 0.0):15.2f}" for step in steps)
        spent = seconds["extract"] + seconds["fit and score"]
        total, raws = total + spent, [*raws, raw]
        print(f"{code:9}{raw:9.2f}{told}{spent / raw:7.1f} {AIM_TIMES}")
        model = outcome.metrics.get("model", "")
        print(f"{'':9}{len(outcome.scores):,} scores, published: {outcome.publish} {model}")
    ratio = total / min(raws)
    print(f"both{'':5}{min(raws):9.2f}{total:15.2f} extract, fit and score{ratio:8.1f} {AIM_TIMES}")


if __name__ == "__main__":
    main()
