"""What a page takes from a form or an address: text, whatever a program sends instead."""

import functools

from werkzeug.datastructures import FileStorage

from ..tools.plain_text import storable


def text_params(endpoint):
    """Give an endpoint text that can be stored: a file in the place of a text counts as none.

    Files that are asked for come from `request.httprequest.files`.
    """

    @functools.wraps(endpoint)
    def take(self, *args, **params):
        texts = {name: _get_text(value) for name, value in params.items()}
        return endpoint(self, *args, **texts)

    take.takes_text_only = True
    return take


def _get_text(value):
    if isinstance(value, FileStorage):
        return ""
    return storable(value) if isinstance(value, str) else value
