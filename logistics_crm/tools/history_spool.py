"""Where uploaded sales files wait on the server until they are loaded."""

import os
import time

CHUNK = 1 << 20

PART, FILE, REJECTED = "part", "file", "rejected.csv"


class Spool:
    """The files of one database, below Odoo's data directory.

    Parameters
    ----------
    data_dir, dbname : str
    """

    def __init__(self, data_dir, dbname):
        self.folder = os.path.join(data_dir, "logistics_crm", dbname)

    def path(self, load_id, kind=FILE):
        """Path of a load's file; names come from ids only, never from people."""
        return os.path.join(self.folder, f"{int(load_id)}.{kind}")

    def part_path(self, load_id, token):
        """Path of an upload that is under way."""
        if not token.isalnum() or len(token) > 64:
            raise ValueError(token)
        return os.path.join(self.folder, f"{int(load_id)}-{token}.{PART}")

    def ensure(self):
        os.makedirs(self.folder, mode=0o700, exist_ok=True)

    def has(self, load_id, kind=FILE):
        return os.path.exists(self.path(load_id, kind))

    def remove(self, load_ids, kinds=(FILE, REJECTED)):
        for load_id in load_ids:
            for kind in kinds:
                remove(self.path(load_id, kind))

    def append(self, path, stream, offset, size):
        """Write `size` bytes of a stream at the end of a part file, in bounded memory.

        Returns
        -------
        bool
            Whether all came; an upload that was cut off leaves nothing behind.
        """
        self.ensure()
        received = 0
        try:
            with open(path, "r+b" if offset else "wb") as part:
                part.seek(offset)
                while received < size and (chunk := stream.read(min(CHUNK, size - received))):
                    part.write(chunk)
                    received += len(chunk)
        finally:
            if received < size:
                remove(path)
        return received == size

    def entries(self):
        """Yield ``(load id, kind, path, age in seconds)`` of everything that lies here."""
        if not os.path.isdir(self.folder):
            return
        now = time.time()
        with os.scandir(self.folder) as entries:
            for entry in entries:
                stem, _dot, kind = entry.name.partition(".")
                load_id = stem.partition("-")[0]
                if load_id.isdigit():
                    yield int(load_id), kind, entry.path, now - entry.stat().st_mtime


def remove(path):
    """Remove a file that may be gone already."""
    try:
        os.remove(path)
    except FileNotFoundError:
        return
