import re
from datetime import timedelta

import numpy as np

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..analytics import PARTIAL_LEAKS, ResponseModel, response_features
from .list_common import ListCase

CODE = re.compile(r"response_|verdict_|No words are known")
MARKETS = ("logistics_crm.group_logistics_officer", "logistics_crm_mining.group_mining_manager")


class ResponseCase(ListCase):
    """Customers who buy much answer campaigns more often than the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.env.ref("logistics_crm_mining.task_response")
        cls.customers |= cls._create_customers(150)
        cls.rows = cls._make_buyers()
        cls._insert_history(cls.rows, cls.company)

    @classmethod
    def _make_buyers(cls):
        """Return orders of 900 days: every customer has a rhythm and an amount of its own."""
        rng, rows = np.random.default_rng(21), []
        cls.size = {}
        for partner in cls.customers:
            gap, cls.size[partner] = rng.uniform(15, 120), rng.lognormal(5, 1)
            day = rng.uniform(0, 300)
            while day < 900:
                amount = round(cls.size[partner] * rng.gamma(9, 1 / 9), 2)
                rows.append((partner.id, cls.today - timedelta(days=900 - int(day)), 1.0, amount))
                day += 1 + rng.exponential(gap)
        return rows

    @classmethod
    def _run_campaigns(cls, starts=(400, 300, 200), slope=1.2, seed=5, customers=None):
        """Measure lists that were started so many days ago; who buys much answers more often."""
        rng, lists = np.random.default_rng(seed), cls.env["logistics.mining.list"]
        for days in starts:
            record = cls._make_list(
                customers, name=f"Campaign {days}", holdout_share=0.1, order_counts=False
            )
            cls._start_ago(record, days)
            treated = cls._get(record, "treated")
            size = np.log([cls.size[member.partner_id] for member in treated]) - 5
            said = rng.random(len(treated)) < 1 / (1 + np.exp(1.0 - slope * size))
            for reply, answers in (("yes", said), ("no", ~said)):
                ids = np.array(treated.ids)[answers].tolist()
                cls.members.browse(ids).with_user(cls.officer).write({"reply": reply})
            record.action_measure()
            lists |= record
        return lists


@tagged("post_install", "-at_install")
class TestResponse(ResponseCase):
    """Who will answer a campaign: learned from measured lists, tried on the newest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaigns = cls._run_campaigns()
        cls.published = cls._score_directly(cls.task)

    def test_the_run_is_published(self):
        self.assertTrue(self.published.published, self.published.reason)

    def test_chances_are_those_of_the_core_on_what_was_known_at_the_contacts(self):
        run = self.published
        frame = self.task._extract(run)
        frame = frame.assign(channel=None, segment=None)
        contacts = frame[frame["list_id"] > 0].reset_index(drop=True)
        customers = frame[frame["list_id"] == 0].set_index("partner_id")
        columns = run.model_parameters["columns"]
        model = ResponseModel().fit(
            response_features(contacts)[0][columns],
            contacts["answered"],
            contacts["time"],
            outcome_time=contacts["until"],
        )
        expected = model.predict_proba(response_features(customers)[0][columns])[:, 1]
        by_partner = dict(zip(customers.index, expected, strict=True))
        for partner in self.customers.with_company(self.company):
            self.assertAlmostEqual(partner.response_probability, by_partner[partner.id], 3)

    def test_who_is_told_to_answer_is_who_answers(self):
        customers = self.customers.with_company(self.company)
        size = np.log([self.size[partner] for partner in self.customers])
        chance = customers.mapped("response_probability")
        self.assertGreater(np.corrcoef(size, chance)[0, 1], 0.7)
        by_band = {
            band: customers.filtered(lambda one, band=band: one.response_band == band)
            for band in ("high", "medium", "low")
        }
        # the best fifth, the next 30% and the rest; equal chances are never parted
        for band, share in (("high", 0.2), ("medium", 0.3), ("low", 0.5)):
            self.assertAlmostEqual(len(by_band[band]) / len(customers), share, delta=0.02)
        for better, worse in (("high", "medium"), ("medium", "low")):
            self.assertGreater(
                min(by_band[better].mapped("response_probability")),
                max(by_band[worse].mapped("response_probability")),
            )

    def test_the_newest_lists_are_not_learned_from_when_they_are_judged_on(self):
        lists, run = self.campaigns, self.published
        newest = lists[-1]
        self.assertEqual([row["list"] for row in run.metrics["lists"]], [newest.id])
        self.assertEqual(run.metrics["n"], newest.treated_count)
        self.assertEqual(run.metrics["trained_on"], sum(lists[:2].mapped("treated_count")))
        self.assertEqual(run.metrics["holdout_cutoff"], newest.date_start.isoformat())

    def test_the_run_tells_what_contacting_the_best_reaches(self):
        lists, run = self.campaigns, self.published
        self.assertRegex(run.figures_text, r"Contact the best 30% and reach \d\d% of the answers")
        self.assertIn(f"{lists[-1].name}: ", run.figures_text)
        self.assertGreater(run.metrics["auc"], run.baseline["auc"])
        self.assertNotRegex(run.figures_text, CODE)
        self.assertNotIn("Take care", run.figures_text)  # alike campaigns are no news
        reach = run.metrics["lists"][0]["reach"]
        self.assertGreater(reach, 0.4)
        self.assertIn(f"{100 * reach:.1f}% of its answers", lists[-1].response_note)
        self.assertFalse(lists[0].response_note)

    def test_every_chance_has_reasons_in_words(self):
        run = self.published
        scores = self.env["logistics.mining.score"].with_user(self.officer)
        scores = scores.search([("run_id", "=", run.id)])
        self.assertEqual(len(scores), 300)
        for score in scores:
            self.assertTrue(score.reason_text)
            self.assertNotRegex(score.reason_text, CODE)
        partner = scores[0].partner_id.with_company(self.company)
        self.assertEqual(partner.response_reasons, scores[0].reason_text)

    def test_every_feature_has_words(self):
        renderer = self.env["logistics.mining.reason"]
        for column in response_features(self._get_frame())[0].columns.drop("channel"):
            for value in (3.0, False):
                reason = {"code": f"response_{column}", "value": value, "effect": 1.0}
                text = renderer._render({**reason, "days": 3, "usual": 5}, self.company, self.today)
                self.assertNotRegex(text, CODE)

    def _get_frame(self):
        run = self.task._queue(self.company)
        run._start()
        return self.task._extract(run).assign(channel=None, segment=None)

    def test_a_list_takes_the_most_likely_to_answer_first(self):
        record = self._make_list(customer_limit=20, sort="response")
        chance = {p: p.response_probability for p in self.customers.with_company(self.company)}
        best = sorted(chance, key=lambda partner: -chance[partner])[:20]
        self.assertEqual(
            sorted(chance[p] for p in record.member_ids.partner_id.with_company(self.company)),
            sorted(chance[p] for p in best),
        )
        self.assertRegex(record.response_note, r"about \d+ of 20 would answer: \d\.\d times")

    def test_a_list_is_chosen_by_the_response_score_itself(self):
        record = self._make_list(customer_domain="[]", task_id=self.task.id, band="high")
        best = self.customers.with_company(self.company).filtered(
            lambda one: one.response_band == "high"
        )
        self.assertEqual(record.member_ids.partner_id, best)
        lower = self._make_list(customer_domain="[]", task_id=self.task.id, customer_limit=10)
        self.assertLessEqual(set(lower.member_ids.partner_id), set(record.member_ids.partner_id))

    def test_nobody_types_a_chance(self):
        with self.assertRaises(AccessError):
            self.customers[0].with_user(self.officer).response_probability = 0.5
        manager = self._create_user("response_manager", MARKETS[1])
        with self.assertRaises(AccessError):
            self.customers[0].with_user(manager).response_band = "high"

    def test_other_systems_read_the_chances(self):
        run = self.published
        api = self.env["logistics.api"].with_user(self.officer).with_company(self.company)
        rows = api.scores("response", limit=5)
        self.assertEqual({row["run"] for row in rows}, {run.id})
        self.assertTrue(all(row["reasons"] for row in rows))


@tagged("post_install", "-at_install")
class TestResponseRefused(ResponseCase):
    """What is not learned from, and what is not published."""

    def test_orders_after_the_contact_are_not_known_to_the_model(self):
        lists = self._run_campaigns()
        run = self.task._queue(self.company)
        run._start()
        before = self.task._extract(run)
        oldest = lists[0]
        late = [
            (member.partner_id.id, oldest.date_start + timedelta(days=1), 1.0, 9e6)
            for member in oldest.member_ids
        ]
        self._insert_history(late, self.company)
        after = self.task._extract(run)
        for frame in (before, after):
            frame.drop(frame[frame["list_id"] != oldest.id].index, inplace=True)
        self.assertTrue(len(before))
        self.assertTrue(before.equals(after))
        self.assertTrue((after["last_date"] <= after["time"]).all())

    def test_what_a_customer_answered_before_counts_only_once_that_list_was_over(self):
        self._run_campaigns(starts=(400, 350, 200))
        run = self.task._queue(self.company)
        run._start()
        frame = self.task._extract(run)
        self.assertTrue(
            (frame["answers_date"].isna() | (frame["answers_date"] <= frame["time"])).all()
        )
        contacted = frame[frame["list_id"] > 0].groupby("time")["earlier_contacts"].max()
        self.assertEqual(contacted.tolist(), [0, 0, 2])

    def test_a_segment_counts_only_if_it_was_known_at_the_contact(self):
        segment = self.env.ref("logistics_crm_mining.segment_loyal")
        partner = self.customers[0]
        self._publish_scores({partner: 1.0}, "segment", {partner: {"segment_id": segment.id}})
        lists = self._run_campaigns(starts=(400, 300))
        before = lists[0].date_start - timedelta(days=1)
        lists.member_ids.filtered("segment_id").sudo().segment_date = before
        late = lists[1].member_ids.filtered("segment_id").sudo()
        late.segment_date = lists[1].date_start + timedelta(days=1)
        run = self.task._queue(self.company)
        run._start()
        self.env.flush_all()
        frame = self.task._extract(run)
        found = frame[frame["partner_id"] == partner.id].set_index("list_id")["segment_id"]
        expected = {0: segment.id, lists[0].id: segment.id, lists[1].id: -1}
        held = {
            m.list_id.id
            for m in self.members.search([("arm", "=", "held_out")])
            if m.partner_id == partner
        }
        self.assertEqual(
            found.to_dict(), {key: value for key, value in expected.items() if key not in held}
        )

    def test_answers_by_chance_are_not_published(self):
        self._run_campaigns(slope=0.0)
        run = self._score_directly(self.task)
        self.assertFalse(run.published)
        self.assertIn("how lately each customer ordered", run.reason)

    def test_too_few_answers_are_not_published(self):
        self._run_campaigns()
        self.task.min_answers = 400
        run = self._score_directly(self.task)
        self.assertFalse(run.published)
        self.assertIn("400 are needed", run.reason)
        self.assertFalse(self.customers[0].with_company(self.company).response_probability)

    def test_one_campaign_is_not_enough_and_none_is_not_either(self):
        for starts, count in (((), 0), ((200,), 1)):
            self._run_campaigns(starts=starts)
            run = self._score_directly(self.task)
            self.assertFalse(run.published)
            self.assertIn(f"{count} were started on different days", run.reason)

    def test_a_feature_that_knows_the_answer_is_refused_and_named(self):
        self._run_campaigns()
        run = self.task._queue(self.company)
        run._start()
        frame = self.task._extract(run)
        asked = frame["list_id"] > 0
        frame.loc[asked, "amount_year"] = frame["answered"] * 1000.0 + frame["orders"] % 7
        outcome = self.task._score_response(run, frame)
        self.assertFalse(outcome.publish)
        self.assertIsNone(outcome.scores)
        text = self.env["logistics.mining.reason"]._render(outcome.reason, self.company)
        self.assertIn("amount_year alone tells the answers", text)

    def test_a_feature_filled_in_for_some_who_answered_is_refused_and_told_in_words(self):
        self._run_campaigns()
        run = self.task._queue(self.company)
        run._start()
        frame = self.task._extract(run)
        asked = frame[frame["list_id"] > 0].index
        wrote = [at for at in asked[frame.loc[asked, "answered"] > 0] if at % 2]
        frame["channel"] = -1
        frame.loc[asked, "channel"] = 0
        frame.loc[wrote, "channel"] = 1
        outcome = self.task._score_response(run, frame)
        self.assertFalse(outcome.publish)
        text = self.env["logistics.mining.reason"]._render(outcome.reason, self.company)
        self.assertIn("of these answered", text)
        self.assertIn("It must have been written afterwards", text)

    def test_every_way_to_know_the_answer_has_words(self):
        figures = {"column": "channel", "count": 90, "rows": 900, "ones": 90, "rate": 25.81}
        figures |= {"auc": 0.99, "limit": 0.87}
        renderer = self.env["logistics.mining.reason"]
        for task in ("leak", "response", "doubt_lead", "doubt_response"):
            for kind in PARTIAL_LEAKS:
                for value in (False, "Post", "True"):
                    reason = {**figures, "code": f"{task}_{kind}", "value": value}
                    text = renderer._render(reason, self.company)
                    self.assertRegex(text, r"90 (of 900 )?(leads|contacts)")
                    self.assertRegex(text, r"0\.990|26%")

    def test_a_feature_known_only_after_the_contact_is_refused_and_named(self):
        self._run_campaigns()
        run = self.task._queue(self.company)
        run._start()
        frame = self.task._extract(run)
        asked = frame["list_id"] > 0
        frame.loc[asked, "last_date"] = frame.loc[asked, "until"]
        outcome = self.task._score_response(run, frame)
        self.assertFalse(outcome.publish)
        text = self.env["logistics.mining.reason"]._render(outcome.reason, self.company)
        self.assertIn("was known only on", text)

    def test_newer_campaigns_with_other_customers_raise_the_alarm(self):
        small = sorted(self.customers, key=self.size.get)
        few = self.customers.browse([partner.id for partner in small[:200]])
        many = self.customers.browse([partner.id for partner in small[120:]])
        self._run_campaigns(starts=(500, 400), customers=few)
        self._run_campaigns(starts=(200,), customers=many)
        run = self._score_directly(self.task)
        self.assertGreater(run.metrics["contacts"], 500, run.reason)
        self.assertTrue(run.metrics["drift_alarm"])
        self.assertIn("the newest campaigns contacted other customers", run.figures_text)

    def test_answers_of_another_company_teach_nothing(self):
        self._run_campaigns()
        self._insert_history(self.rows[:2000], self.other_company)
        run = self._score_directly(self.task, self.other_company)
        self.assertFalse(run.published)
        self.assertIn("0 were started on different days", run.reason)

    def test_extracting_takes_as_many_queries_for_one_list_as_for_three(self):
        counts = []
        for starts in ((400,), (300,), (200, 100)):
            self._run_campaigns(starts=starts)
            run = self.task._queue(self.company)
            run.parameters = self.task._prepare_parameters()
            counts.append(self._count_queries(lambda run=run: self.task._extract(run)))
        self.assertEqual(counts[1], counts[2])
