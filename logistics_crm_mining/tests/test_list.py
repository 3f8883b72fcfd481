from datetime import timedelta
from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .list_common import ListCase


@tagged("post_install", "-at_install")
class TestList(ListCase):
    """Choosing customers by their scores, and leaving some of them alone by chance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.risks = {partner: (number + 0.5) / 150 for number, partner in enumerate(cls.customers)}
        cls.scored = cls._publish_scores(cls.risks)
        cls.task = cls.env.ref("logistics_crm_mining.task_churn")

    def _by_score(self, **values):
        return self._make_list(customer_domain="[]", task_id=self.task.id, **values)

    def test_customers_are_chosen_by_the_band_of_their_newest_score(self):
        self._publish_scores({self.customers[0]: 0.9, self.customers[1]: 0.2})
        record = self._by_score(band="high")
        self.assertEqual(record.member_ids.partner_id, self.customers[0])
        self.assertAlmostEqual(record.member_ids.score_value, 0.9)
        self.assertEqual(record.member_ids.score_date, self.today)

    def test_customers_are_chosen_between_two_scores(self):
        record = self._by_score(value_from=0.2, value_to=0.6)
        expected = {partner for partner, value in self.risks.items() if 0.2 <= value <= 0.6}
        self.assertEqual(set(record.member_ids.partner_id), expected)

    def test_a_list_from_a_higher_score_up_to_a_lower_one_is_refused(self):
        record = self._by_score(value_from=0.6)
        with self.assertRaisesRegex(ValidationError, "nobody has such a score"):
            record.value_to = 0.2

    def test_whoever_chooses_nobody_is_told_why(self):
        record = self._by_score(value_from=2.0)
        self.assertIn("fit nobody", record.action_choose()["params"]["message"])
        record.value_from = 0.2
        self.assertIs(record.action_choose(), True)
        other = self._by_score(value_from=0.2)
        record.action_start()
        told = other.action_choose()["params"]["message"]
        self.assertIn(f"({other.left_out_count}) are contacted by another", told)

    def test_the_filter_narrows_what_the_score_chose(self):
        record = self._make_list(self.customers[100:110], task_id=self.task.id, band="high")
        expected = {p for p in self.customers[100:110] if self.risks[p] >= 0.7}
        self.assertEqual(set(record.member_ids.partner_id), expected)
        self.assertEqual(record.customer_count, len(expected))

    def test_without_a_score_customers_are_taken_and_no_supplier_nor_our_own_company(self):
        supplier = self._create_customers(1, customer_rank=0, supplier_rank=1)
        record = self.lists.create({"name": "All", "treatment": "export"})
        record.action_choose()
        chosen = record.member_ids.partner_id
        self.assertLessEqual(set(self.customers), set(chosen))
        self.assertNotIn(supplier, chosen)
        record.customer_domain = "[]"
        record.action_choose()
        chosen = record.member_ids.partner_id
        self.assertIn(supplier, chosen)
        self.assertFalse(chosen & self.env["res.company"].search([]).partner_id)

    def test_scores_on_a_list_are_written_with_their_unit_however_large(self):
        self._publish_scores({self.own[0]: 12345678.9}, "clv")
        clv = self.env.ref("logistics_crm_mining.task_clv")
        worth = self._make_list(self.own[:1], user=self.user, task_id=clv.id)
        self.assertEqual(worth.member_ids.score_text, "$\xa012,345,679")
        risk = self._make_list(self.own[9:], user=self.user, task_id=self.task.id)
        self.assertEqual(risk.member_ids.score_text, "6%")
        self.assertFalse(self._make_list(self.own[1:2]).member_ids.score_text)

    def test_a_short_list_takes_the_best_first(self):
        highest = self._by_score(customer_limit=7).member_ids.partner_id
        lowest = self._by_score(customer_limit=7, sort="low").member_ids.partner_id
        self.assertEqual(set(highest), set(self.customers[-7:]))
        self.assertEqual(set(lowest), set(self.customers[:7]))

    def test_the_share_left_alone_is_drawn_alike_from_low_and_high_scores(self):
        record = self._by_score(holdout_share=0.2)
        record.action_start()
        held = self._get(record, "held_out")
        self.assertEqual(len(held), 30)
        self.assertEqual((record.treated_count, record.holdout_count), (120, 30))
        order = {partner: number for number, partner in enumerate(self.customers)}
        fifths = [order[partner] * 5 // 150 for partner in held.partner_id]
        self.assertEqual(sorted(map(fifths.count, range(5))), [6] * 5)

    def test_who_is_left_alone_does_not_follow_the_score(self):
        """Within a fifth of the scores, chance decides: neither the best nor the worst."""
        record = self._by_score(holdout_share=0.2)
        record.action_start()
        value = {member.partner_id: member.score_value for member in record.member_ids}
        held = [value[p] for p in self._get(record, "held_out").partner_id]
        treated = [value[p] for p in self._get(record, "treated").partner_id]
        self.assertAlmostEqual(sum(held) / len(held), sum(treated) / len(treated), delta=0.1)

    def test_a_customer_is_on_one_running_list_of_a_task(self):
        first = self._make_list(self.customers[:60], task_id=self.task.id)
        first.action_start()
        second = self._make_list(self.customers[40:80], task_id=self.task.id)
        self.assertEqual(set(second.member_ids.partner_id), set(self.customers[60:80]))
        self.assertEqual(second.left_out_count, 20)

    def test_who_is_held_out_is_on_no_other_running_list(self):
        first = self._make_list(task_id=self.task.id)
        first.action_start()
        second = self._make_list()
        self.assertEqual(
            set(second.member_ids.partner_id), set(self._get(first, "treated").partner_id)
        )

    def test_two_drafts_do_not_start_with_the_same_customers(self):
        first = self._make_list(self.customers[:60], task_id=self.task.id)
        second = self._make_list(self.customers[40:80], task_id=self.task.id)
        first.action_start()
        second.action_start()
        self.assertEqual(set(second.member_ids.partner_id), set(self.customers[60:80]))
        self.assertEqual((second.customer_count, second.left_out_count), (20, 20))

    def test_the_list_says_how_many_are_left_alone_and_fell_off_and_names_nobody(self):
        first = self._make_list(self.customers[:60], task_id=self.task.id, holdout_share=0.5)
        second = self._make_list(self.customers[:80], task_id=self.task.id, holdout_share=0.5)
        third = self._make_list(self.customers[100:], holdout_share=0)
        first.action_start()
        held_out = first.holdout_count
        second.action_start()
        text = second.message_ids[0].body
        self.assertIn(f"{second.holdout_count} of the customers", text)
        self.assertIn(f"Fell off after they were chosen: 60. Of them {held_out} are left", text)
        self.assertNotIn(self.customers[70].name, text)
        self.assertNotIn("Fell off", first.message_ids[0].body)
        before = third.message_ids
        third.action_start()
        self.assertFalse([one for one in third.message_ids - before if "left alone" in one.body])

    def test_who_was_archived_after_being_chosen_is_not_contacted(self):
        record = self._make_list(self.own, user=self.user, holdout_share=0, treatment="activity")
        self.own[:2].sudo().action_archive()
        record.action_start()
        self.assertEqual(set(record.member_ids.partner_id), set(self.own[2:]))
        self.assertEqual((record.customer_count, record.treated_count), (8, 8))
        self.assertEqual(record.left_out_count, 0)
        planned = self.env["mail.activity"].search([("summary", "=", record.name)])
        self.assertEqual(set(planned.mapped("res_id")), set(self.own[2:].ids))
        self.assertIn(
            "Fell off because they were archived after they were chosen: 2.",
            record.message_ids[0].body,
        )
        self.assertNotIn("another list", record.message_ids[0].body)

    def test_a_start_with_nobody_left_says_where_they_went_and_keeps_the_list(self):
        first = self._make_list(self.own[:6], task_id=self.task.id, holdout_share=0.5)
        second = self._make_list(self.own[:9], user=self.user, task_id=self.task.id)
        first.action_start()
        others = self._make_list(self.own[6:8], task_id=self.task.id, holdout_share=0)
        others.action_start()
        self.own[8].sudo().action_archive()
        why = "5 are contacted by another running list.*3 are left alone.*1 were archived"
        with self.assertRaisesRegex(UserError, why), self.cr.savepoint():
            second.action_start()
        self.env.invalidate_all()
        self.assertEqual((second.state, len(second.member_ids)), ("draft", 9))

    @mute_logger("odoo.sql_db")
    def test_the_database_itself_keeps_a_customer_off_a_second_running_list(self):
        first = self._make_list(self.customers[:5], task_id=self.task.id)
        second = self._make_list(self.customers[:5], task_id=self.task.id)
        first.action_start()
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            second.member_ids.sudo().write({"is_open": True})
            self.env.flush_all()

    def test_after_a_list_is_over_its_customers_may_come_onto_another(self):
        first = self._make_list(task_id=self.task.id)
        first.action_start()
        first.action_cancel()
        self.assertEqual(first.state, "cancelled")
        self.assertEqual(self._make_list(task_id=self.task.id).customer_count, 150)

    def test_lists_of_two_companies_do_not_touch(self):
        elsewhere = self.env["logistics.mining.list"].with_company(self.other_company)
        values = {"name": "Elsewhere", "treatment": "export"}
        there = elsewhere.create({**values, "customer_domain": repr([("id", "in", self.own.ids)])})
        there._choose()
        there._start(self.today)
        self.assertEqual(self._make_list(self.own).customer_count, 10)
        self.assertFalse(any(self.own.with_company(self.company).mapped("is_held_out")))

    def test_choosing_takes_as_many_queries_for_ten_as_for_a_hundred(self):
        few = self._make_list(self.customers[:10], task_id=self.task.id)
        many = self._make_list(self.customers[:100], task_id=self.task.id)
        many.action_choose()
        counts = [self._count_queries(record.action_choose) for record in (few, many)]
        self.assertEqual(counts[0], counts[1])

    def test_starting_takes_as_many_queries_for_ten_as_for_a_hundred(self):
        sizes = (self.customers[:10], self.customers[10:20], self.customers[20:120])
        lists = [self._make_list(some, task_id=self.task.id) for some in sizes]
        counts = [self._count_queries(record.action_start) for record in lists]
        self.assertEqual(counts[1], counts[2])

    def test_who_presses_while_another_does_is_told_so(self):
        record = self._make_list()
        locked = patch.object(
            type(record), "try_lock_for_update", lambda records, **kwargs: records.browse()
        )
        for action in (record.action_start, record.action_choose):
            with locked, self.assertRaisesRegex(UserError, "Somebody else is start.*“Call them”"):
                action()
        self.assertEqual(record.state, "draft")
        self._start_ago(record)
        with locked, self.assertRaisesRegex(UserError, "try again"):
            record.action_measure()
        self.assertEqual(record.state, "running")

    def test_an_empty_list_does_not_start(self):
        record = self._make_list(self.customers.browse())
        self.assertIn("Choose Customers", record.size_note)
        with self.assertRaises(UserError):
            record.action_start()

    def test_a_draft_starts_with_nobody_whom_its_conditions_do_not_choose(self):
        segment = self.env["logistics.mining.segment"].search([], limit=1)
        clv = self.env.ref("logistics_crm_mining.task_clv")
        for values in (
            {"band": "high"},
            {"class_band": "a"},
            {"segment_ids": [(6, 0, segment.ids)]},
            {"task_id": clv.id},
            {"value_from": 0.5},
            {"value_to": 0.5},
            {"customer_limit": 5},
            {"sort": "low"},
            {"customer_domain": "[('id', '=', 0)]"},
        ):
            record = self._make_list(self.own, user=self.user, task_id=self.task.id)
            with self.subTest(values=values):
                record.write(values)
                self.assertEqual((record.customer_count, self._count_members(record)), (0, 0))
                self.assertFalse(record.member_ids)
                with self.assertRaisesRegex(UserError, "conditions have changed"):
                    record.action_start()
        record.write({"customer_domain": "[]", "task_id": self.task.id})
        record.action_choose()
        self.assertEqual(record.member_ids.partner_id, self.own)

    def test_the_same_conditions_leave_the_customers_on_the_list(self):
        record = self._by_score(band="high", customer_limit=9, value_from=0.1)
        record.member_ids[0].unlink()
        same = {name: record[name] for name in ("band", "customer_limit", "value_from", "sort")}
        record.write({**same, "task_id": self.task.id, "segment_ids": [(6, 0, [])]})
        record.write({"customer_domain": "[ ]", "name": "Renamed", "holdout_share": 0.5})
        self.assertEqual((record.customer_count, len(record.member_ids)), (8, 8))

    def test_a_form_offers_no_start_once_the_conditions_on_it_have_changed(self):
        record = self._by_score()
        form = Form(record)
        form.band = "high"
        self.assertEqual(form.customer_count, 0)
        self.assertIn("conditions have changed", form.size_note)
        form.band = False
        self.assertEqual(form.customer_count, 150)
        self.assertIn("drawn by chance", form.size_note)
        form.customer_limit = 10
        self.assertEqual(form.customer_count, 0)
        form.save()
        self.assertFalse(record.member_ids)

    def test_it_is_said_before_the_start_when_a_group_is_too_small_to_measure(self):
        self.assertIn("too few to measure", self._make_list(self.own).size_note)
        self.assertIn("drawn by chance", self._make_list().size_note)
        self.assertIn("Nobody is left alone", self._make_list(holdout_share=0).size_note)

    def test_what_is_measured_by_is_settled_when_the_list_starts(self):
        record = self._make_list()
        record.action_start()
        for values in ({"holdout_share": 0.5}, {"outcome_days": 1}, {"customer_domain": "[]"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                record.write(values)
        for action in ("action_choose", "action_start"):
            with self.subTest(action=action), self.assertRaises(UserError):
                getattr(record, action)()
        record.name = "Renamed"

    def test_defaults_of_a_client_make_no_list_that_claims_to_be_measured(self):
        lists = self.env["logistics.mining.list"].with_user(self.user)
        wrong = {"default_state": "measured", "default_uplift": 0.9, "default_customer_count": 7}
        record = lists.with_context(**wrong).create({"name": "Forged"})
        self.env["ir.default"].set("logistics.mining.list", "state", "running", self.user.id)
        other = lists.create({"name": "Forged as well"})
        for one in record + other:
            found = (one.state, one.uplift, one.customer_count, one.date_end)
            self.assertEqual(found, ("draft", 0.0, 0, False))

    def test_customers_are_taken_off_a_draft_only(self):
        record = self._make_list()
        record.member_ids[0].unlink()
        self.assertEqual((record.customer_count, len(record.member_ids)), (149, 149))
        record.action_start()
        with self.assertRaises(UserError):
            record.member_ids[0].unlink()
        with self.assertRaises(UserError):
            record.unlink()

    def test_a_draft_can_be_deleted_with_its_customers(self):
        record = self._make_list()
        record_id = record.id
        record.unlink()
        self.assertFalse(self.members.search([("list_id", "=", record_id)]))

    def test_an_unreadable_filter_is_refused(self):
        for domain in ("[('no_such_field', '=', 1)]", "nonsense", "[(1"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self.lists.create({"name": "Odd", "customer_domain": domain})

    def test_a_list_is_chosen_by_scores_of_customers_only(self):
        leads = self.env.ref("logistics_crm_mining.task_lead")
        with self.assertRaisesRegex(ValidationError, "does not score customers.*“Odd”"):
            self.lists.create({"name": "Odd", "task_id": leads.id})
        record = self._by_score(band="high")
        with self.assertRaisesRegex(ValidationError, "does not score customers"):
            record.task_id = leads

    def test_choosing_churn_measures_after_the_days_of_the_task(self):
        self.task.horizon_days = 45
        form = Form(self.lists)
        form.name = "Leaving"
        form.task_id = self.task
        self.assertEqual(form.save().outcome_days, 45)

    def test_a_list_is_made_of_selected_customers_and_of_selected_scores(self):
        action = self.own.with_user(self.officer).action_make_list()
        made = self.lists.browse(action["res_id"])
        self.assertEqual(made.member_ids.partner_id, self.own)
        scores = self.env["logistics.mining.score"].with_user(self.officer)
        found = scores.search([("run_id", "=", self.scored.id)], limit=4)
        made = self.lists.browse(found.action_make_list()["res_id"])
        self.assertEqual(set(made.member_ids.partner_id), set(found.partner_id))
        self.assertEqual(made.task_id, self.task)
        self._publish_scores({self.customers[0]: 5.0}, "clv")
        with self.assertRaises(UserError):
            scores.search([("is_newest", "=", True)]).action_make_list()

    def test_no_list_is_made_of_customers_whom_the_user_may_not_contact(self):
        self.user.group_ids += self.env.ref("logistics_crm_scm.group_dispatcher")  # sees all
        strangers = self.customers[20:30].with_user(self.user)
        count = self.lists.sudo().search_count([])
        with self.assertRaises(UserError) as caught:
            strangers.action_make_list()
        self.assertIn("other salespeople's", str(caught.exception))
        self._make_list(self.own).action_start()
        with self.assertRaises(UserError) as caught:
            self.own.with_user(self.user).action_make_list()
        self.assertIn("on another running list", str(caught.exception))
        self.assertEqual(self.lists.sudo().search_count([]), count + 1)
        made = (strangers | self.customers[:15]).with_user(self.officer).action_make_list()
        self.assertTrue(self.lists.browse(made["res_id"]).member_ids)

    def test_the_customer_shows_that_it_is_left_alone_and_until_when(self):
        record = self._make_list()
        record.action_start()
        held = self._get(record, "held_out").partner_id.with_user(self.officer)
        self.assertTrue(all(held.mapped("is_held_out")))
        self.assertEqual(set(held.mapped("held_out_until")), {self.today + timedelta(days=90)})
        found = held.search([("id", "in", self.customers.ids), ("is_held_out", "=", True)])
        self.assertEqual(found, held)
        self.assertEqual(held[0].mining_list_count, 1)

    def test_no_activity_is_planned_for_who_is_held_out(self):
        record = self._make_list()
        record.action_start()
        everyone = self.customers.with_user(self.officer)
        planned = everyone.action_plan_activity()["context"]["active_ids"]
        self.assertEqual(set(planned), set(self._get(record, "treated").partner_id.ids))
        with self.assertRaises(UserError):
            self._get(record, "held_out").partner_id.with_user(self.officer).action_plan_activity()

    def test_erasing_a_customer_takes_it_off_all_lists(self):
        lone = self._create_customers(1)
        record = self._make_list(lone)
        record.action_start()
        lone.unlink()
        self.assertFalse(self._count_members(record))

    # ------------------------------------------------------------------ access

    def test_an_account_manager_makes_lists_of_their_own_customers_only(self):
        record = self._make_list(user=self.user, task_id=self.task.id)
        self.assertEqual(record.member_ids.partner_id, self.own)
        record = self._make_list(user=self.user)
        self.assertEqual(record.member_ids.partner_id, self.own)
        record.action_start()
        self.assertEqual(record.state, "running")

    def test_an_account_manager_sees_their_own_lists_only(self):
        record = self._make_list(self.own)
        mine = self._make_list(self.own, user=self.user)
        self.assertEqual(self.env["logistics.mining.list"].with_user(self.user).search([]), mine)
        with self.assertRaises(AccessError):
            record.with_user(self.user).read(["name"])
        with self.assertRaises(AccessError):
            record.with_user(self.user).action_start()
        self.assertEqual(self.members.with_user(self.user).search([]), mine.member_ids)

    def test_a_list_started_by_another_still_says_that_the_customer_is_left_alone(self):
        record = self._make_list(self.own, holdout_share=0.5)
        record.action_start()
        held = self._get(record, "held_out").partner_id
        self.assertEqual(len(held), 5)
        self.assertTrue(all(held.with_user(self.user).mapped("is_held_out")))

    def test_nobody_writes_what_the_list_finds_out(self):
        record = self._make_list()
        record.action_start()
        for values in (
            {"state": "measured"},
            {"uplift": 1.0},
            {"result": {}},
            {"date_start": False},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            self.lists.create({"name": "Measured", "state": "measured"})
        member = record.member_ids[0]
        for values in ({"arm": "treated"}, {"ordered": True}, {"answered": True}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                member.write(values)

    def test_only_those_contacted_have_an_answer_noted(self):
        record = self._make_list()
        record.action_start()
        self._get(record, "treated")[0].write({"reply": "yes", "note": "Orders in May"})
        with self.assertRaises(UserError):
            self._get(record, "held_out")[0].reply = "yes"

    def test_lists_of_another_company_are_hidden(self):
        there = self.env["logistics.mining.list"].with_company(self.other_company)
        there.create({"name": "Elsewhere"})
        self.assertFalse(self.lists.search([("name", "=", "Elsewhere")]))
        with self.assertRaises(AccessError):
            self.lists.create({"name": "There", "company_id": self.other_company.id})
