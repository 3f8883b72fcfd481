from odoo import models
from odoo.tools import SQL


class LogisticsMiningTask(models.Model):
    """How runs of a task get into the queue."""

    _inherit = "logistics.mining.task"

    def _queue(self, companies):
        """Return the open run of each task and company, queueing those that have none.

        Two callers at once get the same run: the insert skips what the other has made. Where the
        other's row is not visible yet PostgreSQL asks for a retry (``SerializationFailure``). Odoo
        retries requests only: any other caller wraps this in ``odoo.service.model.retrying``.
        """
        self.env["logistics.mining.run"].flush_model(["task_id", "company_id", "state"])
        self.env.cr.execute(
            SQL(
                """INSERT INTO logistics_mining_run (
                    task_id, company_id, user_id, state, progress, attempts, create_uid,
                    create_date, write_uid, write_date)
                SELECT task.id, company.id, %(user)s, 'queued', 0, 0, %(uid)s,
                    now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                FROM logistics_mining_task task CROSS JOIN res_company company
                WHERE task.id = ANY(%(tasks)s) AND company.id = ANY(%(companies)s)
                ORDER BY company.id, task.sequence, task.id
                ON CONFLICT DO NOTHING""",
                user=None if self.env.su else self.env.uid,
                uid=self.env.uid,
                tasks=self.ids,
                companies=companies.ids,
            ),
            log_exceptions=False,  # a retry is part of the plan
        )
        self.invalidate_recordset(["run_ids", "last_run_id", "last_state"])
        self.env.ref("logistics_crm_mining.ir_cron_mining")._trigger()
        open_runs = self.env["logistics.mining.run"].search(
            [
                ("task_id", "in", self.ids),
                ("company_id", "in", companies.ids),
                ("state", "in", ("queued", "running")),
            ],
            order="id",
        )
        # A run that another transaction has just finished still looks open to this one, beside
        # the new run that its end made room for: the newer one counts.
        newest = {(run.task_id, run.company_id): run.id for run in open_runs}
        return open_runs.browse(newest.values())
