"""Packages of the distribution, fetched by apt with a state of our own and unpacked.

Nothing on the system is changed: no source, no key and no package is added to it.
"""

import contextlib
import os
import re
import subprocess
import threading
from pathlib import Path

from . import paths, process
from .say import Progress, Stop, note

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
NO_APT = (
    "This machine has no apt, which {what} comes from: use Debian or Ubuntu, or name what you "
    "have with {instead}."
)


class IsolatedApt:
    """apt with its own lists, sources and cache.

    Parameters
    ----------
    name : str
        Names the folder of its state.
    sources : list of str or None
        Lines of a sources.list; None means the machine's own sources.
    status : pathlib.Path or None
        The dpkg status that dependencies are resolved against; None means an empty one.
    """

    def __init__(self, name, sources=None, status=None):
        self.home = paths.CACHE / "apt" / name
        self.sources = sources
        self.status = status
        self.config = self.home / "apt.conf"

    def update(self):
        """Fetch the lists; signatures are checked by apt."""
        self._write()
        self._apt(["update"], "apt's lists could not be fetched: check the network and run again.")

    def versions(self, name):
        """Return `{version: suite}` of what the lists offer of a package, newest first."""
        said = process.output(["apt-cache", "madison", name], env=self._environment()) or ""
        rows = [[cell.strip() for cell in line.split("|")] for line in said.splitlines()]
        return {row[1]: row[2].split()[1].partition("/")[0] for row in rows if len(row) == 3}

    def download(self, names, target):
        """Download packages (`name` or `name=version`) into `target`, signatures checked.

        What came before an interruption is kept, and apt goes on from there.
        """
        paths.folder(target)
        with watched(target, "downloading"):
            self._apt(
                ["download", *names],
                f"The packages {' '.join(names)} could not be downloaded: check the network and "
                "run again (what is there already is kept).",
                cwd=target,
            )

    def download_with_dependencies(self, names):
        """Download packages and what the machine lacks of their dependencies.

        Returns
        -------
        list of pathlib.Path
            The package files.
        """
        archives = self.home / "cache" / "archives"
        with watched(archives, "downloading"):
            self._apt(
                ["install", "--yes", "--download-only", "--no-install-recommends", *names],
                f"The packages {' '.join(names)} could not be downloaded: check the network and "
                "run again (what is there already is kept).",
            )
        return sorted(archives.glob("*.deb"))

    def _write(self):
        for part in ("etc", "state/lists/partial", "cache/archives/partial"):
            paths.folder(self.home / part)
        status = self.home / "status"
        status.write_text(self.status.read_text() if self.status else "")
        lines = [
            f'Dir::State "{self.home}/state";',
            f'Dir::State::status "{status}";',
            f'Dir::State::Lists "{self.home}/state/lists";',
            f'Dir::Cache "{self.home}/cache";',
            'APT::Sandbox::User "";',
            'Acquire::Languages "none";',
            'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";',
            'Debug::NoLocking "true";',
        ]
        if self.sources is not None:
            (self.home / "etc" / "sources.list").write_text("\n".join(self.sources) + "\n")
            lines += [
                f'Dir::Etc::SourceList "{self.home}/etc/sources.list";',
                'Dir::Etc::SourceParts "/dev/null";',
                'Dir::Etc::PreferencesParts "/dev/null";',
            ]
        self.config.write_text("\n".join(lines) + "\n")

    def _apt(self, arguments, advice, cwd=None):
        process.logged(
            ["apt-get", "-q", *arguments],
            f"apt-{self.home.name}-{arguments[0]}",
            advice,
            env=self._environment(),
            cwd=cwd,
        )

    def _environment(self):
        return process.environment(APT_CONFIG=self.config, DEBIAN_FRONTEND="noninteractive")


def require(what, instead):
    """Stop unless this machine has apt and dpkg."""
    for name in ("apt-get", "dpkg-deb"):
        if not process.output(["sh", "-c", f"command -v {name}"]):
            raise Stop(NO_APT.format(what=what, instead=instead))


def debian_mirror():
    """Return the address of the Debian mirror that this machine's apt is configured with.

    None where there is none, as on Ubuntu.
    """
    if "debian" not in _distribution():
        return None
    form = "$(REPO_URI) $(RELEASE)"
    listed = process.output(["apt-get", "indextargets", "--format", form, "Created-By: Packages"])
    for line in (listed or "").splitlines():
        address, _, release = line.partition(" ")
        if "security" not in release and re.match(r"(https?|file|ftp)://?", address):
            return address.rstrip("/")
    return None


def codename():
    """Return the code name of the machine's Debian release; "stable" where unknown."""
    words = _os_release()
    return words.get("VERSION_CODENAME", "stable") if words.get("ID") == "debian" else "stable"


def keyring():
    """Return the Debian archive's keys: the machine's, or those in a package of its archive."""
    if KEYRING.exists():
        return KEYRING
    unpacked = paths.CACHE / "keyring"
    found = unpacked / str(KEYRING).lstrip("/")
    if not found.exists():
        machine = IsolatedApt("machine", status=Path("/var/lib/dpkg/status"))
        machine.update()
        machine.download(["debian-archive-keyring"], paths.DOWNLOADS)
        unpack(next(paths.DOWNLOADS.glob("debian-archive-keyring_*.deb")), unpacked)
    return found


def suite(mirror, *names):
    """Return sources for suites of a Debian mirror, signed by the Debian archive's keys."""
    return [f"deb [signed-by={keyring()}] {mirror} {name} main" for name in names]


def unpack(package, target, leave_out=()):
    """Unpack one package file into `target`, without what matches `leave_out` (tar patterns)."""
    paths.folder(target)
    reader = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE)
    excluded = [f"--exclude={pattern}" for pattern in leave_out]
    writer = subprocess.run(
        ["tar", "-x", "--no-same-owner", "-C", target, "--wildcards", *excluded, "-f", "-"],
        stdin=reader.stdout,
        capture_output=True,
        text=True,
    )
    reader.stdout.close()
    if reader.wait() or writer.returncode:
        raise Stop(
            f"{package} could not be unpacked ({writer.stderr.strip()[-200:] or 'damaged file'}): "
            "check the disk space, remove that file and run again."
        )


def unpack_with_dependencies(names, target, what):
    """Unpack packages, and what the machine lacks of their dependencies, into `target`."""
    require(what, "PGHOST" if what == "PostgreSQL" else "PATH")
    machine = IsolatedApt("machine", status=Path("/var/lib/dpkg/status"))
    machine.update()
    for package in machine.download_with_dependencies(names):
        note(f"unpacking {package.name}")
        unpack(package, target)


def library_path(prefix):
    """Return an LD_LIBRARY_PATH for programs that were unpacked into `prefix`."""
    folders = {path.parent for path in prefix.glob("usr/lib/**/*.so*")}
    folders |= {path.parent for path in prefix.glob("lib/**/*.so*")}
    known = os.environ.get("LD_LIBRARY_PATH")
    return ":".join([*sorted(map(str, folders)), *([known] if known else [])])


def install(names):
    """Install packages of the distribution, as root; tell whether that worked."""
    environment = process.environment(DEBIAN_FRONTEND="noninteractive")
    command = ["apt-get", "-q", "install", "--yes", "--no-install-recommends", *names]
    for attempt in ([["apt-get", "-q", "update"]], []):
        try:
            for part in [*attempt, command] if attempt else [command]:
                process.logged(part, f"apt-{part[2]}", "apt refused.", env=environment)
            return True
        except Stop:
            continue
    return False


@contextlib.contextmanager
def watched(target, label):
    """Show how the files below `target` grow while the block runs."""
    before = _size(target)
    progress = Progress(label, None)
    done = threading.Event()

    def show():
        while not done.wait(0.5):
            progress.show(max(0, _size(target) - before))

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        progress.close()


def _size(target):
    total = 0
    for path in target.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


def _distribution():
    words = _os_release()
    # Ubuntu calls itself like Debian, and its mirrors have other packages.
    alike = [] if words.get("ID") == "ubuntu" else words.get("ID_LIKE", "").split()
    return {words.get("ID"), *alike}


def _os_release(path="/etc/os-release"):
    try:
        text = Path(path).read_text()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key: value.strip('"') for key, _, value in pairs}
