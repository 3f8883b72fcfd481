import logging
import time
from itertools import islice

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from ..loader.reasons import get_messages
from ..loader.upsert import count_existing
from ..tools.history_rejects import write_rejects
from ..tools.history_spool import FILE, REJECTED
from ..tools.sales_file import ReadError
from .history_file_messages import read_error_message
from .logistics_history_load_job import NO_JOB

_logger = logging.getLogger(__name__)

BACKGROUND_ROWS = 20000
CHUNK_ROWS = 20000
#: Time for reading in one run of the scheduled action; Odoo stops runs after 120 s by default.
STAGE_SECONDS = 30
MAX_ATTEMPTS = 3
EXAMPLES = 3
CONFLICTS = (
    ConcurrencyError,
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
)
#: Field and reason code of a row that holds more cells than the header.
MISFIT = ("row", "cells")
GOOD = (None, None)


class Stopped(Exception):
    """The load was cancelled or deleted while its file was being read."""


class LogisticsHistoryLoad(models.Model):
    """The work on a file load: at once when it is small, else by a scheduled action."""

    _inherit = "logistics.history.load"

    def _start_job(self, job):
        """Do small work at once and leave large work to the scheduled action."""
        if max(self.row_estimate, self.staged_count) > BACKGROUND_ROWS:
            self._queue_job(job)
            return
        try:
            if job == "check":
                self._reset_check()
            self._run_job(job)
        except ReadError as error:
            raise UserError(read_error_message(self.env, error)) from error

    def _queue_job(self, job):
        if job == "check":
            job = "read"
            self._discard()
            self._reset_check()
        self.write(
            {
                "job": job,
                "job_state": "queued",
                "job_attempts": 0,
                "job_queued_at": fields.Datetime.now(),
                "message": False,
            }
        )
        # every Manager may wake the action up; only administrators may read or change it
        self.env.ref("logistics_crm.ir_cron_history_load").sudo()._trigger()

    def _run_job(self, job):
        if job == "check":
            self._run_check()
        else:
            self._run_apply()

    # ------------------------------------------------------------------ check

    def _run_check(self):
        """Stage the whole file and check it."""
        self._stage(self._get_lines(), flagged=True)
        self._finish_check()

    def _finish_check(self):
        """Check what was staged, and keep the rejected rows as a file."""
        self._number_lines()
        self._check()
        if self.good_count + self.rejected_count != self.staged_count:
            # the staging table is not kept when the database server crashes
            raise UserError(
                self.env._("The database lost the lines that had been read. Check the file again.")
            )
        with self._large_joins():
            self.existing_count = count_existing(self)
        self._keep_rejected()

    def _get_lines(self, start=0):
        """Return an iterator over the lines of the file from `start` on, as the loader wants them.

        All that comes from the database is read here: the iterator may run inside a COPY, which
        has the connection for itself.
        """
        rows = islice(self._open_as_chosen().rows(), start, None)
        return iter_lines(rows, self._get_converter())

    def _stage_some(self):
        """Stage the next chunks of a large file, for as long as one run may take.

        Each chunk is committed with its number of rows, so that whoever comes next (after a
        kill, a restart, or just the next run) goes on where this one stopped.

        Returns
        -------
        bool
            Whether the file is at its end.
        """
        lines = self._get_lines(self.staged_count)
        end = time.monotonic() + STAGE_SECONDS
        while chunk := list(islice(lines, CHUNK_ROWS)):
            self._stage(chunk, flagged=True, after=self.staged_count)
            self.env["ir.cron"]._commit_progress(len(chunk), remaining=0)
            self.invalidate_recordset()
            if not self.exists() or self.job_state != "running":
                raise Stopped
            if time.monotonic() > end:
                return False
        return True

    def _number_lines(self):
        """Count the lines of each order where the file has no line number.

        In the database, because a file may hold more orders than memory and may mix them.
        """
        if "line" in self.column_ids.mapped("field"):
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE logistics_history_stage AS stage
                   SET raw_line = counted.number::text
                  FROM (SELECT row_no,
                               row_number() OVER (PARTITION BY raw_order ORDER BY row_no) AS number
                          FROM logistics_history_stage
                         WHERE load_id = %(load)s) AS counted
                 WHERE stage.load_id = %(load)s
                   AND stage.row_no = counted.row_no
                """,
                load=self.id,
            )
        )

    def _reset_check(self):
        self.write(
            {
                "state": "draft",
                "staged_count": 0,
                "reject_summary": False,
                "rejected_ready": False,
                "message": False,
            }
        )
        self._get_spool().remove(self.ids, (REJECTED,))

    # ------------------------------------------------------------------ rejected lines

    def _keep_rejected(self):
        """Write the rejected rows to a file, and count them by field and reason."""
        if not self.rejected_count:
            return
        labels = self._get_reject_labels()
        tally = {}
        rejects = (
            (reject["row"], labels.get(reject["field"], ""), reject["reason"])
            for reject in tally_rejects(self._iter_rejected(), tally)
        )
        reader, spool = self._open_as_chosen(), self._get_spool()
        write_rejects(
            spool.path(self.id, REJECTED),
            [self.env._("Row"), self.env._("Field"), self.env._("Reason")],
            reader.header,
            reader.rows(),
            rejects,
        )
        messages = get_messages(self.env)
        summary = [
            {
                "field": labels.get(field, ""),
                "reason": messages[code] % {"value": "…", "field": labels.get(field, "")},
                **group,
            }
            for (field, code), group in sorted(tally.items(), key=lambda item: -item[1]["count"])
        ]
        self.write({"reject_summary": summary, "rejected_ready": True})

    def _get_reject_labels(self):
        labels = self.env["logistics.history.load.column"]._field_labels()
        return {**labels, MISFIT[0]: self.env._("Whole row")}

    # ------------------------------------------------------------------ load

    def _run_apply(self):
        self._apply()
        self._discard()
        self.file_ready = False
        self._remove_files(kinds=(FILE,))

    # ------------------------------------------------------------------ in the background

    @api.model
    def _cron_run_loads(self):
        """Do the next step of the load that waits longest, and call again for the rest.

        One step a run: servers stop scheduled actions that run for minutes.
        """
        waiting = [("job_state", "!=", False)]
        load = self.search(waiting, order="job_attempts, job_queued_at, id", limit=1)
        load._run_in_background()
        self.env["ir.cron"]._commit_progress(len(load), remaining=0)
        if self.search_count(waiting, limit=1):
            self.env.ref("logistics_crm.ir_cron_history_load")._trigger()

    def _run_in_background(self):
        """Do one step as the user of the load; whatever happens, it does not stay "running"."""
        if not self._begin_job():
            return
        owner = self._as_owner()
        try:
            if owner._run_step():
                self.write(NO_JOB)
            self.job_attempts = 0
            self.env.flush_all()
        except (Stopped, *CONFLICTS):
            # somebody cancelled, or another load of the source was at work: the next run looks
            self.env.cr.rollback()
        except ReadError as error:
            self._stop_job(read_error_message(owner.env, error))
        except UserError as error:
            self._stop_job(str(error))
        except Exception:
            _logger.exception("Sales history load %s failed", self.id)
            self._stop_job(
                owner.env._(
                    "An unexpected error stopped this load; no line was loaded. "
                    "The server log tells more (load %(id)s).",
                    id=self.id,
                ),
                failed=True,
            )

    def _run_step(self):
        """Do the next step of the job; return whether it was the last one."""
        if self.job == "read":
            if self._stage_some():
                self.job = "check"
            return False
        if self.job == "check":
            self._finish_check()
        else:
            self._run_apply()
        return True

    def _as_owner(self):
        """The load with the rights, company and language of who started it."""
        user = self.user_id
        return self.with_user(user).with_company(self.company_id).with_context(lang=user.lang)

    def _begin_job(self):
        """Note that work begins; give up after some attempts that were killed."""
        if not self.exists() or not self.job_state:
            return False
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        if self.job_attempts >= MAX_ATTEMPTS:
            self._stop_job(
                self._as_owner().env._(
                    "The server stopped this load %(count)s times before it was done; no line was "
                    "loaded. Split the file, or ask your administrator for more time and memory "
                    "for scheduled actions.",
                    count=self.job_attempts,
                ),
                failed=True,
            )
            return False
        self.write({"job_state": "running", "job_attempts": self.job_attempts + 1})
        self.env["ir.cron"]._commit_progress()
        return True

    def _stop_job(self, message, failed=False):
        """End a job with a sentence; staged lines of a failed check go."""
        self.env.cr.rollback()
        state = "failed" if failed else "checked" if self.job == "apply" else "draft"
        if state != "checked":
            self._discard()
        self.write({"state": state, "message": message, **NO_JOB})


def iter_lines(rows, converter):
    """Yield converted rows with a flag on misshapen ones: field and reason code, or None."""
    convert, is_misfit, width = converter.convert, converter.is_misfit, converter.width
    for _number, cells in rows:
        if len(cells) > width and is_misfit(cells):
            flag = MISFIT
        else:
            field = converter.find_misread(cells)
            flag = (field, "decimal_sign") if field else GOOD
        yield convert(cells) + flag


def tally_rejects(rejects, tally):
    """Pass rejected lines on while counting them in `tally` by field and reason code."""
    for reject in rejects:
        group = tally.setdefault((reject["field"], reject["code"]), {"count": 0, "examples": []})
        group["count"] += 1
        value = reject["values"].get(reject["field"])
        if value and len(group["examples"]) < EXAMPLES and value[:60] not in group["examples"]:
            group["examples"].append(value[:60])
        yield reject
