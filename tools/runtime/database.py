"""Databases of a server: created, cloned, renamed and dropped, always with their files."""

import json
import os
import shutil
import subprocess

from . import paths, process
from .say import Stop


class Databases:
    """The databases of one server, with the folder of their attachments.

    Parameters
    ----------
    cluster : runtime.postgres.Cluster or runtime.postgres.External
        Where they are.
    data : pathlib.Path
        Odoo's data folder.
    """

    def __init__(self, cluster, data):
        self.cluster = cluster
        self.data = data

    def environment(self, **changes):
        """Return the variables for Odoo and other clients of this server."""
        return process.environment(**(self.cluster.environment() | changes))

    def sql(self, database, *statements):
        """Run statements, each a text or a pair (text, arguments); return the last one's rows."""
        pairs = [(s, []) if isinstance(s, str) else (s[0], list(s[1])) for s in statements]
        done = subprocess.run(
            [str(paths.PYTHON), str(paths.ROOT / "tools/inside/run_sql.py"), database],
            input=json.dumps(pairs),
            env=self.environment(),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise Stop(f"PostgreSQL refused a statement on '{database}': {reason}")
        return json.loads(done.stdout)

    def names(self):
        """Return the names of all databases."""
        return {row[0] for row in self.sql("postgres", "SELECT datname FROM pg_database")}

    def clone(self, source, target):
        """Make `target` a copy of `source`, attachments included; replaces an older `target`."""
        self.drop(target)
        version = int(self.sql("postgres", "SHOW server_version_num")[0][0])
        strategy = " STRATEGY file_copy" if version >= 150000 else ""
        self.sql(
            "postgres",
            _kick(source),
            f'CREATE DATABASE "{target}" TEMPLATE "{source}"{strategy}',
        )
        if self._files(source).is_dir():
            shutil.copytree(self._files(source), self._files(target), copy_function=_link)

    def rename(self, source, target):
        """Rename a database: the last step of building one, so that no half-built one is used."""
        if self._files(source).is_dir():
            paths.remove(self._files(target))
            self._files(source).rename(self._files(target))
        self.sql("postgres", _kick(source), f'ALTER DATABASE "{source}" RENAME TO "{target}"')

    def drop(self, *names):
        """Drop databases and their attachments, if they are there."""
        if not names:
            return
        statements = [f'DROP DATABASE IF EXISTS "{name}"' for name in names]
        self.sql("postgres", *[_kick(name) for name in names], *statements)
        for name in names:
            paths.remove(self._files(name))

    def mark(self, database, text):
        """Note a text on the database, where `marked` finds it."""
        self.sql("postgres", f"COMMENT ON DATABASE \"{database}\" IS '{text}'")

    def marked(self, database):
        """Return the noted text, or None."""
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        rows = self.sql("postgres", (query, [database]))
        return rows[0][0] if rows else None

    def _files(self, name):
        return self.data / "filestore" / name


def _kick(name):
    return (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = %s AND pid <> pg_backend_pid()",
        [name],
    )


def _link(source, target):
    """Copy by a hard link: Odoo never changes an attachment's file, it writes another."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
