"""`make bench`: every tests/bench/bench_*.py in turn, their tables printed together."""

import os
import subprocess
import sys

from . import machine, paths, templates
from .say import Stop, note, step


def run(selection=""):
    """Run the benchmarks whose name contains `selection`; return 1 if any failed."""
    found = sorted((paths.ROOT / "tests" / "bench").glob("bench_*.py"))
    scripts = [script for script in found if selection in script.stem]
    if not scripts:
        raise Stop(f"There is no benchmark tests/bench/bench_*{selection}*.py.")
    ready = machine.prepare("test", durable=False, groups=("runtime", "test", "bench"), pages=False)
    with ready.cluster:
        templates.full(ready.odoo)
        results = [_run(ready, script) for script in scripts]
    for name, code, text in results:
        verdict = "" if code == 0 else f" FAILED (exit code {code})"
        print(f"\n{name}{verdict}\n{'=' * len(name)}\n{text.rstrip()}")
    return 1 if any(code for _name, code, _text in results) else 0


def prepare_environment(databases, script, **variables):
    """Return the environment in which a benchmark runs."""
    folders = [paths.ROOT / "tools", paths.ROOT / "logistics_crm_mining", paths.ROOT / "data"]
    found = os.pathsep.join(map(str, [*folders, script.parent]))
    return databases.environment(PYTHONPATH=found, **variables)


def _run(ready, script):
    step(f"Running {script.name}")
    environment = prepare_environment(
        ready.odoo.databases, script, LOGISTICS_TEST_RUN=f"bench_{os.getpid()}"
    )
    done = subprocess.run(
        [str(paths.PYTHON), str(script)],
        env=environment,
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
    )
    note(f"done ({'as hoped' if done.returncode == 0 else 'failed'})")
    return script.name, done.returncode, done.stdout
