"""Order promising beside Odoo's own availability of the same lines, and eight at once.

1,000 quotation lines over 5 warehouses with 100,000 open moves, then 10,000 lines, then orders of
one product confirmed by 8 processes at the same moment. Run by `make bench` on a database of its
own; `BENCH_SIZE=0.01` makes everything a hundred times smaller.
"""

import json
import subprocess
import sys
import time
from statistics import median

import promise_records
from odoo_environment import config_file, load_odoo, open_environment, settle
from sizes import SIZE, scaled

LINES = 1_000
ROUNDS = 5
PROCESSES, ORDERS = scaled(8, at_least=3), 5  # each confirms so many orders of one unit
STOCK = 4 * PROCESSES - 2  # fewer than are asked for


def measure(env, calls):
    """Return [(milliseconds, queries)] of each call: medians of rounds taken in turn."""
    seconds, queries = [[] for _ in calls], [0] * len(calls)
    for _round in range(ROUNDS):
        for number, call in enumerate(calls):
            env.flush_all()
            env.invalidate_all()
            before, start = env.cr.sql_log_count, time.perf_counter()
            call()
            seconds[number].append(time.perf_counter() - start)
            queries[number] = env.cr.sql_log_count - before
    return [(median(s) * 1000, q) for s, q in zip(seconds, queries, strict=True)]


def ask_odoo(lines):
    """Read Odoo's availability of the lines, which `_compute_qty_at_date` answers."""
    return lambda: lines.mapped("virtual_available_at_date")


def ask_us(lines):
    """Read what can be promised for the lines, with parts, confidence and explanation."""
    return lambda: lines.mapped("promise_info")


def measure_lines(env, count):
    """Return rows (name, milliseconds, queries, times faster, aim) for the quotation lines."""
    lines = promise_records.make_quotations(env, count)
    rows = []
    for name, aim in (("a date per line", 5), ("one wanted date", 1)):
        if aim == 1:
            lines.order_id.commitment_date = env.cr.now().replace(hour=12, microsecond=0)
        (theirs, their_queries), (ours, our_queries) = measure(
            env, [ask_odoo(lines), ask_us(lines)]
        )
        rows.append((f"Odoo's availability, {name}", theirs, their_queries, None, None))
        rows.append((f"our promise, {name}", ours, our_queries, theirs / ours, f"{aim}x"))
    return rows


def measure_growth(env, count):
    """Return rows for ten times as many lines: the time per line should not grow."""
    few = promise_records.make_quotations(env, count)
    many = promise_records.make_quotations(env, 10 * count)
    (short, _queries), (long, queries) = measure(env, [ask_us(few), ask_us(many)])
    name = f"our promise, {len(many):,} lines"
    return [(name, long, queries, short * 10 / long, "1x a line")]


def confirm_at_once(env, count):
    """Confirm orders of one product in processes that start together; return what happened."""
    product = promise_records.make_last_units(env, STOCK)
    orders = promise_records.make_orders(env, product, PROCESSES * count)
    env.cr.commit()
    command = [sys.executable, __file__, env.cr.dbname, config_file()]
    workers = [
        subprocess.Popen(
            [*command, json.dumps(orders.ids[n::PROCESSES])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(PROCESSES)
    ]
    for worker in workers:
        worker.stdout.readline()
    start = time.perf_counter()
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    told = [json.loads(worker.communicate()[0].splitlines()[-1]) for worker in workers]
    took = time.perf_counter() - start
    env.cr.rollback()
    env.invalidate_all()
    return took, told, promise_records.count_promised(env, orders)


def print_confirmed(took, told, promised):
    """Print what confirming at once came to; return whether no update was lost."""
    tries = [number for worker in told for number in worker["tries"]]
    print(
        f"{PROCESSES} processes confirmed {len(tries)} orders of one product in {took:.1f} s: "
        f"{sum(tries) - len(tries)} tried again (at most {max(tries)} times in all), "
        f"{sum(worker['failed'] for worker in told)} given up, {promised:g} of {STOCK} promised"
    )
    done = len(tries) - sum(worker["failed"] for worker in told)
    return promised == min(STOCK, done)


def work(database, rcfile, ids):
    """Confirm the orders one by one, each as an HTTP request would; tell how it went."""
    from psycopg2 import OperationalError

    import odoo.api
    from odoo.exceptions import ConcurrencyError
    from odoo.service.model import retrying

    registry, tries, failed = load_odoo(database, ["-c", rcfile] if rcfile else []), [], 0
    print("ready", flush=True)
    sys.stdin.readline()
    for id_ in json.loads(ids):
        tries.append(0)
        with registry.cursor() as cr:
            env = odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})

            def confirm(env=env, id_=id_):
                tries[-1] += 1
                env["sale.order"].browse(id_).action_confirm()

            try:
                retrying(confirm, env)
                cr.commit()
            except (OperationalError, ConcurrencyError):
                failed += 1
    print(json.dumps({"tries": tries, "failed": failed}))


def print_rows(counts, made, lines, rows):
    """Print the first table; return whether the aims were met."""
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    print(f"{lines:,} lines, {told} (made in {made:.0f} s), median of {ROUNDS}")
    print(f"{'':44}{'ms':>11}{'queries':>9}{'faster':>8}{'aim':>11}")
    for name, took, queries, times, aim in rows:
        ratio = f"{times:.2f}x" if times else ""
        print(f"{name:44}{took:11,.1f}{queries:9,}{ratio:>8}{aim or '':>11}")


def main():
    """Print the tables."""
    with open_environment() as env:
        start = time.perf_counter()
        counts = promise_records.make_all(env, SIZE)
        settle(env)
        made = time.perf_counter() - start
        lines = scaled(LINES, at_least=50)
        rows = measure_lines(env, lines) + measure_growth(env, lines)
        print_rows(counts, made, lines, rows)
        confirmed = confirm_at_once(env, ORDERS)
    return 0 if print_confirmed(*confirmed) else 1


if __name__ == "__main__":
    sys.exit(work(*sys.argv[1:]) if sys.argv[1:] else main())
