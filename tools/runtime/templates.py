"""The databases that tests are cloned from, built once per content and kept."""

import ast
import fcntl
import os

from . import paths, stamps, venv
from .odoo import NOT_BY_THEMSELVES
from .say import note, step

PREFIX = "lc_"
KEPT = 8  # templates of earlier contents that stay, for branches and worktrees that share a cache

# Modules that would ask the internet (installed only where ODOO= is the user's own tree), and
# jobs that would write to it.
QUIET = """
modules = env["ir.module.module"].search([("name", "in", names), ("state", "=", "installed")])
if modules:
    modules.button_immediate_uninstall()
env = env(user=env.uid)
for name in ("mail.ir_cron_module_update_notification", "sms.ir_cron_sms_scheduler_action",
             "snailmail.snailmail_print", "digest.ir_cron_digest_scheduler_action"):
    job = env.ref(name, raise_if_not_found=False)
    if job:
        job.active = False
env["ir.config_parameter"].set_param("iap.endpoint", "http://127.0.0.1:9")
"""


def manifest(name, root=None):
    """Return the manifest of one of our add-ons."""
    text = ((root or paths.ROOT) / name / "__manifest__.py").read_text()
    return ast.literal_eval(text)


def dependencies():
    """Return the Odoo modules that our add-ons name, sorted."""
    named = {module for name in paths.ADDONS for module in manifest(name)["depends"]}
    return sorted(named - set(paths.ADDONS))


def dependencies_stamp(tree):
    """Return what the dependencies' template is made from."""
    return stamps.of_text(tree.stamp, venv.stamp(), *dependencies(), QUIET)


def addons_stamp(tree):
    """Return what the add-ons' template is made from; tests and translations do not count."""
    folders = [paths.ROOT / name for name in paths.ADDONS]
    code = stamps.of_folders(folders, leave_out=["tests", "i18n"])
    return stamps.of_text(dependencies_stamp(tree), code)


def bare(odoo):
    """Return the name of the template with Odoo's modules only, building it if need be."""
    name = f"{PREFIX}bare_{dependencies_stamp(odoo.tree)}"
    return _built(odoo, name, "about 90 s: Odoo's own modules", _build_bare)


def full(odoo):
    """Return the name of the template with our three add-ons, building it if need be."""
    below = bare(odoo)
    name = f"{PREFIX}full_{addons_stamp(odoo.tree)}"

    def build(odoo, fresh):
        odoo.databases.clone(below, fresh)
        odoo.install(fresh, paths.ADDONS)

    return _built(odoo, name, "about 15 s: our add-ons", build)


def _build_bare(odoo, fresh):
    odoo.databases.drop(fresh)
    odoo.install(fresh, dependencies())
    quieten(odoo, fresh)


def quieten(odoo, database):
    """Switch off what would reach for the internet."""
    odoo.shell(database, QUIET, names=NOT_BY_THEMSELVES)


def _built(odoo, name, what, build):
    paths.folder(paths.RUN)
    with open(paths.RUN / "templates.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name not in odoo.databases.names():
            step(f"Building the database template {name} ({what})")
            fresh = f"{PREFIX}new_{os.getpid()}"
            build(odoo, fresh)
            odoo.databases.rename(fresh, name)
            _forget_old(odoo, name)
    return name


def _forget_old(odoo, newest):
    kind = newest.rsplit("_", 1)[0] + "_"
    query = (
        "SELECT datname FROM pg_database WHERE datname LIKE %s AND datname <> %s ORDER BY oid DESC"
    )
    rows = odoo.databases.sql("postgres", (query, [kind.replace("_", r"\_") + "%", newest]))
    old = [row[0] for row in rows[KEPT:]]
    if old:
        note(f"dropping {len(old)} older template(s)")
        odoo.databases.drop(*old)
