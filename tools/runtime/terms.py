"""The texts of add-ons in files of polib: templates, translations, and what is wrong with them.

Needs polib, so only what runs in the environment imports this.
"""

import re
from collections import Counter

import polib

LANGUAGE = "zh_CN"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?(?:\.\d+)?[sdf]|%%|\$\{.*?\}|</?\w[^>]*>")
METADATA = {
    "Report-Msgid-Bugs-To": "",
    "Last-Translator": "",
    "Language-Team": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


def template(module, exported):
    """Return the template of an add-on without dates, so that it changes only with its texts.

    Parameters
    ----------
    module : str
        The add-on.
    exported : str
        What Odoo exported for it (`runtime.translating.EXPORT`).

    Returns
    -------
    polib.POFile
    """
    return _file(module, polib.pofile(exported), {}, {"Plural-Forms": ""})


def translation(module, pot, *earlier):
    """Return the add-on's translation: all texts of its template, and no others.

    Parameters
    ----------
    module : str
        The add-on.
    pot : polib.POFile
        Its template.
    *earlier : polib.POFile
        Translations to take from, the add-on's own first.

    Returns
    -------
    polib.POFile
    """
    known = {}
    for entry in (entry for file in earlier for entry in file.translated_entries()):
        known.setdefault(entry.msgid, entry.msgstr)
    language = {"Language": LANGUAGE, "Plural-Forms": "nplurals=1; plural=0;"}
    return _file(module, pot, known, language)


def problems(pot, translated):
    """Return a sentence per text of a template that its translation lacks or spoils.

    Parameters
    ----------
    pot, translated : polib.POFile
        The template and the translation.

    Returns
    -------
    list of str
    """
    entries = {entry.msgid: entry for entry in translated if not entry.obsolete}
    found = [(term.msgid, _problem(term.msgid, entries.get(term.msgid))) for term in pot]
    return [f"{text!r} {problem}" for text, problem in found if problem]


def _problem(text, entry):
    if entry is None:
        return "is missing"
    if entry.fuzzy:
        return "is marked fuzzy"
    if not entry.msgstr.strip():
        return "is not translated"
    wanted, given = (Counter(PLACEHOLDER.findall(part)) for part in (text, entry.msgstr))
    if wanted != given:
        return f"has other placeholders or tags in its translation: {entry.msgstr!r}"
    return None


def _file(module, entries, texts, metadata):
    made = polib.POFile()
    made.header = f"Texts of the add-on {module}."
    made.metadata = {"Project-Id-Version": f"{module} 19.0"} | METADATA | metadata
    for entry in entries:
        fresh = polib.POEntry(
            msgid=entry.msgid,
            msgstr=texts.get(entry.msgid, ""),
            comment=entry.comment,
            occurrences=entry.occurrences,
        )
        made.append(fresh)
    return made
