from odoo import api, models
from odoo.tools import format_date

# What tells best how good a run was, in this order: (figure, digits).
QUALITY = (("auc", 3), ("orders_rmse", 2))
UNMOVED = 0.005  # a PSI that is written as 0.00


class LogisticsMiningReport(models.AbstractModel):
    """How a model did from run to run, on its page."""

    _inherit = "logistics.mining.report"

    @api.model
    def _get_quality(self, run):
        """Return (label, digits, figure, that of the baseline or False) of a run, or None."""
        metrics, baseline = run.metrics or {}, run.baseline or {}
        labels = {
            "auc": self.env._("Tells them apart (AUC)"),
            "orders_rmse": self.env._("Error in orders per customer"),
        }
        for name, digits in QUALITY:
            if metrics.get(name):
                return labels[name], digits, metrics[name], baseline.get(name, False)
        if (metrics.get("behaviour") or {}).get("stability"):
            stability = metrics["behaviour"]["stability"]
            return self.env._("Stability of the groups"), 2, stability, False
        if metrics.get("rules"):
            found = min(1.0, sum(rule["coverage"] for rule in metrics["rules"]))
            return self.env._("Share of the key accounts that the rules find"), 2, found, False
        return None

    @api.model
    def _describe_run_quality(self, run):
        """Return the figure that tells best how good a run was, beside the baseline's."""
        found = self._get_quality(run)
        if not found:
            return ""
        label, digits, value, baseline = found
        if not baseline:
            return f"{label}: {self._number(value, digits)}"
        return self.env._(
            "%(label)s: %(value)s, baseline %(baseline)s",
            label=label,
            value=self._number(value, digits),
            baseline=self._number(baseline, digits),
        )

    @api.model
    def _get_history_cards(self, runs):
        """Return how quality and data have moved from run to run, the oldest first."""
        runs = runs.filtered(lambda run: run.state == "done" and run.cutoff).sorted("id")
        return [self._card_quality(runs), self._card_drift(runs)]

    @api.model
    def _card_quality(self, runs):
        found = [(run, self._get_quality(run)) for run in runs]
        found = [(run, one) for run, one in found if one]
        question = self.env._("Is it getting better or worse?")
        empty = self.env._("Two runs that were checked are needed to tell.")
        if len(found) < 2:
            return self._make_card("history", question, empty=empty)
        label = found[-1][1][0]
        found = [(run, one) for run, one in found if one[0] == label]
        series = [self._make_series(label, [one[2] for _run, one in found])]
        if found[-1][1][3]:
            baseline = [one[3] or False for _run, one in found]
            series.append(self._make_series(self.env._("Baseline"), baseline, "other"))
        chart = self._make_chart("line", series, self._name_runs(run for run, _one in found))
        return self._make_card("history", question, self.env._("Run by run."), chart)

    @api.model
    def _card_drift(self, runs):
        """Return the feature that moved most in each run."""
        moved = runs.filtered("feature_drift")
        question = self.env._("Have the data moved?")
        if not moved:
            empty = self.env._("The next run is compared with the one published before.")
            return self._make_card("drift", question, empty=empty)
        worst = [max(row["psi"] for row in run.feature_drift) for run in moved]
        series = [
            self._make_series(self.env._("Feature that moved most (PSI)"), worst),
            self._make_series(self.env._("Alarm"), [0.25] * len(moved), "even"),
        ]
        answer = self._describe_last_drift(moved[-1:])
        chart = self._make_chart("line", series, self._name_runs(moved))
        return self._make_card("drift", question, answer, chart)

    @api.model
    def _describe_last_drift(self, run):
        most = run.feature_drift[0]
        if most["psi"] < UNMOVED:
            return self.env._("In the last run nothing had moved.")
        return self.env._("In the last run most: %(what)s", what=run._describe_drift_of(most))

    @api.model
    def _name_runs(self, runs):
        return [format_date(self.env, run.create_date, date_format="MMM d") for run in runs]
