"""Promises hold where applications of Odoo's are installed that the add-ons do without."""

import subprocess
import sys

import pytest
from runtime import paths

MODULES = ("mrp", "mrp_subcontracting", "product_expiry", "stock_dropshipping")
NAMES = (
    "mrp",
    "components",
    "shared_components",
    "production_hours",
    "production_property",
    "kits",
    "kit_routes",
    "bills_of_materials",
    "rules_of_supply",
    "subcontracted",
    "minimum",
    "expiry",
    "dropship",
)
TESTS = [f"test_promise_{name}.py" for name in NAMES]
# What every order goes through must not break beside them.
USUAL = ["test_promise.py", "test_promise_hold.py"]


@pytest.fixture(scope="module")
def database(odoo_env, make_database):
    """Give a database with the add-ons and these applications; none of ours may complain."""
    name = make_database()
    odoo_env.odoo.install(name, MODULES)
    return name


def test_promises_hold_with_manufacturing_expiry_and_dropshipping(odoo_env, database):
    folder = paths.ROOT / "logistics_crm_scm" / "tests"
    options = ["-p", "odoo", "-p", "runtime.pytest_logs", "--odoo-http", "--odoo-log-level=warn"]
    files = [str(folder / name) for name in (*TESTS, *USUAL)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-q", "-rs", *files],
        cwd=paths.ROOT,
        env=odoo_env.databases.environment(
            ODOO_RC=str(odoo_env.odoo.config(database)),
            PYTHONPATH=str(paths.ROOT / "tools"),
            LOGISTICS_TEST_RUN=database,
        ),
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    summary = done.stdout.strip().splitlines()[-1]
    assert " passed" in summary, summary
    assert "skipped" not in summary, done.stdout[-3000:]
