"""Warnings of ours are found in Odoo's log; the lock pins and names no host."""

import re
import subprocess
import sys

import pytest
from runtime import instance, odoo, paths, process, settings, testing, venv

LOG = """\
2026-01-02 03:04:05,678 99 INFO demo odoo.modules.loading: 90 modules loaded
2026-01-02 03:04:05,678 99 WARNING demo odoo.addons.logistics_crm.models.x: a field has no label
2026-01-02 03:04:05,678 99 WARNING demo odoo.models: logistics.code.scheme has no _description
2026-01-02 03:04:05,678 99 ERROR demo odoo.addons.stock.models.y: not ours
plain text that mentions WARNING and logistics
2026-01-02 03:04:05,678 99 ERROR demo odoo.sql_db: bad query: UPDATE logistics_case
ERROR: could not serialize access due to concurrent update
"""


LOGGING_TEST = """
import logging

def test_that_passes():
    logging.getLogger("odoo.addons.logistics_crm").warning("of ours")
"""


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "odoo.log"
    path.write_text(LOG)
    return path


def test_warnings_about_our_add_ons_are_found_wherever_they_are_logged(log):
    assert len(instance.grave_lines(log, ours=True)) == 2


def test_all_warnings_and_errors_are_found(log):
    assert len(instance.grave_lines(log)) == 3
    assert len(instance.grave_lines(log, levels={"ERROR"})) == 1


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_warning_in_a_test_fails_the_run_in_whichever_worker(tmp_path, workers):
    (tmp_path / "test_logging.py").write_text(LOGGING_TEST)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:odoo", "-p", "runtime.pytest_logs"]
        + ["-n", workers, str(tmp_path), "--rootdir", str(tmp_path)],
        cwd=tmp_path,
        env=process.environment(PYTHONPATH=str(paths.ROOT / "tools")),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    assert "test_that_passes\n    WARNING odoo.addons.logistics_crm: of ours" in done.stdout


@pytest.mark.parametrize("group", venv.GROUPS)
def test_every_package_is_pinned_with_a_hash_and_no_host_is_named(group):
    text = (venv.LOCK / f"{group}.txt").read_text()
    pins = re.findall(
        r"^[A-Za-z0-9_.\[\]-]+==\S+.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)+", text, re.M
    )
    assert len(pins) == len(re.findall(r"^\w", text, re.M)) > 0
    assert "://" not in text and "index-url" not in text


def test_lifetimes_is_for_benchmarks_only():
    named = {
        group for group in venv.GROUPS if "lifetimes==" in (venv.LOCK / f"{group}.txt").read_text()
    }
    assert named == {"bench"}


def test_prettiers_lock_names_no_host():
    assert "://" not in (paths.ROOT / "tools/lint/package-lock.json").read_text()


def test_every_tested_package_has_a_hash():
    for name, pin in odoo.pins().items():
        assert pin["sha256"], name
        assert all(re.fullmatch("[0-9a-f]{64}", value) for value in pin["sha256"].values())


@pytest.mark.parametrize(
    ("selection", "needs"),
    [
        (["tests/setup"], False),
        (["tests/analytics", "-k", "bgnbd"], False),
        (["tests/setup", "logistics_crm"], True),
        (["-k", "codes"], True),
    ],
)
def test_a_database_is_made_only_for_tests_that_use_one(selection, needs):
    assert testing._needs_odoo(selection) is needs


def test_choices_have_defaults_that_are_private_to_this_machine():
    chosen = settings.read({})
    assert (chosen.port, chosen.database, chosen.pghost) == (8069, "logistics_demo", None)
    assert instance.OPTIONS["http_interface"] == "127.0.0.1"
