"""Running Odoo on a database: configuration, commands, scripts, and what its log says."""

import itertools
import json
import re
import subprocess

from . import paths, process
from .say import Stop

LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (\w+) (\S+) (\S+): (.*)$")
GRAVE = {"WARNING", "ERROR", "CRITICAL"}
OPTIONS = {
    "http_interface": "127.0.0.1",
    "list_db": "False",
    "max_cron_threads": "0",
    "without_demo": "True",
    # No limits: a limited address space would be inherited by Chromium, which dies of it.
    "limit_memory_soft": "0",
    "limit_memory_hard": "0",
    "limit_time_cpu": "3600",
    "limit_time_real": "3600",
    "limit_time_real_cron": "3600",
}


class Odoo:
    """Odoo with our add-ons on the databases of one server.

    Parameters
    ----------
    tree : runtime.odoo.OdooTree
        The Odoo.
    databases : runtime.database.Databases
        The databases.
    """

    def __init__(self, tree, databases):
        self.tree = tree
        self.databases = databases

    @property
    def addons_path(self):
        """Return the folders of add-ons: Odoo's own first, ours last."""
        return [*self.tree.addons, paths.ROOT]

    def config(self, database, name=None, **options):
        """Write the configuration for a database and return its path.

        Parameters
        ----------
        database : str
            Its name.
        name : str, optional
            Name of the file, that of the database if not given.
        **options : str or int
            Odoo options beside the usual ones.
        """
        values = OPTIONS | {
            "addons_path": ",".join(map(str, self.addons_path)),
            "data_dir": self.databases.data,
            "db_name": database,
            "dbfilter": f"^{re.escape(database)}$",
        }
        values |= options
        path = paths.folder(paths.RUN) / f"{name or database}.conf"
        lines = [f"{key} = {str(value).replace('%', '%%')}\n" for key, value in values.items()]
        path.write_text("[options]\n" + "".join(lines))
        paths.folder(self.databases.data)
        return path

    def command(self, database, *arguments, **options):
        """Return the command line for an `odoo` run on a database."""
        config = self.config(database, **options)
        first = [arguments[0]] if arguments and not arguments[0].startswith("-") else []
        rest = arguments[len(first) :]
        return [str(paths.PYTHON), str(paths.VENV / "bin/odoo"), *first, "-c", str(config), *rest]

    def run(self, database, *arguments, log=None):
        """Run `odoo` to its end and return a `Finished`."""
        path = paths.folder(paths.LOGS) / f"{log or 'odoo-' + database}.log"
        with open(path, "w") as stream:
            code = subprocess.run(
                self.command(database, *arguments, "--no-http"),
                env=self.databases.environment(),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                cwd=paths.ROOT,
            ).returncode
        return Finished(code, path)

    def install(self, database, modules, option="-i"):
        """Install or update modules; stop when that fails or our add-ons complain.

        Returns
        -------
        list of str
            Log lines of warnings that are not ours, for those who care.
        """
        done = self.run(database, option, ",".join(modules), "--stop-after-init")
        if done.code or done.grave(ours=True) or done.grave(levels={"ERROR", "CRITICAL"}):
            found = "\n".join(f"    | {line}" for line in done.grave()[:20])
            raise Stop(
                f"Odoo could not install {', '.join(modules)} without a warning: mend what "
                f"{done.log} says.\n{found or process.tail(done.log, 30)}"
            )
        return done.grave()

    def shell(self, database, code, log=None, **values):
        """Run Python with `env` on a database and return what it assigned to `result`.

        Parameters
        ----------
        database : str
            Its name.
        code : str
            Statements; `env` is the administrator's environment, committed at the end.
        **values : object
            Names for the statements, of what JSON can hold.
        """
        path = paths.folder(paths.LOGS) / f"{log or 'shell-' + database}.log"
        script = paths.ROOT / "tools/inside/run_shell.py"
        config = self.config(database)
        with open(path, "w") as stream:
            done = subprocess.run(
                [str(paths.PYTHON), str(script), str(config), database],
                input=json.dumps({"code": code, "values": values}),
                env=self.databases.environment(),
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
                cwd=paths.ROOT,
            )
        if done.returncode:
            raise Stop(f"A script on '{database}' failed; the end of {path}:\n{process.tail(path)}")
        return json.loads(done.stdout.rsplit("\n", 2)[-2])


class Finished:
    """An `odoo` run that ended.

    Attributes
    ----------
    code : int
        Its exit code.
    log : pathlib.Path
        Its log.
    """

    def __init__(self, code, log):
        self.code = code
        self.log = log

    @property
    def text(self):
        """Return the whole log."""
        return self.log.read_text(errors="replace")

    def grave(self, ours=False, levels=GRAVE):
        """Return the log lines of the given levels; with `ours`, those about our add-ons."""
        return grave_lines(self.log, ours, levels)


def grave_lines(log, ours=False, levels=GRAVE):
    """Return the warning and error lines of an Odoo log, without those known to be harmless."""
    found = []
    with open(log, errors="replace") as stream:
        for line, following in itertools.pairwise(itertools.chain(stream, [""])):
            match = LINE.match(line)
            if not match or match[1] not in levels or known(match[3], match[4]):
                continue
            if following.startswith(REPEATED):
                continue
            if not ours or "logistics" in match[3] + match[4]:
                found.append(line.rstrip())
    return found


# What Odoo logs of a statement before it does the request again: another was first. Where that
# does not help in the end, the request's own failure is logged, too.
REPEATED = ("ERROR: could not serialize access", "ERROR: deadlock detected")
# (logger, beginning of the message): what Odoo itself says on any fresh database.
HARMLESS = (
    ("odoo.addons.base.models.ir_cron", "Skipping database"),
    ("odoo.tools.config", "missing --http-interface"),
)


def known(logger, message):
    """Tell whether a warning is Odoo's own and harmless."""
    return any(logger == name and message.startswith(start) for name, start in HARMLESS)
