import json
import re
from datetime import timedelta

import numpy as np
from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DAYS, MiningCase

MANAGER = "logistics_crm_mining.group_mining_manager"
USER = "logistics_crm.group_logistics_user"
PLACE = re.compile(r"%\(|\bNone\b|\bnan\b|False")
KEYS = {"key", "question", "answer", "chart", "table", "empty"}


@tagged("post_install", "-at_install")
class TestModelPage(MiningCase):
    """Each model tells what it predicts, how good it is, what it uses and what it cannot do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tasks = {
            code: cls.env.ref(f"logistics_crm_mining.task_{code}")
            for code in ("segment", "clv", "churn", "key_account")
        }
        cls.customers = cls._create_customers(300)
        cls._insert_history(cls._make_loose_and_loyal(cls.customers), cls.company)
        cls.runs = {code: cls._score_directly(task) for code, task in cls.tasks.items()}
        cls.manager = cls._create_user("page_manager", MANAGER)
        cls.report = cls.env["logistics.mining.report"].with_user(cls.manager)

    @classmethod
    def _make_loose_and_loyal(cls, customers):
        """Return orders at like rhythms; every other customer buys little and soon leaves."""
        rng, rows = np.random.default_rng(11), []
        for number, partner_id in enumerate(customers.ids):
            loose = number % 2
            day = int(rng.integers(0, DAYS - 60))
            while day < DAYS:
                amount = round(rng.gamma(9.0, 1 / 9) * (80 if loose else 400), 2)
                rows.append((partner_id, cls.today - timedelta(days=DAYS - day), 1.0, amount))
                if rng.random() < (0.3 if loose else 0.01):
                    break
                day += 1 + int(rng.exponential(30))
        return rows

    def _page(self, code):
        return self.report.get_page(self.tasks[code].id)

    def _card(self, page, key):
        return next(card for card in page["cards"] if card["key"] == key)

    def test_every_model_has_a_whole_page(self):
        for code, run in self.runs.items():
            page = self._page(code)
            self.assertEqual((page["run"], page["shown"], page["empty"]), (run.id, True, False))
            for part in ("predicts", "headline", "facts", "cards", "limits", "runs"):
                self.assertTrue(page[part], (code, part))
            self.assertGreaterEqual(len(page["limits"]), 3)
            self.assertEqual(json.loads(json.dumps(page)), page)
            for card in page["cards"]:
                self.assertEqual(set(card), KEYS)
                self.assertTrue(card["question"])
                self.assertTrue(card["chart"] or card["table"] or card["empty"], card)
            texts = [*page["headline"], *page["limits"], *(fact[1] for fact in page["facts"])]
            for text in [*texts, *(card["answer"] or "" for card in page["cards"])]:
                self.assertNotRegex(text, PLACE)

    def test_the_season_that_moved_every_risk_is_told(self):
        run = self.runs["churn"]
        known = run.model_parameters
        self.assertIn("season", known)
        for shift, said in ((-0.6, "lower"), (0.6, "higher"), (0.01, False)):
            run.model_parameters = known | {"season": {"shift": shift}}
            answer = self._card(self._page("churn"), "features")["answer"]
            with self.subTest(shift=shift):
                self.assertEqual("In the same days a year ago" in answer, bool(said))
                if said:
                    self.assertIn(f"every risk is {said} for it", answer)

    def test_cards_have_different_keys_and_tables_are_rectangular(self):
        for code in self.tasks:
            cards = self._page(code)["cards"]
            self.assertEqual(len({card["key"] for card in cards}), len(cards))
            for table in (card["table"] for card in cards if card["table"]):
                self.assertEqual({len(row) for row in table["rows"]}, {len(table["head"])})

    def test_risk_is_told_in_words_with_the_figures_of_the_check(self):
        run, page = self.runs["churn"], self._page("churn")
        first, before = run.metrics["gain"][0], run.baseline["gain"][0]
        share = f"Of the {100 * first['share']:.0f}% of customers with the highest risk, "
        self.assertIn(share, page["headline"][0])
        rates = f"{100 * first['part_rate']:.0f}%", f"{100 * run.metrics['rate']:.0f}%"
        left = f"{rates[0]} stayed away; of all customers, {rates[1]}."
        self.assertIn(left, page["headline"][0])
        alone = f"by their own rhythm alone, {100 * before['part_rate']:.0f}%."
        self.assertIn(alone, page["headline"][0])
        self.assertGreaterEqual(first["part_rate"], before["part_rate"])
        self.assertIn("surely beats the baseline", page["headline"][1])

    def test_what_decided_is_told_where_the_auc_did_not(self):
        run = self.runs["churn"]
        unsure = {"value": 0.004, "low": -0.01, "high": 0.02}
        for loss, words in (
            ({"value": -0.05, "low": -0.08, "high": -0.02}, "decide: they surely are nearer"),
            ({"value": 0.05, "low": 0.02, "high": 0.08}, "surely are further"),
            ({"value": 0.0, "low": -0.02, "high": 0.02}, "Nor are its probabilities"),
        ):
            run.metrics = {**run.metrics, "difference": {"auc": unsure, "log_loss": loss}}
            self.assertIn(words, self._page("churn")["headline"][2])
        self.assertIn("log-loss decides", self._card(self._page("churn"), "candidates")["answer"])

    def test_probabilities_that_are_far_off_are_told_as_a_ranking(self):
        run = self.runs["churn"]
        for ours, theirs, words in (
            (0.02, 0.03, "at their word to within 2.0 percentage points on average.\n"),
            (
                0.05,
                0.01,
                "within 5.0 percentage points on average. Those of the baseline are nearer",
            ),
            (0.085, 0.2, "off by 8.5 percentage points on average: read them as a ranking"),
            (0.085, 0.031, "not at their word. Those of the baseline are nearer: off by 3.1.\n"),
            (0.085, 0.0849, "as a ranking, not at their word.\n"),
        ):
            run.metrics = {**run.metrics, "ece": ours}
            run.baseline = {**run.baseline, "ece": theirs}
            with self.subTest(ours=ours, theirs=theirs):
                self.assertIn(words, "\n".join([*self._page("churn")["headline"], ""]))

    def test_shares_of_few_are_told_with_their_number(self):
        run = self.runs["churn"]
        run.metrics = {**run.metrics, "n": 4000}
        self.assertNotIn("only", self._page("churn")["headline"][0])
        run.metrics = {**run.metrics, "n": 40}
        page = self._page("churn")
        few = round(run.metrics["gain"][0]["share"] * 40)
        self.assertIn(f"these are {few} only", page["headline"][0])
        self.assertRegex(self._card(page, "gain")["answer"], r"% \(of \d+ only\) of them")
        keys = self.runs["key_account"]
        rule = {"conditions": [], "precision": 0.9, "coverage": 0.5, "customers": 7}
        keys.metrics = {**keys.metrics, "rules": [rule, {**rule, "customers": 70}]}
        rows = self._card(self._page("key_account"), "rules")["table"]["rows"]
        self.assertEqual([row[1] for row in rows], ["90% (of 7 only)", "90%"])

    def test_a_newer_run_that_was_refused_is_told_beside_the_scores_shown(self):
        shown, task = self.runs["churn"], self.tasks["churn"]
        refused = self._score_directly(task)
        moved = [{"column": "orders", "psi": 0.9, "alarm": True, "before": 3.0, "now": 8.0}]
        values = {"has_alarm": True, "feature_drift": moved, "reason_data": {"code": "run_done"}}
        refused.write({**values, "published": False, "is_newest": False})
        self.env.flush_all()  # one run at a time is the newest
        shown.is_newest = True
        page = self._page("churn")
        self.assertEqual((page["run"], page["shown"]), (shown.id, True))
        self.assertIn("was not published, so the scores are still those of", page["alarm"])
        self.assertIn(refused.reason, page["alarm"])
        self.assertIn("Days with orders: from about 3 to about 8", page["alarm"])
        told = self.env["logistics.mining.task"].with_user(self.manager).browse(task.id)
        self.assertIn("was not published", told.quality_text)
        self.assertTrue(told.has_alarm)

    def test_a_run_of_today_is_not_told_to_be_of_before(self):
        run = self.runs["churn"]
        run.model_parameters = {}
        run.metrics = {key: value for key, value in run.metrics.items() if key != "importances"}
        self.assertIn(
            "This run has no figures", self._card(self._page("churn"), "features")["empty"]
        )

    def test_the_age_of_the_data_is_that_at_the_company(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self.manager.tz = "America/New_York"
        run = self.runs["churn"]
        run.cutoff = "2026-03-05"
        with freeze_time("2026-03-04 20:00:00"):  # the fifth in Shanghai
            facts = dict(self._page("churn")["facts"])
        self.assertIn("03/05/2026 (today)", facts.values())

    def test_what_changed_between_learning_and_checking_is_told(self):
        run = self.runs["churn"]
        self.assertNotIn("these moved", "\n".join(self._page("churn")["headline"]))
        run.metrics = {**run.metrics, "drift": [{"column": "days_since_last", "psi": 0.9}]}
        text = "\n".join(self._page("churn")["headline"])
        self.assertIn("these moved: Days since the last order.", text)

    def test_curves_are_those_of_the_check(self):
        run, page = self.runs["churn"], self._page("churn")
        ours, other, chance = self._card(page, "gain")["chart"]["series"]
        curve = [[row["share"], row["gain"]] for row in run.metrics["gain"]]
        self.assertEqual(ours["data"], [[0, 0], *curve])
        self.assertEqual(other["data"][-1], [1.0, 1.0])
        self.assertEqual(chance["style"], "even")
        points = self._card(page, "calibration")["chart"]["series"][0]["data"]
        told = [[row["expected"], row["actual"]] for row in run.metrics["calibration"]]
        self.assertEqual(points, told)

    def test_what_the_model_uses_is_told_in_words(self):
        chart = self._card(self._page("churn"), "features")["chart"]
        shares = chart["series"][0]["data"]
        self.assertEqual(shares, sorted(shares, reverse=True))
        self.assertAlmostEqual(sum(shares), 1.0, 5)
        self.assertIn("Silence against the usual days between orders", chart["labels"])

    def test_value_is_told_beside_the_baseline_with_its_discount(self):
        page = self._page("clv")
        text = "\n".join(page["headline"])
        share = self.runs["clv"].metrics["top_fifth_share"]
        self.assertIn(f"brought {100 * share:.0f}% of the revenue", text)
        self.assertIn("discounted by 10% a year", text)
        kept = self._card(page, "cohorts_kept")["table"]
        self.assertEqual([row[2].rstrip("*") for row in kept["rows"]], ["100%"] * len(kept["rows"]))
        bars = self._card(page, "buckets")["chart"]["series"]
        self.assertEqual(
            bars[1]["data"], [row["actual"] for row in self.runs["clv"].metrics["buckets"]]
        )

    def test_moves_between_segments_are_a_table_from_and_to(self):
        self._score_directly(self.tasks["segment"])
        page = self._page("segment")
        tables = [card["table"] for card in page["cards"] if card["key"].startswith("moves_")]
        self.assertEqual(len(tables), 3)
        for table in tables:
            counts = [cell.replace(",", "") for row in table["rows"] for cell in row[1:-1]]
            self.assertEqual(sum(int(cell) for cell in counts if cell), 300)

    def test_model_that_was_never_run_says_what_to_do(self):
        manager = self._create_user("page_elsewhere", MANAGER)
        manager.write(
            {"company_ids": [(6, 0, self.other_company.ids)], "company_id": self.other_company.id}
        )
        report = self.env["logistics.mining.report"].with_user(manager)
        for task in self.tasks.values():
            page = report.get_page(task.id)
            self.assertFalse(page["run"] or page["cards"] or page["runs"])
            self.assertIn("Press Run Now", page["empty"])
            self.assertTrue(page["limits"])
        manager.group_ids = self.env.ref(USER)
        page = report.get_page(self.tasks["churn"].id)
        self.assertIn("It is run at night", page["empty"])
        task = self.tasks["churn"].with_user(manager).with_company(self.other_company)
        self.assertEqual(task.quality_text, page["empty"])

    def test_run_without_enough_data_tells_why_on_the_page(self):
        self._score_directly(self.tasks["churn"], self.other_company)
        page = self.env["logistics.mining.report"].with_company(self.other_company)
        page = page.get_page(self.tasks["churn"].id)
        self.assertIn("has no orders of known customers", page["empty"])

    def test_unpublished_run_is_told_with_its_reason(self):
        run = self.runs["churn"]
        run.write({"is_newest": False, "published": False, "reason_data": {"code": "run_done"}})
        page = self._page("churn")
        self.assertEqual((page["run"], page["shown"]), (run.id, False))
        self.assertEqual(page["headline"][0], run.reason)

    def test_runs_from_before_these_figures_were_kept_have_a_page(self):
        for code, run in self.runs.items():
            run.write({"metrics": {"n": 0}, "baseline": {}, "model_parameters": {}})
            page = self._page(code)
            blank = [card for card in page["cards"] if not (card["chart"] or card["table"])]
            self.assertTrue(blank and all(card["empty"] for card in blank), code)

    def test_task_of_another_add_on_is_told_by_the_figures_it_keeps(self):
        self.env.cr.execute(
            "UPDATE logistics_mining_task SET code = 'their_' || code"
            " WHERE code IN ('response', 'lead')"
        )
        for code, words in (
            ("response", "likeliest to answer"),
            ("lead", "were won"),
            ("strange", "it happened to"),
        ):
            self.env.cr.execute(
                "UPDATE logistics_mining_task SET code = %s WHERE id = %s",
                [code, self.tasks["churn"].id],
            )
            self.env.invalidate_all()
            page = self._page("churn")
            self.assertIn(words, page["headline"][0])
            self.assertTrue(self._card(page, "gain")["chart"])

    def test_alarm_and_history_are_on_the_page(self):
        self.env.cr.execute(
            "UPDATE logistics_sales_history SET amount_company = 10 * amount WHERE company_id = %s",
            [self.company.id],
        )
        run = self._score_directly(self.tasks["clv"])
        page = self._page("clv")
        self.assertEqual(page["alarm"], run.drift_text)
        self.assertEqual([one["alarm"] for one in page["runs"]], [True, False])
        history = self._card(page, "history")["chart"]
        self.assertEqual(history["series"][0]["data"][-1], run.metrics["orders_rmse"])
        self.assertGreater(self._card(page, "drift")["chart"]["series"][0]["data"][-1], 0.25)

    def test_salespeople_read_how_good_a_model_is_and_no_run(self):
        user = self._create_user("page_user", USER)
        report = self.env["logistics.mining.report"].with_user(user)
        money = {"cohorts_revenue"}
        for code, task in self.tasks.items():
            ours, page = self._page(code), report.get_page(task.id)
            self.assertEqual((ours.pop("may_open"), page.pop("may_open")), (True, False))
            ours["cards"] = [card for card in ours["cards"] if card["key"] not in money]
            self.assertEqual(page, ours)
        with self.assertRaises(AccessError):
            report.get_run_cards(self.runs["churn"].id)

    def test_salespeople_open_the_lists_of_models_and_of_tasks(self):
        user = self._create_user("page_user", USER)
        tasks = self.env["logistics.mining.task"].with_user(user)
        told = {values["code"]: values for values in tasks.search_read([])}
        for code in self.tasks:
            self.assertIn(told[code]["quality_text"], self._page(code)["headline"])
            self.assertEqual(told[code]["last_state"], "done")
            self.assertEqual(told[code]["score_count"], self.runs[code].score_count)
        for name in ("run_ids", "last_run_id", "newest_run_id"):
            self.assertNotIn(name, told["churn"])
        for kind in ("task", "model"):
            for view_type in ("list", "form"):
                view = self.env.ref(
                    f"logistics_crm_mining.view_logistics_mining_{kind}_{view_type}"
                )
                arch = tasks.get_view(view.id, view_type)["arch"]
                for private in ("action_run_now", "action_view_runs", "_run_id"):
                    self.assertNotIn(private, arch)
                names = etree.fromstring(arch).xpath("//field/@name")
                self.assertTrue(tasks.browse(self.tasks["churn"].id).read(names))

    def test_salespeople_read_pages_of_their_own_companies_only(self):
        user = self._create_user("page_user", USER)
        run = self._score_directly(self.tasks["churn"], self.other_company)
        elsewhere = self.env(user=user, context={"allowed_company_ids": self.other_company.ids})
        with self.assertRaises(AccessError):
            elsewhere["logistics.mining.report"].get_page(self.tasks["churn"].id)
        for name in ("last_reason", "score_count", "quality_text", "has_alarm"):
            self.env.invalidate_all()
            with self.subTest(name), self.assertRaises(AccessError):
                elsewhere["logistics.mining.task"].browse(self.tasks["churn"].id).read([name])
        page = self.env["logistics.mining.report"].with_user(user).get_page(self.tasks["churn"].id)
        self.assertNotIn(run.id, [one["id"] for one in page["runs"]])

    def test_who_is_not_in_logistics_sees_no_page(self):
        employee = self._create_user("page_employee", "base.group_user")
        report = self.env["logistics.mining.report"].with_user(employee)
        with self.assertRaises(AccessError):
            report.get_page(self.tasks["churn"].id)

    def test_runs_of_another_company_have_no_page_here(self):
        run = self._score_directly(self.tasks["segment"], self.other_company)
        with self.assertRaises(AccessError):
            self.report.get_run_cards(run.id)

    def test_page_takes_few_queries_however_many_runs_there_are(self):
        counts = []
        for _time in range(2):
            self._score_directly(self.tasks["segment"])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._page("segment")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], 20)
        self.assertLessEqual(counts[1], counts[0])

    def test_list_of_models_says_how_good_each_is(self):
        tasks = self.env["logistics.mining.task"].with_user(self.manager)
        for code, task in self.tasks.items():
            text = tasks.browse(task.id).quality_text
            self.assertIn(text, self._page(code)["headline"])
        self.runs["churn"].is_newest = False
        self.assertEqual(tasks.browse(self.tasks["churn"].id).quality_text, False)
