"""How alike two names are, in any script."""

import re
from difflib import SequenceMatcher

LEGAL_FORMS = re.compile(
    r"\b(ltd|limited|inc|llc|gmbh|ag|bv|sa|sas|srl|co|corp|company|plc|pte|pty)\b|有限公司|公司",
    re.IGNORECASE,
)
WORDS = re.compile(r"\w{2,}")


def simplify(name):
    """Return a name in small letters, without its legal form and punctuation."""
    return " ".join(WORDS.findall(LEGAL_FORMS.sub(" ", (name or "").lower())))


def get_search_words(*names):
    """Return the words (list of str) worth searching for, the longest first, five at most."""
    words = {word for name in names for word in simplify(name).split()}
    return sorted((word for word in words if len(word) > 2), key=len, reverse=True)[:5]


def compare(first, second):
    """Return 0..1; 1 where the names are the same but for legal form and punctuation."""
    first, second = simplify(first), simplify(second)
    if not first or not second:
        return 0.0
    return SequenceMatcher(None, first, second).ratio()
