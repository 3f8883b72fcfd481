"""A pytest plug-in: a warning or error that the add-ons log outside `assertLogs` fails the run."""

import logging

import freezegun
import pytest

from .instance import known

# A test class that stops the clock does not stop pytest's stopwatch.
freezegun.configure(extend_ignore_list=["_pytest.", "xdist.", "execnet."])

# (logger, beginning of the message): Odoo's own remarks about being run by pytest.
FROM_TESTING = (
    ("odoo.tests.common", ""),
    ("odoo.sql_db", "bad query"),
)

# Odoo's order form names a widget of partner_autocomplete, which the tests leave out because it
# asks the internet.
FROM_BROWSER = "Missing widget: res_partner_many2one "


class Collector(logging.Handler):
    """Keeps what was logged at WARNING or above, with the test that was running."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.found = []
        self.test = "before the tests"

    def emit(self, record):
        """Keep a record unless it is known to be harmless."""
        message = record.getMessage()
        if not record.name.startswith("odoo") or known(record.name, message):
            return
        if message.startswith(FROM_BROWSER):
            return
        if any(record.name == name and message.startswith(start) for name, start in FROM_TESTING):
            return
        self.found.append((self.test, f"{record.levelname} {record.name}: {message[:500]}"))


COLLECTOR = Collector()


def pytest_sessionstart(session):
    """Begin to listen."""
    logging.getLogger().addHandler(COLLECTOR)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logstart(nodeid, location):
    """Note which test is running."""
    COLLECTOR.test = nodeid


def pytest_sessionfinish(session, exitstatus):
    """Fail the run when something was logged; a worker tells the run what it heard."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["odoo_logs"] = COLLECTOR.found
    elif COLLECTOR.found and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Take over what a worker heard (a hook of pytest-xdist)."""
    COLLECTOR.found += map(tuple, getattr(node, "workeroutput", {}).get("odoo_logs", ()))


def pytest_terminal_summary(terminalreporter):
    """Show what was logged."""
    if not COLLECTOR.found:
        return
    terminalreporter.section("Odoo logged warnings or errors: the run fails", red=True)
    for test, text in COLLECTOR.found:
        terminalreporter.write_line(f"{test}\n    {text}")
