"""From the cells of a file to the canonical lines of the loader."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from .columns import FIELDS, UNIT_PRICE
from .values import cell_text, read_date, read_number, read_sign

DATES = ("date", "promised", "delivered")
NUMBERS = ("quantity", "amount")


@dataclass(frozen=True)
class Formats:
    """How a file writes numbers and dates.

    Parameters
    ----------
    decimal : {"dot", "comma"}
    date_order : {"dmy", "mdy"}
    currency : str
        Currency code of lines that name none.
    serial_dates : bool
        Whether bare numbers in date columns are Excel's day counts.
    """

    decimal: str = "dot"
    date_order: str = "dmy"
    currency: str = ""
    serial_dates: bool = False


class RowConverter:
    """Turns rows into tuples in the order of `FIELDS`, text or None.

    Parameters
    ----------
    fields : list of (str or None)
        The field of each column.
    formats : Formats
    """

    def __init__(self, fields, formats):
        self.formats = formats
        self.width = len(fields)
        places = {field: index for index, field in enumerate(fields) if field}
        self.places = [
            (at, places[field], self._reader(field))
            for at, field in enumerate(FIELDS)
            if field in places
        ]
        self.price = places.get(UNIT_PRICE)
        self.money = places.get("amount", self.price)
        self.numbers = [(field, places[field]) for field in NUMBERS if field in places]
        self.quantity_at = FIELDS.index("quantity")
        self.amount_at = FIELDS.index("amount")
        self.currency_at = FIELDS.index("currency")

    def _reader(self, field):
        formats = self.formats
        if field in DATES:
            return lambda cell: read_date(cell, formats.date_order, formats.serial_dates)
        if field in NUMBERS:
            return lambda cell: read_number(cell, formats.decimal)
        if field == "currency":
            return lambda cell: cell_text(cell).upper()
        return cell_text

    def convert(self, cells):
        """Return one line as a tuple; cells missing at the end of a short row are None."""
        count = len(cells)
        line = [None] * len(FIELDS)
        for at, place, read in self.places:
            if place < count and (cell := cells[place]) not in (None, ""):
                line[at] = read(cell) or None
        if not line[self.amount_at] and self.price is not None and self.price < count:
            line[self.amount_at] = self._amount(line[self.quantity_at], cells[self.price])
        if self.money is not None and self.money < count:
            self._heed_sign(line, cells[self.money])
        if not line[self.currency_at]:
            line[self.currency_at] = self.formats.currency or None
        return tuple(line)

    def _heed_sign(self, line, cell):
        """Take the currency from the sign of the amount, or leave an amount whose sign belies it.

        Such an amount stays as it was written, and is rejected as no number.
        """
        meant = read_sign(cell)
        named = line[self.currency_at]
        if not meant or (named or self.formats.currency) in meant:
            return
        if named or len(meant) > 1:
            line[self.amount_at] = cell_text(cell)
        else:
            [line[self.currency_at]] = meant

    def find_misread(self, cells):
        """Return the field of a number like 12.50 where the comma starts decimals, else None.

        It cannot be read so, yet the loader, which knows the dot alone, would take it.
        """
        if self.formats.decimal == "dot":
            return None
        for field, place in self.numbers:
            cell = cells[place] if place < len(cells) else None
            if isinstance(cell, str) and "." in cell:
                text = cell.strip()
                if read_number(text, "comma") == text:
                    return field
        return None

    def is_misfit(self, cells):
        """Tell a row that holds more cells than the header, so that they may have shifted."""
        return len(cells) > self.width and any(
            cell not in (None, "") for cell in cells[self.width :]
        )

    def _amount(self, quantity, cell):
        """Price times quantity; what cannot be multiplied is passed on to be rejected."""
        price = read_number(cell, self.formats.decimal)
        if not price:
            return None
        try:
            return format(Decimal(quantity or "0") * Decimal(price), "f")
        except InvalidOperation:
            return price


def is_canonical(field, text):
    """Tell whether the loader will understand this text of a date or number."""
    if not text:
        return True
    if field in DATES:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text))
    if field in NUMBERS:
        return bool(re.fullmatch(r"-?\d+(\.\d+)?", text))
    return True
