"""Content hashes: what was made from what, so that a step runs again only when it must."""

import hashlib
from pathlib import Path

SKIPPED = {"__pycache__", "node_modules", ".cache", ".git"}


def of_text(*texts):
    """Return a short hash of the given texts."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def of_file(path):
    """Return the SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def of_folders(folders, leave_out=()):
    """Return a short hash of all files below `folders`, names included.

    Parameters
    ----------
    folders : iterable of pathlib.Path
        Where to look.
    leave_out : iterable of str
        Folder names that do not count.
    """
    digest = hashlib.sha256()
    skipped = SKIPPED | set(leave_out)
    for base in folders:
        for path in sorted(Path(base).rglob("*")):
            parts = path.relative_to(base).parts
            if path.is_file() and not skipped.intersection(parts) and path.suffix != ".pyc":
                digest.update(f"{base.name}/{'/'.join(parts)}\0{of_file(path)}\n".encode())
    return digest.hexdigest()[:16]


def matches(folder, stamp):
    """Tell whether `folder` was finished with this stamp."""
    mark = folder / ".stamp"
    return mark.is_file() and mark.read_text().strip() == stamp


def write(folder, stamp):
    """Note that `folder` is finished. Written last and by renaming, so never half there."""
    fresh = folder / ".stamp.new"
    fresh.write_text(stamp + "\n")
    fresh.replace(folder / ".stamp")
