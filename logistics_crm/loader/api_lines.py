"""Lines as they come over the API, as rows for the staging table."""

from datetime import date

from .columns import COLUMNS

FIELDS = frozenset(COLUMNS)


def to_rows(lines):
    """Yield one row per line: the texts in the order of ``COLUMNS``, rejected field and reason."""
    for line in lines:
        yield _to_row(line)


def _to_row(line):
    if not isinstance(line, dict):
        return (*[None] * len(COLUMNS), "lines", "not_object")
    field = reason = None
    if not line.keys() <= FIELDS:
        field, reason = next(str(key) for key in line if key not in FIELDS), "unknown_field"
    values = []
    for name in COLUMNS:
        value = line.get(name)
        if value is not None and not isinstance(value, str):
            try:
                value = _to_text(value)
            except TypeError:
                value = None
                if not reason:
                    field, reason = name, "bad_type"
        values.append(value)
    return (*values, field, reason)


def _to_text(value):
    """Return a JSON number as text; None and False are empty."""
    if value is None or value is False:
        return None
    if value is True:
        raise TypeError
    if isinstance(value, int):
        return str(value) if abs(value) < 10**40 else "1" + "0" * 40
    if isinstance(value, float):
        # Table tools turn columns of whole numbers with gaps into floats: 17850.0 is 17850.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError
