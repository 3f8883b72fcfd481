"""As whom PostgreSQL runs: it refuses root, so root hands it to somebody else."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from . import paths, stamps
from .say import Stop

NAMESPACE = ["unshare", "-U", "--map-user=65534", "--map-group=65534"]


class ServerUser:
    """How to run the server, and where its data may lie.

    An ordinary user runs it as is. Root runs it in a user namespace where root looks like
    nobody: no second account, no changed owner. Where the kernel forbids that, root hands it
    to the account `postgres` (or `nobody`), with the data where that account may go.

    Attributes
    ----------
    prefix : list of str
        What to put before a command.
    home : pathlib.Path
        The folder for data, log and socket.
    """

    def __init__(self, wanted, root=None, namespace=None):
        self.account = None
        self.prefix = []
        self.home = wanted
        if not (os.geteuid() == 0 if root is None else root):
            return
        if namespaces_work() if namespace is None else namespace:
            self.prefix = NAMESPACE
            return
        self.account = _account()
        self.prefix = _switch(self.account)
        if not _may_enter(wanted.parent, self.prefix):
            mark = stamps.of_text(str(wanted))
            self.home = Path("/var/tmp") / f"logistics-{mark}"

    def prepare(self, folder):
        """Create the folder that the server writes to."""
        paths.folder(folder)
        os.chmod(folder, 0o700)
        self.own(folder)

    def own(self, *things):
        """Give files or folders to the account that runs the server, if there is one."""
        if self.account:
            for thing in things:
                os.chown(thing, self.account.pw_uid, self.account.pw_gid)


def namespaces_work():
    """Tell whether this kernel lets root enter a user namespace."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run(NAMESPACE + ["true"], capture_output=True).returncode == 0


def _account():
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Stop(
        "PostgreSQL does not run as root, and this machine has neither user namespaces nor an "
        "account 'postgres' or 'nobody': run as an ordinary user, or name a server with PGHOST."
    )


def _switch(account):
    if not shutil.which("setpriv"):
        raise Stop(
            "PostgreSQL does not run as root, and neither 'unshare' nor 'setpriv' (package "
            "util-linux) is of use here: run as an ordinary user, or name a server with PGHOST."
        )
    ids = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids, "--"]


def _may_enter(folder, prefix):
    paths.folder(folder)
    return subprocess.run([*prefix, "ls", str(folder)], capture_output=True).returncode == 0
