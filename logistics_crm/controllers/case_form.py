"""What the portal's form and the public form have in common: reading, limits, errors."""

import os
from typing import NamedTuple

from odoo.http import request
from odoo.tools import plaintext2html

from ..tools.case_values import KINDS
from ..tools.plain_text import storable

MEGABYTE = 1 << 20
MOST_FILES = 10
LONGEST = {"name": 200, "description": 20_000, "partner_name": 100, "partner_phone": 40}


class Limits(NamedTuple):
    """How much a form takes, in bytes; the body may be larger, so that it can be answered."""

    file: int
    total: int


def get_kinds():
    """Return the kinds of cases in the reader's language."""
    field = request.env["logistics.case"]._fields["kind"]
    return field._description_selection(request.env)


def read_text(params, name, errors, required=False):
    """Return a text of the form; note in `errors` what is wrong with it."""
    text = (params.get(name) or "").strip()
    longest = LONGEST[name]
    if required and not text:
        errors[name] = request.env._("Please fill this in.")
    elif len(text) > longest:
        errors[name] = request.env._("Please use at most %s characters.", longest)
    return text


def read_kind(params, errors):
    """Return the kind of case."""
    kind = params.get("kind")
    if kind not in dict(KINDS):
        errors["kind"] = request.env._("Please choose what it is about.")
    return kind


def read_record(params, name, records, errors):
    """Return the one of the records on offer that was chosen, if any."""
    value = params.get(name)
    chosen = records.filtered(lambda record: str(record.id) == value)
    if value and not chosen:
        errors[name] = request.env._("Please choose again: this one is no longer there.")
    return chosen


def get_files():
    """Return the files that came with the form; a browser sends an empty one for none."""
    files = request.httprequest.files.getlist("attachments")
    return [file for file in files if file.filename]


def get_file_rules(limits):
    """Return what the browser is to know, so that it does not send what would be refused."""
    return {
        "count": MOST_FILES,
        "file": limits.file,
        "total": limits.total,
        "too_many": _say_too_many(),
        "too_large": _say_too_large("{file}", limits),
        "too_large_together": _say_too_large_together(limits),
    }


def read_files(limits, errors):
    """Return the attached files as (name, bytes), or nothing where they are too large."""
    files = get_files()
    sizes = [_get_size(file) for file in files]
    if len(files) > MOST_FILES:
        errors["attachments"] = _say_too_many()
    for file, size in zip(files, sizes, strict=True):
        if size > limits.file:
            errors["attachments"] = _say_too_large(_get_name(file), limits)
    if sum(sizes) > limits.total:
        errors.setdefault("attachments", _say_too_large_together(limits))
    if errors:
        return []
    return [(_get_name(file), file.read()) for file in files]


def _say_too_many():
    return request.env._("Please attach at most %s files.", MOST_FILES)


def _say_too_large(name, limits):
    return request.env._(
        "%(file)s is too large: a file may have %(most)s MB. Your text is kept; send the file "
        "another way, or smaller.",
        file=name,
        most=limits.file // MEGABYTE,
    )


def _say_too_large_together(limits):
    return request.env._(
        "The files are too large: together they may have %(most)s MB. Your text is kept.",
        most=limits.total // MEGABYTE,
    )


def _get_name(file):
    return os.path.basename(storable(file.filename)) or "file"


def _get_size(file):
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(0)
    return size


def to_html(text):
    """Return plain text as HTML that shows it as typed; tags in it stay text."""
    return plaintext2html(text)
