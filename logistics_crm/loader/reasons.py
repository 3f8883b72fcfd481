def get_messages(env):
    """Return the sentence for each reason code, in the language of `env`.

    ``%(value)s`` in it stands for the text that came, ``%(field)s`` for the field's name.
    """
    return {**_value_messages(env), **_date_messages(env), **_record_messages(env)}


def _value_messages(env):
    return {
        "missing": env._("The field “%(field)s” is empty: every line needs it."),
        "anonymous": env._(
            "The line has no customer: give one, or allow lines without customer for this load."
        ),
        "not_object": env._("The line is not an object with named fields."),
        "unknown_field": env._("“%(field)s” is not a field of a sales line: check its spelling."),
        "bad_type": env._("The field “%(field)s” must hold one text or number."),
        "too_long": env._("The field “%(field)s” is too long: “%(value)s…”."),
        "control": env._(
            "The field “%(field)s” contains characters that cannot be printed: “%(value)s”."
        ),
        "not_number": env._(
            "“%(value)s” is not a number: use digits, with a point for decimals, like 1234.5."
        ),
        "decimal_sign": env._(
            "“%(value)s” does not fit numbers with a decimal comma: choose the decimal sign that "
            "the file uses, or write this number like the others."
        ),
        "return_amount": env._(
            "The quantity is negative, a return, but the amount “%(value)s” is positive."
        ),
        "too_large": env._("“%(value)s” is larger or longer than any real figure."),
        "zero": env._("The quantity is zero: a sale is positive, a return negative."),
        "cells": env._(
            "The row has more cells than there are column names, so values may have moved. Is a "
            "text with the column separator in it not in quotation marks?"
        ),
        "duplicate": env._(
            "The same order and line came before in this load; only the first one counts."
        ),
    }


def _date_messages(env):
    return {
        "bad_date": env._("“%(value)s” is not a date: write it as 2024-12-31."),
        "impossible_date": env._("“%(value)s” is not in the calendar."),
        "past_date": env._("“%(value)s” is before 1970, where no sales history begins."),
        "future_date": env._("“%(value)s” is in the future."),
        "far_date": env._("“%(value)s” is more than ten years ahead; leave unknown dates empty."),
    }


def _record_messages(env):
    return {
        "unknown_currency": env._("“%(value)s” is no currency code (ISO 4217, like EUR)."),
        "inactive_currency": env._("The currency “%(value)s” is not active: activate it first."),
        "no_rate": env._(
            "The currency “%(value)s” has no exchange rate on or before the order date."
        ),
        "unknown_customer": env._(
            "The customer “%(value)s” is unknown, and unknown ones are not to be created."
        ),
        "archived_customer": env._("The customer “%(value)s” is archived: restore it first."),
        "foreign_customer": env._("The customer “%(value)s” belongs to another company."),
        "unknown_product": env._(
            "The product “%(value)s” is unknown, and unknown ones are not to be created."
        ),
        "ambiguous_product": env._(
            "Several products have the code “%(value)s”: keep one, or map the key by hand."
        ),
        "foreign_product": env._("The product “%(value)s” belongs to another company."),
    }
