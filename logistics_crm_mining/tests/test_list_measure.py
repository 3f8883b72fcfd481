from datetime import timedelta
from unittest.mock import patch

import numpy as np
from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..analytics import measure_uplift
from .list_common import ListCase


@tagged("post_install", "-at_install")
class TestListMeasure(ListCase):
    """What came of a campaign: counted from orders, with those left alone beside it."""

    def _run_list(self, treated_rate, held_rate, **values):
        """Return a measured list on which so many of each group ordered."""
        record = self._make_list(holdout_share=0.4, **values)
        self._start_ago(record)
        for arm, rate in (("treated", treated_rate), ("held_out", held_rate)):
            partners = self._get(record, arm).partner_id
            self._order(partners[: round(rate * len(partners))], 50)
        record.action_measure()
        return record

    def test_uplift_is_that_of_the_core_on_the_orders_of_both_groups(self):
        record = self._run_list(0.6, 0.2)
        treated = np.arange(150) < 90
        ordered = np.r_[np.arange(90) < 54, np.arange(60) < 12]
        expected = measure_uplift(treated, ordered.astype(float))
        found = record.result["orders"]
        for name in ("uplift", "low", "high", "gained", "significant"):
            self.assertAlmostEqual(found[name], expected[name])
        self.assertAlmostEqual(record.treated_rate, 0.6)
        self.assertAlmostEqual(record.holdout_rate, 0.2)
        self.assertAlmostEqual(record.uplift, 0.4)
        self.assertEqual(record.verdict, "gain")
        self.assertEqual(record.state, "measured")

    def test_the_result_is_told_in_words(self):
        text = self._run_list(0.6, 0.2).result_text
        self.assertIn("Of 90 customers contacted, 54 (60.0%)", text)
        self.assertIn("of 60 left alone, 12 (20.0%)", text)
        self.assertIn("40.0 points more", text)
        self.assertNotIn("%(", text)

    def test_a_difference_that_chance_makes_is_called_so(self):
        record = self._run_list(0.35, 0.3)
        self.assertIn("chance alone could make it", record.result_text)
        self.assertEqual(record.verdict, "chance")

    def test_a_campaign_that_does_harm_is_called_so(self):
        record = self._run_list(0.1, 0.6)
        self.assertIn("did harm", record.result_text)
        self.assertEqual(record.verdict, "harm")

    def test_too_small_a_group_is_said_and_nothing_is_claimed(self):
        record = self._make_list(self.customers[:40], holdout_share=0.2)
        self._start_ago(record)
        self._order(self._get(record, "treated").partner_id, 50)
        record.action_measure()
        self.assertIn("only 8 were left alone, 20 are needed", record.result_text)
        self.assertFalse(record.uplift)
        self.assertEqual(record.verdict, "unknown")

    def test_a_difference_is_shown_only_where_it_can_be_told(self):
        small = self._make_list(self.customers[:40], holdout_share=0.2)
        self._start_ago(small)
        small.action_measure()
        arch = etree.fromstring(self.lists.get_view(view_type="list")["arch"])
        hidden = arch.find(".//field[@name='uplift']").get("invisible")

        def is_shown(record):
            names = ("state", "verdict", "holdout_count")
            return not safe_eval(hidden, {name: record[name] for name in names})

        self.assertFalse(is_shown(small))
        self.assertFalse(is_shown(self._make_list(self.customers[50:60])))
        self.assertTrue(is_shown(self._run_list(0.6, 0.2, outcome_days=60)))

    def test_without_anybody_left_alone_the_orders_are_told_alone(self):
        record = self._make_list(holdout_share=0)
        self._start_ago(record)
        self._order(self.customers[:30], 50)
        record.action_measure()
        self.assertIn("Of 150 customers contacted, 30 (20.0%)", record.result_text)
        self.assertIn("Nobody was left alone", record.result_text)

    def test_orders_before_the_start_and_after_the_end_do_not_count(self):
        record = self._make_list(self.own, outcome_days=30, holdout_share=0)
        self._start_ago(record)  # 100 days ago: counted from 99 to 70 days ago
        for partner, days in zip(self.own, (101, 100, 99, 70, 69, 10), strict=False):
            self._order(partner, days)
        record.action_measure()
        ordered = record.member_ids.filtered("ordered").partner_id
        self.assertEqual(set(ordered), set(self.own[2:4]))

    def test_a_return_is_no_order_and_lowers_the_amount(self):
        record = self._make_list(self.own, holdout_share=0)
        self._start_ago(record)
        day = self.today - timedelta(days=50)
        rows = [(self.own[0].id, day, -1.0, -30.0), (self.own[1].id, day, 1.0, 100.0)]
        rows.append((self.own[1].id, day, -1.0, -40.0))
        self._insert_history(rows, self.company)
        record.action_measure()
        member = {member.partner_id: member for member in record.member_ids}
        self.assertFalse(member[self.own[0]].ordered)
        self.assertAlmostEqual(member[self.own[0]].amount, -30.0)
        self.assertTrue(member[self.own[1]].ordered)
        self.assertAlmostEqual(member[self.own[1]].amount, 60.0)
        self.assertEqual(member[self.own[1]].order_date, day)

    def test_orders_of_another_company_do_not_count(self):
        record = self._make_list(self.own, holdout_share=0)
        self._start_ago(record)
        self._order(self.own, 50, self.other_company)
        record.action_measure()
        self.assertFalse(any(record.member_ids.mapped("ordered")))

    def test_a_confirmed_order_in_odoo_counts(self):
        record = self._make_list(self.own, holdout_share=0)
        self._start_ago(record)
        order = (
            self.env["sale.order"]
            .with_company(self.company)
            .create(
                {
                    "partner_id": self.own[3].id,
                    "company_id": self.company.id,
                    "order_line": [(0, 0, {"product_id": self.product.id, "price_unit": 70})],
                }
            )
        )
        order.action_confirm()
        order.date_order = self.today - timedelta(days=40)
        record.action_measure()
        self.assertEqual(record.member_ids.filtered("ordered").partner_id, self.own[3])

    def test_a_list_is_not_measured_before_its_days_are_over(self):
        record = self._make_list(outcome_days=30)
        self._start_ago(record, 30)
        with self.assertRaises(UserError):
            record.action_measure()
        self._age(record, 31)
        record.action_measure()
        self.assertEqual(record.state, "measured")

    def test_at_night_lists_whose_days_are_over_are_measured(self):
        due, running = self._make_list(self.own), self._make_list(self.customers[20:])
        self._start_ago(due, 91)
        running.action_start()
        with self.enter_registry_test_mode():
            self.env.ref("logistics_crm_mining.ir_cron_mining_list").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((due.state, running.state), ("measured", "running"))
        self.assertFalse(any(self.own.mapped("is_held_out")))

    def _write_elsewhere(self, query, record):
        """Do in the database what another transaction does, unknown to this one's cache."""
        self.cr.execute(query, [record.id])

    def test_a_list_cancelled_by_another_meanwhile_is_not_measured(self):
        record = self._make_list(self.own, user=self.user)
        self._start_ago(record, 91)
        self.assertEqual(record.state, "running")
        self.env.flush_all()
        cancel = "UPDATE logistics_mining_list SET state = 'cancelled' WHERE id = %s"
        self._write_elsewhere(cancel, record)
        with self.assertRaisesRegex(UserError, "is Cancelled"):
            record.action_measure()
        self.assertEqual(record.state, "cancelled")

    def test_at_night_lists_cancelled_deleted_or_held_by_others_meanwhile_are_passed_over(self):
        lists = [self._make_list(self.customers[n : n + 10]) for n in range(0, 50, 10)]
        for record in lists:
            self._start_ago(record, 91)
        due, cancelled, deleted, held, last = lists
        measured = []

        def measure(record):
            measured.append(record)
            if record == due:
                self.env.flush_all()
                cancel = "UPDATE logistics_mining_list SET state = 'cancelled' WHERE id = %s"
                self._write_elsewhere(cancel, cancelled)
                self._write_elsewhere("DELETE FROM logistics_mining_list WHERE id = %s", deleted)

        def lock(records, **kwargs):
            return records - held.with_env(records.env)

        with (
            patch.object(type(due), "_measure", measure),
            patch.object(type(due), "try_lock_for_update", lock),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("logistics_crm_mining.ir_cron_mining_list").method_direct_trigger()
        self.assertEqual([record.id for record in measured], [due.id, last.id])

    def test_orders_that_came_in_late_are_counted_when_measured_again(self):
        record = self._run_list(0.2, 0.2)
        self._order(self._get(record, "treated").partner_id, 40)
        record.action_measure()
        self.assertAlmostEqual(record.treated_rate, 1.0)

    def test_measuring_takes_as_many_queries_for_ten_as_for_a_hundred(self):
        lists = []
        for some in (self.customers[:10], self.customers[10:20], self.customers[20:120]):
            lists.append(self._make_list(some))
            self._start_ago(lists[-1])
            self._order(some[:5], 50)
        counts = [self._count_queries(record.action_measure) for record in lists]
        self.assertEqual(counts[1], counts[2])

    # ------------------------------------------------------------------ answers

    def _answered(self, record):
        return record.member_ids.filtered("answered").partner_id

    def test_leads_and_quotations_of_the_campaign_are_answers(self):
        campaign = self.env["utm.campaign"].create({"name": "Spring"})
        record = self._make_list(
            self.own, campaign_id=campaign.id, order_counts=False, holdout_share=0
        )
        record.action_start()
        lead = {"name": "Asks", "partner_id": self.own[0].id, "company_id": self.company.id}
        self.env["crm.lead"].create({**lead, "campaign_id": campaign.id})
        self.env["crm.lead"].create({**lead, "partner_id": self.own[1].id})
        self.env["sale.order"].with_company(self.company).create(
            {"partner_id": self.own[2].id, "campaign_id": campaign.id}
        )
        record._measure()
        self.assertEqual(self._answered(record), self.own[0] | self.own[2])

    def test_what_was_noted_goes_before_what_orders_tell(self):
        record = self._make_list(self.own, holdout_share=0)
        self._start_ago(record)
        self._order(self.own[:2], 50)
        member = {member.partner_id: member for member in record.member_ids}
        member[self.own[0]].reply = "no"
        member[self.own[5]].reply = "yes"
        record.action_measure()
        self.assertEqual(set(self._answered(record)), {self.own[1], self.own[5]})

    def test_who_was_left_alone_has_not_answered(self):
        record = self._run_list(0.5, 0.5)
        self.assertFalse(any(self._get(record, "held_out").mapped("answered")))
        self.assertEqual(record.result["answers"], 45)

    def test_a_list_whose_customers_were_all_deleted_is_measured_and_says_so(self):
        gone = self._create_customers(3)
        record = self._make_list(gone, holdout_share=0.0)
        self._start_ago(record)
        gone.unlink()
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("logistics_crm_mining.ir_cron_mining_list").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((record.state, record.customer_count), ("measured", 0))
        self.assertIn("were all deleted", record.result_text)
        self.assertEqual(record.verdict, "unknown")

    def test_who_was_deleted_since_the_start_is_counted_no_more(self):
        record = self._make_list(holdout_share=0.4)
        self._start_ago(record)
        self._get(record, "held_out").partner_id[0].sudo().unlink()
        self.env.invalidate_all()
        record.action_measure()
        counts = record.customer_count, record.treated_count, record.holdout_count
        self.assertEqual(counts, (149, 90, 59))

    def test_a_planted_effect_lies_in_95_of_100_intervals(self):
        """Drawn, stored and counted by Odoo; orders come by chance, 20 points more when called."""
        rng, hits, runs = np.random.default_rng(3), 0, 60
        for _run in range(runs):
            record = self._make_list(holdout_share=0.4)
            self._start_ago(record)
            treated = np.array([member.arm == "treated" for member in record.member_ids])
            orders = rng.random(150) < np.where(treated, 0.5, 0.3)
            ids = np.array(record.member_ids.partner_id.ids)[orders].tolist()
            ordering = self.env["res.partner"].browse(ids)
            self.cr.execute("DELETE FROM logistics_sales_history")
            self._order(ordering, 50)
            record.action_measure()
            found = record.result["orders"]
            self.assertEqual(found["treated"]["outcomes"], (orders & treated).sum())
            self.assertEqual(found["holdout"]["outcomes"], (orders & ~treated).sum())
            hits += found["low"] <= 0.2 <= found["high"]
        # 95% of 60 is 57; below 52 comes by chance once in a thousand times
        self.assertGreaterEqual(hits, 52)
