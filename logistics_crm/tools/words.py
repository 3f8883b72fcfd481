"""Words of a text for full-text search, in English and other spaced languages and in Chinese."""

import re
import unicodedata

# CJK ideographs: written without spaces, searched by pairs of characters
IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff"
CHUNK = re.compile(rf"[{IDEOGRAPHS}]+|[^\W_]+")
SPACED = re.compile(
    rf"(?<=[{IDEOGRAPHS}])(?=[^{IDEOGRAPHS}])|(?<=[^{IDEOGRAPHS}])(?=[{IDEOGRAPHS}])"
)
ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "y")
SHORTEST_STEM = 3
COMMON = frozenset(
    """
    a about an and are as at be been but by can could did do does for from had has have hello hi
    how i if in into is it its me my no not of on or our please re so some than thank thanks that
    the their them there they this to us was we were what when where which who why will with
    would you your
    """.split()  # noqa: SIM905 (a list of a hundred strings reads worse)
)


def get_words(text):
    """Return the words (list of str) of a text in the order they stand, ready to be compared.

    Case, accents and usual English endings are taken off, words that say nothing are left out;
    Chinese is cut into pairs of characters, which overlap.

    Examples
    --------
    >>> get_words("Deliveries of pallets were damaged")
    ['deliver', 'pallet', 'damag']
    >>> get_words("货物破损")
    ['货物', '物破', '破损']
    """
    words = []
    for chunk in CHUNK.findall(SPACED.sub(" ", _fold(text or ""))):
        if re.match(f"[{IDEOGRAPHS}]", chunk):
            words += [chunk[i : i + 2] for i in range(max(1, len(chunk) - 1))]
        elif chunk not in COMMON and len(chunk) > 1:
            words.append(_stem(chunk))
    return words


def _fold(text):
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _stem(word):
    if not word.isalpha():
        return word
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            word = word[: -len(ending)]
            break
    return word[:-1] if word.endswith("e") and len(word) > SHORTEST_STEM else word
