"""The file of rejected rows: as they came, with row number, field and reason."""

import csv
import re

from .sales_file import cell_text

#: What makes spreadsheet programs take a text for a formula.
FORMULA = re.compile(r"\s*[=+\-@\t\r]").match
NUMBER = re.compile(r"\s*[+-]?[\d.,]+\s*").fullmatch


def safe_cell(cell):
    """Return a cell as text that no spreadsheet program runs as a formula; numbers stay."""
    text = cell_text(cell)
    return f"'{text}" if FORMULA(text) and not NUMBER(text) else text


def write_rejects(path, titles, header, rows, rejects):
    """Write the rejected rows of a file, reading both streams once, in step.

    Parameters
    ----------
    path : str
    titles : list of str
        Names of the three columns in front: row, field, reason.
    header : list of str
        Column names of the file.
    rows : iterable of (int, list)
        All rows of the file with their number in it.
    rejects : iterable of (int, str, str)
        Position among the rows (from 1, ascending), field, reason.

    Returns
    -------
    int
        Number of rows written.
    """
    count = 0
    rows = enumerate(rows, start=1)
    with open(path, "w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*titles, *map(safe_cell, header)])
        for wanted, field, reason in rejects:
            for position, (number, cells) in rows:
                if position == wanted:
                    writer.writerow([number, field, reason, *map(safe_cell, cells)])
                    count += 1
                    break
    return count
