"""What people may choose, as make variables or in the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

from .say import Stop

DEFAULT_PORT = 8069
DEFAULT_DATABASE = "logistics_demo"


@dataclass(frozen=True)
class Settings:
    """The choices of one run.

    Attributes
    ----------
    odoo : pathlib.Path or None
        An Odoo 19 tree of the user's own.
    pghost : str or None
        An existing PostgreSQL server; None means the embedded one.
    port : int
        The demo's HTTP port.
    database : str
        The demo's database.
    debian_mirror : str or None
        A Debian mirror for machines whose apt knows none.
    """

    odoo: Path | None
    pghost: str | None
    port: int
    database: str
    debian_mirror: str | None


def read(environ=os.environ):
    """Return the `Settings` of an environment; stop at a value that makes no sense."""
    odoo = environ.get("ODOO")
    return Settings(
        odoo=Path(odoo).expanduser().resolve() if odoo else None,
        pghost=environ.get("PGHOST") or None,
        port=_port(environ.get("PORT") or str(DEFAULT_PORT)),
        database=_database(environ.get("DB") or DEFAULT_DATABASE),
        debian_mirror=(environ.get("DEBIAN_MIRROR") or "").rstrip("/") or None,
    )


def _port(text):
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"PORT={text} is no port: choose a number from 1 to 65535.")
    return int(text)


def _database(text):
    if (
        not (text[0].isalpha() and text.replace("_", "a").replace("-", "a").isalnum())
        or len(text) > 50
    ):
        raise Stop(
            f"DB={text} cannot be the name of a database here: use a letter first, then letters, "
            "digits, '_' or '-', 50 characters at most."
        )
    return text
