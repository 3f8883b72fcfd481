"""Run an Odoo module's own standard-tagged tests. Runs in the environment, not in the set-up.

Usage: run_upstream.py CONFIG DATABASE MODULE [TEST...], where a test is `Class` or `Class.method`;
all by default. Tests of both positions run with every add-on of the database loaded. The last
line printed is JSON: how many ran, and {id of a test: its error, or why it was skipped}.
"""

import json
import logging
import re
import socket
import sys

import odoo.http
import odoo.modules.module
import odoo.modules.registry
import odoo.service.server
import odoo.tools
from odoo.tests import loader
from odoo.tests.result import OdooTestResult

# Of records in an error: they differ from one database to the next.
RECORD_ID = re.compile(r"(?<=\()\d[\d, ]*(?=\))|(?<='res_id': )\d+")


class Recorder(OdooTestResult):
    """Keeps the names of the tests that failed and of those that were skipped."""

    def __init__(self):
        super().__init__()
        self.failed = {}
        self.left_out = {}

    def addSkip(self, test, reason):  # noqa: N802
        """Keep why a test was skipped."""
        self.left_out[test.id()] = str(reason)
        super().addSkip(test, reason)

    def addError(self, test, err):  # noqa: N802
        """Keep an error, unless the test is tried again."""
        self._record(test, err)
        super().addError(test, err)

    def addFailure(self, test, err):  # noqa: N802
        """Keep a failure, unless the test is tried again."""
        self._record(test, err)
        super().addFailure(test, err)

    def _record(self, test, err):
        if not self._soft_fail:
            lines = str(err[1]).strip().splitlines() or [err[0].__name__]
            step = [line for line in lines if line.startswith("FAILED: ")]  # of a tour
            told = RECORD_ID.sub("…", f"{err[0].__name__}: {(step or lines)[0]}")[:300]
            before = self.failed.get(test.id())  # of another part of it without a name
            self.failed[test.id()] = f"{before} | {told}" if before else told


def free_port():
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    """Load the registry, serve, run, print."""
    config, database, module, *names = sys.argv[1:]
    tags = ",".join(f"/{module}:{name}" for name in names) or f"/{module}"
    options = ["-c", config, "-d", database, "--http-port", str(free_port())]
    odoo.tools.config.parse_config(options, setup_logging=True)
    odoo.service.server.load_server_wide_modules()
    odoo.modules.registry.Registry(database)
    # only now, or the tests would run while half of the add-ons are loaded
    odoo.tools.config["test_tags"] = tags
    odoo.tools.config["test_enable"] = True
    server = odoo.service.server.server = odoo.service.server.ThreadedServer(odoo.http.root)
    server.start(stop=False)
    result = Recorder()
    odoo.modules.module.current_test = True
    for position in ("at_install", "post_install"):
        loader.make_suite([module], position)(result)
    odoo.modules.module.current_test = False
    print()
    told = {"run": result.testsRun, "skipped": result.left_out, "failed": result.failed}
    print(json.dumps(told), flush=True)
    logging.shutdown()
    server.stop()


if __name__ == "__main__":
    main()
