"""`make test`: everything brought up, one pytest run, nothing left behind."""

import os
import shlex
import subprocess

from . import machine, paths, pytest_workers, templates, venv
from .say import step

# Tests that need neither Odoo nor a database: `make test T=tests/setup` starts no server.
FREE = ("tests/analytics", "tests/promising", "tests/setup", "logistics_crm_mining/analytics")
MOST_WORKERS = 4  # each takes about 1 GB


def run(selection=""):
    """Run the selected tests, all by default; return pytest's exit code.

    Parameters
    ----------
    selection : str
        What pytest is given beside our options: paths, `-k`, `-x` and the like.
    """
    words = shlex.split(selection)
    if words and not _needs_odoo(words):
        venv.ensure(None, "runtime", "test")
        return _pytest(["-rs", *words], {})
    ready = machine.prepare("test", durable=False, groups=("runtime", "test"))
    with ready.cluster:
        return _with_database(ready, words)


def _with_database(ready, words):
    odoo, databases = ready.odoo, ready.odoo.databases
    name = f"{templates.PREFIX}run_{os.getpid()}"
    _sweep(databases)
    full = templates.full(odoo)
    workers = [] if words else [f"{name}_{number}" for number in range(_count_workers())]
    options = ["-p", "odoo", "-p", "runtime.pytest_logs", "--odoo-http", "--odoo-log-level=warn"]
    if workers:
        # By file and in order, so that the long ones are not all left to the end.
        options += ["-p", "runtime.pytest_workers", "-n", str(len(workers))]
        options += ["--dist", "loadfile", "--no-loadscope-reorder", "--max-worker-restart=0"]
    variables = databases.environment(
        ODOO_RC=odoo.config(name),
        LOGISTICS_TEST_RUN=name,
        LOGISTICS_TEMPLATE_FULL=full,
        LOGISTICS_TEMPLATE_BARE=templates.bare(odoo),
        LOGISTICS_CHROMIUM=ready.chromium,
        **pytest_workers.variables([odoo.config(worker) for worker in workers]),
    )
    try:
        for each in workers or [name]:
            databases.clone(full, each)
        step(f"Running the tests{f' in {len(workers)} workers' if workers else ''}")
        return _pytest([*options, "-rs", *words], variables)
    finally:
        databases.drop(name, *workers)


def _count_workers():
    """Return how many workers share all tests out, 0 for none: as many as there are cores."""
    count = min(len(os.sched_getaffinity(0)), MOST_WORKERS)
    return count if count > 1 else 0


def _pytest(arguments, variables):
    base = variables or dict(os.environ)
    base["PYTHONPATH"] = str(paths.ROOT / "tools")
    command = [str(paths.PYTHON), "-m", "pytest", *arguments]
    child = subprocess.Popen(command, cwd=paths.ROOT, env=base)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # pytest got it too, and ends by itself


def _needs_odoo(words):
    named = [word for word in words if (paths.ROOT / word.split("::")[0]).exists()]
    return not named or not all(word.startswith(FREE) for word in named)


def _sweep(databases):
    """Drop what runs that were killed left behind."""
    left = []
    for name in databases.names():
        for kind in ("run_", "new_", "t"):
            start = templates.PREFIX + kind
            owner = name.removeprefix(start).partition("_")[0]
            if name.startswith(start) and owner.isdigit() and not os.path.exists(f"/proc/{owner}"):
                left.append(name)
    databases.drop(*left)
