"""Run statements with `env` on a database. Runs in the environment, not in the set-up.

Usage: run_shell.py CONFIG DATABASE, with JSON {"code": ..., "values": {...}} on standard input.
What the statements assign to `result` is printed as the last line, as JSON.
"""

import json
import sys

import odoo.api
import odoo.modules.registry
import odoo.service.server
import odoo.tools
from odoo import SUPERUSER_ID


def main():
    """Open the registry, run, commit, print."""
    config, database = sys.argv[1:]
    given = json.load(sys.stdin)
    odoo.tools.config.parse_config(["-c", config, "-d", database], setup_logging=True)
    odoo.service.server.load_server_wide_modules()
    registry = odoo.modules.registry.Registry(database)
    with registry.cursor() as cursor:
        names = {"env": odoo.api.Environment(cursor, SUPERUSER_ID, {}), **given["values"]}
        exec(compile(given["code"], "<script>", "exec"), names)
        print()
        print(json.dumps(names.get("result"), default=str))


if __name__ == "__main__":
    main()
