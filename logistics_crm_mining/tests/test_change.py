from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .. import uninstall_hook
from .list_common import ListCase


@tagged("post_install", "-at_install")
class TestChange(ListCase):
    """What became worse from run to run, and the playbooks that this starts: once each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.changes = cls.env["logistics.mining.change"]
        cls.playbook = cls.env.ref("logistics_crm_mining.playbook_win_back").copy(
            {"name": "Win them back", "company_id": cls.company.id}
        )
        cls.playbook.action_switch_on()
        cls.first, cls.second, cls.third = cls.customers[:3]

    def _publish(self, *risks):
        return self._publish_scores(dict(zip(self.customers, risks, strict=False)))

    def _get_changes(self, kind="churn_high"):
        return self.changes.search(
            [("company_id", "=", self.company.id), ("kind", "=", kind)], order="id"
        )

    def test_the_first_run_changes_nothing(self):
        self._publish(0.9, 0.1)
        self.assertFalse(self._get_changes())
        self.assertFalse(self.playbook.start_ids)

    def test_a_risk_that_becomes_high_is_a_change_and_starts_the_playbook(self):
        self._publish(0.9, 0.5, 0.1)
        run = self._publish(0.9, 0.8, 0.2)
        change = self._get_changes()
        self.assertEqual(change.partner_id, self.second)
        self.assertEqual((change.run_id, change.date), (run, self.today))
        self.assertEqual(change.move, "medium → high")
        self.assertEqual(self.playbook.start_ids.partner_id, self.second)
        self.assertEqual(self.playbook.start_ids.company_id, self.company)
        self.assertIn("Risk of leaving became high", self.playbook.start_ids.reason)

    def test_a_customer_scored_for_the_first_time_with_a_high_risk_is_a_change(self):
        self._publish(0.9)
        self._publish(0.9, 0.8)
        self.assertEqual(self._get_changes().partner_id, self.second)
        self.assertIn("unknown", self._get_changes().move)

    def test_a_change_starts_the_playbook_once_however_often_runs_are_published(self):
        self._publish(0.1)
        for _night in range(3):
            self._publish(0.9)
            self.playbook._start_hits(self.playbook._find_hits(self.company), self.company)
        self.assertEqual(len(self._get_changes()), 1)
        self.assertEqual(len(self.playbook.start_ids), 1)

    def test_a_change_is_not_answered_twice_when_the_cool_down_is_over(self):
        self._publish(0.1)
        self._publish(0.9)
        start = self.playbook.start_ids
        start._end("done")
        start.cooldown_until = self.today
        self._publish(0.9)
        self.assertFalse(self.playbook._find_hits(self.company))

    def test_after_getting_better_the_next_change_starts_again(self):
        self._publish(0.1)
        self._publish(0.9)
        self._publish(0.2)
        self.assertFalse(self._get_changes().is_current)
        start = self.playbook.start_ids
        start._end("done")
        start.write({"cooldown_until": self.today, "date_start": self.today - timedelta(days=99)})
        self._publish(0.95)
        self.assertEqual(len(self._get_changes()), 2)
        self.assertEqual(len(self.playbook.start_ids), 2)

    def test_a_customer_who_comes_and_goes_waits_for_the_cool_down(self):
        self._publish(0.1)
        self._publish(0.9)
        self.playbook.start_ids._end("done")
        self._publish(0.2)
        # the next night, not the same moment
        self._get_changes().found -= timedelta(days=1)
        self.playbook.start_ids.date_start -= timedelta(days=1)
        self._publish(0.9)
        states = self.playbook.start_ids.mapped("state")
        self.assertEqual(sorted(states), ["done", "skipped"])

    def test_who_is_held_out_starts_no_playbook(self):
        self._publish(*[0.1] * 150)
        record = self._make_list()
        record.action_start()
        self._publish(*[0.9] * 150)
        self.assertEqual(len(self._get_changes()), 150)
        started = self.playbook.start_ids.partner_id
        self.assertEqual(set(started), set(self._get(record, "treated").partner_id))

    def test_who_was_held_out_starts_it_when_the_list_is_over(self):
        self._publish(*[0.1] * 10)
        record = self._make_list(self.own, holdout_share=0.5)
        record.action_start()
        self._publish(*[0.9] * 10)
        self.assertEqual(len(self.playbook.start_ids), 5)
        record.action_cancel()
        self.playbook._start_hits(self.playbook._find_hits(self.company), self.company)
        self.assertEqual(set(self.playbook.start_ids.partner_id), set(self.own))

    def test_a_playbook_that_looks_at_customers_leaves_the_held_out_alone_unless_told(self):
        record = self._make_list(self.own, holdout_share=0.5)
        record.action_start()
        playbook = self.env.ref("logistics_crm.playbook_customer_silent").copy(
            {"filter_domain": repr([("id", "in", self.own.ids)])}
        )
        hit = {hit.partner_id for hit in playbook._find_hits(self.company)}
        self.assertEqual(hit, set(self._get(record, "treated").partner_id.ids))
        playbook.spares_held_out = False
        self.assertEqual(len(playbook._find_hits(self.company)), 10)

    def test_documents_of_the_held_out_are_dealt_with(self):
        late = self.env.ref("logistics_crm.playbook_order_late")
        self.assertFalse(late.spares_held_out)
        self.assertTrue(self.playbook.spares_held_out)

    def _publish_segments(self, *codes):
        refs = [self.env.ref(f"logistics_crm_mining.segment_{code}") for code in codes]
        partners = self.customers[: len(codes)]
        details = {
            partner: {"segment_id": segment.id}
            for partner, segment in zip(partners, refs, strict=True)
        }
        run = self._publish_scores(dict.fromkeys(partners, 1.0), "segment", details)
        for partner, segment in zip(partners, refs, strict=True):
            score = self.env["logistics.mining.score"].search(
                [("run_id", "=", run.id), ("partner_id", "=", partner.id)]
            )
            score.segment_id = segment
        self.env.flush_all()
        return run

    def test_a_move_to_a_worse_segment_is_a_change(self):
        before = self._publish_segments("champion", "at_risk", "loyal")
        run = self._publish_segments("loyal", "potential", "loyal")
        # the scores were written after their run was published: look at them now
        run._record_changes(before)
        change = self._get_changes("segment_worse")
        self.assertEqual(change.partner_id, self.first)
        self.assertEqual(change.move, "Champions → Loyal")

    def test_a_class_about_to_drop_is_a_change(self):
        before = self._publish_scores({self.first: 9.0, self.second: 5.0}, "key_account")
        run = self._publish_scores({self.first: 9.0, self.second: 5.0}, "key_account")
        scores = self.env["logistics.mining.score"].search([("run_id", "=", run.id)])
        scores[0].reasons = [{"code": "key_rank"}, {"code": "key_down", "to": "b"}]
        self.env.flush_all()
        run._record_changes(before)
        self.assertEqual(self._get_changes("class_drop").partner_id, scores[0].partner_id)

    def test_changes_of_another_company_do_not_count(self):
        self._publish_scores({self.first: 0.1}, company=self.other_company)
        self._publish(0.9)
        self._publish_scores({self.first: 0.9}, company=self.other_company)
        self.assertFalse(self._get_changes())
        self.assertFalse(self.playbook.start_ids)

    def test_publishing_takes_as_many_queries_for_ten_changes_as_for_a_hundred(self):
        self.playbook.action_switch_off()
        counts = []
        for count in (5, 10, 100):
            before = self._publish(*[0.1] * count)
            run = self._publish(*[0.9] * count)
            self.changes.search([]).unlink()
            counts.append(self._count_queries(lambda r=run, b=before: r._record_changes(b)))
            self.assertEqual(len(self._get_changes()), count)
        self.assertEqual(counts[1], counts[2])

    def test_a_change_is_seen_by_who_serves_the_customer(self):
        self._publish(*[0.1] * 20)
        self._publish(*[0.9] * 20)
        mine = self.changes.with_user(self.user).search([])
        self.assertEqual(set(mine.partner_id), set(self.own))
        self.assertEqual(len(self.changes.with_user(self.officer).search([])), 20)
        with self.assertRaises(AccessError):
            mine[0].is_current = False

    def test_a_list_is_made_of_changes(self):
        self._publish(*[0.1] * 20)
        self._publish(*[0.9] * 20)
        action = self._get_changes().with_user(self.officer)[:4].action_make_list()
        self.assertEqual(self.lists.browse(action["res_id"]).customer_count, 4)

    def test_playbooks_on_changes_are_switched_off_when_the_add_on_goes(self):
        late = self.env.ref("logistics_crm.playbook_order_late")
        late.action_switch_on()
        uninstall_hook(self.env)
        self.assertEqual((self.playbook.state, late.state), ("off", "on"))

    def test_old_changes_are_deleted_and_current_ones_stay(self):
        self._publish(0.1, 0.1)
        self._publish(0.9, 0.9)
        old = self._get_changes()
        old.found = old[0].found - timedelta(days=800)
        old[0].is_current = False
        self.changes._gc_old_changes()
        self.assertEqual(self._get_changes(), old[1])
