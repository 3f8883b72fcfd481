"""Run SQL on one database and print the rows as JSON. Runs in the environment, not in the set-up.

Usage: run_sql.py DATABASE, with a JSON list of [statement, [arguments]] on standard input.
"""

import json
import sys

import psycopg2


def main():
    """Connect as `PG*` say, run the statements outside a transaction, print the last rows."""
    connection = psycopg2.connect(dbname=sys.argv[1], connect_timeout=20)
    connection.autocommit = True
    rows = []
    with connection.cursor() as cursor:
        for statement, arguments in json.load(sys.stdin):
            cursor.execute(statement, arguments or None)
            rows = cursor.fetchall() if cursor.description else []
    connection.close()
    print(json.dumps(rows, default=str))


if __name__ == "__main__":
    main()
