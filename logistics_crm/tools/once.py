"""Records of other systems that are stored once, however often and however closely they come."""

from contextlib import contextmanager

import psycopg2

from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL, mute_logger


@contextmanager
def creating_once(env, table, key):
    """Create a record with a key of its own; leave it to another request that is at it.

    Odoo does the request again then, and it finds what the other has created. A lock tells of a
    request that is at it, the table's unique index of one that has just been.

    Parameters
    ----------
    env : odoo.api.Environment
    table : str
        Where the key is unique.
    key : tuple
        The values of the unique index; a key whose last value is empty is none.

    Raises
    ------
    ConcurrencyError
        Another request is creating, or has just created, the same.
    """
    if key[-1] and not _lock(env, table, key):
        raise ConcurrencyError(f"Another request is creating the same {table}")
    try:
        with mute_logger("odoo.sql_db"):  # a repetition is part of the plan
            yield
            env.flush_all()
    except psycopg2.errors.UniqueViolation as error:
        raise ConcurrencyError(f"Another request has created the same {table}") from error


def _lock(env, table, key):
    """Lock a key until the transaction ends; return whether it was free."""
    text = "/".join(map(str, (table, *key)))
    query = SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", text)
    return env.execute_query(query)[0][0]
