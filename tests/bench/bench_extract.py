"""5,000,000 lines into a DataFrame, against COPY BINARY of the same query to nowhere.

Run by `make bench`. Uses the PostgreSQL server that the PG* variables name; everything is in a
temporary table of the database `PGDATABASE` or `postgres`.
"""

import os
import resource
import sys
import time
from pathlib import Path

from sizes import scaled

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "logistics_crm_mining"))
LINES, ROUNDS = scaled(5_000_000), 3
AIM_TIMES, AIM_MB = 1.6, 700
SCHEMA = {
    "partner_id": "int32",
    "product_id": "int32",
    "date": "date",
    "quantity": "float64",
    "amount": "float64",
}
CREATE = """
    CREATE TEMP TABLE bench_lines AS
    SELECT (random() * 50000)::int AS partner_id, (random() * 500)::int AS product_id,
        DATE '2021-01-01' + (random() * 1000)::int AS date,
        CASE WHEN i %% 50 = 0 THEN NULL ELSE (random() * 40)::int::float8 END AS quantity,
        round((random() * 10000)::numeric, 2)::float8 AS amount
    FROM generate_series(1, %s) AS i
"""


def time_nowhere(cr, query):
    """Return the seconds of the raw COPY."""
    start = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        cr.copy_expert(cr.mogrify(query), nowhere)
    return time.perf_counter() - start


def time_frame(cr, query):
    """Return the seconds of `copy_frame` and the size of the frame in MB."""
    from tools.copy_frame import copy_frame

    start = time.perf_counter()
    frame = copy_frame(cr, query, SCHEMA)
    seconds = time.perf_counter() - start
    assert len(frame) == LINES and frame["quantity"].isna().sum() == LINES // 50
    return seconds, frame.memory_usage().sum() / 1e6


def time_fetchall(cr, query):
    """Return the seconds of what one would write first."""
    import pandas as pd

    start = time.perf_counter()
    cr.execute(query)
    pd.DataFrame(cr.fetchall(), columns=list(SCHEMA))
    return time.perf_counter() - start


def peak_mb():
    """Return the most memory that the process has taken."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    """Print the table."""
    import odoo.sql_db
    from odoo.tools import SQL

    query = SQL("SELECT partner_id, product_id, date, quantity, amount FROM bench_lines")
    raw = SQL("COPY (%s) TO STDOUT (FORMAT binary)", query)
    with odoo.sql_db.db_connect(os.environ.get("PGDATABASE", "postgres")).cursor() as cr:
        cr.execute(CREATE, [LINES])
        cr.execute("ANALYZE bench_lines")
        rounds = [(time_nowhere(cr, raw), *time_frame(cr, query)) for _ in range(ROUNDS)]
        peak = peak_mb()
        fetched = time_fetchall(cr, SQL("%s LIMIT %s", query, LINES // 10)) * 10
        cr.rollback()
    nowhere, seconds = min(row[0] for row in rounds), min(row[1] for row in rounds)
    print(f"Extraction of {LINES:,} lines of {len(SCHEMA)} columns, best of {ROUNDS}")
    print(f"{'':32}{'seconds':>9}{'lines/s':>12}{'x raw':>8}{'aim':>6}")
    print(f"{'COPY BINARY to nowhere':32}{nowhere:9.2f}{LINES / nowhere:12,.0f}{1:8.2f}")
    ratio = f"{seconds / nowhere:8.2f}{AIM_TIMES:6}"
    print(f"{'copy_frame into a DataFrame':32}{seconds:9.2f}{LINES / seconds:12,.0f}{ratio}")
    told = f"{fetched:9.2f}{LINES / fetched:12,.0f}{fetched / nowhere:8.2f}"
    print(f"{'fetchall (from a tenth)':32}{told}")
    print(f"peak memory of the process {peak:.0f} MB (aim {AIM_MB}), frame {rounds[0][2]:.0f} MB")


if __name__ == "__main__":
    main()
