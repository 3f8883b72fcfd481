from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_date, formatLang

from .crm_lead import WIN_FIELDS, WIN_TEXTS

MEASURES = ("auc", "log_loss", "brier", "ece")
BEST_SHARE = 0.2
LONGEST_TRANSACTION = timedelta(hours=1)


class LogisticsMiningRun(models.Model):
    """How scores get onto leads, and how good they are beside Odoo's own."""

    _inherit = "logistics.mining.run"

    task_code = fields.Char(related="task_id.code")
    lead_comparison = fields.Html("Beside Odoo's Own", compute="_compute_lead_comparison")

    def _publish_leads(self):
        """Put the chances of leads onto them, and score again what changed since the run began."""
        self.env.registry.clear_cache()
        self._drop_closed_leads()
        self._put_on_leads()
        self._clear_unscored_leads()
        self.env["crm.lead"].invalidate_model([*WIN_FIELDS, *WIN_TEXTS])
        self._get_changed_leads()._refresh_win_chance()

    def unlink(self):
        """Forget which runs score leads."""
        self.env.registry.clear_cache()
        return super().unlink()

    def _owns_free_leads(self):
        """Return whether leads of no company are this run's: they are of the first company."""
        others = self.search([("task_id", "=", self.task_id.id), ("is_newest", "=", True)])
        companies = others.company_id | self.company_id
        return companies.sorted(lambda one: (one.sequence, one.id))[0] == self.company_id

    def _get_own_leads(self):
        """Return the SQL condition on a ``lead`` that this run has to score."""
        free = SQL(" OR lead.company_id IS NULL") if self._owns_free_leads() else SQL("")
        return SQL("(lead.company_id = %s%s)", self.company_id.id, free)

    def _drop_closed_leads(self):
        """Delete scores of leads that were won or lost since the run."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM logistics_mining_score score USING crm_lead lead
                WHERE score.run_id = %s AND score.res_model = 'crm.lead' AND lead.id = score.res_id
                    AND NOT (lead.active AND lead.won_status = 'pending')""",
                self.id,
            )
        )
        self.env["logistics.mining.score"].invalidate_model()

    def _put_on_leads(self, lead_ids=None):
        """Put the details of the run's scores onto leads; only rows that change are written."""
        details = SQL("(score.details->>'win_probability')::float8, score.details->>'win_band'")
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead lead SET (win_probability, win_band) = ROW(%(details)s)
                FROM logistics_mining_score score
                WHERE score.run_id = %(run)s AND score.res_model = 'crm.lead'
                    AND score.res_id = lead.id AND %(chosen)s
                    AND (lead.win_probability, lead.win_band) IS DISTINCT FROM (%(details)s)""",
                details=details,
                run=self.id,
                chosen=SQL("TRUE") if lead_ids is None else SQL("lead.id = ANY(%s)", lead_ids),
            )
        )

    def _clear_unscored_leads(self):
        """Take the former chance off leads that this run has not scored.

        `NOT IN` is one pass over a hash whatever the statistics say of the run just stored.
        """
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead lead SET win_probability = NULL, win_band = NULL
                WHERE lead.win_band IS NOT NULL AND %s AND lead.id NOT IN (
                    SELECT score.res_id FROM logistics_mining_score score
                    WHERE score.run_id = %s AND score.res_model = 'crm.lead'
                        AND score.res_id IS NOT NULL)""",
                self._get_own_leads(),
                self.id,
            )
        )

    def _get_changed_leads(self):
        """Return the open leads that came or changed since the run began to read.

        The time of a change is when its transaction began, which may be before the run did.
        """
        query = SQL(
            """SELECT lead.id FROM crm_lead lead
            WHERE lead.active AND lead.won_status = 'pending' AND %s
                AND (lead.win_band IS NULL OR lead.write_date >= %s)
            ORDER BY lead.id""",
            self._get_own_leads(),
            self.started - LONGEST_TRANSACTION,
        )
        rows = self.env.execute_query(query)
        return self.env["crm.lead"].browse(row[0] for row in rows)

    def _add_lead_scores(self, scores, date):
        """Insert the scores of leads that changed after the run."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO logistics_mining_score (
                    run_id, task_id, company_id, date, res_model, res_id, lead_id, value, band,
                    details, reasons)
                SELECT %(run)s, %(task)s, %(company)s, %(date)s, 'crm.lead', row.res_id,
                    row.res_id, row.value, row.band, row.details::jsonb, row.reasons::jsonb
                FROM jsonb_to_recordset(%(rows)s::jsonb)
                    AS row(res_id int, value float8, band text, details text, reasons text)""",
                run=self.id,
                task=self.task_id.id,
                company=self.company_id.id,
                date=date,
                rows=scores.to_json(orient="records"),
            )
        )
        self.env["logistics.mining.score"].invalidate_model()

    # ---------------------------------------------------------------------- how good it is

    def _describe_quality(self):
        """Say on which leads both ways were tried; the figures are in the table."""
        metrics = self.metrics or {}
        if self.task_code != "lead" or not metrics.get("n"):
            return super()._describe_quality()
        lines = [
            self.env._(
                "Tried on the %(count)s newest leads (%(won)s won), which came from %(start)s to "
                "%(end)s. Learned from %(taught)s leads before; neither way has seen the newest.",
                count=metrics["n"],
                won=metrics["positives"],
                start=format_date(self.env, metrics["holdout_cutoff"]),
                end=format_date(self.env, metrics["holdout_end"]),
                taught=metrics["trained_on"],
            )
        ]
        if not metrics["known_in_time"]:
            lines.append(
                self.env._(
                    "Too few outcomes were known when the newest leads began to come, so later "
                    "ones were learned from as well."
                )
            )
        return lines

    @api.depends("metrics", "baseline")
    @api.depends_context("lang")
    def _compute_lead_comparison(self):
        for run in self:
            known = run.task_code == "lead" and (run.metrics or {}).get("n")
            run.lead_comparison = run._prepare_comparison() if known else False

    def _prepare_comparison(self):
        """Return a table with our figures and Odoo's, of the same leads."""
        head = Markup("<tr><th></th><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("Ours"),
            self.env._("Odoo's"),
            self.env._("Everybody alike"),
        )
        rows = Markup("").join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>") % row
            for row in self._get_comparison_rows()
        )
        table = '<table class="table table-sm o_logistics_comparison"><thead>%s</thead>'
        return Markup(table + "<tbody>%s</tbody></table>") % (head, rows)

    def _get_comparison_rows(self):
        """Return (label, ours, Odoo's, everybody alike) for each measure."""
        ours, odoo = self.metrics, self.baseline
        alone = ours["rate_alone"]
        labels = {
            "auc": self.env._("Tells won leads from lost ones (AUC; 0.5 is chance)"),
            "log_loss": self.env._("Error of the probabilities (log-loss)"),
            "brier": self.env._("Error of the probabilities (Brier)"),
            "ece": self.env._("Probabilities off from what happened (calibration error)"),
        }
        rows = [
            (labels[name], *(self._format_measure(one, name) for one in (ours, odoo, alone)))
            for name in MEASURES
        ]
        shares = [self._format_best(one) for one in (ours, odoo)]
        label = self.env._("Of the won leads are among the fifth ranked highest")
        return [*rows, (label, *shares, f"{formatLang(self.env, 100 * BEST_SHARE, digits=0)}%")]

    def _format_measure(self, figures, name):
        """Return a figure with its interval where there is one."""
        value = formatLang(self.env, figures[name], digits=3)
        interval = (figures.get("intervals") or {}).get(name)
        if not interval:
            return value
        low, high = (formatLang(self.env, limit, digits=3) for limit in interval)
        return self.env._("%(value)s (%(low)s to %(high)s)", value=value, low=low, high=high)

    def _format_best(self, figures):
        part = next(row for row in figures["gain"] if row["share"] >= BEST_SHARE - 0.01)
        return f"{formatLang(self.env, 100 * part['gain'], digits=0)}%"
