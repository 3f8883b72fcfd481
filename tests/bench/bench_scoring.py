"""Segment, churn, value and key accounts of 100,000 customers with 5,000,000 order lines.

Extract, fit and score together beside a raw COPY of the same lines; evaluating and storing are
told beside it. Then what ten times as much costs. Run by `make bench` on databases of its own,
each size in a process of its own for its peak of memory; `BENCH_SIZE=0.01` makes everything a
hundred times smaller.
"""

import json
import os
import resource
import subprocess
import sys
import time
from contextlib import ExitStack
from unittest.mock import patch

from odoo_environment import open_environment
from sizes import SIZE

CUSTOMERS, ORDERS, LINES_EACH = 100_000, 1_000_000, 5
TASKS = ("segment", "churn", "clv", "key_account")
STEPS = ("extract", "fit and score", "evaluate", "store", "publish")
AIM_TIMES, AIM_MB = 10, 4_000
INSERT_LINES = """
    INSERT INTO logistics_sales_history (company_id, source, order_ref, line_ref, date, partner_id,
        customer_key, product_id, product_key, quantity, currency_id, amount, amount_company)
    SELECT %(company)s, 'bench', 'B' || i, line::text,
        day, partner_id, partner_id::text, %(product)s, 'bench', 1, %(currency)s, amount, amount
    FROM (
        SELECT i, partner_id, round((level * (0.5 + random()))::numeric, 2) AS amount,
            -- customers come over two years and go after some months or years; an order has a day
            start + least((random() * life)::int, DATE '2024-12-31' - start) AS day
        FROM generate_series(1, %(orders)s) AS i
        -- a few customers order often, many now and then
        JOIN bench_customer AS customer
            ON customer.number = 1 + ((i * 0.61803398875 %% 1) ^ 2 * (%(customers)s - 1))::int
    ) AS placed, generate_series(1, %(lines)s) AS line
"""
CREATE_CUSTOMERS = """
    CREATE TEMP TABLE bench_customer ON COMMIT DROP AS
    SELECT id AS partner_id, row_number() OVER (ORDER BY id)::int AS number,
        DATE '2022-01-01' + (random() * 700)::int AS start,
        60 - (600 * ln(1 - random()))::int AS life, 20 + 500 * random() ^ 3 AS level
    FROM res_partner WHERE ref = 'bench'
"""


def make_customers(env, count):
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
            count,
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


def make_lines(env, size):
    """Insert the history; return the numbers of customers and orders."""
    customers, orders = max(200, int(size * CUSTOMERS)), max(2_000, int(size * ORDERS))
    make_customers(env, customers)
    drop_constraints(env)
    values = {
        "company": env.company.id,
        "currency": env.company.currency_id.id,
        "product": env["product.product"].create({"name": "Bench"}).id,
        "orders": orders,
        "lines": LINES_EACH,
        "customers": customers,
    }
    env.flush_all()
    env.cr.execute("SELECT setseed(0.5)")
    env.cr.execute(CREATE_CUSTOMERS)
    env.cr.execute(INSERT_LINES, values)
    env.cr.execute("ANALYZE logistics_sales_history; ANALYZE res_partner")
    env.invalidate_all()
    return customers, orders


class Clock:
    """Adds up the seconds of named steps."""

    def __init__(self, steps=()):
        self.seconds = dict.fromkeys(steps, 0.0)

    def time(self, name, call, *args, **options):
        """Call, and add the time to a step."""
        start = time.perf_counter()
        try:
            return call(*args, **options)
        finally:
            spent = time.perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + spent


def watch_evaluation(stack, task, clock):
    """Time what checks a model on held-out data, which is told beside fitting it."""
    from odoo.addons.logistics_crm_mining.analytics import ChurnModel

    for owner, name in ((type(task), "_evaluate_clv"), (ChurnModel, "evaluate")):
        call = getattr(owner, name)

        def timed(*args, call=call, **options):
            return clock.time("evaluate", call, *args, **options)

        stack.enter_context(patch.object(owner, name, timed))


def run_task(env, code):
    """Run the steps of a task; return the seconds of each, and the outcome.

    As the nightly queue does it: the tasks of a company share the frame of its order days.
    """
    task = env["logistics.mining.task"].search([("code", "=", code)])
    run, clock = task._queue(env.company), Clock(STEPS)
    run.parameters = task._prepare_parameters()
    with ExitStack() as stack:
        watch_evaluation(stack, task, clock)
        frame = clock.time("extract", task._extract, run)
        outcome = clock.time("fit and score", task._score, run, frame)
    clock.seconds["fit and score"] -= clock.seconds["evaluate"]
    clock.time("store", run._store, outcome)
    if outcome.publish:
        clock.time("publish", run._publish)
    env.flush_all()
    return clock.seconds, outcome


def time_raw(env):
    """Return the seconds of COPY BINARY of the lines to nowhere, the better of two."""
    from odoo.tools import SQL

    query = SQL(
        "COPY (SELECT partner_id, date, quantity, amount, is_return FROM logistics_order_fact"
        " WHERE company_id = %s AND partner_id IS NOT NULL) TO STDOUT (FORMAT binary)",
        env.company.id,
    )
    seconds = []
    for _round in range(2):
        start = time.perf_counter()
        with open(os.devnull, "wb") as nowhere:
            env.cr.copy_expert(env.cr.mogrify(query), nowhere)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def measure(size):
    """Print, as JSON, what one size took; the process ends with it."""
    with open_environment() as env:
        customers, orders = make_lines(env, size)
        told = {"customers": customers, "lines": orders * LINES_EACH, "raw": time_raw(env)}
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        from odoo.addons.logistics_crm_mining.tools.shared_frame import SharedFrame

        env, tasks = env(context={**env.context, "order_days": SharedFrame()}), {}
        told["tasks"] = tasks
        for code in TASKS:
            seconds, outcome = run_task(env, code)
            count = 0 if outcome.scores is None else len(outcome.scores)
            tasks[code] = {"seconds": seconds, "scores": count, "published": outcome.publish}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told | {"before_mb": before, "peak_mb": peak}))


def run_apart(size):
    """Return what a process of its own measured."""
    done = subprocess.run(
        [sys.executable, __file__, str(size)], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def spent(told):
    """Return the seconds of extract, fit and score of all tasks."""
    return sum(
        one["seconds"]["extract"] + one["seconds"]["fit and score"]
        for one in told["tasks"].values()
    )


def show(told):
    """Print what one size took."""
    print(
        f"{told['lines']:,} lines of {told['customers']:,} customers, seconds;"
        f" raw COPY of the lines {told['raw']:.2f}"
    )
    print(f"{'':12}" + "".join(f"{step:>15}" for step in STEPS) + f"{'scores':>10}")
    for code, one in told["tasks"].items():
        steps = "".join(f"{one['seconds'][step]:15.2f}" for step in STEPS)
        print(
            f"{code:12}{steps}{one['scores']:10,}" + ("" if one["published"] else " not published")
        )
    print(
        f"{'together':12}{spent(told):15.2f} extract, fit and score,"
        f" {spent(told) / told['raw']:.1f}x the raw COPY (aim {AIM_TIMES}x); memory at most"
        f" {told['peak_mb']:,.0f} MB (aim {AIM_MB:,}), {told['before_mb']:,.0f} before"
    )


def main():
    """Print the tables."""
    small, large = run_apart(SIZE / 10), run_apart(SIZE)
    show(small)
    show(large)
    growth = (spent(large) / large["lines"]) / (spent(small) / small["lines"])
    print(f"ten times the lines: {growth:.2f} of the time per line (aim: 1 or less)")


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(float(sys.argv[1]))
    else:
        main()
