"""Every text of the add-ons is translated into Chinese, and `make i18n` keeps it that way."""

import polib
import pytest
from runtime import paths, terms
from runtime.translating import EXPORT

POT = """
msgid "Load %(count)s lines"
msgstr ""

msgid "Cancel"
msgstr ""
"""
# Loads our translations, then finds labels of our selections that a Chinese reader sees in English.
ENGLISH_LABELS = """
env["res.lang"]._activate_lang("zh_CN")
env["ir.module.module"].search([("name", "in", modules)])._update_translations("zh_CN")
result = []
for model in sorted(name for name in env if name.startswith("logistics.")):
    own = env[model].with_context(lang="zh_CN").fields_get(attributes=["selection"])
    for name, field in own.items():
        if not any(module in modules for module in env[model]._fields[name]._modules):
            continue  # a mixin of Odoo's, with its own translation
        labels = [label for _value, label in field.get("selection", [])]
        result += [f"{model}.{name}: {label}" for label in labels if label.isascii()]
"""
THE_SAME = {"A", "B", "C", "API", "CSV", "XLSX", "UTF-8", "UTF-16"}  # A to C: classes


@pytest.fixture(scope="module")
def database(make_database):
    """Give a database with the three add-ons, shared by the tests here."""
    return make_database()


@pytest.fixture(scope="module")
def exported(run_shell, database):
    """Give what Odoo would export, by add-on."""
    return run_shell(database, EXPORT, modules=paths.ADDONS)


@pytest.mark.parametrize("module", paths.ADDONS)
def test_every_text_is_translated_with_its_placeholders(exported, module):
    template = terms.template(module, exported[module])
    translated = polib.pofile(str(paths.ROOT / module / "i18n" / f"{terms.LANGUAGE}.po"))
    assert len(template) > 20
    found = terms.problems(template, translated)
    assert not found, "Run 'make i18n' and translate:\n" + "\n".join(found)


def test_a_chinese_reader_sees_every_selection_in_chinese(run_shell, database):
    english = run_shell(database, ENGLISH_LABELS, modules=paths.ADDONS)
    assert {label.partition(": ")[2] for label in english} == THE_SAME, english


def pofile(*pairs):
    made = polib.POFile()
    made.extend([polib.POEntry(msgid=text, msgstr=words) for text, words in pairs])
    return made


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("导入 %(count)s 行", None),
        ("导入 %(number)s 行", "placeholders"),
        ("导入各行", "placeholders"),
        (" ", "not translated"),
    ],
)
def test_a_translation_with_other_placeholders_or_without_words_is_a_problem(words, wrong):
    found = terms.problems(polib.pofile(POT), pofile(("Load %(count)s lines", words)))
    assert "'Cancel' is missing" in found
    about = [text for text in found if "Load" in text]
    assert len(about) == bool(wrong)
    assert all(wrong in text for text in about)


def test_a_translation_that_somebody_must_still_look_at_is_a_problem():
    translated = pofile(("Load %(count)s lines", "导入 %(count)s 行"), ("Cancel", "取消"))
    translated[1].flags = ["fuzzy"]
    assert terms.problems(polib.pofile(POT), translated) == ["'Cancel' is marked fuzzy"]


def test_merging_keeps_own_words_takes_those_of_other_add_ons_and_drops_what_is_gone():
    own = pofile(("Cancel", "取消"), ("No longer there", "已不存在"))
    other = pofile(("Cancel", "作废"), ("Load %(count)s lines", "导入 %(count)s 行"))
    merged = terms.translation("some_module", polib.pofile(POT), own, other)
    assert {entry.msgid: entry.msgstr for entry in merged} == {
        "Load %(count)s lines": "导入 %(count)s 行",
        "Cancel": "取消",
    }


def test_files_change_only_with_their_texts():
    first = terms.template("some_module", 'msgid ""\nmsgstr "POT-Creation-Date: 1\\n"\n' + POT)
    second = terms.template("some_module", 'msgid ""\nmsgstr "POT-Creation-Date: 2\\n"\n' + POT)
    assert str(first) == str(second)
    assert "Date" not in str(first)
