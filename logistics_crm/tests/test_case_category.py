from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestCaseCategory(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        categories = cls.env["logistics.case.category"]
        cls.parent = categories.create({"name": "Delivery"})
        cls.category = categories.create({"name": "Late", "parent_id": cls.parent.id})
        cls.in_french = cls.category.with_context(lang="fr_FR")
        cls.in_french.parent_id.name = "Livraison"
        cls.in_french.name = "En retard"

    def test_the_path_is_shown_in_the_reader_s_language(self):
        self.assertEqual(self.in_french.display_name, "Livraison / En retard")
        self.assertEqual(self.category.display_name, "Delivery / Late")

    def test_a_path_is_whole_when_parent_and_child_are_read_together(self):
        self.env.invalidate_all()
        both = self.category + self.parent
        self.assertEqual(both.mapped("display_name"), ["Delivery / Late", "Delivery"])

    def test_a_draft_below_itself_has_a_name_until_it_is_refused(self):
        draft = self.parent.new({"parent_id": self.category.id}, origin=self.parent)
        self.assertEqual(draft.display_name, "Delivery / Late / Delivery")

    def test_a_translation_does_not_change_the_path_of_the_others(self):
        self.assertEqual(self.category.complete_name, "Delivery / Late")

    def test_a_category_is_found_in_the_reader_s_language(self):
        found = [key for key, _name in self.in_french.name_search("retard")]
        self.assertIn(self.category.id, found)
        found = [key for key, _name in self.category.name_search("Delivery / Late")]
        self.assertIn(self.category.id, found)
