"""Every benchmark runs to its end at a thousandth of its size; what it measures is for people.

Those of several processes check themselves: `bench_promise` fails when an update is lost.
"""

import subprocess
import sys

import pytest
from runtime import paths
from runtime.benching import prepare_environment

BENCHMARKS = sorted((paths.ROOT / "tests" / "bench").glob("bench_*.py"))


@pytest.mark.parametrize("script", BENCHMARKS, ids=lambda script: script.stem)
def test_it_runs_and_prints_its_table(script, odoo_env):
    environment = prepare_environment(odoo_env.databases, script, BENCH_SIZE="0.001")
    done = subprocess.run(
        [sys.executable, str(script)],
        env=environment,
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip(), done.stderr
