"""`make test-upstream`: Odoo's own tests with logistics_crm installed.

A test that fails is run again on a database without the add-on: if it fails there too, it is
Odoo's or the machine's; if not, it is ours, and the run fails.
"""

import json
import os
import shlex
import subprocess

from . import machine, paths, process, templates
from .say import Stop, note, step

MODULES = ("portal", "crm", "sale")
ADDON = "logistics_crm"


def run(selection=""):
    """Run the tests of the modules (all by default); return 1 if we break one."""
    chosen = shlex.split(selection) or list(MODULES)
    ready = machine.prepare("test", durable=False, groups=("runtime", "test"))
    with ready.cluster:
        bare = templates.bare(ready.odoo)
        ours, theirs = (f"{templates.PREFIX}t{os.getpid()}_{name}" for name in ("with", "without"))
        try:
            ready.odoo.databases.clone(bare, theirs)
            ready.odoo.databases.clone(bare, ours)
            ready.odoo.install(ours, [ADDON])
            told = [_compare(ready, module, ours, theirs) for module in chosen]
        finally:
            ready.odoo.databases.drop(ours, theirs)
    print("\n" + "\n".join(line for lines, _broken in told for line in lines))
    return 1 if any(broken for _lines, broken in told) else 0


def _compare(ready, module, ours, theirs):
    """Return the lines to print about a module, and whether we break one of its tests."""
    step(f"Running Odoo's tests of {module} with {ADDON}")
    with_us = _run(ready, module, ours)
    note(f"{with_us['run']} run, {len(with_us['failed'])} failed")
    without_us = {}
    if with_us["failed"]:
        step(f"Running what failed without {ADDON}")
        names = sorted({name_of(test).partition(".")[0] for test in with_us["failed"]})
        without_us = _run(ready, module, theirs, *names)["failed"]
    return report(module, with_us, without_us)


def report(module, with_us, without_us):
    """Say what came out.

    Parameters
    ----------
    module : str
    with_us : dict
        `run`, `skipped` and `failed`: {id of a test: its error}.
    without_us : dict
        What failed of those on a database without the add-on.

    Returns
    -------
    tuple of (list of str, bool)
        Lines of Markdown, and whether a test fails with us only.
    """
    also = {name_of(test): error for test, error in without_us.items()}
    failed = {name_of(test): error for test, error in with_us["failed"].items()}
    broken = [name for name in failed if name not in also and name.partition(".")[0] not in also]
    counts = f"{with_us['run']} run, {with_us['skipped']} skipped, {len(failed)} failed"
    lines = [f"## {module}: {counts}, {len(broken)} of them with {ADDON} only", ""]
    for name, error in sorted(failed.items()):
        verdict = "**with us only**" if name in broken else "fails without us too"
        lines += [f"- `{name}`: {verdict}", f"  - {error}"]
        if also.get(name, error) != error:
            lines.append(f"  - without us: {also[name]}")
    return [*lines, ""], bool(broken)


def name_of(identity):
    """Return `Class.method` of a test's id, `Class` where the class could not be set up.

    >>> name_of("odoo.addons.crm.tests.test_lead.TestLead.test_merge (field='x')")
    'TestLead.test_merge'
    >>> name_of("setUpClass (odoo.addons.crm.tests.test_lead.TestLead)")
    'TestLead'
    """
    first, _, rest = identity.partition(" ")
    if "." not in first:
        return rest.strip("()").rpartition(".")[2]
    return ".".join(first.split(".")[-2:])


def _run(ready, module, database, *names):
    log = paths.folder(paths.LOGS) / f"upstream-{module}-{database.rpartition('_')[2]}.log"
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
    return json.loads(lines[-1])
