from markupsafe import Markup, escape

from odoo import api, fields, models

from ..analytics import DriftReference
from ..tools.outcome import plain


class LogisticsMiningRun(models.Model):
    """How far the data have moved since the scores that people see, and who is told.

    A run keeps the shares that its records had in ten bins of each feature, never the records
    themselves; the next run is compared with those of the run whose scores are shown.
    """

    _name = "logistics.mining.run"
    _inherit = ["logistics.mining.run", "mail.thread", "mail.activity.mixin"]

    feature_reference = fields.Json(readonly=True)
    feature_drift = fields.Json(readonly=True)
    has_alarm = fields.Boolean(
        "Data Have Moved",
        readonly=True,
        help="A feature is distributed otherwise than in the run published before (population "
        "stability index above 0.25, and above what chance can do).",
    )
    drift_text = fields.Text("What Has Moved", compute="_compute_drift_text")

    @api.depends("feature_drift", "has_alarm")
    @api.depends_context("lang")
    def _compute_drift_text(self):
        for run in self:
            run.drift_text = "\n".join(run._describe_drift()) or False

    def _store(self, outcome):
        """Compare what the model has looked at with the run before, and keep it for the next."""
        result = super()._store(outcome)
        if outcome.features is not None and len(outcome.features):
            self.write(self._prepare_drift(outcome.features))
            self._tell_managers()
        return result

    def _prepare_drift(self, features):
        """Return the fields that tell of the features and how far they have moved."""
        features = features.rename(columns=str)
        now = DriftReference().fit(features).to_dict()
        then = self._get_newest().feature_reference
        found = self._compare_features(then, now, features) if then else []
        return {
            "feature_reference": plain(now),
            "feature_drift": plain(found),
            "has_alarm": any(row["alarm"] for row in found),
        }

    def _compare_features(self, then, now, features):
        """Return what is known of each feature in both runs, the most moved first."""
        kinds = {column["name"]: column["kind"] for column in now["columns"]}
        before = {column["name"]: column for column in then["columns"]}
        shared = [name for name, one in before.items() if kinds.get(name) == one["kind"]]
        if not shared:
            return []
        table = DriftReference.from_dict(then, shared).compare(features)
        typical = {column["name"]: column["typical"] for column in now["columns"]}
        return [
            {
                "column": name,
                "psi": row["psi"],
                "alarm": row["alarm"],
                "before": before[name]["typical"],
                "now": typical[name],
            }
            for name, row in table.to_dict("index").items()
        ]

    def _describe_drift(self):
        """Return one line for each feature in alarm, and what to do."""
        self.ensure_one()
        if not self.has_alarm:
            return []
        lines = [self._describe_drift_of(row) for row in self.feature_drift if row["alarm"]]
        advice = self.env._(
            "The data have moved since the scores published before. Look at the data before you "
            "trust the scores: was something loaded twice, or not at all, or has the business "
            "changed?"
        )
        return [advice, *lines]

    def _describe_drift_of(self, row):
        """Return what has become of one feature."""
        words, column = self.env["logistics.mining.reason"], row["column"]
        code = self.task_id.code
        figures = {
            "feature": words._feature_label(column, code),
            "before": words._feature_value(column, row["before"], code),
            "now": words._feature_value(column, row["now"], code),
            "psi": words._number(row["psi"], 2),
        }
        if figures["before"] == figures["now"]:
            return self.env._(
                "%(feature)s: still about %(now)s, the others spread differently (PSI %(psi)s).",
                **figures,
            )
        if row["before"] is None or row["before"] is False:  # 0 is known
            return self.env._(
                "%(feature)s: was not known of anybody, and is now about %(now)s (PSI %(psi)s).",
                **figures,
            )
        return self.env._(
            "%(feature)s: from about %(before)s to about %(now)s (PSI %(psi)s).", **figures
        )

    def _tell_managers(self):
        """Give each Mining Manager of the company one thing to do about a run in alarm.

        What was to be done about earlier runs of the task is settled by the newer one.
        """
        own = [("task_id", "=", self.task_id.id), ("company_id", "=", self.company_id.id)]
        runs = self.search(own)
        activities = self.env["mail.activity"]
        activities.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", runs.ids),
                ("automated", "=", True),
            ]
        ).unlink()
        if self.has_alarm:
            activities.create([self._prepare_activity(user) for user in self._get_managers()])

    def _get_managers(self):
        group = self.env.ref("logistics_crm_mining.group_mining_manager")
        return group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )

    def _prepare_activity(self, user):
        run = self.with_context(lang=user.lang)
        lines = Markup("<br/>").join(escape(line) for line in run._describe_drift())
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": self.env.ref("mail.mail_activity_data_warning").id,
            "summary": run.env._("The data of “%(task)s” have moved", task=run.task_id.name),
            "note": lines,
            "user_id": user.id,
            "automated": True,
            "date_deadline": fields.Date.context_today(self),
        }
