"""Fixtures for tests that cross the add-ons: databases, servers, a browser.

`make test` brings PostgreSQL, Odoo and the templates up before pytest starts, so that a database
costs a clone (about 0.2 s) and a server about 4 s. `pytest tests/analytics` and
`pytest tests/setup` need none of this and run anywhere.

Which one?

=====================  ===================================================================
fixture                gives
=====================  ===================================================================
`odoo_env`             the session: `.odoo`, `.databases`, `.clone()`, `.serve()`
`cloned_database`      name of a fresh database with the three add-ons, dropped afterwards
`bare_database`        the same with only the Odoo modules that they depend on
`make_database`        factory of databases that live as long as the module's tests
`run_odoo`             runs `odoo -d DB ...` to its end, returns code and log
`run_shell`            runs statements with `env` on a database, returns `result`
`odoo_server`          one HTTP server per test module on a fresh database, no crons
`start_odoo_server`    factory of servers, `crons=True` for scheduled actions
`browser`              a Playwright page; `server.sign_in(browser)` opens the web client
`data_folder`          the folder of real data with published results, where it is present
=====================  ===================================================================

Examples
--------
>>> def test_history_is_loaded_over_json2(odoo_server):
...     odoo_server.create_user("mary", "logistics_crm.group_logistics_manager")
...     answer = odoo_server.json2("logistics.api", "load_sales_history", "mary",
...                                source="erp", lines=[...])
...     assert answer.status_code == 200, answer.text

>>> def test_nightly_run(start_odoo_server, cloned_database):
...     server = start_odoo_server(cloned_database, crons=True)
...     proxy = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object")
...     proxy.execute_kw(server.db, 2, server.api_key(), "res.partner", "search_count", [[]])

>>> def test_add_on_installs_alone(bare_database, run_odoo):
...     done = run_odoo(bare_database, "-i", "logistics_crm", "--stop-after-init")
...     assert done.code == 0 and not done.grave()
"""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

if find_spec("hypothesis"):  # tests/setup does without
    from hypothesis import settings

    # Every run draws the same examples; `--hypothesis-profile=default` draws others.
    settings.register_profile("same", derandomize=True)
    settings.load_profile("same")

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]


def shared_data():
    """Return the folder of real data, or None."""
    places = [Path(os.environ["LOGISTICS_SHARED"])] if os.environ.get("LOGISTICS_SHARED") else []
    places += [parent / "shared" for parent in Path(__file__).resolve().parents]
    return next((place / "data" for place in places if (place / "data").is_dir()), None)


@pytest.fixture(scope="session")
def data_folder():
    """Give the folder of real data; skip where it is not."""
    folder = shared_data()
    if folder is None:
        pytest.skip(
            "The real data (../shared/data beside the clone, or LOGISTICS_SHARED) is not here."
        )
    return folder


@pytest.fixture(scope="session")
def odoo_env():
    """Give the `runtime.session.Session` of this run; see there for its methods."""
    if not os.environ.get("LOGISTICS_TEST_RUN"):
        pytest.skip("needs Odoo and a database: run it with 'make test T=...'")
    from runtime.session import Session

    session = Session()
    yield session
    session.close()
    assert not session.problems, "Servers logged warnings:\n" + "\n".join(session.problems)


@pytest.fixture
def cloned_database(odoo_env):
    """Give the name of a fresh database with the three add-ons; it is dropped afterwards."""
    name = odoo_env.clone("full")
    yield name
    odoo_env.drop(name)


@pytest.fixture
def bare_database(odoo_env):
    """Give the name of a fresh database with only the modules that the add-ons depend on."""
    name = odoo_env.clone("bare")
    yield name
    odoo_env.drop(name)


@pytest.fixture(scope="module")
def make_database(odoo_env):
    """Give `make(template="full") -> name`; the databases live as long as the module's tests.

    `template` is "full", "bare" or the name of a database that nobody is connected to.
    """
    made = []

    def make(template="full"):
        made.append(odoo_env.clone(template))
        return made[-1]

    yield make
    for name in made:
        odoo_env.drop(name)


@pytest.fixture(scope="session")
def run_odoo(odoo_env):
    """Give `run(database, *arguments)`, which runs `odoo` to its end without HTTP.

    The result has `code`, `text` (the log) and `grave(ours=False)`: its warning and error lines.
    """
    return odoo_env.odoo.run


@pytest.fixture(scope="session")
def run_shell(odoo_env):
    """Give `run(database, code, **values)`: statements with `env`, committed at the end.

    Values must be such as JSON can hold; returns what the statements assign to `result`.
    """
    return odoo_env.odoo.shell


@pytest.fixture(scope="module")
def start_odoo_server(odoo_env, make_database):
    """Give `start(database=None, crons=False) -> runtime.session.Server`.

    Without a database, the server gets a fresh one with the three add-ons. It is stopped after
    the module's tests.
    """
    servers = []

    def start(database=None, crons=False):
        servers.append(odoo_env.serve(database or make_database(), crons))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def odoo_server(start_odoo_server):
    """Give a `runtime.session.Server` that the module's tests share: url, db, api_key(login)."""
    return start_odoo_server()


@pytest.fixture(scope="session")
def chromium():
    """Give a running Chromium, by Playwright; skip where the machine has none."""
    path = os.environ.get("LOGISTICS_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium on this machine, and it could not be installed without root")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield program
        program.close()


@pytest.fixture
def browser(chromium):
    """Give a fresh page of 1366 x 900 in English; errors of its scripts fail the test.

    Never wait for "networkidle": Odoo's bus is never idle. Wait for a selector.
    """
    # A service worker asks for pages by itself, and the answer may replace the session's cookie.
    context = chromium.new_context(
        viewport={"width": 1366, "height": 900}, locale="en-US", service_workers="block"
    )
    page = context.new_page()
    page.set_default_timeout(30000)
    page.script_errors = []
    page.on("pageerror", lambda error: page.script_errors.append(str(error)))
    yield page
    errors = page.script_errors
    context.close()
    assert not errors, "The page's scripts failed:\n" + "\n".join(errors)
