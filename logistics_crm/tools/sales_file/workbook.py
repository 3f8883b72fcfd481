"""Streaming reader of XLSX workbooks."""

import os
import zipfile
import zlib
from contextlib import closing
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from .errors import ReadError

#: openpyxl keeps the texts of a workbook in memory; beyond this, CSV is the better carrier.
MAX_TEXTS = 96 << 20
DEFAULT_LIMIT = 2 << 30

BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    NotImplementedError,
    RuntimeError,
    OSError,
)


class WorkbookReader:
    """Rows of one sheet of an XLSX workbook, in bounded memory.

    Parameters
    ----------
    path : str
    sheet : str, optional
        Name of the sheet; without it the first one that holds rows.
    limit : int, optional
        Largest unpacked size in bytes.

    Attributes
    ----------
    sheets : list of str
    sheet : str
    header : list of str
    """

    kind = "xlsx"
    encoding = delimiter = None

    def __init__(self, path, sheet=None, limit=None):
        self.path = path
        self.size = os.path.getsize(path)
        self._read = self._total = 0
        check_archive(path, limit or DEFAULT_LIMIT)
        self.sheets = self._list_sheets()
        if sheet and sheet not in self.sheets:
            raise ReadError("sheet", sheet=sheet, sheets=self.sheets)
        self.sheet = sheet
        self.header = self._read_header()

    @property
    def position(self):
        """Share of the sheet read so far, 0 to 1 (0 where the sheet does not say its size)."""
        return min(self._read / self._total, 1.0) if self._total else 0.0

    def check(self):
        """Return an estimate of the rows below the header (0 when the sheet does not say)."""
        return max(self._total - 1, 0)

    def rows(self):
        """Yield ``(row number, cells)`` below the header; blank rows are left out."""
        records = self._records(self.sheet)
        next(records, None)
        yield from records

    def _list_sheets(self):
        return list(self._guarded(lambda book: [sheet.title for sheet in book.worksheets]))

    def _read_header(self):
        for name in [self.sheet] if self.sheet else self.sheets:
            with closing(self._records(name)) as records:
                _number, cells = next(records, (0, None))
            if cells:
                self.sheet = name
                return [str(cell).strip() if cell is not None else "" for cell in cells]
        raise ReadError("empty")

    def _guarded(self, function):
        try:
            # by handle: openpyxl judges a path by its ending
            with (
                open(self.path, "rb") as stream,
                closing(openpyxl.load_workbook(stream, read_only=True, data_only=True)) as book,
            ):
                yield from function(book)
        except ReadError:
            raise
        except BROKEN as error:
            raise ReadError("broken_workbook") from error

    def _records(self, name):
        yield from self._guarded(lambda book: self._iter_sheet(book[name]))

    def _iter_sheet(self, sheet):
        self._total = sheet.max_row or 0
        # many programs write a wrong size; openpyxl would cut the sheet there
        sheet.reset_dimensions()
        for self._read, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if any(cell not in (None, "") for cell in cells):
                yield self._read, list(cells)


def check_archive(path, limit):
    """Refuse workbooks that unpack to more than memory or `limit` bytes would hold."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ReadError("broken_workbook") from error
    if sum(entry.file_size for entry in entries) > limit:
        raise ReadError("unpacked_too_large", limit=limit)
    for entry in entries:
        small = not entry.filename.startswith("xl/worksheets/")
        if small and entry.filename.endswith(".xml") and entry.file_size > MAX_TEXTS:
            raise ReadError("workbook_texts", limit=MAX_TEXTS)
