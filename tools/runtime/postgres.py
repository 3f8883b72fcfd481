"""A PostgreSQL server of the project's own, reachable through a private socket only."""

import contextlib
import fcntl
import hashlib
import os
import signal
import stat
import subprocess
import tempfile

from . import paths, postgres_binaries, process
from .postgres_user import ServerUser
from .say import Stop, note, step

SOCKET_LIMIT = 107  # bytes of a Unix socket's path
SOCKET_NAME = ".s.PGSQL.5432"
USER = "odoo"

COMMON = {
    "listen_addresses": "",  # never a TCP port: the socket's folder is the only door
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "log_line_prefix": "%m [%p] %d ",
    "lc_messages": "C",
}
# Only for databases that tests make and throw away.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """One data folder with its server.

    Several commands may use it at once; the last one to leave stops it.

    Parameters
    ----------
    name : str
        "demo" or "test".
    durable : bool
        False where a crash may lose everything.
    """

    def __init__(self, name, durable):
        self.name = name
        self.durable = durable
        self.user = ServerUser(paths.POSTGRES / name)
        self.home = self.user.home
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self.socket_folder = socket_folder(self.home / "socket")
        self._lease = None

    def environment(self):
        """Return the variables with which clients find this server."""
        return {
            "PGHOST": str(self.socket_folder),
            "PGPORT": "5432",
            "PGUSER": USER,
            "PGPASSWORD": None,
            "PGDATABASE": None,
            "PGSERVICE": None,
        }

    def start(self):
        """Start the server unless it runs, and hold it until `stop`."""
        paths.folder(paths.POSTGRES)
        # Held until `stop`.
        self._lease = open(paths.POSTGRES / f"{self.name}.users", "w")  # noqa: SIM115
        fcntl.flock(self._lease, fcntl.LOCK_SH)
        with open(paths.POSTGRES / f"{self.name}.start", "w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if self.running():
                return
            binaries = postgres_binaries.locate()
            self._initialize(binaries)
            self._launch(binaries)

    def stop(self):
        """Stop the server if nobody else uses it."""
        if not self._lease:
            return
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(self._lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.halt()
        self._lease.close()
        self._lease = None

    def halt(self):
        """Stop the server whoever uses it."""
        pid = self.running()
        if not pid:
            return
        os.kill(pid, signal.SIGINT)
        if not process.wait_until(lambda: not process.alive(pid), 30):
            os.kill(pid, signal.SIGQUIT)

    def running(self):
        """Return the process id of the server, or None."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            with open(f"/proc/{pid}/comm") as stream:
                name = stream.read().strip()
        except (OSError, ValueError):
            return None
        return pid if name in ("postgres", "postmaster") and process.alive(pid) else None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop()

    def _initialize(self, binaries):
        if (self.data / "PG_VERSION").exists():
            self._check_version(binaries)
            return
        step(f"Creating the {self.name} database server (PostgreSQL {binaries.version})")
        paths.require_space(self.home, 1500, "the databases")
        fresh = self.home / "data.new"
        paths.remove(fresh)
        self.user.prepare(self.home)
        self._run(
            [binaries.folder / "initdb", "-D", fresh, "-U", USER, "-E", "UTF8"]
            + ["--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject", "--no-sync"],
            "initdb",
            binaries,
        )
        fresh.rename(self.data)

    def _check_version(self, binaries):
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if int(made_by) != binaries.version:
            raise Stop(
                f"The databases in {self.home} belong to PostgreSQL {made_by}, and this machine "
                f"now has {binaries.version}: install {made_by} again, or 'make clean' to start "
                "over."
            )

    def _launch(self, binaries):
        options = COMMON | ({} if self.durable else FORGETFUL)
        options["unix_socket_directories"] = str(self.socket_folder)
        lines = [f"{key} = '{_quoted(value)}'\n" for key, value in options.items()]
        (self.data / "postgresql.conf").write_text("".join(lines))
        private_folder(self.socket_folder)
        self.user.own(self.socket_folder, self.data / "postgresql.conf")
        self._run(
            [
                binaries.folder / "pg_ctl",
                "-D",
                self.data,
                "-l",
                self.log,
                "-w",
                "-t",
                "60",
                "start",
            ],
            "pg_ctl",
            binaries,
        )
        note(f"PostgreSQL {binaries.version} runs for the {self.name} (process {self.running()}).")

    def _run(self, command, log, binaries):
        process.logged(
            self.user.prefix + [str(part) for part in command],
            f"postgres-{self.name}-{log}",
            f"PostgreSQL refused to start: read below and {self.log}, mend it, or name a server "
            "of your own with PGHOST, PGPORT, PGUSER and PGPASSWORD.",
            env=process.environment(**binaries.environment, LC_ALL="C.UTF-8"),
            cwd="/",
        )


def socket_folder(wanted):
    """Return a folder whose socket path is short and plain enough for every client.

    Clones may lie deep, and a comma or a space in `PGHOST` has a meaning: such a clone gets
    a folder of its own below the temporary folder.
    """
    path = str(wanted)
    plain = path.replace("/", "").replace("-", "").replace("_", "").replace(".", "")
    fits = len(os.fsencode(path)) + 1 + len(SOCKET_NAME) <= SOCKET_LIMIT
    if fits and plain.isascii() and plain.isalnum():
        return wanted
    mark = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    return paths.Path(tempfile.gettempdir()) / f"logistics-{os.getuid()}-{mark}"


def private_folder(path):
    """Create a folder that only its owner may enter; stop if somebody else made it."""
    paths.folder(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise Stop(f"{path} is in the way of the database socket: remove it.")
    if found.st_uid != os.getuid() and os.getuid() != 0:
        raise Stop(f"{path} belongs to somebody else: ask them to remove it, or set TMPDIR.")


class External:
    """A server that the user named with `PGHOST`: used, never started or stopped."""

    name = "external"

    def environment(self):
        """Return the variables with which clients find the server: the user's own."""
        return {}

    def start(self):
        """Check that the server answers and lets us create databases."""
        command = [paths.PYTHON, "-c", CHECK]
        done = subprocess.run(
            [str(part) for part in command],
            env=process.environment(),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            reason = (done.stdout + done.stderr).strip().splitlines()[-1:]
            raise Stop(
                f"PostgreSQL at PGHOST={os.environ.get('PGHOST')} refused: {' '.join(reason)}; "
                "check PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to use the embedded "
                "server."
            )

    def stop(self):
        """Leave the server as it is."""

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop()


CHECK = """
import psycopg2, sys
try:
    connection = psycopg2.connect(dbname="postgres", connect_timeout=10)
except psycopg2.OperationalError as error:
    sys.exit(str(error).strip().splitlines()[0])
if connection.server_version < 130000:
    sys.exit("it is older than PostgreSQL 13")
cursor = connection.cursor()
cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
if not cursor.fetchone()[0]:
    sys.exit("its user may not create databases (ALTER ROLE ... CREATEDB)")
"""


def choose(settings, name, durable):
    """Return the server to use: the user's own, or the embedded one called `name`."""
    return External() if settings.pghost else Cluster(name, durable)


def _quoted(value):
    return value.replace("\\", "\\\\").replace("'", "''")
