from odoo.tests import tagged

from .list_common import ListCase


@tagged("post_install", "-at_install")
class TestMerge(ListCase):
    """Customers with scores, on lists and with score changes become one like any others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept, cls.gone = cls.customers[:2]
        cls._make_history(cls.customers)
        cls.segments = cls._score_directly(cls.segment_task)
        cls.merger = cls._create_user(
            "merger", "base.group_partner_manager,logistics_crm.group_logistics_officer"
        )

    def _merge(self, kept=None):
        kept = kept or self.kept
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.merger)
        wizard = wizard.with_company(self.company).create(
            {
                "partner_ids": [(6, 0, (self.kept | self.gone).ids)],
                "dst_partner_id": kept.id,
                "state": "selection",
            }
        )
        wizard.action_merge()
        self.env.invalidate_all()

    def test_whoever_may_merge_customers_merges_scored_ones(self):
        names = ["segment_id", "rfm_score", "behaviour_id", "segment_move"]
        before = self.kept.with_company(self.company).read(names)
        self.assertTrue(before[0]["segment_id"])
        self._merge()
        self.assertFalse(self.gone.exists())
        self.assertEqual(self.kept.with_company(self.company).read(names), before)
        lines = self.env["logistics.sales.history"].search_count(
            [("partner_id", "=", self.kept.id)]
        )
        self.assertGreater(lines, 1)

    def test_the_scores_of_who_goes_go_as_well(self):
        self._merge()
        scores = self.env["logistics.mining.score"].search([("run_id", "=", self.segments.id)])
        own = scores.filtered(lambda one: one.partner_id == self.kept)
        self.assertEqual(own.mapped("res_id"), self.kept.ids)
        self.assertNotIn(self.gone.id, scores.mapped("res_id"))

    def test_a_place_on_a_list_is_kept_once_with_the_answer(self):
        record = self._make_list(holdout_share=0)
        count = record.customer_count
        record.action_start()
        members = record.member_ids
        members.filtered(lambda one: one.partner_id == self.gone).with_user(
            self.officer
        ).reply = "yes"
        self._merge()
        left = record.member_ids.filtered(lambda one: one.partner_id == self.kept)
        self.assertEqual((len(left), left.reply), (1, "yes"))
        self.assertEqual(record.customer_count, count - 1)
        self.assertEqual(len(record.member_ids), count - 1)
        self.assertEqual((record.treated_count, record.holdout_count), (count - 1, 0))

    def test_the_groups_of_a_list_are_counted_again(self):
        record = self._make_list(holdout_share=0.5)
        record.action_start()
        counts = record.customer_count, record.treated_count, record.holdout_count
        self._merge()
        left = record.customer_count, record.treated_count, record.holdout_count
        self.assertEqual(sum(left), sum(counts) - 2)
        arms = record.member_ids.mapped("arm")
        self.assertEqual(left, (len(arms), arms.count("treated"), arms.count("held_out")))

    def test_whoever_was_contacted_in_part_counts_as_contacted(self):
        record = self._make_list(holdout_share=0.5)
        record.action_start()
        self.kept = self._get(record, "held_out").partner_id[0]
        self.gone = self._get(record, "treated").partner_id[0]
        treated, held_out = record.treated_count, record.holdout_count
        self._merge()
        left = record.member_ids.filtered(lambda one: one.partner_id == self.kept)
        self.assertEqual(left.arm, "treated")
        self.assertTrue(left.is_open)
        self.assertFalse(self.kept.is_held_out)
        counts = record.customer_count, record.treated_count, record.holdout_count
        self.assertEqual(counts, (treated + held_out - 1, treated, held_out - 1))

    def test_of_places_on_running_lists_one_stays_open(self):
        first = self._make_list(self.kept | self.customers[5:50], holdout_share=0)
        first.action_start()
        second = self._make_list(self.gone | self.customers[60:99], holdout_share=0)
        second.action_start()
        self._merge()
        places = (first | second).member_ids.filtered(lambda one: one.partner_id == self.kept)
        self.assertEqual(len(places), 2)
        self.assertEqual(places.filtered("is_open").list_id, first)

    def test_of_current_changes_of_a_kind_one_stays_current(self):
        self._publish_scores({self.kept: 0.1, self.gone: 0.1})
        self._publish_scores({self.kept: 0.9, self.gone: 0.9})
        changes = self.env["logistics.mining.change"].search(
            [("partner_id", "in", (self.kept | self.gone).ids), ("is_current", "=", True)]
        )
        self.assertEqual(len(changes), 2)
        self._merge()
        self.assertEqual(changes.filtered("is_current").partner_id, self.kept)
        self.assertEqual(len(changes.filtered("is_current")), 1)

    def test_a_survivor_without_scores_is_not_given_those_of_who_goes(self):
        before = self.gone.with_company(self.company).segment_id
        kept = self._create_customers(1)
        self.kept = kept
        self._merge()
        self.assertTrue(before)
        self.assertFalse(kept.with_company(self.company).segment_id)
