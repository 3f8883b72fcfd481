"""What callers of other systems and pages pass, whatever it is, and what they can carry back."""

import math

MAX_ID = 2**31 - 1
MOST = 999_999_999_999  # of a quantity


def is_id(value):
    """Tell whether a value of any type may be the id of a record; True is none."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID


def is_amount(value):
    """Tell whether a value of any type is a number above 0 that one can count; NaN is none."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and 0 < value <= MOST


def is_pair_of_id_and_amount(value):
    """Tell whether a value of any type is a list of an id and an amount."""
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and is_id(value[0])
        and is_amount(value[1])
    )
