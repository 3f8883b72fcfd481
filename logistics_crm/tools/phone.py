"""Telephone numbers as text: what to compare when two of them may be the same."""

import re

LEAST_DIGITS = 5
NOT_DIALLED = re.compile(r"[\s\\./()\-]")
DIGITS = re.compile(r"\+?\d+")


def clean(number):
    """Return a number (str) without the signs that only people need, as ``+861055501234``.

    False where what is left is no number, or is too short to be more than an extension.
    """
    dialled = NOT_DIALLED.sub("", number or "")
    if not DIGITS.fullmatch(dialled) or len(dialled.lstrip("+")) < LEAST_DIGITS:
        return False
    return f"+{dialled[2:]}" if dialled.startswith("00") else dialled


def get_spellings(number):
    """Return the ways (set of str) in which a clean number may be stored: ``+``, ``00``, bare."""
    if not number:
        return set()
    if not number.startswith("+"):
        return {number}
    return {number, f"00{number[1:]}", number[1:]}
