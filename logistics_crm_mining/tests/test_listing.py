from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import code_translations

from ..tools.listing import list_names

TERM = "%(names)s, %(more)s"


@tagged("post_install", "-at_install")
class TestListing(TransactionCase):
    """Names in a sentence stand as the reader's language writes them."""

    def test_names_stand_as_the_language_writes_them(self):
        self.assertEqual(list_names(self.env, ()), "")
        self.assertEqual(list_names(self.env, iter(["a"])), "a")
        self.assertEqual(list_names(self.env, ["a", "100%", "c"]), "a, 100%, c")
        self.env["res.lang"]._activate_lang("zh_CN")
        chinese = self.env(context={"lang": "zh_CN"})
        told = {TERM: TERM.replace(", ", "、")}
        with patch.object(code_translations, "get_python_translations", lambda *_args: told):
            self.assertEqual(list_names(chinese, ["a", "100%", "c"]), "a、100%、c")
            names = self.env["logistics.portrait"].with_env(chinese)._names([*"abcdef"], 2)
        self.assertEqual(names, "a、b、…")
