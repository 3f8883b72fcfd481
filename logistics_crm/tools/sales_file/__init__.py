"""Reading of sales files (CSV, XLSX) as streams of rows. Knows nothing of Odoo."""

from .columns import FIELDS, REQUIRED, guess_fields, missing_fields
from .convert import Formats, RowConverter
from .errors import ReadError
from .kinds import detect_kind
from .reader import FileReader, open_file, take_sample
from .values import cell_text, guess_date_order, guess_decimal, read_date, read_number

__all__ = [
    "FIELDS",
    "REQUIRED",
    "FileReader",
    "Formats",
    "ReadError",
    "RowConverter",
    "cell_text",
    "detect_kind",
    "guess_date_order",
    "guess_decimal",
    "guess_fields",
    "missing_fields",
    "open_file",
    "read_date",
    "read_number",
    "take_sample",
]
