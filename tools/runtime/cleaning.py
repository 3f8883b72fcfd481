"""`make clean`: stop what the set-up started and remove what it made."""

import os
import signal

from . import paths, process
from .postgres import Cluster
from .say import Stop, note, step

TAG = "CACHEDIR.TAG"
SIGNATURE = """Signature: 8a477f597d28d172789f06886806bc55
# Made by tools/lc.py; 'make clean' removes it.
"""


def tag(folder):
    """Mark a folder as a cache of ours, which backups leave out and `clean` may remove."""
    mark = paths.folder(folder) / TAG
    if not mark.exists():
        mark.write_text(SIGNATURE)


def run():
    """Stop servers and remove the cache folder, if it is one of ours."""
    if not paths.CACHE.exists():
        note(f"There is nothing to remove: {paths.CACHE} is not there.")
        return
    if not (paths.CACHE / TAG).is_file() or paths.CACHE in (paths.ROOT, *paths.ROOT.parents):
        raise Stop(
            f"{paths.CACHE} was not made by this set-up (it has no {TAG}), so it is left alone: "
            "remove it by hand if you mean it."
        )
    for pid in servers():
        note(f"stopping the server with process id {pid}")
        os.kill(pid, signal.SIGTERM)
        process.wait_until(lambda pid=pid: not process.alive(pid), 30)
    for name in ("demo", "test"):
        _remove_cluster(Cluster(name, durable=False))
    step(f"Removing {paths.CACHE}")
    paths.remove(paths.CACHE)


def servers():
    """Return the process ids of Odoo servers that run from our cache folder."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as stream:
                words = stream.read().split(b"\0")
        except OSError:
            continue
        if os.fsencode(paths.PYTHON) == words[0] and b"-c" in words:
            found.append(int(entry))
    return found


def _remove_cluster(cluster):
    cluster.halt()
    if cluster.home.exists() and paths.CACHE not in cluster.home.parents:
        paths.remove(cluster.home)
    if cluster.socket_folder.exists() and paths.CACHE not in cluster.socket_folder.parents:
        paths.remove(cluster.socket_folder)
