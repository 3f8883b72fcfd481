"""How a code is written: prefix, counter and check character. No Odoo in here."""

import re
from typing import NamedTuple

from stdnum import ean
from stdnum.iso7064 import mod_37_36

CHECK_NONE = "none"
CHECK_GS1 = "gs1_mod10"
CHECK_ISO7064 = "iso7064_mod37_36"


def normalize(code):
    """Return the code in capitals and without spaces, or False for an empty one."""
    return re.sub(r"\s+", "", code or "").upper() or False


# What scanners put before a code: the symbology, and GS1 application identifiers (GS1 General
# Specifications, 3) of numbers that identify a product, a partner or a document.
SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9]")
IDENTIFIER = re.compile(r"^\((?:01|02|21|240|241|250|251|400|401|41[0-7]|8010|8020)\)")


def read_scanned(text):
    """Return the codes that a typed or scanned text may hold, the likeliest first.

    Parameters
    ----------
    text : str
        As ``c-000 017-x``, ``]C1(240)C000017X`` or ``(414)4006381333931``.

    Returns
    -------
    list of str
        In capitals, without spaces; none for an empty text.
    """
    code = normalize(text)
    if not code:
        return []
    bare = IDENTIFIER.sub("", SYMBOLOGY.sub("", code).strip("\x1d")).strip("\x1d")
    return list(dict.fromkeys(filter(None, (code, bare))))


def read_location_number(text):
    """Return the Global Location Number (GLN, 13 digits) that a text holds, or False."""
    for code in read_scanned(text):
        digits = re.sub(r"[^0-9A-Z]", "", code)
        if re.fullmatch(r"41[0-7][0-9]{13}", digits):
            digits = digits[3:]
        if re.fullmatch(r"[0-9]{13}", digits) and ean.is_valid(digits):
            return digits
    return False


def check_character(body, check):
    """Compute the check character of a code.

    Parameters
    ----------
    body : str
        Prefix and counter, in capitals; dashes do not count.
    check : str
        ``none``, ``gs1_mod10`` (GS1 General Specifications, 7.9) or ``iso7064_mod37_36``
        (ISO/IEC 7064, hybrid system MOD 37,36).

    Returns
    -------
    str
        One character, or an empty string for ``none``. GS1 knows digits only, so it covers the
        digits at the end of the body: of ``C000017`` the counter alone, of ``40063810`` all.
    """
    if check == CHECK_GS1:
        return ean.calc_check_digit(re.search(r"\d*$", body).group())
    if check == CHECK_ISO7064:
        return mod_37_36.calc_check_digit(body.replace("-", ""))
    return ""


class CodeFormat(NamedTuple):
    """One way to write a code.

    Attributes
    ----------
    prefix : str
    padding : int
        Least number of digits of the counter.
    check : str
        See `check_character`.
    last_number : int
        Greatest counter ever written this way; 0 for a format without an end.
    """

    prefix: str
    padding: int
    check: str
    last_number: int = 0

    def encode(self, number):
        """Return the code of a counter (int of 1 or more)."""
        body = f"{self.prefix}{number:0{self.padding}d}"
        return body + check_character(body, self.check)

    def accepts(self, code):
        """Tell whether the code (str, normalized) is one that `encode` returns."""
        number = self.read_number(code)
        if number is None or (self.last_number and number > self.last_number):
            return False
        return self.encode(number) == code

    def decode(self, text):
        """Return the code that a text stands for in spite of its separators, or False."""
        bare = _strip_separators(text)
        digits = self._read_counter(bare)
        number = int(digits) if digits else 0
        if not number or (self.last_number and number > self.last_number):
            return False
        code = self.encode(number)
        return code if _strip_separators(code) == bare else False

    def suggest(self, code):
        """Return the code that was probably meant, or False.

        A letter O or I among the digits, dashes and leading zeros are mended, and the check
        character is put right or added.
        """
        digits = self._read_digits(code)
        number = int(digits) if digits else 0
        if not number or (self.last_number and number > self.last_number):
            return False
        return self.encode(number)

    def read_number(self, code):
        """Return the counter in a code of this form, whatever its check character, or None."""
        digits = code[len(self.prefix) : len(code) - self._check_length]
        if not code.startswith(self.prefix) or not re.fullmatch(r"[0-9]{1,18}", digits):
            return None
        return int(digits) or None

    def _read_digits(self, code):
        bare_prefix = self.prefix.replace("-", "")
        bare = code.replace("-", "")
        if not bare.startswith(bare_prefix):
            return ""
        rest = bare[len(bare_prefix) :]
        has_check = self._check_length and len(rest) > self.padding
        counter = rest[:-1] if has_check else rest
        counter = counter.translate(str.maketrans("OIL", "011"))
        return counter if re.fullmatch(r"[0-9]{1,18}", counter) else ""

    def _read_counter(self, bare):
        """Return the digits between prefix and check character of a code without separators."""
        prefix = _strip_separators(self.prefix)
        counter = bare[len(prefix) : len(bare) - self._check_length]
        known = bare.startswith(prefix) and re.fullmatch(r"[0-9]{1,18}", counter)
        return counter if known else ""

    @property
    def _check_length(self):
        return int(self.check != CHECK_NONE)


def _strip_separators(code):
    return re.sub(r"[-./_\s]", "", code.upper())
