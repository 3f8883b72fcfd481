"""What is said once and read later, by readers of several languages."""


def say_in_each_language(records, say):
    """Return what is said of records, in each installed language.

    Parameters
    ----------
    records : odoo.models.BaseModel
    say : callable
        Called with the records in the context of a language; returns a text.

    Returns
    -------
    dict
        Language code to text; empty where there is nothing to say.
    """
    installed = records.env["res.lang"].get_installed()
    texts = {code: say(records.with_context(lang=code)) for code, _name in installed}
    return texts if any(texts.values()) else {}


def in_language(texts, lang):
    """Return the text in a language; in another one, where it is not said in that."""
    return texts.get(lang) or next(iter(texts.values()), "")
