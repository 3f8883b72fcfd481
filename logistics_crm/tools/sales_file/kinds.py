"""What a file is by its content: names and MIME types of uploads are often wrong."""

import os
import zipfile

from .errors import ReadError

HEAD = 4096

#: First bytes of what people upload by mistake, and what to call it.
MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"%PDF", "pdf"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"BZh", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"PAR1", "binary"),
    (b"SQLite format 3\x00", "binary"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"\x7fELF", "binary"),
)
MARKUP = ((b"<!doctype html", "html"), (b"<html", "html"), (b"<table", "html"), (b"<?xml", "xml"))


def detect_kind(path):
    """Tell what kind of readable file lies at `path`.

    Returns
    -------
    str
        ``text``, ``gzip`` (compressed text) or ``xlsx``.

    Raises
    ------
    ReadError
        ``empty``, ``zip``, ``xls``, ``ods``, ``xlsb``, ``pdf``, ``archive``, ``picture``,
        ``html``, ``xml``, ``json``, ``binary`` or ``broken_workbook``.
    """
    if not os.path.getsize(path):
        raise ReadError("empty")
    with open(path, "rb") as stream:
        head = stream.read(HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _detect_zip(path)
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    reject_foreign(head)
    return "text"


def reject_foreign(head):
    """Raise when the first bytes are those of something that is no table of text."""
    for magic, code in MAGIC:
        if head.startswith(magic):
            raise ReadError(code)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, code in MARKUP:
        if text.startswith(magic):
            raise ReadError(code)
    if text.startswith((b"{", b"[{")):
        raise ReadError("json")


def _detect_zip(path):
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ReadError("broken_workbook") from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise ReadError("xlsb")
    if "content.xml" in names and "mimetype" in names:
        raise ReadError("ods")
    raise ReadError("zip")
