"""Where things are. Everything that the set-up makes lies below one cache folder."""

import os
import shutil
from pathlib import Path

from .say import Stop

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("LOGISTICS_CACHE") or ROOT / ".cache").resolve()
ADDONS = ("logistics_crm", "logistics_crm_scm", "logistics_crm_mining")

DOWNLOADS = CACHE / "downloads"
ODOO_TREE = CACHE / "odoo"
VENV = CACHE / "venv"
PYTHON = VENV / "bin" / "python"
BIN = CACHE / "bin"
LOGS = CACHE / "log"
RUN = CACHE / "run"
DATA = CACHE / "data"
POSTGRES = CACHE / "postgres"
NODE = CACHE / "node"


def folder(path):
    """Create `path` with its parents and return it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(
            f"The folder {path} cannot be created ({error.strerror}): make its parent writable, "
            "or set LOGISTICS_CACHE to a folder that is."
        ) from error
    return path


def require_space(path, megabytes, purpose):
    """Stop with a sentence when less than `megabytes` are free where `path` lies.

    Parameters
    ----------
    path : pathlib.Path
        A folder; its nearest existing parent is looked at.
    megabytes : int
        What is needed.
    purpose : str
        What it is needed for, as read after "for".
    """
    place = path
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free // 1_000_000
    if free < megabytes:
        raise Stop(
            f"There is too little disk space for {purpose}: {place} has {free} MB free and "
            f"{megabytes} MB are needed; free some, or set LOGISTICS_CACHE to a folder elsewhere."
        )


def remove(path):
    """Remove a file, link or folder, if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)
