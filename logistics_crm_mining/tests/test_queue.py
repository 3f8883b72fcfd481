import json
import time
from datetime import date
from unittest.mock import Mock

import pandas as pd
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.outcome import ScoringOutcome
from .common import MiningCase

QUEUE_LOGGER = "odoo.addons.logistics_crm_mining.models.logistics_mining_run_queue"

COLLISION = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure'; END $$"


@tagged("post_install", "-at_install")
class TestMiningQueue(MiningCase):
    """The queue, with the steps of the tasks replaced: what they compute is tested elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(3)
        cls.manager = cls._create_user(
            "scoring-manager", "logistics_crm_mining.group_mining_manager"
        )
        cls.api = cls.env["logistics.api"].with_user(cls.manager)

    def setUp(self):
        super().setUp()
        self.seen = []
        task_class = self.env.registry["logistics.mining.task"]
        self.patch(task_class, "_extract", lambda task, run: self._extract(task, run))
        self.patch(task_class, "_score", lambda task, run, frame: self._score(task, run))

    def _extract(self, task, run):
        self.seen.append((task.code, run.company_id.id, run.state, run.progress))
        return pd.DataFrame({"res_id": self.customers.ids})

    def _score(self, task, run):
        count = len(self.customers)
        scores = pd.DataFrame(
            {
                "res_id": self.customers.ids,
                "value": [float(number) for number in range(count)],
                "band": "low",
                "segment_id": 0,
                "details": self._get_details(task),
                "reasons": "[]",
            }
        )
        return ScoringOutcome(
            scores=scores, publish=True, cutoff=date(2026, 1, 31), lines=9, customers=count
        )

    @staticmethod
    def _get_details(task):
        return json.dumps(dict.fromkeys(task._get_published_fields(), 0))

    def test_run_mining_queues_and_wakes_the_worker(self):
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.cron.id)])
        answer = self.api.run_mining("segment")
        run = self.env["logistics.mining.run"].browse(answer["run"])
        self.assertEqual(answer, {"run": run.id, "state": "queued"})
        self.assertEqual(run.company_id, self.company)
        self.assertEqual(run.user_id, self.manager)
        self.assertGreater(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.cron.id)]), triggers
        )

    def test_run_mining_returns_the_open_run(self):
        first = self.api.run_mining("segment")
        self.assertEqual(self.api.run_mining("segment"), first)
        self.assertNotEqual(self.api.run_mining("clv")["run"], first["run"])

    def test_run_mining_after_the_end_makes_a_new_run(self):
        first = self.api.run_mining("segment")
        self._work()
        self.assertNotEqual(self.api.run_mining("segment")["run"], first["run"])

    def test_companies_have_runs_of_their_own(self):
        runs = self.segment_task._queue(self.company | self.other_company)
        self.assertEqual(runs.company_id, self.company | self.other_company)
        self._work()
        self.assertEqual(set(runs.mapped("state")), {"done"})

    def test_database_refuses_a_second_open_run(self):
        run = self.segment_task._queue(self.company)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            run.copy({"state": "running"}).flush_recordset()

    def test_run_mining_names_a_wrong_code(self):
        for code in ("nothing", 7, False, None, ["segment"]):
            with self.subTest(code=code), self.assertRaisesRegex(UserError, "^code: "):
                self.api.run_mining(code)

    def test_a_task_is_something_that_can_be_scored(self):
        with self.assertRaises(ValidationError):
            self.segment_task.code = "horoscope"

    def test_what_a_task_scores_stays(self):
        task = self.segment_task.with_user(self.manager)
        for model in ("crm.lead", "no.such.model", "", False):
            with self.subTest(model=model), self.assertRaisesRegex(UserError, "Scored Model"):
                task.res_model = model
        task.write({"res_model": "res.partner", "runs_kept": 4})
        self.assertEqual((task.res_model, task.runs_kept), ("res.partner", 4))

    def test_archived_task_does_not_run(self):
        self.segment_task.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            self.api.run_mining("segment")

    def test_run_shows_progress_while_it_works(self):
        run = self.segment_task._queue(self.company)
        self._work()
        self.assertEqual(self.seen, [("segment", self.company.id, "running", 5)])
        self.assertEqual((run.state, run.progress, run.attempts), ("done", 100, 1))
        self.assertTrue(run.started and run.finished)
        self.assertTrue(run.published)
        self.assertFalse(run.reason)

    def test_failure_does_not_stop_the_next_run(self):
        def extract(task, run):
            if task.code == "segment":
                raise ZeroDivisionError("secret detail")
            return pd.DataFrame()

        self._extract = extract
        runs = (self.segment_task | self.clv_task)._queue(self.company)
        with self.assertLogs(QUEUE_LOGGER, "ERROR"):
            self._work()
        self.assertEqual(runs.mapped("state"), ["failed", "done"])
        self.assertIn("ZeroDivisionError", runs[0].reason)
        self.assertNotIn("secret detail", runs[0].reason)
        self.assertNotIn("Traceback", runs[0].reason)
        self.assertFalse(runs[0].published)

    def test_failure_leaves_nothing_half_stored(self):
        def publish(run):
            raise ZeroDivisionError

        self.patch(self.env.registry["logistics.mining.run"], "_publish", publish)
        run = self.segment_task._queue(self.company)
        with self.assertLogs(QUEUE_LOGGER, "ERROR"):
            self._work()
        self.assertEqual(run.state, "failed")
        self.assertFalse(self.env["logistics.mining.score"].search_count([("run_id", "=", run.id)]))

    def test_user_error_is_told_as_it_is(self):
        def extract(task, run):
            raise UserError("The history is locked.")  # pylint: disable=translation-required

        self._extract = extract
        run = self._run(self.segment_task)
        self.assertEqual((run.state, run.reason), ("failed", "The history is locked."))

    def test_queued_run_can_be_cancelled(self):
        run = self.segment_task._queue(self.company)
        run.with_user(self.manager).action_cancel()
        self._work()
        self.assertEqual(run.state, "cancelled")
        self.assertFalse(self.seen)
        self.assertIn(self.manager.name, run.reason)

    def test_running_run_stops_before_its_next_step(self):
        def extract(task, run):
            run.with_user(self.manager).action_cancel()
            return pd.DataFrame()

        self._extract = extract
        runs = (self.segment_task | self.clv_task)._queue(self.company)
        self._work()
        self.assertEqual(set(runs.mapped("state")), {"cancelled"})
        self.assertFalse(runs.filtered("score_count"))

    def test_run_that_is_over_cannot_be_cancelled(self):
        run = self._run(self.segment_task)
        with self.assertRaises(UserError):
            run.with_user(self.manager).action_cancel()

    def test_run_of_a_killed_process_is_taken_up_again_once(self):
        run = self.segment_task._queue(self.company)
        run.write({"state": "running", "attempts": 1, "progress": 40})
        self._work()
        self.assertEqual((run.state, run.attempts), ("done", 2))

    def test_run_killed_twice_fails_with_advice(self):
        run = self.segment_task._queue(self.company)
        run.write({"state": "running", "attempts": 2})
        self._work()
        self.assertEqual(run.state, "failed")
        self.assertIn("limit_time_real_cron", run.reason)
        self.assertFalse(self.seen)

    def test_old_runs_and_their_scores_are_pruned(self):
        self.segment_task.runs_kept = 2
        runs = self.env["logistics.mining.run"]
        for _number in range(4):
            runs |= self._run(self.segment_task)
        self.assertEqual(runs.exists(), runs[2:])
        self.assertEqual(
            self.env["logistics.mining.score"].search_count([("run_id", "in", runs.ids)]), 6
        )

    def test_pruning_keeps_the_published_run(self):
        self.segment_task.runs_kept = 1
        published = self._run(self.segment_task)
        self._extract = Mock(side_effect=UserError("no"))
        failed = self._run(self.segment_task)
        last = self._run(self.segment_task)
        self.assertEqual((published | failed | last).exists(), published | last)
        self.assertTrue(published.is_newest)

    def test_nightly_queues_companies_with_orders_only(self):
        self._insert_history([(self.customers[0].id, self.today, 1, 10.0)], self.other_company)
        self._insert_history([(None, self.today, 1, 10.0)], self.company)
        self._queue_nightly()
        runs = self.env["logistics.mining.run"].search(
            [("company_id", "in", (self.company | self.other_company).ids)]
        )
        self.assertEqual(runs.company_id, self.other_company)
        # every task there is; a handful of records of configuration
        self.assertEqual(runs.task_id, runs.task_id.search([]))
        self.assertFalse(runs.user_id)

    def _collide(self, company, times):
        """Let queueing for a company meet what another transaction has just queued."""
        task_class = self.env.registry["logistics.mining.task"]
        queue, left = task_class._queue, [times]

        def collide(tasks, companies):
            if company in companies and left[0]:
                left[0] -= 1
                tasks.env.cr.execute(COLLISION, log_exceptions=False)
            return queue(tasks, companies)

        self.patch(task_class, "_queue", collide)
        self.patch(time, "sleep", lambda _seconds: None)

    def _get_nightly_companies(self):
        domain = [("company_id", "in", (self.company | self.other_company).ids)]
        return self.env["logistics.mining.run"].search(domain).company_id

    def test_nightly_tries_again_where_somebody_pressed_run_now(self):
        both = self.company | self.other_company
        for company in both:
            self._insert_history([(self.customers[0].id, self.today, 1, 10.0)], company)
        self._collide(self.company, times=1)
        self._queue_nightly()
        self.assertEqual(self._get_nightly_companies(), both)

    def test_nightly_queues_the_other_companies_where_one_cannot_be(self):
        for company in self.company | self.other_company:
            self._insert_history([(self.customers[0].id, self.today, 1, 10.0)], company)
        self._collide(self.company, times=99)
        failed = self.assertLogs("odoo.addons.base.models.ir_cron", "ERROR")  # the action, too
        with self.assertLogs(QUEUE_LOGGER, "ERROR"), failed:
            self._queue_nightly()
        self.assertEqual(self._get_nightly_companies(), self.other_company)

    def test_run_now_shows_the_run(self):
        action = self.segment_task.with_user(self.manager).action_run_now()
        run = self.env["logistics.mining.run"].browse(action["res_id"])
        self.assertEqual((run.state, run.company_id), ("queued", self.company))

    def test_record_deleted_meanwhile_is_left_out(self):
        def score(task, run):
            outcome = type(self)._score(self, task, run)
            self.customers[0].unlink()
            return outcome

        self._score = score
        run = self._run(self.segment_task)
        self.assertEqual((run.state, run.score_count), ("done", 2))
