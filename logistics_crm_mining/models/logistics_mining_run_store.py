import io

from odoo import models
from odoo.tools import SQL

from odoo.addons.logistics_crm.tools.planner import inform_planner

from ..analytics import population_drift
from ..tools.copy_frame import copy_frame

STAGE_COLUMNS = ["res_id", "value", "band", "segment_id", "details", "reasons"]


class LogisticsMiningRun(models.Model):
    """How scores are stored and put on the records: a constant number of statements."""

    _inherit = "logistics.mining.run"

    def _store(self, outcome):
        """Write the run's figures and its scores (third step of a run)."""
        self.ensure_one()
        values = {
            "cutoff": outcome.cutoff,
            "line_count": outcome.lines,
            "customer_count": outcome.customers,
            "metrics": outcome.metrics,
            "baseline": outcome.baseline,
            "model_parameters": outcome.model,
        }
        if outcome.scores is not None:
            drift = self._measure_drift(outcome.scores)
            values.update(has_drift=drift is not None, drift=drift or 0.0)
            values["score_count"] = self._insert_scores(outcome)
        if outcome.fitted is not None:
            values["model_file"] = self._dump_model(outcome.fitted)
        self.write(values)

    def _insert_scores(self, outcome):
        """Copy the scores into the table, leaving out records deleted since the extraction.

        Returns
        -------
        int
            The number of scores stored.
        """
        self.env.flush_all()
        self._copy_to_stage(outcome.scores)
        model = self.env[self.task_id.res_model]
        own = SQL.identifier("record", "id")
        self.env.cr.execute(
            SQL(
                """INSERT INTO logistics_mining_score (
                    run_id, task_id, company_id, date, res_model, res_id, partner_id, lead_id,
                    value, band, segment_id, details, reasons)
                SELECT %(run)s, %(task)s, %(company)s, %(date)s, %(model)s, stage.res_id,
                    %(partner)s, %(lead)s, stage.value, stage.band,
                    NULLIF(stage.segment_id, 0), stage.details, stage.reasons
                FROM logistics_mining_stage stage
                JOIN %(table)s record ON record.id = stage.res_id
                WHERE %(still)s
                ORDER BY stage.value DESC, stage.res_id""",
                run=self.id,
                task=self.task_id.id,
                company=self.company_id.id,
                date=outcome.cutoff,
                model=model._name,
                partner=own if model._name == "res.partner" else None,
                lead=own if model._name == "crm.lead" else None,
                still=self.task_id._get_still_scored(),
                table=SQL.identifier(model._table),
            )
        )
        count = self.env.cr.rowcount
        self.env["logistics.mining.score"].invalidate_model()
        return count

    def _copy_to_stage(self, scores):
        self.env.cr.execute(
            """CREATE TEMP TABLE IF NOT EXISTS logistics_mining_stage (
                res_id integer, value double precision, band varchar, segment_id integer,
                details jsonb, reasons jsonb) ON COMMIT DROP;
            TRUNCATE logistics_mining_stage"""
        )
        buffer = io.StringIO()
        scores.to_csv(buffer, columns=STAGE_COLUMNS, header=False, index=False)
        buffer.seek(0)
        self.env.cr.copy_expert("COPY logistics_mining_stage FROM STDIN (FORMAT csv)", buffer)

    def _measure_drift(self, scores):
        """Return how far the scores moved since the published run, or None if there is none."""
        newest = self._get_newest()
        if not newest:
            return None
        query = SQL("SELECT value FROM logistics_mining_score WHERE run_id = %s", newest.id)
        before = copy_frame(self.env.cr, query, {"value": "float64"})
        if not len(before) or not len(scores):
            return None
        return float(population_drift(before, scores[["value"]]).loc["value", "psi"])

    def _get_newest(self):
        """Return the run of the same task and company whose scores are shown now."""
        return self.search(
            [
                ("task_id", "=", self.task_id.id),
                ("company_id", "=", self.company_id.id),
                ("is_newest", "=", True),
            ]
        )

    def _publish(self):
        """Make this the run whose scores people see, and put them on the records."""
        self.ensure_one()
        newest = self._get_newest()
        newest.is_newest = False
        newest.flush_recordset()  # before the other flag is set: only one may be
        self.write({"is_newest": True, "published": True})
        self.env.flush_all()
        inform_planner(self.env, ["logistics_mining_score"])  # this run has just filled it
        names = self.task_id._get_published_fields()
        if names:
            self._clear_unscored(names)
            self._write_scored(names)
            self.env[self.task_id.res_model].invalidate_model(names)
        self.task_id._conclude_publishing(self)

    def _write_scored(self, names):
        """Put the details of the scores on the records, under the company's key.

        Company-dependent fields are jsonb columns ``{company id: value}``; a detail that is
        missing takes the company's value away. Only rows that change are written, and
        ``write_date`` stays: nobody edited these customers.
        """
        key = str(self.company_id.id)
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s record SET %(assignments)s FROM logistics_mining_score score
                WHERE score.run_id = %(run)s AND score.res_model = %(model)s
                    AND score.res_id = record.id
                    AND (%(old)s) IS DISTINCT FROM (%(new)s)""",
                table=SQL.identifier(self.env[self.task_id.res_model]._table),
                assignments=SQL(", ").join(
                    SQL(
                        """%s = NULLIF(COALESCE(%s, '{}') - %s || jsonb_strip_nulls(
                            jsonb_build_object(%s, score.details->%s)), '{}')""",
                        SQL.identifier(name),
                        SQL.identifier("record", name),
                        key,
                        key,
                        name,
                    )
                    for name in names
                ),
                run=self.id,
                model=self.task_id.res_model,
                old=SQL(", ").join(
                    SQL("%s->%s", SQL.identifier("record", name), key) for name in names
                ),
                new=SQL(", ").join(SQL("score.details->%s", name) for name in names),
            )
        )

    def _clear_unscored(self, names):
        """Take the company's former values off records that this run has not scored.

        The scores were stored a moment ago, so the planner knows nothing of them: NOT IN hashes
        them whatever it thinks, where NOT EXISTS may look each of them up.
        """
        key = str(self.company_id.id)
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s record SET %(assignments)s
                WHERE (%(scored)s) AND record.id NOT IN (
                    SELECT score.res_id FROM logistics_mining_score score
                    WHERE score.run_id = %(run)s AND score.res_model = %(model)s
                        AND score.res_id IS NOT NULL)""",
                table=SQL.identifier(self.env[self.task_id.res_model]._table),
                assignments=SQL(", ").join(
                    SQL(
                        "%s = NULLIF(%s - %s, '{}')",
                        SQL.identifier(name),
                        SQL.identifier("record", name),
                        key,
                    )
                    for name in names
                ),
                scored=SQL(" OR ").join(
                    SQL("jsonb_exists(%s, %s)", SQL.identifier("record", name), key)
                    for name in names
                ),
                run=self.id,
                model=self.task_id.res_model,
            )
        )
