from odoo import models

from ..tools.listing import list_names


class LogisticsMiningReason(models.AbstractModel):
    """Why a run of the task for leads did not publish."""

    _inherit = "logistics.mining.reason"

    def _reason_lead_verdict_too_few_won(self, figures, company, date):
        return self.env._(
            "Too little data to check the model: only %(count)s leads were won, %(needed)s are "
            "needed.",
            **self._counts(figures),
        )

    def _reason_lead_verdict_too_few_lost(self, figures, company, date):
        return self.env._(
            "Too little data to check the model: only %(count)s leads were lost, %(needed)s are "
            "needed.",
            **self._counts(figures),
        )

    def _reason_lead_verdict_too_few_won_before(self, figures, company, date):
        return self.env._(
            "Too little data to check the model on the newest leads: only %(count)s of those "
            "before were won, %(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_lead_verdict_too_few_lost_before(self, figures, company, date):
        return self.env._(
            "Too little data to check the model on the newest leads: only %(count)s of those "
            "before were lost, %(needed)s are needed.",
            **self._counts(figures),
        )

    def _difference(self, figures):
        names = ("auc", "auc_low", "auc_high")
        return {name: self._number(figures[name] or 0.0, 3) for name in names}

    def _reason_lead_verdict_no_gain(self, figures, company, date):
        return self.env._(
            "The model did not surely beat Odoo's own probability in telling won from lost among "
            "the newest leads: the difference in AUC is %(auc)s (between %(auc_low)s and "
            "%(auc_high)s).",
            **self._difference(figures),
        )

    def _reason_lead_verdict_no_gain_over_rate(self, figures, company, date):
        return self.env._(
            "Nothing that is known of new leads tells surely which will be won: beside giving all "
            "the same chance, the difference in AUC is %(auc)s (between %(auc_low)s and "
            "%(auc_high)s).",
            **self._difference(figures),
        )

    def _reason_leak_too_good(self, figures, company, date):
        return self.env._(
            "“%(column)s” alone tells the outcome too well (AUC %(auc)s): it must have been filled "
            "in after the end. Nothing was learned from it.",
            column=self._lead_column(figures["column"]),
            auc=self._number(figures["auc"], 3),
        )

    def _reason_leak_after_cutoff(self, figures, company, date):
        return self.env._(
            "“%(column)s” was known only later (%(as_of)s after %(cutoff)s, on %(count)s leads). "
            "Nothing was learned from it.",
            column=self._lead_column(figures["column"]),
            as_of=figures["as_of"],
            cutoff=figures["cutoff"],
            count=figures["count"],
        )

    def _reason_leak_model_too_good(self, figures, company, date):
        return self.env._(
            "The model tells the outcome too well (AUC %(auc)s): something must have been filled "
            "in after the end. What counts most: %(columns)s.",
            auc=self._number(figures["auc"], 3),
            columns=list_names(self.env, map(self._lead_column, figures["columns"].split(", "))),
        )

    def _lead_column(self, name):
        return self._feature_label(name, "lead")
