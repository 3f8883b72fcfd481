"""Running other programs: a clean environment, a log, and a sentence when they fail."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time

from . import paths
from .say import Stop

# Python writes its compiled files, or every start would compile Odoo again.
UNWANTED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "ODOO_RC")


def environment(**changes):
    """Return the environment for programs that the set-up starts.

    Parameters
    ----------
    **changes : str or None
        Variables to set, or to leave out where None.
    """
    result = {key: value for key, value in os.environ.items() if key not in UNWANTED}
    result["PATH"] = os.pathsep.join(
        [str(paths.VENV / "bin"), str(paths.BIN), result.get("PATH", os.defpath)]
    )
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = str(value)
    return result


def find(name, purpose):
    """Return the path of a program, or stop saying what it is needed for."""
    found = shutil.which(name)
    if not found:
        raise Stop(f"The program '{name}' is not on PATH; it is needed {purpose}: install it.")
    return found


def output(command, **options):
    """Return what a command prints, or None when it fails or is missing."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def logged(command, log, advice, env=None, **options):
    """Run a command with its output in a log file; stop with `advice` when it fails.

    Parameters
    ----------
    command : list of str
        What to run.
    log : str
        Name of the log, below `.cache/log`.
    advice : str
        The sentence for people; the end of the log is shown below it.
    env : dict, optional
        The environment.
    """
    path = paths.folder(paths.LOGS) / f"{log}.log"
    with open(path, "w") as stream:
        try:
            code = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=env,
                **options,
            ).returncode
        except OSError as error:
            raise Stop(f"{advice} ('{command[0]}' could not be started: {error})") from error
    if code:
        raise Stop(f"{advice}\n    The end of {path}:\n{tail(path)}")
    return path


def tail(path, lines=15):
    """Return the last lines of a file, indented."""
    with open(path, errors="replace") as stream:
        return "".join("    | " + line for line in stream.readlines()[-lines:]).rstrip()


def free_port():
    """Return a TCP port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_taken(port):
    """Tell whether a server can not be started on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def alive(pid):
    """Tell whether a process with this id runs (a zombie does not)."""
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def stop(child, grace=15):
    """End a process that we started: politely first, then for good."""
    if child.poll() is not None:
        return
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(grace)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def wait_until(condition, seconds, pause=0.2):
    """Wait until `condition()` is true; return whether it became so in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(pause)
    return bool(condition())


def end_with_parent():
    """Ask the kernel to end this process when its parent dies; for a child before it runs."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
