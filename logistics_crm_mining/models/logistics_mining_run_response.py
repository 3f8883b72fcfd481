from odoo import models
from odoo.tools import format_date, formatLang

from ..tools.listing import list_names


class LogisticsMiningRun(models.Model):
    """What a run of the response task found, in words."""

    _inherit = "logistics.mining.run"

    def _describe_results(self):
        lines = super()._describe_results()
        if self.task_id.code == "response" and self.metrics:
            lines += [
                *self._describe_contacts(),
                *self._describe_lists(),
                *self._describe_unlike(),
            ]
        return lines

    def _describe_contacts(self):
        """Return what the model learned from."""
        metrics = self.metrics
        if "gain" not in metrics:
            return []
        best = next((row for row in metrics["gain"] if row["share"] >= 0.3 - 1e-9), None)
        return [
            self.env._(
                "Learned from %(contacts)s contacts of %(campaigns)s campaigns; tried on %(n)s, of "
                "whom %(rate)s%% answered.",
                contacts=metrics["contacts"],
                campaigns=metrics["campaigns"],
                n=metrics["n"],
                rate=formatLang(self.env, 100 * metrics["rate"], digits=1),
            ),
            self.env._(
                "Contact the best 30%% and reach %(gain)s%% of the answers.",
                gain=formatLang(self.env, 100 * best["gain"], digits=0),
            ),
        ]

    def _describe_lists(self):
        """Return one line per campaign list that the model was tried on."""
        rows = self.metrics.get("lists") or []
        lists = self.env["logistics.mining.list"].browse([row["list"] for row in rows]).exists()
        names = dict(zip(lists.ids, lists.mapped("name"), strict=True))
        return [
            self.env._(
                "%(list)s: %(answers)s of %(n)s answered, %(expected)s were expected; its best "
                "30%% hold %(reach)s%% of the answers",
                list=names[row["list"]],
                answers=row["answers"],
                n=row["n"],
                expected=formatLang(self.env, row["expected"], digits=0),
                reach=formatLang(self.env, 100 * (row.get("reach") or 0), digits=0),
            )
            for row in rows
            if row["list"] in names
        ]

    def _describe_unlike(self):
        """Return what makes the newest contacts, or the customers scored, unlike those learned."""
        labels = self.env["logistics.mining.reason"]._get_response_labels()
        lines = []
        drifted = [row["column"] for row in self.metrics.get("drift") or ()]
        if drifted:
            lines.append(
                self.env._(
                    "Take care: the newest campaigns contacted other customers than those before, "
                    "by %s.",
                    list_names(self.env, (labels.get(name, name) for name in drifted)),
                )
            )
        if unlike := self.metrics.get("unlike"):
            lines.append(
                self.env._(
                    "Take care: the customers scored are unlike those contacted so far, by %s.",
                    list_names(self.env, (labels.get(name, name) for name in unlike)),
                )
            )
        return lines

    def _describe_quality(self):
        """Say that campaigns were held out, not orders."""
        lines = super()._describe_quality()
        if lines and self.task_id.code == "response":
            lines[0] = self.env._(
                "Checked on the campaigns from %(start)s on, measured up to %(end)s, which the "
                "model had not seen:",
                start=format_date(self.env, self.metrics["holdout_cutoff"]),
                end=format_date(self.env, self.metrics["holdout_end"]),
            )
        return lines

    def _get_quality_labels(self):
        labels = super()._get_quality_labels()
        if self.task_id.code == "response":
            text = self.env._("Tells who answers from the others (AUC; 0.5 is chance)")
            labels["auc"] = (3, text)
        return labels
