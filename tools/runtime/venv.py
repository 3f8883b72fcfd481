"""The Python environment: pinned packages with hashes, without needing venv or pip."""

import os
import shutil
import subprocess
import sys
import venv

from . import apt, paths, process, stamps
from .say import Stop, note, step, warn

LOCK = paths.ROOT / "tools" / "lock"
GROUPS = ("runtime", "test", "lint", "bench")
SUPPORTED = ((3, 11), (3, 12), (3, 13))


def ensure(tree, *groups):
    """Make the environment with the given groups of packages, and Odoo visible in it.

    Parameters
    ----------
    tree : runtime.odoo.OdooTree or None
        The Odoo to make visible.
    *groups : str
        Of `GROUPS`; each is a file in `tools/lock`.
    """
    _create()
    for group in groups:
        _install(group)
    if tree:
        _show_odoo(tree)


def _create():
    if paths.Path(sys.prefix).resolve() == paths.VENV:
        return  # run by the environment itself, which must not be removed under it
    stamp = stamps.of_text(sys.version, sys.executable)
    if stamps.matches(paths.VENV, stamp) and os.access(paths.PYTHON, os.X_OK):
        return
    step(f"Creating the Python {sys.version_info[0]}.{sys.version_info[1]} environment")
    paths.require_space(paths.VENV, 1500, "the Python environment")
    paths.remove(paths.VENV)
    # A folder cannot be renamed afterwards (its programs hold its path): the stamp, written
    # last, tells whether it is whole.
    venv.EnvBuilder(symlinks=True, with_pip=False).create(paths.VENV)
    stamps.write(paths.VENV, stamp)


def _install(group):
    lock = LOCK / f"{group}.txt"
    mark = paths.VENV / f".{group}"
    stamp = stamps.of_file(lock)
    if mark.exists() and mark.read_text() == stamp:
        return
    step(f"Installing the Python packages of '{group}'")
    _with_uv(group, lock) or _with_pip(group, lock)
    mark.write_text(stamp)


def _with_uv(group, lock):
    uv = shutil.which("uv")
    if not uv:
        return False
    command = [uv, "pip", "install", "--python", paths.PYTHON, "--require-hashes", "-r", lock]
    try:
        process.logged(command, f"uv-{group}", "uv refused.", env=process.environment())
    except Stop as problem:
        warn(f"uv could not install the packages, trying pip.\n{problem}")
        return False
    return True


def _with_pip(group, lock):
    process.logged(
        [*pip(), "install", "--require-hashes", "--no-deps", "--no-compile"]
        + ["--disable-pip-version-check", "-r", lock],
        f"pip-{group}",
        f"The Python packages of '{group}' could not be installed: check the network (and pip's "
        "configuration, if this machine has a mirror of its own) and run again.",
        env=process.environment(),
    )
    return True


def pip():
    """Return the command that runs a pip for the environment, whoever has one.

    The interpreter's own pip works on other environments; where it has none, the
    distribution's wheel of pip runs without being installed.
    """
    base = [sys.executable, "-m", "pip"]
    if process.output([*base, "--python", str(paths.PYTHON), "--version"]):
        return [*base, "--python", paths.PYTHON]
    return [paths.PYTHON, _wheel() / "pip"]


def _wheel():
    unpacked = paths.CACHE / "pip"
    found = sorted(unpacked.glob("usr/share/python-wheels/pip-*.whl"))
    if not found:
        note("this machine has neither pip nor uv: taking pip from the distribution, unpacked")
        apt.require("pip", "a Python that has pip")
        machine = apt.IsolatedApt("machine", status=apt.Path("/var/lib/dpkg/status"))
        machine.update()
        machine.download(["python3-pip-whl"], paths.DOWNLOADS)
        for package in paths.DOWNLOADS.glob("python3-pip-whl_*.deb"):
            apt.unpack(package, unpacked)
        found = sorted(unpacked.glob("usr/share/python-wheels/pip-*.whl"))
    if not found:
        raise Stop("The distribution's package python3-pip-whl holds no pip: install pip or uv.")
    return found[-1]


def _show_odoo(tree):
    """Put Odoo on the environment's path, with the `odoo` command."""
    packages = next(paths.VENV.glob("lib/python3.*/site-packages"))
    (packages / "odoo-tree.pth").write_text(f"{tree.path}\n")
    command = paths.VENV / "bin" / "odoo"
    command.write_text(
        f"#!{paths.PYTHON}\nimport sys\n\nfrom odoo.cli import main\n\nsys.exit(main())\n"
    )
    command.chmod(0o755)


def stamp():
    """Return a text that changes when the runtime packages change."""
    return stamps.of_file(LOCK / "runtime.txt") + ".".join(map(str, sys.version_info[:2]))


def lock():
    """Resolve the groups of pyproject.toml anew into `tools/lock`, for every supported Python."""
    ensure(None, "lint")
    uv = shutil.which("uv", path=process.environment()["PATH"])
    if not uv:
        raise Stop("Writing the lock needs uv: install it (pip install uv) and run again.")
    pyproject = paths.ROOT / "pyproject.toml"
    common = [uv, "pip", "compile", "--universal", "--python-version", "3.11", "--no-header"]
    common += ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "-q"]
    everything = LOCK / "all.in.tmp"
    groups = [part for name in GROUPS for part in ("--group", f"{pyproject}:{name}")]
    subprocess.run([*common, *groups, "-o", everything], check=True)
    for name in GROUPS:
        target = LOCK / f"{name}.txt"
        paths.remove(target)
        command = [*common, "--generate-hashes", "--group", f"{pyproject}:{name}"]
        subprocess.run([*command, "-c", everything, "-o", target], check=True)
    everything.unlink()
