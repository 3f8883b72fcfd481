"""Streaming reader of delimited text."""

import csv
import gzip
import io
import os
import zlib

from .encoding import check_text, codec, explain, guess_encoding
from .errors import ReadError
from .kinds import HEAD, reject_foreign

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 1 << 16
SAMPLE_RECORDS = 100
FIELD_LIMIT = 1 << 17


class LimitedGzip(gzip.GzipFile):
    """Compressed text that may not grow beyond `limit` bytes when unpacked."""

    limit = None

    def read(self, size=-1):
        return self._counted(super().read(size))

    def read1(self, size=-1):
        return self._counted(super().read1(size))

    def _counted(self, data):
        if self.limit and self.tell() > self.limit:
            raise ReadError("unpacked_too_large", limit=self.limit)
        return data


class TextReader:
    """Rows of a CSV file, in bounded memory.

    Parameters
    ----------
    path : str
    encoding, delimiter : str, optional
        Guessed when not given.
    compressed : bool
        Whether the file is gzip.
    limit : int, optional
        Largest unpacked size in bytes.

    Attributes
    ----------
    encoding, delimiter : str
    header : list of str
    """

    kind = "csv"
    sheets = ()
    sheet = None

    def __init__(self, path, encoding=None, delimiter=None, compressed=False, limit=None):
        self.path = path
        self.compressed = compressed
        self.limit = limit
        self.size = os.path.getsize(path)
        self._raw = None
        try:
            self._prepare(encoding, delimiter)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ReadError("broken_gzip") from error

    def _prepare(self, encoding, delimiter):
        if self.compressed:
            with self.open_binary() as stream:
                head = stream.read(HEAD)
            if not head:
                raise ReadError("empty")
            if head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
                raise ReadError("zip")
            reject_foreign(head)
        self.encoding = encoding or guess_encoding(self.open_binary)
        head = self._read_head()
        if not head.strip():
            raise ReadError("empty")
        self.marker = "sep=" if head.lower().startswith("sep=") else ""
        if self.marker:
            delimiter = delimiter or head[4:5]
        self.delimiter = delimiter or guess_delimiter(head)
        self.header = self._read_header()

    def open_binary(self):
        if not self.compressed:
            return open(self.path, "rb")
        stream = LimitedGzip(self.path, "rb")
        stream.limit = self.limit
        return stream

    @property
    def position(self):
        """Share of the file read so far, 0 to 1."""
        if self._raw is None or self._raw.closed or not self.size:
            return 0.0
        raw = self._raw.fileobj if self.compressed else self._raw
        return min(raw.tell() / self.size, 1.0)

    def check(self):
        """Check the whole text once; return an estimate of its rows."""
        try:
            return max(check_text(self.open_binary, self.encoding) - 1, 0)
        except ReadError as error:
            if error.code != "encoding":
                raise
            raise explain(error, self.open_binary) from error

    def rows(self):
        """Yield ``(record number, cells)`` below the header; blank records are left out.

        The header is record 1 unless blank ones stand above it.
        """
        records = self._records()
        next(records, None)
        yield from records

    def _read_head(self):
        with self._open_text() as text:
            try:
                return text.read(SAMPLE)
            except UnicodeError:
                return self._raise_encoding()

    def _read_header(self):
        _number, cells = next(self._records(), (0, None))
        if not cells:
            raise ReadError("empty")
        return [cell.strip() for cell in cells]

    def _open_text(self):
        self._raw = self.open_binary()
        return io.TextIOWrapper(
            self._raw, encoding=codec(self.encoding), errors="strict", newline=""
        )

    def _records(self):
        with self._open_text() as text:
            try:
                yield from self._parse(text)
            except UnicodeError:
                self._raise_encoding()
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise ReadError("broken_gzip") from error

    def _parse(self, text):
        reader = csv.reader(text, delimiter=self.delimiter, skipinitialspace=self.delimiter != "\t")
        csv.field_size_limit(FIELD_LIMIT)
        if self.marker:
            next(reader)
        line = reader.line_num
        width = None
        try:
            for number, cells in enumerate(reader, start=line + 1):
                if reader.line_num > line + 1:
                    self._check_quotes(cells, width, line + 1)
                line = reader.line_num
                if any(cells):
                    width = width or len(cells)
                    yield number, cells
        except csv.Error as error:
            raise ReadError("quote", line=line + 1) from error

    def _check_quotes(self, cells, width, line):
        """Notice a quotation mark that was never closed and swallowed the rows after it."""
        width = width or len(cells)
        for cell in cells:
            if cell.count("\n") > 1 and cell.count(self.delimiter) >= 2 * max(width - 1, 1):
                raise ReadError("quote", line=line)

    def _raise_encoding(self):
        self.check()
        raise ReadError("encoding", encoding=self.encoding, position=1, line=1, byte="", offers=[])


def guess_delimiter(text):
    """Return the delimiter that cuts the sample into the most regular table.

    Raises
    ------
    ReadError
        ``delimiter`` when none makes more than one column.
    """
    scores = {delimiter: _regularity(text, delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=scores.get)
    if scores[best][1] < 2:
        raise ReadError("delimiter", first=text.strip().splitlines()[0][:80])
    return best


def _regularity(text, delimiter):
    """Share of records as wide as the first one, and that width."""
    csv.field_size_limit(FIELD_LIMIT)
    lines = text.splitlines(keepends=True)
    if len(lines) > 1 and len(text) >= SAMPLE:
        lines.pop()
    widths = []
    try:
        for record in csv.reader(lines, delimiter=delimiter):
            if any(record):
                widths.append(len(record))
            if len(widths) >= SAMPLE_RECORDS:
                break
    except csv.Error:
        return 0, 0
    if not widths or widths[0] < 2:
        return 0, 0
    return round(widths.count(widths[0]) / len(widths), 1), widths[0]
