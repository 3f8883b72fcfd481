import logging
import resource
import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import SQL

from ..tools.outcome import fingerprint
from ..tools.shared_frame import SharedFrame

_logger = logging.getLogger(__name__)

# First key of the session-level advisory locks that say "a living process works on this run";
# the second key is the run's id. Any constant does, as long as nobody else uses it.
WORKER_LOCK = 0x4C4D  # "LM"
MAX_ATTEMPTS = 2


class RunCancelled(Exception):
    """The run is not running any more: somebody cancelled or deleted it."""


class LogisticsMiningRun(models.Model):
    """How queued runs are worked through: one after the other, in the scheduled action."""

    _inherit = "logistics.mining.run"

    @api.model
    def _cron_queue_nightly(self):
        """Queue every task for every company that has orders or leads, and wake the worker.

        Company by company, each with a commit: what collides with somebody who presses Run Now
        is tried again, and takes no other company with it. Nobody else retries for a cron. Where
        one cannot be queued at all, the others are, and the action fails with its error.
        """
        # A handful of records of configuration.
        tasks = self.env["logistics.mining.task"].search([])  # pylint: disable=no-search-all
        about_leads = tasks.filtered(lambda task: task.res_model == "crm.lead")
        with_orders, errors = self._get_companies_with_orders(), []
        for company in (with_orders | self._get_companies_with_leads()).sorted("id"):
            wanted = tasks if company in with_orders else about_leads
            try:
                retrying(lambda: wanted._queue(company), self.env)  # noqa: B023
            except Exception as error:  # the next company must get its turn; raised below
                self.env.cr.rollback()
                _logger.exception("Mining runs of company %s were not queued", company.id)
                errors.append(error)
        if errors:
            raise errors[0]

    @api.model
    def _get_companies_with_orders(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT company.id FROM res_company company WHERE company.active AND EXISTS (
                    SELECT FROM logistics_order_fact fact
                    WHERE fact.company_id = company.id AND fact.partner_id IS NOT NULL)"""
            )
        )
        return self.env["res.company"].browse(row[0] for row in rows)

    @api.model
    def _get_companies_with_leads(self):
        """Return companies that have leads; those of no company are the first company's."""
        rows = self.env.execute_query(
            SQL(
                """SELECT company.id FROM res_company company WHERE company.active AND EXISTS (
                    SELECT FROM crm_lead lead WHERE lead.company_id = company.id
                        OR lead.company_id IS NULL AND company.id = (
                            SELECT id FROM res_company WHERE active ORDER BY sequence, id LIMIT 1))
                """
            )
        )
        return self.env["res.company"].browse(row[0] for row in rows)

    @api.model
    def _cron_process_queue(self):
        """Work through the queue; one run's failure does not stop the next."""
        self._recover_stopped()
        runs = self.search([("state", "=", "queued")], order="id")
        runs = runs.with_context(order_days=SharedFrame())
        self.env["ir.cron"]._commit_progress(remaining=len(runs))
        for run in runs:
            run._process()
            if not self.env["ir.cron"]._commit_progress(1):
                break
        self._prune()

    @api.model
    def _recover_stopped(self):
        """Requeue runs whose process was killed; after the second time they count as failed."""
        running = self.search([("state", "=", "running")])
        stopped = running.filtered(lambda run: run._try_worker_lock())
        for run in stopped:
            run._release_worker_lock()
        again = stopped.filtered(lambda run: run.attempts < MAX_ATTEMPTS)
        again.write({"state": "queued", "progress": 0})
        for run in stopped - again:
            run._close("failed", {"code": "stopped", "times": run.attempts})

    def _try_worker_lock(self):
        """Take the lock of the process that works on the run; the database frees it on a kill."""
        query = SQL("SELECT pg_try_advisory_lock(%s, %s)", WORKER_LOCK, self.id)
        return self.env.execute_query(query)[0][0]

    def _release_worker_lock(self):
        self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", WORKER_LOCK, self.id))

    def _process(self):
        """Run one queued run to its end, whatever happens, and leave nothing half done."""
        self.ensure_one()
        if not self._try_worker_lock():
            return
        try:
            self.with_company(self.company_id)._execute()
        except RunCancelled:
            self.env.cr.rollback()
        except Exception as error:  # noqa: BLE001  the next run must get its turn
            self.env.cr.rollback()
            self._fail(error)
        finally:
            self._release_worker_lock()

    def _execute(self):
        """Extract a frame, fit and score it, store the scores."""
        clock = time.monotonic()
        self._start()
        self.env["ir.cron"]._commit_progress()
        frame = self.task_id._extract(self)
        self._advance(40, fingerprint=fingerprint(frame))
        outcome = self.task_id._score(self, frame)
        self._advance(70)
        retrying(lambda: self._conclude(outcome, clock), self.env)

    def _start(self):
        """Mark the run as running and remember with which parameters."""
        self._lock_open("queued")
        self.write(
            {
                "state": "running",
                "progress": 5,
                "attempts": self.attempts + 1,
                "started": fields.Datetime.now(),
                "parameters": self.task_id._prepare_parameters(),
            }
        )

    def _advance(self, progress, **values):
        """Show progress and honour a cancellation between two steps.

        The commit comes first: the lock must see what others wrote during the step.
        """
        self.env["ir.cron"]._commit_progress()
        self._lock_open("running")
        self.write({"progress": progress, **values})
        self.env["ir.cron"]._commit_progress()

    def _lock_open(self, state):
        """Lock the run's row, and raise ``RunCancelled`` unless it is in the given state."""
        query = SQL("SELECT state FROM logistics_mining_run WHERE id = %s FOR UPDATE", self.id)
        if self.env.execute_query(query) != [(state,)]:
            raise RunCancelled
        self.invalidate_recordset()

    def _conclude(self, outcome, clock):
        """Store the scores, publish them if they may be, and close the run: all or nothing."""
        self._lock_open("running")
        self._store(outcome)
        if outcome.publish:
            self._publish()
        self._close("done", outcome.reason, seconds=time.monotonic() - clock)

    def _close(self, state, reason=None, **values):
        self.write(
            {
                **values,
                "state": state,
                "progress": 100 if state == "done" else self.progress,
                "reason_data": reason,
                "finished": fields.Datetime.now(),
                "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )

    def _fail(self, error):
        """Close a run that raised, with a sentence for people and the details in the log."""
        if not self.exists() or self.state == "cancelled":
            return
        if isinstance(error, UserError):
            _logger.info("Mining run %s failed: %s", self.id, error)
            reason = {"code": "said", "message": str(error)}
        else:
            _logger.error("Mining run %s failed", self.id, exc_info=error)
            reason = {"code": "unexpected", "error": type(error).__name__, "run": self.id}
        self._close("failed", reason)

    @api.model
    def _prune(self):
        """Delete the oldest finished runs beyond what their task keeps per company."""
        finished = self.search([("state", "not in", ("queued", "running"))], order="id desc")
        expired = self.browse()
        for (task, _company), runs in finished.grouped(
            lambda run: (run.task_id, run.company_id)
        ).items():
            expired |= runs[task.runs_kept :].filtered(lambda run: not run.is_newest)
        expired.unlink()
