from odoo.tests import BaseCase, tagged

from odoo.addons.logistics_crm.tools.words import get_words


@tagged("post_install", "-at_install")
class TestWords(BaseCase):
    def test_forms_of_a_word_are_the_same_word(self):
        self.assertEqual(get_words("Deliveries"), get_words("delivery"))
        self.assertEqual(get_words("DAMAGED"), get_words("damages"))
        self.assertEqual(get_words("März"), get_words("marz"))

    def test_words_that_say_nothing_are_left_out(self):
        self.assertEqual(get_words("Where is my order?"), get_words("order"))

    def test_chinese_is_cut_into_pairs(self):
        self.assertEqual(get_words("货物破损"), ["货物", "物破", "破损"])
        self.assertEqual(get_words("发票INV7错"), ["发票", "inv7", "错"])

    def test_signs_and_nothing_give_no_words(self):
        self.assertEqual(get_words("!?' \\ -- & | :*"), [])
        self.assertEqual(get_words(None), [])
