"""What callers of other systems and pages pass, whatever it is, and what they can carry back."""

import math

from odoo.exceptions import ValidationError

MAX_ID = 2**31 - 1
LARGEST = 2**31 - 1  # of what a whole-number field of Odoo keeps
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


def check_whole_numbers(records, vals):
    """Refuse whole numbers that no field keeps, before PostgreSQL does in its own words.

    What is no number at all is left to Odoo.

    Parameters
    ----------
    records : odoo.models.Model
    vals : dict
        As for ``create`` and ``write``.
    """
    for name in vals.keys() & records._fields.keys():
        value = vals[name]
        if records._fields[name].type != "integer" or not isinstance(value, int | float):
            continue
        if not -LARGEST <= value <= LARGEST:  # NaN is not, either
            raise ValidationError(
                records.env._(
                    "“%(field)s” takes whole numbers of up to %(largest)s.",
                    field=records._fields[name]._description_string(records.env),
                    largest=f"{LARGEST:,}",
                )
            )


def check_named(records):
    """Refuse names that are empty or blank: nobody could find or click on what has one.

    Parameters
    ----------
    records : odoo.models.Model
        With a field ``name``, whose constraint this is.
    """
    if any(not (record.name or "").strip() for record in records):
        raise ValidationError(
            records.env._(
                "“%(field)s” must not be blank: people find the record by it.",
                field=records._fields["name"]._description_string(records.env),
            )
        )
