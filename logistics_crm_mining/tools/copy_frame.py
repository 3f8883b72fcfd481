"""From a query to a DataFrame by ``COPY ... (FORMAT binary)``, in bounded memory.

Rows of fixed width go from PostgreSQL's wire format straight into numpy, without a Python object
per value.
"""

import io
import struct

import numpy as np
import pandas as pd

from odoo.tools import SQL

CHUNK_BYTES = 1 << 22
SIGNATURE = b"PGCOPY\n\xff\r\n\x00"
EPOCH = np.datetime64("2000-01-01", "s")
DAY_SECONDS = 86_400
NO_DATE, END_OF_TIME = np.iinfo(np.int32).min, np.iinfo(np.int32).max
# kind -> how PostgreSQL sends it, the cast that enforces it with the stand-in for NULL, and the
# types (by object id) that can be cast
INTEGERS = {20: "bigint", 21: "smallint", 23: "integer"}
KINDS = {
    "int32": (">i4", "COALESCE(source.%s::int4, -1)", {**INTEGERS, 16: "boolean"}),
    "int64": (">i8", "COALESCE(source.%s::int8, -1)", INTEGERS),
    "float64": (
        ">f8",
        "COALESCE(source.%s::float8, 'NaN')",
        {**INTEGERS, 700: "real", 701: "double precision", 1700: "numeric"},
    ),
    "date": (
        ">i4",
        "COALESCE(source.%s::date, '-infinity')",
        {1082: "date", 1114: "timestamp", 1184: "timestamptz"},
    ),
    "bool": ("?", "COALESCE(source.%s, false)", {16: "boolean"}),
}


class CopyFrameError(ValueError):
    """The query does not give what the schema promises."""


def copy_frame(cr, query, schema):
    """Run a query and return its rows as a DataFrame.

    The caller flushes the ORM first (``env.flush_all()`` or the flush of the models read): `COPY`
    does not go through it. Before the `COPY` one ordinary ``execute`` checks the columns, which
    also opens the savepoint that Odoo's test cursor opens at the first ``execute`` only.

    Parameters
    ----------
    cr : odoo.sql_db.Cursor
        The query runs in its transaction.
    query : odoo.tools.SQL
        A SELECT with a name for each column. Its parameters are quoted by the cursor.
    schema : dict of str
        Column name -> kind, in the order of the frame's columns. Columns of the query that are not
        named stay out.

        ========= ==================================== =================== ============
        kind      from                                 dtype               NULL becomes
        ========= ==================================== =================== ============
        int32     smallint, integer, bigint, boolean   int32               -1
        int64     smallint, integer, bigint            int64               -1
        float64   integers, real, double, numeric      float64             NaN
        date      date, timestamp                      datetime64[s]       NaT
        bool      boolean                              bool                False
        ========= ==================================== =================== ============

        A boolean whose NULL matters is asked for as ``int32``: 1, 0 or -1. Infinite dates are NaT.

    Returns
    -------
    DataFrame

    Raises
    ------
    CopyFrameError
        If the query is no `SQL` object, a kind is unknown, a column is missing or of a type that
        cannot become its kind, or the answer is not what was asked for.
    """
    _check_schema(query, schema)
    _check_columns(cr, query, schema)
    target = _FrameTarget(schema)
    # the buffer is written in C once per row, the target in Python once per chunk
    with io.BufferedWriter(target, CHUNK_BYTES) as buffer:
        cr.copy_expert(cr.mogrify(_copy_statement(query, schema)), buffer)
        buffer.flush()
        return target.frame()


def _copy_statement(query, schema):
    columns = [
        SQL("%s AS %s", SQL(KINDS[kind][1], SQL.identifier(name)), SQL.identifier(name))
        for name, kind in schema.items()
    ]
    return SQL(
        "COPY (SELECT %s FROM (%s) AS source) TO STDOUT (FORMAT binary)",
        SQL(", ").join(columns),
        query,
    )


def _check_schema(query, schema):
    if not isinstance(query, SQL):
        raise CopyFrameError("The query must be an odoo.tools.SQL object.")
    if not schema:
        raise CopyFrameError("The schema names no column.")
    for name, kind in schema.items():
        if kind not in KINDS:
            raise CopyFrameError(
                f"Column {name!r}: unknown kind {kind!r}; there are {', '.join(KINDS)}."
            )


def _check_columns(cr, query, schema):
    """Compare the columns of the query with the schema without reading a row."""
    cr.execute(SQL("SELECT * FROM (%s) AS source LIMIT 0", query))
    types = {column.name: column.type_code for column in cr.description}
    for name, kind in schema.items():
        if name not in types:
            raise CopyFrameError(
                f"The query has no column {name!r}; it has {', '.join(types) or 'none'}."
            )
        allowed = KINDS[kind][2]
        if types[name] not in allowed:
            cr.execute(SQL("SELECT format_type(%s, NULL)", types[name]))
            raise CopyFrameError(
                f"Column {name!r} is of PostgreSQL type {cr.fetchone()[0]}, which cannot become "
                f"{kind}: that takes {', '.join(allowed.values())}."
            )


class _FrameTarget(io.RawIOBase):
    """A file to copy into: turns whole rows into columns and keeps the rest for the next chunk."""

    def __init__(self, schema):
        self.schema = schema
        parts = [("count", ">i2")]
        for place, kind in enumerate(schema.values()):
            parts += [(f"size{place}", ">i4"), (f"value{place}", KINDS[kind][0])]
        self.row = np.dtype(parts)
        self.head_seen = False
        self.rest = b""
        self.chunks = [[] for _ in schema]

    def writable(self):
        return True

    def write(self, data):  # pylint: disable=method-required-super
        taken = len(data)
        block = self.rest + bytes(data) if self.rest else bytes(data)
        start = 0 if self.head_seen else self._head(block)
        count = max(len(block) - start, 0) // self.row.itemsize if self.head_seen else 0
        if count:
            self._keep(np.frombuffer(block, self.row, count, start))
        self.rest = block[start + count * self.row.itemsize :]
        return taken

    def _head(self, block):
        """Check the file header and return where the rows start, 0 while it is incomplete."""
        if len(block) < len(SIGNATURE) + 8:
            return 0
        if not block.startswith(SIGNATURE):
            raise CopyFrameError("PostgreSQL did not answer in its binary format.")
        self.head_seen = True
        return len(SIGNATURE) + 8 + struct.unpack_from(">i", block, len(SIGNATURE) + 4)[0]

    def _keep(self, rows):
        if (rows["count"] != len(self.schema)).any():
            raise CopyFrameError("A row has another number of columns than the schema.")
        for place, (name, kind) in enumerate(self.schema.items()):
            values = rows[f"value{place}"]
            if (rows[f"size{place}"] != values.dtype.itemsize).any():
                raise CopyFrameError(f"Column {name!r} is not sent as {kind}.")
            # a copy, so that the block can go
            self.chunks[place].append(values.astype(values.dtype.newbyteorder("=")))

    def frame(self):
        """Return what was copied; the chunks are given up column by column."""
        if not self.head_seen or self.rest != b"\xff\xff":
            raise CopyFrameError("The answer of PostgreSQL ends in the middle of a row.")
        columns = {}
        for place, (name, kind) in enumerate(self.schema.items()):
            chunks, self.chunks[place] = self.chunks[place], None
            dtype = np.dtype(KINDS[kind][0]).newbyteorder("=")
            values = np.concatenate(chunks) if chunks else np.empty(0, dtype)
            columns[name] = _as_dates(values) if kind == "date" else values
        return pd.DataFrame(columns, copy=False)


def _as_dates(days):
    """Turn PostgreSQL's days since 2000 into datetime64[s]; infinite ones into NaT."""
    dates = EPOCH + (days.astype(np.int64) * DAY_SECONDS).astype("timedelta64[s]")
    dates[(days == NO_DATE) | (days == END_OF_TIME)] = np.datetime64("NaT")
    return dates
