from odoo import api, fields, models
from odoo.tools import SQL, formatLang


class LogisticsMiningList(models.Model):
    """Who of a list is likely to answer, and what contacting the likely ones alone reaches."""

    _inherit = "logistics.mining.list"

    sort = fields.Selection(
        selection_add=[("response", "Most likely to answer first")],
        ondelete={"response": "set default"},
    )
    response_note = fields.Char(compute="_compute_response_note")

    def _get_order(self):
        if self.sort != "response":
            return super()._get_order()
        return SQL("(p.response_probability->>%s)::float8 DESC NULLS LAST", str(self.company_id.id))

    @api.depends("state", "customer_count")
    @api.depends_context("lang")
    def _compute_response_note(self):
        """Tell before the end how many answers to expect, and after it what the score would do."""
        expected = self._expect_answers()
        reached = self._get_reached()
        for record in self:
            record.response_note = False
            if not record.customer_count:
                continue
            if record.state in ("draft", "running") and record._origin.id in expected:
                record.response_note = record._describe_expected(*expected[record._origin.id])
            elif record.state == "measured" and record._origin.id in reached:
                record.response_note = record._describe_reached(reached[record._origin.id])

    def _expect_answers(self):
        """Return {list: (customers with a score, answers expected, lift)} in one query."""
        self.env["logistics.mining.list.member"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT m.list_id, COUNT(s.value), SUM(s.value), AVG(s.value) / NULLIF((
                    SELECT AVG(e.value) FROM logistics_mining_score e WHERE e.run_id = r.id), 0)
                FROM logistics_mining_list_member m
                JOIN logistics_mining_run r ON r.company_id = m.company_id AND r.is_newest
                JOIN logistics_mining_task t ON t.id = r.task_id AND t.code = 'response'
                JOIN logistics_mining_score s ON s.run_id = r.id AND s.partner_id = m.partner_id
                WHERE m.list_id = ANY(%s) AND m.arm IS DISTINCT FROM 'held_out'
                GROUP BY m.list_id, r.id""",
                self._origin.ids,
            )
        )
        return {row[0]: row[1:] for row in rows}

    def _get_reached(self):
        """Return {list: what was found} of the lists that the newest model was tried on."""
        # sudo: the figures of a run are for Mining Managers; these are about the reader's lists
        runs = self.env["logistics.mining.run"].sudo()
        found = runs.search(
            [
                ("task_id.code", "=", "response"),
                ("company_id", "in", self.company_id.ids),
                ("is_newest", "=", True),
            ]
        )
        rows = [row for run in found for row in (run.metrics or {}).get("lists") or ()]
        return {row["list"]: row for row in rows if row.get("reach")}

    def _describe_expected(self, count, answers, lift):
        return self.env._(
            "By the response score, about %(answers)s of %(count)s would answer: %(lift)s times "
            "the average customer's chance.",
            answers=formatLang(self.env, answers, digits=0),
            count=count,
            lift=formatLang(self.env, lift or 0, digits=1),
        )

    def _describe_reached(self, row):
        return self.env._(
            "The response score, which had not seen this list, puts %(reach)s%% of its answers "
            "into the best 30%%: contact those, and reach so many.",
            reach=self._percent(row["reach"]),
        )
