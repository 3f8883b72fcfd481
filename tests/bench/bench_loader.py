"""The history loader against a raw COPY of the same file into a table with the same indexes.

Run by `make bench` on a database of its own.
"""

import csv
import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from sizes import scaled

LINES = scaled(1_000_000)
CUSTOMERS = scaled(10_000)
PRODUCTS = scaled(2_000)
LINES_PER_ORDER = 5

CREATE_RAW = """
    CREATE TABLE bench_raw_history (
        id serial PRIMARY KEY,
        company_id integer NOT NULL DEFAULT 1,
        source varchar NOT NULL DEFAULT 'bench',
        load_id integer DEFAULT 1,
        order_ref varchar NOT NULL,
        line_ref varchar NOT NULL,
        date date NOT NULL,
        customer_key varchar,
        product_key varchar,
        quantity double precision,
        amount numeric,
        currency varchar,
        customer_name varchar,
        customer_country varchar,
        product_name varchar,
        promised_date date,
        delivered_date date
    );
    CREATE UNIQUE INDEX ON bench_raw_history (company_id, source, order_ref, line_ref);
    CREATE INDEX ON bench_raw_history (customer_key) WHERE customer_key IS NOT NULL;
    CREATE INDEX ON bench_raw_history (product_key);
    CREATE INDEX ON bench_raw_history (load_id) WHERE load_id IS NOT NULL;
    CREATE INDEX ON bench_raw_history (date, id);
"""

COPY_RAW = """
    COPY bench_raw_history (
        order_ref, line_ref, date, customer_key, product_key, quantity, amount, currency,
        customer_name, customer_country, product_name, promised_date, delivered_date
    ) FROM STDIN WITH (FORMAT csv)
"""


def make_rows(lines, seed=7):
    """Yield `lines` sales lines by date, as a source would export them."""
    rng = random.Random(seed)
    first = date(2022, 1, 1)
    orders = max(lines // LINES_PER_ORDER, 1)
    for number in range(lines):
        order, line = divmod(number, LINES_PER_ORDER)
        if line == 0:
            day = first + timedelta(days=order * 1000 // orders)
            # a few customers order often, many order now and then
            customer = int(CUSTOMERS * rng.random() ** 2)
            promised = (day + timedelta(days=5)).isoformat()
            delivered = (day + timedelta(days=rng.randint(2, 8))).isoformat()
        product = int(PRODUCTS * rng.random() ** 2)
        quantity = -1 if rng.random() < 0.02 else rng.randint(1, 40)
        yield (
            f"SO{order:08}",
            str(line + 1),
            day.isoformat(),
            f"C{customer:06}",
            f"P{product:05}",
            str(quantity),
            f"{quantity * rng.randint(100, 9999) / 100:.2f}",
            None,
            f"Customer {customer}",
            "DE",
            f"Product {product}",
            promised,
            delivered,
        )


def write_file(path, lines):
    """Write the rows as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(make_rows(lines))


def read_file(path):
    """Yield the rows of the CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.reader(file)


def time_raw_copy(env, path):
    """Return the seconds of the raw COPY."""
    env.cr.execute(CREATE_RAW)
    start = time.perf_counter()
    with path.open(encoding="utf-8") as file:
        env.cr.copy_expert(COPY_RAW, file, size=1 << 20)
    return time.perf_counter() - start


def time_load(env, path):
    """Return the seconds of staging, checking and applying, and the counts."""
    load = env["logistics.history.load"].create({"source": "bench"})
    steps = [time.perf_counter()]
    load._stage(read_file(path))
    steps.append(time.perf_counter())
    load._check()
    steps.append(time.perf_counter())
    counts = load._apply(recheck=False)
    steps.append(time.perf_counter())
    load._discard()
    return [after - before for before, after in zip(steps, steps[1:], strict=False)], counts


def time_records(env):
    """Return the seconds in which the ORM makes the customers and products of the file."""
    load = env["logistics.history.load"].create({"source": "bench"})
    rows = [
        (f"N{n}", "1", "2022-01-01", f"C{n:06}", f"P{n % PRODUCTS:05}", "1", "1", *[None] * 6)
        for n in range(CUSTOMERS)
    ]
    start = time.perf_counter()
    load._stage(rows)
    load._check()
    load._apply(recheck=False)
    load._discard()
    return time.perf_counter() - start


def measure(env, lines=LINES):
    """Return the table as text.

    Parameters
    ----------
    env : odoo.api.Environment
        On a database with logistics_crm; rolled back at the end.
    lines : int
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.csv"
        write_file(path, lines)
        records = time_records(env)
        raw = time_raw_copy(env, path)
        first, created = time_load(env, path)
        again, unchanged = time_load(env, path)
    env.cr.rollback()
    assert created["created"] == unchanged["unchanged"] == lines, (created, unchanged)
    table = [
        f"{lines:,} lines of {CUSTOMERS:,} customers and {PRODUCTS:,} products",
        f"{'':28}{'seconds':>9}{'lines/s':>10}{'x raw':>7}   stage + check + apply",
        f"{'raw COPY, same indexes':28}{raw:9.1f}{lines / raw:10,.0f}{1:7.2f}",
    ]
    for name, steps in (("loader, first time", first), ("loader, again unchanged", again)):
        total = sum(steps)
        parts = " + ".join(f"{step:.1f}" for step in steps)
        table.append(f"{name:28}{total:9.1f}{lines / total:10,.0f}{total / raw:7.2f}   {parts}")
    table.append(f"{'new customers and products':28}{records:9.1f}   made by the ORM, before")
    return "\n".join(table)


def main():
    """Print the table, measured on a fresh database."""
    from runtime.session import Session

    session = Session()
    try:
        code = (
            "import sys\nsys.path.insert(0, folder)\n"
            "import bench_loader\nresult = bench_loader.measure(env)"
        )
        database = session.clone("full")
        print(session.odoo.shell(database, code, folder=str(Path(__file__).parent)))
    finally:
        session.close()


if __name__ == "__main__":
    main()
