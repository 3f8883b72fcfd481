"""Every benchmark runs to its end at a thousandth of its size; what it measures is for people.

Those of several processes check themselves: `bench_promise` fails when an update is lost.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = sorted((ROOT / "tests" / "bench").glob("bench_*.py"))


@pytest.mark.parametrize("script", BENCHMARKS, ids=lambda script: script.stem)
def test_it_runs_and_prints_its_table(script, odoo_env):
    folders = [ROOT / "tools", ROOT / "logistics_crm_mining", ROOT / "data", script.parent]
    environment = odoo_env.databases.environment(
        BENCH_SIZE="0.001",
        PYTHONPATH=os.pathsep.join(map(str, folders)),
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip(), done.stderr
