"""Numbers and dates as people and programs write them, turned into canonical text.

Canonical are a plain number with a decimal dot (``-1234.5``) and an ISO date
(``2024-01-05``). What cannot be read stays as it was, so that the check of the line can say so.
"""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?").fullmatch
CURRENCY_SIGNS = re.compile(r"[\s'’$€£¥₹\u00a0\u202f]|^(?:RMB|CNY|USD|EUR|GBP)|元$")
DOLLARS = frozenset({"USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"})
SIGN = re.compile(r"[$€£¥₹元]|RMB|CNY|USD|EUR|GBP")
CURRENCIES_OF_SIGN = {
    "$": DOLLARS,
    "¥": frozenset({"CNY", "JPY"}),
    "元": frozenset({"CNY"}),
    "RMB": frozenset({"CNY"}),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "₹": frozenset({"INR"}),
}
GROUPED = {
    "dot": re.compile(r"[+-]?(?:\d{1,3}(?:,\d{2,3})*,\d{3}|\d*)(?:\.\d*)?").fullmatch,
    "comma": re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{2,3})*\.\d{3}|\d*)(?:,\d*)?").fullmatch,
}
SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE][+-]?\d{1,2}").fullmatch

PARTS = re.compile(
    r"(\d{1,4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,4})\.?"
    r"(?:[T\s]+\d{1,2}[:.]\d{2}.*)?"
).fullmatch
COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})").fullmatch
CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?(?:\s.*)?").fullmatch
DAY_NAME = re.compile(r"(\d{1,2})[-\s.]+([A-Za-z]{3,9})\.?[-\s,.]+(\d{2,4})(?:\s.*)?").fullmatch
NAME_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})(?:\s.*)?").fullmatch
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        start=1,
    )
}
EXCEL_EPOCH = date(1899, 12, 30)


def cell_text(cell):
    """Return a cell as the text that people see in it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, float):
        return _float_text(cell)
    return str(cell)


def read_number(cell, decimal="dot"):
    """Return a number as canonical text, or its own text when it is none.

    Parameters
    ----------
    cell : str, int, float or None
    decimal : {"dot", "comma"}
        Which sign starts the decimals; the other one groups thousands.
    """
    if isinstance(cell, str):
        return cell if cell.isdigit() and cell.isascii() else _read_number_text(cell, decimal)
    return cell_text(cell)


def read_sign(cell):
    """Return the codes of the currencies that the sign in an amount may mean, none without one."""
    if not isinstance(cell, str) or PLAIN(cell):
        return frozenset()
    found = SIGN.search(unicodedata.normalize("NFKC", cell).upper())
    if not found:
        return frozenset()
    return CURRENCIES_OF_SIGN.get(found[0], frozenset({found[0]}))


@lru_cache(maxsize=8192)
def _read_number_text(raw, decimal):
    text = raw.strip()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("−", "-")
    if decimal == "dot" and PLAIN(text):
        return text.lstrip("+")
    text = CURRENCY_SIGNS.sub("", text)
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    elif text.endswith("-"):
        text = "-" + text[:-1]
    text = CURRENCY_SIGNS.sub("", text)
    if GROUPED[decimal](text) and any(map(str.isdigit, text)):
        return _plain(text, decimal)
    if SCIENTIFIC(text.replace(",", ".") if decimal == "comma" else text):
        return format(Decimal(text.replace(",", ".")), "f")
    return raw.strip()


def _plain(text, decimal):
    group, point = (",", ".") if decimal == "dot" else (".", ",")
    text = text.replace(group, "").replace(point, ".").lstrip("+")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _dot, rest = digits.partition(".")
    return f"{sign}{whole or '0'}{'.' + rest if rest else ''}"


def read_date(cell, order="dmy", serial=False):
    """Return a date as ISO text, or its own text when it is none.

    Parameters
    ----------
    cell : str, date, datetime, int, float or None
    order : {"dmy", "mdy"}
        How to read ``5/1/2024``; dates that begin with the year need no order.
    serial : bool
        Whether a bare number may be Excel's count of days since 1900.
    """
    if isinstance(cell, str):
        return _read_date_text(cell, order)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if serial and isinstance(cell, (int, float)) and 20000 <= cell < 80000:
        return (EXCEL_EPOCH + timedelta(days=int(cell))).isoformat()
    return cell_text(cell)


@lru_cache(maxsize=8192)
def _read_date_text(raw, order):
    text = raw.strip()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    parts = _date_parts(text, order)
    if parts:
        try:
            return date(*parts).isoformat()
        except ValueError:
            return text
    return text


def _date_parts(text, order):
    """Return (year, month, day) as written, not yet checked, or None."""
    if match := (COMPACT(text) or CHINESE(text)):
        return tuple(map(int, match.groups()))
    if match := PARTS(text):
        first, second, third = match.groups()
        if len(first) == 4:
            return int(first), int(second), int(third)
        if len(first) > 2 or len(third) not in (2, 4):
            return None
        day, month = (first, second) if order == "dmy" else (second, first)
        return _full_year(third), int(month), int(day)
    if match := DAY_NAME(text):
        day, month, year = match.groups()
        return _full_year(year), MONTHS.get(month[:3].lower(), 0), int(day)
    if match := NAME_DAY(text):
        month, day, year = match.groups()
        return int(year), MONTHS.get(month[:3].lower(), 0), int(day)
    return None


def _full_year(text):
    year = int(text)
    return year + (2000 if year < 70 else 1900) if len(text) == 2 else year


def _float_text(number):
    if not math.isfinite(number):
        return str(number)
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text


def is_number(text):
    return any(PLAIN(read_number(text, decimal)) for decimal in GROUPED)


def is_date(text):
    return any(re.fullmatch(r"\d{4}-\d\d-\d\d", read_date(text, order)) for order in ("dmy", "mdy"))


def guess_decimal(texts, delimiter=None):
    """Guess the decimal sign from a sample of numbers.

    Returns
    -------
    (str, bool)
        ``dot`` or ``comma``, and whether the sample proves it.
    """
    votes = {"dot": 0, "comma": 0}
    ambiguous = False
    for text in texts:
        dot, comma = text.rfind("."), text.rfind(",")
        if dot == comma:
            continue
        kind, at, sign = ("dot", dot, ".") if dot > comma else ("comma", comma, ",")
        other = "comma" if kind == "dot" else "dot"
        if text.count(sign) > 1:
            votes[other] += 1
        elif min(dot, comma) >= 0 or len(text) - at - 1 != 3:
            votes[kind] += 1
        else:
            ambiguous = True
    if votes["dot"] != votes["comma"]:
        return max(votes, key=votes.get), not min(votes.values())
    return ("comma" if delimiter == ";" else "dot"), not ambiguous


def guess_date_order(texts, default="dmy"):
    """Guess whether day or month comes first.

    Returns
    -------
    (str, bool)
        ``dmy`` or ``mdy``, and whether the sample proves it.
    """
    votes = {"dmy": 0, "mdy": 0}
    ambiguous = False
    for text in texts:
        match = PARTS(text.strip())
        if not match or len(match[1]) > 2:
            continue
        first, second = int(match[1]), int(match[2])
        ambiguous = True
        if first > 12 or "." in text[:3]:
            votes["dmy"] += 1
        elif second > 12:
            votes["mdy"] += 1
    if votes["dmy"] != votes["mdy"]:
        return max(votes, key=votes.get), True
    return default, not ambiguous
