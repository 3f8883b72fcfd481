"""PostgreSQL's programs: the machine's own, or the distribution's package unpacked."""

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from . import apt, paths, process, stamps
from .say import Stop, step

MINIMUM = 13
UNPACKED = paths.CACHE / "postgresql"


@dataclass(frozen=True)
class Binaries:
    """Where `initdb` and `pg_ctl` are, their major version, and the variables they need."""

    folder: Path
    version: int
    environment: dict = field(default_factory=dict)


def locate():
    """Return the newest usable `Binaries`, unpacking the distribution's package if need be."""
    return machine() or unpacked() or _unpack()


def machine(root=Path("/usr/lib/postgresql")):
    """Return the machine's own `Binaries`, or None."""
    found = sorted(root.glob("*/bin/pg_ctl"), key=lambda path: _major(path.parent), reverse=True)
    on_path = shutil.which("pg_ctl")
    candidates = [path.parent for path in found] + ([Path(on_path).parent] if on_path else [])
    return next(filter(None, map(_usable, candidates)), None)


def unpacked():
    """Return the `Binaries` that an earlier run unpacked, or None."""
    found = sorted(UNPACKED.glob("usr/lib/postgresql/*/bin/pg_ctl"))
    if not found or not (UNPACKED / ".stamp").exists():
        return None
    return _usable(found[-1].parent, {"LD_LIBRARY_PATH": apt.library_path(UNPACKED)})


def _unpack():
    step("Taking PostgreSQL from the distribution, unpacked and not installed")
    paths.require_space(UNPACKED, 400, "PostgreSQL")
    apt.unpack_with_dependencies(["postgresql"], UNPACKED, "PostgreSQL")
    stamps.write(UNPACKED, "postgresql")
    result = unpacked()
    if not result:
        raise Stop(
            "The distribution's PostgreSQL could be unpacked but does not run: install the "
            "package 'postgresql', or name a server of your own with PGHOST."
        )
    return result


def _usable(folder, variables=None):
    variables = variables or {}
    said = process.output(
        [str(folder / "postgres"), "--version"], env=process.environment(**variables)
    )
    version = re.search(r"(\d+)(?:\.\d+|\w)", said or "")
    needed = all((folder / name).exists() for name in ("initdb", "pg_ctl"))
    contrib = any((place / "extension" / "pg_trgm.control").exists() for place in _shares(folder))
    if not version or not needed or not contrib or int(version[1]) < MINIMUM:
        return None
    return Binaries(folder, int(version[1]), variables)


def _shares(folder):
    yield folder.parent / "share"
    yield folder.parent / "share" / "postgresql"
    if len(folder.parents) > 3:  # usr/lib/postgresql/15/bin has usr/share/postgresql/15
        yield folder.parents[3] / "share" / "postgresql" / folder.parent.name


def _major(folder):
    name = folder.parent.name
    return int(name) if name.isdigit() else 0
