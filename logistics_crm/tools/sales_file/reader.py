"""The door to a file: tells its kind, opens it, and takes a sample."""

import re
from itertools import islice

from .errors import ReadError
from .kinds import detect_kind
from .text import TextReader
from .values import cell_text, is_date, is_number
from .workbook import WorkbookReader

SAMPLE_ROWS = 2000
MAX_COLUMNS = 300

FileReader = TextReader | WorkbookReader


def open_file(path, encoding=None, delimiter=None, sheet=None, limit=None):
    """Open a sales file for reading.

    Returns
    -------
    TextReader or WorkbookReader
        With `header`, `rows()`, `check()`, `position`.

    Raises
    ------
    ReadError
        What is wrong with the file as a whole.
    """
    kind = detect_kind(path)
    if kind == "xlsx":
        reader = WorkbookReader(path, sheet=sheet, limit=limit)
    else:
        reader = TextReader(path, encoding, delimiter, compressed=kind == "gzip", limit=limit)
    check_header(reader.header)
    return reader


def check_header(header):
    """Raise ``no_header`` when the first row looks like data, ``columns`` when it is too wide."""
    if len(header) > MAX_COLUMNS:
        raise ReadError("columns", count=len(header), limit=MAX_COLUMNS)
    names = [name for name in header if name]
    data_like = [name for name in names if is_number(name) or is_date(name)]
    if not names or len(data_like) * 3 >= len(names) or not any(map(_has_letter, names)):
        raise ReadError("no_header", first=", ".join(names)[:120])


def take_sample(reader, count=SAMPLE_ROWS):
    """Return the first rows as lists of text; raise ``only_header`` when there are none."""
    sample = [
        [cell_text(cell) for cell in cells] for _number, cells in islice(reader.rows(), count)
    ]
    if not sample:
        raise ReadError("only_header")
    return sample


def _has_letter(name):
    return bool(re.search(r"[^\W\d_]", name))
