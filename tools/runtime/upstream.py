"""`make test-upstream`: Odoo's own tests with our add-ons installed.

A test that fails is run again on a database without the add-on: if it fails there with the same
error, it is Odoo's or the machine's. What is left is run with the add-on once more, and what fails
again, unless `upstream_known.toml` gives the reason, is ours: the run fails.
"""

import datetime
import json
import os
import shlex
import subprocess

from . import instance, machine, paths, process, templates
from .say import Stop, note, step
from .upstream_report import Outcome, name_of, read_known, report, table

# The add-on that touches a module first, with the modules whose tests are run by default.
MODULES = {
    "logistics_crm": ("portal", "crm", "sale"),
    "logistics_crm_scm": ("sale_stock", "stock", "purchase_stock"),
}


def run(modules="", addon=""):
    """Run the tests of modules with an add-on; return 1 if we break one.

    Parameters
    ----------
    modules : str
        Names of Odoo's modules; all of `MODULES` by default.
    addon : str
        The add-on to install with what it depends on; by default the one that `MODULES` names.
    """
    chosen = choose(modules, addon)
    known = read_known()
    ready = machine.prepare("test", durable=False, groups=("runtime", "test"))
    with ready.cluster:
        bare = templates.bare(ready.odoo)
        outcomes = [
            outcome
            for name, tested in chosen.items()
            for outcome in _test_with(ready, bare, name, tested, known)
        ]
        versions = _versions(ready)
    lines = [line for outcome in outcomes for line in report(outcome, known)]
    print("\n".join(["", versions, "", *table(outcomes, known), *lines]))
    return 1 if any(outcome.is_broken(known) for outcome in outcomes) else 0


def choose(modules="", addon=""):
    """Return {add-on: modules to test with it}.

    >>> choose("crm stock")
    {'logistics_crm': ['crm'], 'logistics_crm_scm': ['stock']}
    """
    if addon and addon not in paths.ADDONS:
        raise Stop(f"ADDON={addon} is none of ours: choose one of {', '.join(paths.ADDONS)}.")
    names = shlex.split(modules)
    if not names:
        names = [name for key, tested in MODULES.items() if addon in ("", key) for name in tested]
        names = names or [name for tested in MODULES.values() for name in tested]
    homes = {name: key for key, tested in MODULES.items() for name in tested}
    chosen = {}
    for name in names:
        chosen.setdefault(addon or homes.get(name, paths.ADDONS[0]), []).append(name)
    return chosen


def _test_with(ready, bare, addon, modules, known):
    """Return an `Outcome` for each module."""
    ours, theirs = (f"{templates.PREFIX}t{os.getpid()}_{name}" for name in ("with", "without"))
    try:
        ready.odoo.databases.clone(bare, theirs)
        ready.odoo.databases.clone(bare, ours)
        ready.odoo.install(ours, [addon])
        return [_test(ready, module, addon, (ours, theirs), known) for module in modules]
    finally:
        ready.odoo.databases.drop(ours, theirs)


def _test(ready, module, addon, databases, known):
    ours, theirs = databases
    step(f"Running Odoo's tests of {module} with {addon}")
    with_us, log = _run(ready, module, ours, "with")
    complaints = instance.grave_lines(log, ours=True)
    note(f"{with_us['run']} run, {len(with_us['failed'])} failed")
    without_us, again = {}, {}
    if with_us["failed"]:
        step(f"Running what failed without {addon}")
        names = sorted({name_of(test).partition(".")[0] for test in with_us["failed"]})
        without_us = _run(ready, module, theirs, "without", *names)[0]["failed"]
    outcome = Outcome(module, addon, with_us, without_us, again, complaints)
    if left := outcome.unexplained(known):
        step(f"Running again with {addon}: {', '.join(left)}")
        names = sorted({name.partition(".")[0] for name in left})
        again.update(_run(ready, module, ours, "again", *names)[0]["failed"])
    return outcome


def _run(ready, module, database, kind, *names):
    """Return what `run_upstream.py` tells and its log; whole classes, since queries depend on
    what their tests before have cached."""
    log = paths.folder(paths.LOGS) / f"upstream-{module}-{kind}.log"
    script = paths.ROOT / "tools/inside/run_upstream.py"
    with open(log, "w") as stream:
        done = subprocess.run(
            [paths.PYTHON, script, ready.odoo.config(database), database, module, *names],
            env=ready.odoo.databases.environment(),
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            cwd=paths.ROOT,
        )
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise Stop(f"Odoo's tests of {module} did not end; see {log}:\n{process.tail(log)}")
    return json.loads(lines[-1]), log


def _versions(ready):
    """Return a line that says with what, and when."""
    query = "import platform as p, lxml.etree as e; print(p.python_version(), *e.LXML_VERSION)"
    python, *lxml = (process.output([str(paths.PYTHON), "-c", query]) or "unknown").split()
    server = ready.odoo.databases.sql("postgres", "SHOW server_version")[0][0].split()[0]
    package = next(paths.DOWNLOADS.glob("odoo-19_*.deb"), None)
    odoo = ready.settings.odoo or (package and package.name.split("_")[1]) or "19.0"
    return (
        f"{datetime.date.today()}: Odoo {odoo}, PostgreSQL {server}, Python {python}, "
        f"lxml {'.'.join(lxml[:3])}"
    )
