import csv
import os
import time
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from ..models import logistics_history_load_run as run
from ..tools.history_spool import REJECTED
from .history_load_common import GOOD, HEADER, HistoryLoadCase


@tagged("post_install", "-at_install")
class TestHistoryLoadMapping(HistoryLoadCase, TransactionCase):
    def test_a_missing_column_is_told_and_can_be_chosen(self):
        load = self.make_load(HEADER.replace("quantity", "Stueck") + GOOD)
        self.assertIn("No column gives: Quantity", load.mapping_problem)
        with self.assertRaisesRegex(UserError, "No column gives: Quantity"):
            load.action_check()
        with Form(load) as form, form.column_ids.edit(5) as column:
            column.field = "quantity"
        self.assertFalse(load.mapping_problem)
        load.action_check()
        self.assertEqual(load.good_count, 2)

    def test_two_columns_for_one_field_are_told(self):
        load = self.make_load()
        load.column_ids[1].field = "order"
        self.assertIn("Several columns are read as Order number", load.mapping_problem)

    def test_preview_shows_lines_as_they_will_be_read(self):
        load = self.make_load(
            "order;line;date;customer;product;quantity;unit price\n"
            "S1;1;31.12.2024;C1;P1;2;1.234,50\nS1;2;soon;C1;P1;2;1,00\n"
        )
        self.assertEqual((load.delimiter, load.decimal_sign), ("semicolon", "comma"))
        self.assertEqual(load.date_order, "dmy")
        self.assertIn("2024-12-31", load.preview)
        self.assertIn("2469.00", load.preview)
        self.assertEqual(load.preview.count("table-danger"), 1)

    def test_a_file_with_tabs_is_recognised_and_read_anew_with_the_tab_chosen(self):
        load = self.make_load((HEADER + "S1,1,2024-05-31,C1,P1,2,10\n").replace(",", "\t"))
        self.assertEqual(load.delimiter, "tab")
        with Form(load) as form:
            form.encoding = "cp1252"
            self.assertIn("2024-05-31", form.preview)
        self.assertEqual(load.delimiter, "tab")

    def test_formats_can_be_changed_and_the_preview_follows(self):
        load = self.make_load(HEADER + "S1,1,5/1/2024,C1,P1,2,10\n", date_order="dmy")
        with Form(load) as form:
            form.date_order = "dmy"
            self.assertIn("2024-01-05", form.preview)
            form.date_order = "mdy"
            self.assertIn("2024-05-01", form.preview)

    def test_numbers_with_the_other_decimal_sign_are_rejected(self):
        lines = "S1;1;2024-01-05;C1;P1;2;1.234,50\nS2;1;2024-01-05;C1;P1;2;12.50\n"
        load = self.make_load(HEADER.replace(",", ";") + lines, decimal_sign="comma")
        load.action_check()
        self.assertEqual((load.good_count, load.rejected_count), (1, 1))
        self.assertIn("decimal comma", load.reject_html)

    def test_an_unsure_guess_is_told(self):
        load = self.make_load(HEADER + "S1,1,5/1/2024,C1,P1,2,10\n")
        self.assertIn("day or month first", load.format_notice)
        self.assertFalse(self.make_load(HEADER + "S1,1,25/1/2024,C1,P1,2,10\n").format_notice)

    def test_another_encoding_is_read_anew_or_refused_with_a_sentence(self):
        load = self.make_load((HEADER + "S1,1,2024-01-05,Köln,P1,2,10\n").encode("cp1252"))
        self.assertEqual(load.encoding, "cp1252")
        with Form(load) as form:
            form.encoding = "gb18030"
            self.assertNotIn("Köln", form.preview)
            form.encoding = "cp1252"
            self.assertIn("Köln", form.preview)
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs, Form(load) as form:
            form.encoding = "utf-8"
            self.assertEqual(form.encoding, "cp1252")
        self.assertIn("byte 0xF6 at position", logs.output[0])

    def test_source_is_the_last_one_or_comes_from_the_file_name(self):
        self.assertEqual(self.Load._default_source("Orders_2024-05.csv.gz"), "orders")
        load = self.make_load(source="erp")
        load.action_check()
        load.action_apply()
        self.assertEqual(self.Load._default_source("Orders_2024-06.csv"), "erp")


@tagged("post_install", "-at_install")
class TestHistoryLoadFlow(HistoryLoadCase, TransactionCase):
    BAD = "S2,1,2024-02-30,C1,P1,1,1\nS2,2,2024-01-05,C1,P1,two,=cmd()\n"

    def test_good_lines_are_loaded_and_bad_ones_come_back(self):
        load = self.make_load(HEADER + GOOD + self.BAD)
        load.action_check()
        self.assertEqual((load.step, load.good_count, load.rejected_count), ("checked", 2, 2))
        self.assertFalse(self.lines_of(load))
        fields = {group["field"] for group in load.reject_summary}
        self.assertEqual(fields, {"Order date", "Quantity"})
        self.assertIn("2024-02-30", load.reject_html)
        load.action_apply()
        self.assertEqual((load.state, load.created_count), ("done", 2))
        self.assertEqual(sum(self.lines_of(load).mapped("amount")), 14.5)
        with open(self.spool.path(load.id, REJECTED), encoding="utf-8-sig") as stream:
            rows = list(csv.reader(stream))
        self.assertEqual(rows[0], ["Row", "Field", "Reason", *HEADER.strip().split(",")])
        self.assertEqual([row[:2] for row in rows[1:]], [["4", "Order date"], ["5", "Quantity"]])
        self.assertEqual(rows[2][-2:], ["two", "'=cmd()"])

    def test_wrong_values_of_the_issue_are_rejected_each_with_its_field(self):
        header = HEADER.replace("amount", "amount,currency")
        load = self.make_load(
            header
            + "S1,1,2024-01-05,C1,P1,two,1,USD\nS1,2,2024-01-05,C1,P1,1,1,XYZ\n"
            + "S1,3,2999-01-05,C1,P1,1,1,USD\nS1,4,2024-01-05,,P1,1,1,USD\n"
        )
        load.default_currency_id = self.env.company.currency_id
        load.action_check()
        self.assertEqual(load.good_count, 0)
        self.assertEqual(
            [reject["field"] for reject in load._iter_rejected()],
            ["quantity", "currency", "date", "customer"],
        )
        with self.assertRaisesRegex(UserError, "No line can be loaded"):
            load.action_apply()

    def test_loading_the_same_file_again_changes_nothing(self):
        content = "order,date,customer,product,quantity,amount\n" + (
            "S1,2024-01-05,C1,P1,2,10\nS2,2024-01-05,C1,P1,1,5\nS1,2024-01-05,C1,P2,1,4\n"
        )
        for expected in ((3, 0), (0, 3)):
            load = self.make_load(content)
            load.action_check()
            self.assertEqual(load.existing_count, expected[1], "told before it is done")
            load.action_apply()
            self.assertEqual((load.created_count, load.unchanged_count), expected)
        lines = self.env["logistics.sales.history"].search([("order_ref", "=", "S1")])
        self.assertEqual(sorted(lines.mapped("line_ref")), ["1", "2"])

    def test_rows_with_too_many_cells_are_rejected(self):
        load = self.make_load(HEADER + GOOD + "S3,1,2024-01-05,C,1,P1,1,1\n")
        load.action_check()
        self.assertEqual((load.good_count, load.rejected_count), (2, 1))
        self.assertEqual(load.reject_summary[0]["field"], "Whole row")

    def test_lines_without_currency_get_the_chosen_one(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2000-01-01", "rate": 2}
        )
        load = self.make_load()
        load.default_currency_id = euro
        load.action_check()
        load.action_apply()
        self.assertEqual(self.lines_of(load).currency_id, euro)

    def test_unknown_customers_are_rejected_when_they_are_not_to_be_created(self):
        load = self.make_load(create_missing=False)
        load.action_check()
        self.assertEqual((load.good_count, load.rejected_count), (0, 2))

    def test_going_back_and_cancelling_leave_nothing(self):
        load = self.make_load(HEADER + GOOD + self.BAD)
        load.action_check()
        load.action_back()
        self.assertEqual((load.step, load.reject_summary), ("columns", False))
        load.action_cancel()
        self.env.cr.postcommit.run()
        self.assertEqual(load.step, "cancelled")
        self.assertFalse([name for name in self.files() if name.startswith(f"{load.id}.")])
        with self.assertRaisesRegex(UserError, "closed"):
            load.action_check()

    def test_files_go_when_the_load_is_done(self):
        load = self.make_load()
        load.action_check()
        load.action_apply()
        self.env.cr.postcommit.run()
        self.assertFalse(self.spool.has(load.id))
        with self.assertRaisesRegex(UserError, "loaded already"):
            load.action_apply()

    def test_a_file_that_vanished_is_told(self):
        load = self.make_load()
        self.spool.remove(load.ids)
        with self.assertRaisesRegex(UserError, "no longer on the server"):
            load.action_check()

    def test_old_files_are_swept_and_young_ones_stay(self):
        old, young = self.make_load(), self.make_load()
        stray = os.path.join(self.spool.folder, "999999999.file")
        open(stray, "w").close()
        week_ago = time.time() - 8 * 24 * 3600
        os.utime(self.spool.path(old.id), (week_ago, week_ago))
        self.env["logistics.history.load"]._gc_history_files()
        self.assertFalse(os.path.exists(stray))
        self.assertEqual((old.state, self.spool.has(old.id)), ("cancelled", False))
        self.assertEqual((young.state, self.spool.has(young.id)), ("draft", True))

    def test_officers_may_not_load(self):
        with self.assertRaises(AccessError):
            self.env["logistics.history.load"].with_user(self.officer).create({"source": "x"})


@tagged("post_install", "-at_install")
class TestHistoryLoadBackground(HistoryLoadCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.patch(run, "BACKGROUND_ROWS", 1)
        self.cron = self.env.ref("logistics_crm.ir_cron_history_load")

    def run_cron(self, times=2):
        """Run the action as often as a check takes: once to read, once to judge."""
        with self.enter_registry_test_mode():
            for _run in range(times):
                self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_large_files_are_checked_and_loaded_by_the_scheduled_action(self):
        load = self.make_load()
        triggers = [("cron_id", "=", self.cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        load.action_check()
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), before + 1)
        self.assertEqual((load.job_state, load.state), ("queued", "draft"))
        self.run_cron()
        self.assertEqual((load.job_state, load.state, load.good_count), (False, "checked", 2))
        load.action_apply()
        self.assertEqual(load.job, "apply")
        self.run_cron()
        self.assertEqual((load.state, load.created_count), ("done", 2))

    def test_a_second_click_is_told_what_goes_on(self):
        load = self.make_load()
        load.action_check()
        with self.assertRaisesRegex(UserError, "being checked in the background"):
            load.action_check()
        load.write({"job": "apply", "job_state": "running"})
        with self.assertRaisesRegex(UserError, "being loaded in the background"):
            load.action_cancel()
        with self.assertRaisesRegex(UserError, "is being worked on"):
            load.unlink()

    def test_a_waiting_load_can_be_cancelled_or_deleted(self):
        cancelled, deleted = self.make_load(), self.make_load()
        (cancelled + deleted).write({"job": "check", "job_state": "queued"})
        cancelled.action_cancel()
        deleted.unlink()
        self.run_cron()
        self.assertEqual((cancelled.state, cancelled.job_state), ("cancelled", False))

    def test_a_job_whose_worker_was_killed_is_done_again(self):
        load = self.make_load()
        load.write({"job": "read", "job_state": "running", "job_attempts": 1})
        self.run_cron()
        self.assertEqual((load.state, load.job_state, load.good_count), ("checked", False, 2))

    def test_lines_that_the_database_lost_are_noticed(self):
        load = self.make_load()
        load.action_check()
        self.run_cron(times=1)
        self.env.cr.execute("DELETE FROM logistics_history_stage WHERE load_id = %s", [load.id])
        self.run_cron(times=1)
        self.assertEqual((load.state, load.job_state), ("draft", False))
        self.assertIn("lost the lines", load.message)

    def test_reading_goes_on_where_the_last_run_stopped(self):
        self.patch(run, "CHUNK_ROWS", 2)
        self.patch(run, "STAGE_SECONDS", -1)
        load = self.make_load(HEADER + GOOD + GOOD.replace("S1", "S2") + "S3,1,soon,C,P,1,1\n")
        load.action_check()
        self.run_cron(times=1)
        self.assertEqual((load.job_state, load.job, load.staged_count), ("running", "read", 2))
        self.run_cron(times=5)
        self.assertEqual((load.state, load.good_count, load.rejected_count), ("checked", 4, 1))
        with open(self.spool.path(load.id, REJECTED), encoding="utf-8-sig") as stream:
            self.assertEqual([row[0] for row in csv.reader(stream)], ["Row", "6"])

    def test_a_load_cancelled_while_it_is_read_stops(self):
        self.patch(run, "CHUNK_ROWS", 1)
        self.patch(run, "STAGE_SECONDS", -1)
        load = self.make_load()
        load.action_check()
        self.run_cron(times=1)
        load.action_cancel()
        self.run_cron()
        self.assertEqual((load.state, load.job_state, load.staged_count), ("cancelled", False, 0))

    def test_a_job_that_is_killed_again_and_again_ends_with_a_sentence(self):
        load = self.make_load()
        load.write({"job": "check", "job_state": "running", "job_attempts": run.MAX_ATTEMPTS})
        self.run_cron()
        self.assertEqual((load.state, load.job_state), ("failed", False))
        self.assertIn("stopped this load 3 times", load.message)

    def test_a_wrong_file_ends_with_its_sentence(self):
        load = self.make_load((HEADER + GOOD + "S2,1,2024-01-05,Köln,P,1,1\n").encode("cp1252"))
        load.encoding = "utf-8"
        load.action_check()
        self.run_cron()
        self.assertEqual((load.state, load.job_state), ("draft", False))
        self.assertIn("not UTF-8: byte 0xF6", load.message)

    def test_an_unexpected_error_ends_with_a_sentence(self):
        load = self.make_load()
        load.action_check()
        with (
            patch.object(run.LogisticsHistoryLoad, "_run_step", side_effect=ZeroDivisionError),
            self.assertLogs(run.__name__, "ERROR"),
        ):
            self.run_cron()
        self.assertEqual((load.state, load.job_state), ("failed", False))
        self.assertIn("unexpected error", load.message)

    def test_a_load_runs_as_who_started_it(self):
        load = self.make_load()
        load.action_check()
        self.manager.group_ids = [Command.set([self.env.ref("base.group_user").id])]
        self.run_cron()
        load = load.sudo()
        self.assertEqual((load.state, load.job_state), ("draft", False))
        self.assertIn("not allowed", load.message)
