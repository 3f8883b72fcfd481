from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import lifecycle_sql

# What the planner is told about the one statement of the night.
PLANNER = {"work_mem": "128MB", "enable_hashagg": "off", "random_page_cost": "1.1"}


class LogisticsLifecycleStage(models.Model):
    """The nightly rules: they move all customers of a company in one statement."""

    _inherit = "logistics.lifecycle.stage"

    @api.model
    def _cron_apply_rules(self):
        """Move the customers of every company to the stage that their orders tell."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for done, company in enumerate(companies, start=1):
            self._apply_rules(company)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)

    def action_apply_rules(self):
        """Do now what the night does, for the user's company."""
        count = self._apply_rules(self.env.company)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("%(count)s customers moved.", count=count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _apply_rules(self, company, today=None):
        """Move the customers of a company whose stage was not set by hand.

        Parameters
        ----------
        company : res.company
        today : datetime.date, optional
            The company's own day when left out.

        Returns
        -------
        int
            How many moved. One statement; rows of customers who stay are not written.
        """
        self.check_access("write")
        today = today or fields.Date.context_today(company.with_context(tz=company.partner_id.tz))
        self.env.flush_all()
        with self._planned_for_sorting():
            self.env.cr.execute(self._get_rules_query(company, today))
            count = self.env.cr.rowcount
        self.env["res.partner"].invalidate_model(["lifecycle_stage_id"], flush=False)
        self.env["logistics.lifecycle.move"].invalidate_model(flush=False)
        return count

    @contextmanager
    def _planned_for_sorting(self):
        """Read order days in the order of an index and sort in memory.

        PostgreSQL takes customers and days for a few thousand groups, and puts a hash of the
        million that there are on disk.
        """
        self._set_planner({name: SQL("%s", value) for name, value in PLANNER.items()})
        yield
        self._set_planner(dict.fromkeys(PLANNER, SQL("DEFAULT")))

    def _set_planner(self, values):
        settings = (
            SQL("SET LOCAL %s TO %s", SQL.identifier(name), value) for name, value in values.items()
        )
        self.env.cr.execute(SQL("; ").join(settings))

    def _get_rules_query(self, company, today):
        stages = self._get_by_code()
        return SQL(
            """WITH %(rhythm)s, told AS (
                SELECT partner_id, %(told)s FROM figure
            ), changed AS (
                SELECT p.id, (p.lifecycle_stage_id->>%(key)s)::int AS old_id, stage.id AS new_id,
                       COALESCE(told.reason, 'prospect') AS reason,
                       CASE WHEN told.reason IS NULL THEN '{}'
                            ELSE to_jsonb(told) - 'partner_id' - 'reason' END AS figures
                  FROM res_partner p
                  LEFT JOIN told ON told.partner_id = p.id
                  JOIN logistics_lifecycle_stage stage
                    ON stage.code = COALESCE(split_part(told.reason, '_', 1), 'prospect')
                 WHERE (p.lifecycle_stage_id->>%(key)s)::int IS DISTINCT FROM stage.id
                   AND (p.lifecycle_is_manual->%(key)s) IS DISTINCT FROM 'true'
                   AND (told.reason IS NOT NULL OR p.active AND %(is_prospect)s)
            ), moved AS (
                INSERT INTO logistics_lifecycle_move (partner_id, company_id, from_stage_id,
                       to_stage_id, date, reason_code, figures)
                SELECT id, %(company)s, old_id, new_id, %(now)s, reason, figures FROM changed
            )
            UPDATE res_partner
               SET lifecycle_stage_id = COALESCE(lifecycle_stage_id, '{}')
                   || jsonb_build_object(%(key)s, changed.new_id)
              FROM changed WHERE res_partner.id = changed.id""",
            rhythm=lifecycle_sql.rhythm_ctes(
                company.id,
                today,
                {
                    code: (stages[code].rhythm_factor, stages[code].days, stages[code].most_days)
                    for code in ("lost", "declining")
                },
            ),
            told=lifecycle_sql.told_stage(
                today,
                new_days=stages["new"].days,
                recovered_days=stages["recovered"].days,
                rise=stages["growing"].change,
                fall=stages["declining"].change,
            ),
            is_prospect=lifecycle_sql.is_prospect(company.id),
            company=company.id,
            key=str(company.id),
            now=fields.Datetime.now(),
        )
