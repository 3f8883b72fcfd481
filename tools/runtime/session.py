"""What a test run works with: the servers, templates and helpers behind tests/conftest.py."""

import itertools
import os
import subprocess

import requests

from . import instance, paths, process, settings, templates
from . import odoo as odoo_tree
from .database import Databases
from .postgres import choose
from .say import Stop

API_KEY = """
user = env["res.users"].search([("login", "=", login)])
result = env(user=user.id)["res.users.apikeys"].sudo()._generate("rpc", "test", None)
"""


class Session:
    """Databases and servers that tests make; all are gone when the run ends.

    Attributes
    ----------
    odoo : runtime.instance.Odoo
        Runs Odoo: `config`, `run`, `install`, `shell`.
    databases : runtime.database.Databases
        `sql`, `clone`, `drop`, `environment`.
    problems : list of str
        Log lines of warnings and errors of our add-ons; any of them fails the run.
    """

    def __init__(self):
        chosen = settings.read()
        self.cluster = choose(chosen, "test", durable=False)
        self.databases = Databases(self.cluster, paths.DATA / "test")
        self.odoo = instance.Odoo(odoo_tree.present(chosen), self.databases)
        self.problems = []
        self._numbers = itertools.count(1)
        self._made = []
        self._servers = []

    def clone(self, template="full"):
        """Return the name of a new database cloned from a template.

        Parameters
        ----------
        template : str
            "full" (our three add-ons installed), "bare" (only what they depend on), or the
            name of a database.
        """
        # What `make test` prepared, or the run would change when somebody edits the code.
        prepared = os.environ.get(f"LOGISTICS_TEMPLATE_{template.upper()}")
        source = {"full": templates.full, "bare": templates.bare}.get(template)
        name = f"{templates.PREFIX}t{os.getpid()}_{next(self._numbers)}"
        self.databases.clone(prepared or (source(self.odoo) if source else template), name)
        self._made.append(name)
        return name

    def serve(self, database, crons=False):
        """Start a `Server` on a database and return it when it answers."""
        server = Server(self, database, crons)
        self._servers.append(server)
        return server

    def drop(self, database):
        """Stop the servers of a database and drop it."""
        for server in [s for s in self._servers if s.database == database]:
            server.stop()
            self._servers.remove(server)
        self.databases.drop(database)
        self._made.remove(database)

    def close(self):
        """Stop and drop everything that is left."""
        for name in list(self._made):
            self.drop(name)


class Server:
    """An Odoo server over real HTTP.

    Attributes
    ----------
    url : str
        Its address, without a slash at the end.
    database : str
        Its database (also as `db`).
    log : pathlib.Path
        Its log.
    """

    def __init__(self, session, database, crons):
        self.session = session
        self.database = self.db = database
        self.port = process.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = paths.folder(paths.LOGS) / f"server-{database}-{self.port}.log"
        self._keys = {}
        self._stopped = False
        command = session.odoo.command(
            database,
            name=f"{database}-{self.port}",
            http_port=self.port,
            max_cron_threads=1 if crons else 0,
        )
        with open(self.log, "w") as stream:
            self._child = subprocess.Popen(
                command,
                env=session.databases.environment(),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                cwd=paths.ROOT,
            )
        if not process.wait_until(self._answers, 120):
            self.stop()
            raise Stop(f"The test server did not start:\n{process.tail(self.log, 30)}")

    def api_key(self, login="admin"):
        """Return an API key of a user; the same one when asked again."""
        if login not in self._keys:
            self._keys[login] = self.session.odoo.shell(self.database, API_KEY, login=login)
        return self._keys[login]

    def create_user(self, login, *groups, **values):
        """Create a user with the given groups (external ids); the password is the login.

        Returns
        -------
        int
            The user's id.
        """
        code = (
            'ids = [env.ref(name).id for name in groups + ["base.group_user"]]\n'
            'result = env["res.users"].create({"name": login, "login": login, "password": login,'
            ' "group_ids": [(6, 0, ids)], **values}).id'
        )
        return self.shell(code, login=login, groups=list(groups), values=values)

    def shell(self, code, **values):
        """Run statements with `env` on the database; return what they assign to `result`."""
        return self.session.odoo.shell(self.database, code, **values)

    def json2(self, model, method, /, login="admin", **arguments):
        """Call `/json/2/<model>/<method>` as a user; return the `requests.Response`."""
        return requests.post(
            f"{self.url}/json/2/{model}/{method}",
            json=arguments,
            headers={
                "Authorization": f"bearer {self.api_key(login)}",
                "X-Odoo-Database": self.database,
            },
            timeout=600,
        )

    def sign_in(self, page, login="admin", password=None):
        """Sign a Playwright page in and wait for the web client."""
        page.goto(f"{self.url}/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password or login)
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar", timeout=240000)  # it may build the assets

    def stop(self):
        """Stop the server; warnings and errors of our add-ons go to the session's problems.

        Odoo warns of every refusal that it sends to a caller; what is refused is for tests to say.
        """
        if self._stopped:
            return
        self._stopped = True
        process.stop(self._child)
        found = instance.grave_lines(self.log, ours=True)
        found = [line for line in found if f" WARNING {self.database} odoo.http: " not in line]
        self.session.problems += [f"{self.log.name}: {line}" for line in found]

    def _answers(self):
        if self._child.poll() is not None:
            return True
        try:
            return requests.get(f"{self.url}/web/health", timeout=5).ok
        except requests.RequestException:
            return False
