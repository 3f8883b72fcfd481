"""An Odoo environment for benchmarks, on a database that is gone afterwards."""

import os
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def open_environment():
    """Give an environment of the superuser; what is done in it and not settled is rolled back.

    Under `make bench` it is a fresh clone of the template with the add-ons. By hand, `BENCH_DB`
    names a database that has them and `ODOO_RC` the configuration file, if one is needed.
    """
    if os.environ.get("BENCH_DB"):
        arguments = ["-c", os.environ["ODOO_RC"]] if os.environ.get("ODOO_RC") else []
        with _environment(os.environ["BENCH_DB"], arguments) as env:
            yield env
        return
    from runtime.session import Session

    session = Session()
    try:
        name = session.clone("full")
        with _environment(name, ["-c", str(session.odoo.config(name))]) as env:
            yield env
    finally:
        session.close()


def settle(env):
    """Commit what was made and vacuum it, as autovacuum has on a database in use.

    A table that was just filled has no visibility map: every index would be read beside it.
    """
    import odoo.sql_db

    env.cr.commit()
    with odoo.sql_db.db_connect(env.cr.dbname).cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE")
    env.invalidate_all()


def config_file():
    """Return the configuration file of the environment that is open, an empty text without."""
    from odoo.tools import config

    return config["config"] or ""


def load_odoo(database, arguments):
    """Return the registry of a database, with the add-ons of this folder."""
    import odoo.modules.registry
    import odoo.service.server
    from odoo.tools import config

    config.parse_config([*arguments, "-d", database])
    config["addons_path"] = [str(ROOT), *config["addons_path"]]
    config["log_level"] = "warn"
    odoo.service.server.load_server_wide_modules()
    return odoo.modules.registry.Registry(database)


@contextmanager
def _environment(database, arguments):
    import odoo.api
    import odoo.sql_db

    registry = load_odoo(database, arguments)
    try:
        with registry.cursor() as cr:
            yield odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})
            cr.rollback()
    finally:
        odoo.sql_db.close_all()
