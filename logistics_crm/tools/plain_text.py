"""Texts from outside, without what PostgreSQL cannot store."""

import re

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
LONGEST_SHOWN = 80


def storable(text):
    """Return a text (str) without NUL and lone surrogates."""
    return UNSTORABLE.sub("", text)


def shorten(value):
    """Return a value of any type as a text that fits into a message."""
    text = storable(str(value))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
