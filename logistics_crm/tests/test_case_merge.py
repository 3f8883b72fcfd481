from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestCaseMerge(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.customer = cls._create_customer("Harbour Goods", user_id=cls.user.id)
        cls.other = cls._create_customer("Somebody Else", user_id=cls.user.id)
        cls.first = cls._case("Pallet damaged")
        cls.second = cls._case("Where are my boxes?")

    @classmethod
    def _case(cls, name, partner=None, **values):
        partner = partner or cls.customer
        return cls.env["logistics.case"].create({"name": name, "partner_id": partner.id, **values})

    def _wizard(self, cases, **values):
        wizard = self.env["logistics.case.merge"].with_user(self.user)
        return wizard.create({"case_ids": [(6, 0, cases.ids)], **values})

    def test_wizards_show_no_case_that_the_user_may_not_see(self):
        hidden = self._case("Secret", self._create_customer("Foreign"), partner_email="a@b.example")
        message = hidden.message_post(
            body="Secret words", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        own = self.first.message_post(body="Hello", message_type="comment")
        splits = self.env["logistics.case.split"].with_user(self.user)
        with self.assertRaises(AccessError):
            splits.create({"case_id": hidden.id, "name": "x"}).line_ids.mapped("preview")
        with self.assertRaises(AccessError):
            splits.new({"case_id": hidden.id, "name": "x"}).line_ids.mapped("preview")
        split = splits.create({"case_id": self.first.id, "name": "x"})
        self.assertEqual(split.line_ids.message_id, own)
        self.assertEqual(split.line_ids.mapped("preview"), ["Hello"])
        split.line_ids.message_id = message
        matches = self.env["logistics.case.match"].with_user(self.user)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            split.line_ids.mapped("preview")
        with self.assertRaises(AccessError):
            matches.create({"case_id": hidden.id}).mapped("partner_email")

    # ------------------------------------------------------------------ merge

    def test_everything_moves_to_the_oldest_open_case(self):
        author = self.customer
        message = self.second.message_post(
            body="See the photo",
            message_type="comment",
            author_id=author.id,
            attachments=[("photo.txt", b"broken")],
            subtype_xmlid="mail.mt_comment",
        )
        activity = self.second.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.user.id
        )
        self.second.message_subscribe(self.other.ids)
        self._wizard(self.first + self.second).action_merge()
        self.assertEqual(message.res_id, self.first.id)
        self.assertEqual(message.attachment_ids.res_id, self.first.id)
        self.assertEqual(activity.res_id, self.first.id)
        self.assertIn(self.other, self.first.message_partner_ids)
        self.assertEqual(self.second.merged_into_id, self.first)
        self.assertEqual(self.second.state, "closed")

    def test_code_of_the_merged_case_finds_the_survivor(self):
        self._wizard(self.first + self.second).action_merge()
        cases = self.env["logistics.case"].with_user(self.user)
        found = cases.name_search(self.second.code)
        self.assertIn(self.first.id, [case_id for case_id, _name in found])
        self.assertEqual(self.second._get_survivor(), self.first)

    def test_survivor_takes_over_what_it_lacks_and_keeps_what_it_has(self):
        category = self.env.ref("logistics_crm.case_category_delivery_late")
        self.first.write({"category_id": False, "description": "<p>First</p>"})
        self.second.write(
            {"category_id": category.id, "description": "<p>Second</p>", "claimed_amount": 70}
        )
        self._wizard(self.first + self.second).action_merge()
        self.assertEqual(self.first.category_id, category)
        self.assertIn("First", self.first.description)
        self.assertEqual(self.first.claimed_amount, 70)
        self.assertTrue(any("Second" in message.body for message in self.first.message_ids))

    def test_links_and_earlier_merges_follow(self):
        linked, earlier = self._case("Linked"), self._case("Earlier")
        self.second.linked_case_ids = linked
        self._wizard(self.second + earlier, survivor_id=self.second.id).action_merge()
        self._wizard(self.first + self.second).action_merge()
        self.assertEqual(earlier.merged_into_id, self.first)
        self.assertEqual(self.first.linked_case_ids, linked)
        self.assertEqual(linked.linked_case_ids, self.first)

    def test_other_customers_need_a_choice(self):
        foreign = self._case("Something else", self.other)
        wizard = self._wizard(self.first + foreign)
        self.assertTrue(wizard.has_other_customers)
        with self.assert_refused(UserError, "different customers"):
            wizard.action_merge()
        wizard.merge_customers = True
        wizard.action_merge()
        self.assertEqual(foreign.merged_into_id, self.first)

    def test_two_settlements_stay_apart(self):
        for case in self.first + self.second:
            case.write({"claimed_amount": 50, "settled_amount": 20})
        with self.assert_refused(UserError, "each have a settlement"):
            self._wizard(self.first + self.second).action_merge()

    def test_merged_case_is_not_merged_or_opened_again(self):
        self._wizard(self.first + self.second).action_merge()
        third = self._case("Third")
        with self.assert_refused(UserError, "was merged into"):
            self._wizard(third + self.second).action_merge()
        with self.assert_refused(UserError, "Please go on there"):
            self.second.with_user(self.user).action_reopen()

    def test_cases_of_two_companies_stay_apart(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._case("Abroad", company_id=elsewhere.id)
        with self.assert_refused(UserError, "different companies"):
            (self.first + foreign)._merge_into(self.first)

    def test_user_merges_only_cases_that_they_see(self):
        foreign = self._case("Not mine", self._create_customer("Foreign"))
        wizard = self._wizard(self.first + self.second)
        with self.assertRaises(AccessError):
            (self.first + foreign).with_user(self.user)._merge_into(wizard.survivor_id)

    def test_merged_case_asks_for_no_satisfaction(self):
        self.customer.email = "goods@example.com"
        self._wizard(self.first + self.second).action_merge()
        self.assertFalse(self.second.satisfaction_deadline)

    # ------------------------------------------------------------------ split, link

    def test_split_moves_the_chosen_messages_with_their_files(self):
        kept = self.first.message_post(body="About the pallet", message_type="comment")
        moved = self.first.message_post(
            body="And the invoice", message_type="comment", attachments=[("inv.txt", b"x")]
        )
        wizard = (
            self.env["logistics.case.split"]
            .with_user(self.user)
            .create({"case_id": self.first.id, "name": "Wrong invoice"})
        )
        with self.assert_refused(UserError, "Choose the messages"):
            wizard.action_split()
        wizard.line_ids.filtered(lambda line: line.message_id == moved).is_chosen = True
        case = self.env["logistics.case"].browse(wizard.action_split()["res_id"])
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual((moved.res_id, kept.res_id), (case.id, self.first.id))
        self.assertEqual(moved.attachment_ids.res_id, case.id)
        self.assertEqual(self.first.linked_case_ids, case)

    def test_links_go_both_ways(self):
        self.first.with_user(self.user).linked_case_ids = self.second
        self.assertEqual(self.second.linked_case_ids, self.first)
        self.second.linked_case_ids = False
        self.assertFalse(self.first.linked_case_ids)
        third = self._case("Third", linked_case_ids=[(6, 0, self.first.ids)])
        self.assertEqual(self.first.linked_case_ids, third)
        with self.assert_refused(ValidationError, "linked to itself"):
            self.first.linked_case_ids = self.first

    # ------------------------------------------------------------------ duplicates

    def test_same_words_of_one_customer_look_like_a_duplicate(self):
        twin = self._case("Damaged pallets!")
        self._case("Pallet damaged", self.other)
        self.assertEqual(self.first.with_user(self.user).duplicate_case_ids, twin)
        self.assertFalse(self.second.duplicate_case_ids)

    def test_cases_that_share_a_word_a_kind_or_a_customer_only_are_not_the_same(self):
        late = self._case("Late delivery", kind="complaint")
        self._case("Delivery address", kind="complaint")
        self._case("Late delivery", kind="inquiry")
        self._case("Delivery")
        old = self._case("Late delivery", kind="complaint")
        self.env.cr.execute(
            "UPDATE logistics_case SET create_date = now() - interval '20 days' WHERE id = %s",
            old.ids,
        )
        self.env.invalidate_all()
        self.assertFalse(late.with_user(self.user).duplicate_case_ids)

    def test_subjects_with_different_numbers_are_not_the_same(self):
        case = self._case("Where is my order 4711")
        self._case("Where is my order 4712")
        self.assertFalse(case.duplicate_case_ids)

    def test_cases_of_different_orders_are_not_the_same(self):
        orders = self.env["sale.order"].create([{"partner_id": self.customer.id}] * 2)
        twin = self._case("Pallet damaged", order_id=orders[1].id)
        self.assertEqual(self.first.duplicate_case_ids, twin)
        self.first.order_id = orders[0]
        self.assertFalse(self.first.duplicate_case_ids)

    def test_merging_begins_with_the_case_and_those_of_its_order(self):
        self._case("Damaged pallets!")
        case = self.first.with_user(self.user)
        self.assertTrue(case.duplicate_case_ids)

        def get_chosen():
            return case.browse(case.action_merge()["context"]["default_case_ids"])

        self.assertEqual(get_chosen(), case)
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        (self.first + self.second).order_id = order
        self.assertEqual(get_chosen(), case + self.second)

    def test_chinese_subjects_are_compared_too(self):
        one, two = self._case("货物破损"), self._case("收到货物破损")
        self.assertEqual(one.duplicate_case_ids, two)

    def test_same_order_looks_like_a_duplicate(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        (self.first + self.second).order_id = order
        self.assertEqual(self.first.duplicate_case_ids, self.second)

    def test_duplicates_of_many_cases_cost_a_constant_number_of_queries(self):
        cases = self.first + self.second + self._case("Third") + self._case("Fourth")
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            cases.mapped("duplicate_case_ids")
