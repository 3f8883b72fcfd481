"""Lists of names in a sentence, as the reader's language writes them."""

from functools import reduce


def list_names(env, names):
    """Return names (iterable of str) as one text: “a, b, c”, in Chinese “a、b、c”.

    Odoo's `format_list` has no style for both: it writes “a, b, and c”, or in Chinese “abc”.
    """
    names = list(names)
    if not names:
        return ""
    return reduce(lambda one, more: env._("%(names)s, %(more)s", names=one, more=more), names)
