"""Statistics of tables that grew a moment ago, before large statements read them."""

import logging
from contextlib import contextmanager

import psycopg2

from odoo.tools import SQL, mute_logger

_logger = logging.getLogger(__name__)

# What is believed of a table is wrong where its rows would be wider than this, in bytes.
MAX_ROW_BYTES = 2000
# It is old where the table has become this many times as large.
MAX_GROWTH = 4
# Tables below this size, in bytes, are read quickly whatever the planner believes.
MIN_BYTES = 1 << 19


def inform_planner(env, tables):
    """Let PostgreSQL count tables again that it believes to be far smaller than they are.

    Autovacuum does that about a minute after a load. A job that starts before it may be planned
    for a handful of rows, as where a vacuum found nothing but dead ones, and take hours instead
    of seconds. Nothing happens where what is believed is about right, or where somebody else
    holds a table for longer than three seconds.

    Parameters
    ----------
    env : odoo.api.Environment
    tables : iterable of str
        Names of tables of the database; those that do not exist are passed over.
    """
    query = SQL(
        """SELECT relname FROM pg_class
        WHERE oid IN (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name)
            AND pg_relation_size(oid) > %s
            AND (pg_relation_size(oid) > %s * relpages * current_setting('block_size')::bigint
                OR reltuples * %s < relpages * current_setting('block_size')::bigint)""",
        list(tables),
        MIN_BYTES,
        MAX_GROWTH,
        MAX_ROW_BYTES,
    )
    found = env.execute_query(query)
    if found:
        _count_again(env.cr, SQL(", ").join(SQL.identifier(name) for [name] in found))


@contextmanager
def joining_by_hash(env):
    """Join large tables by hashing or merging, whatever the planner believes of their sizes.

    It may take a table for a single row in the very moment when a vacuum has seen nothing but
    rows that are being written, and nest one scan of all rows in another. The setting ends with
    the block, or with the transaction that fails in it.
    """
    env.cr.execute(SQL("SET LOCAL enable_nestloop = off"))
    yield
    env.cr.execute(SQL("SET LOCAL enable_nestloop = on"))


def _count_again(cr, tables):
    """Let PostgreSQL count tables; leave it where somebody else holds one of them for long."""
    cr.execute(SQL("SHOW lock_timeout"))
    [before] = cr.fetchone()
    try:
        with mute_logger("odoo.sql_db"), cr.savepoint(flush=False):
            # longer than it takes until a vacuum that runs by itself makes way
            cr.execute(SQL("SELECT set_config('lock_timeout', '3s', true)"))
            cr.execute(SQL("ANALYZE %s", tables))
            cr.execute(SQL("SELECT set_config('lock_timeout', %s, true)", before))
    except psycopg2.errors.LockNotAvailable:
        _logger.info("The statistics of %s are old, and somebody else holds them", tables.code)
