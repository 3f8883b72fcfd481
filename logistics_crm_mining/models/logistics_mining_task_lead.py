import json

import numpy as np
import pandas as pd

from odoo import fields, models
from odoo.tools import SQL

from ..analytics import (
    BAYES_FIELDS,
    PARTIAL_LEAKS,
    LeadModel,
    LeakageError,
    creation_order,
    lead_as_of,
    lead_features,
)
from ..analytics.lead_features import SINCE_CREATED
from ..tools.outcome import ScoringOutcome, importances, plain

# Odoo's own fields by the names of our columns.
PLS_COLUMNS = {
    "phone_state": "phone",
    "email_state": "email",
    "state_id": "state",
    "country_id": "country",
    "source_id": "source",
    "medium_id": "medium",
    "campaign_id": "campaign",
    "lang_id": "language",
    "tag_ids": "tags",
}
KEPT = ("auc", "log_loss", "brier", "ece", "n", "positives", "rate", "gain", "calibration")
KEPT += ("intervals", "difference", "rate_alone", "rate_difference", "trained_on")
KEPT += (
    "known_in_time",
    "model",
    "candidates",
    "drift",
    "beats_baseline",
    "left_out",
    "hidden",
    "doubts",
)


class LogisticsMiningTask(models.Model):
    """Task ``lead``: which leads will be won, judged beside Odoo's own probability."""

    _inherit = "logistics.mining.task"

    min_won = fields.Integer(
        "Minimum Won Leads",
        default=40,
        help="With fewer won leads the run says so and publishes nothing.",
    )
    min_lost = fields.Integer(
        "Minimum Lost Leads",
        default=40,
        help="With fewer lost leads the run says so and publishes nothing.",
    )

    _check_min_outcomes = models.Constraint(
        "CHECK (min_won >= 40 AND min_lost >= 40)",
        "At least 40 won and 40 lost leads are needed: fewer teach nothing that holds.",
    )

    def _prepare_parameters(self):
        own = {"min_won": self.min_won, "min_lost": self.min_lost}
        return super()._prepare_parameters() | own

    def _still_scored_lead(self):
        return SQL("record.won_status = 'pending' AND record.active")

    def _conclude_publishing_lead(self, run):
        run._publish_leads()

    def _score_lead(self, run, leads):
        """Try the model on the newest leads, which it has not seen, then score the open ones."""
        outcome = ScoringOutcome(cutoff=self._get_last_day(run), lines=len(leads))
        closed = leads[leads["outcome"] >= 0]
        outcome.customers = len(closed)
        model = LeadModel(run.parameters["min_won"], run.parameters["min_lost"])
        place, known = creation_order(closed)
        given = {
            "time": place,
            "cutoff": pd.to_datetime(closed["created"], unit="s"),
            "outcome_time": known,
        }
        won = closed["outcome"].to_numpy()
        try:
            check, features = self._check_lead(model, closed, won, given)
            if check["enough"]:
                # the same leads have been searched for leaks, and the best candidate is known
                model.set_params(candidates=[check["model"]], suspicious_auc=None)
                model.fit(features, won, place, outcome_time=known)
        except LeakageError as error:
            outcome.reason = {"code": f"leak_{error.code}", **plain(error.args_)}
            return outcome
        self._conclude_lead(run, outcome, check, model, leads)
        return outcome

    def _check_lead(self, model, closed, won, given):
        """Try the model without the fields that were written after the end of some leads.

        Companies keep fields for what came of a lead, and sources whose leads are as good as won:
        neither should keep the others from being learned from. Odoo's own scoring goes on to look
        at them. It is compared with what leads have since they came in; what was written after
        their end is not yet on the open ones, and would make it look better than it is.

        Returns
        -------
        check : dict
            As from `LeadModel.evaluate`, and `left_out`: why fields are, as reasons;
            `hidden`: those of them that Odoo's way was judged without, too.
            `doubts` are reasons, too.
        features : DataFrame
            What is left to learn from.

        Raises
        ------
        LeakageError
            If a field or the model knows the outcome of all leads.
        """
        features, as_of = lead_features(closed), lead_as_of(closed)
        theirs, left_out, hidden = features, [], []
        while True:
            dates = {name: days for name, days in as_of.items() if name in features}
            try:
                check = model.evaluate(
                    features,
                    won,
                    as_of=dates,
                    bayes_fields=self._get_bayes_fields(),
                    bayes_X=theirs,
                    **given,
                )
            except LeakageError as error:
                if error.code not in PARTIAL_LEAKS:
                    raise
                left_out.append({"code": f"leak_{error.code}", **plain(error.args_)})
                column = error.args_["column"]
                features = features.drop(columns=column)
                if column not in SINCE_CREATED:
                    hidden.append(column)
                    theirs = theirs.drop(columns=column)
            else:
                doubts = [
                    {"code": f"doubt_lead_{one['code']}", **plain(one["args"])}
                    for one in check.get("doubts", ())
                ]
                told = {"left_out": left_out, "hidden": hidden, "doubts": doubts}
                return {**check, **told}, features

    def _conclude_lead(self, run, outcome, check, model, leads):
        """Keep what the check found and, where there was enough, the model and the scores."""
        outcome.metrics = self._prepare_lead_metrics(check, leads)
        outcome.baseline = plain(check.get("baseline", {}))
        good = check["beats_baseline"] and check["believable"]
        if not good:
            outcome.reason = {"code": f"lead_verdict_{check['code']}", **plain(check["args"])}
        if check["enough"]:
            open_leads = leads[self._is_scored_here(run, leads)]
            outcome.scores = self._prepare_lead_scores(model, open_leads)
            outcome.fitted = model
            outcome.model = plain({"chosen": model.model_.chosen_, "columns": model.feature_names_})
            if len(open_leads):
                outcome.features = lead_features(open_leads)[list(model.feature_names_)]
                outcome.model["importances"] = importances(model.model_, outcome.features)
            outcome.publish = good

    def _get_bayes_fields(self):
        """Return the columns that Odoo's own scoring looks at, as configured."""
        # sudo: reads one parameter of the system, as Odoo's own scoring does
        fields_ = self.env["crm.lead"].sudo()._pls_get_safe_fields()
        return [PLS_COLUMNS[name] for name in fields_ if name in PLS_COLUMNS] or BAYES_FIELDS

    def _is_scored_here(self, run, leads):
        """Mark open leads of the run's company, and those of none where they are its own."""
        own = leads["company"] == run.company_id.id
        if run._owns_free_leads():
            own |= leads["company"] < 0
        return own & (leads["outcome"] < 0)

    def _prepare_lead_metrics(self, check, leads):
        found = {name: check[name] for name in KEPT if name in check}
        if check["enough"]:
            closed = leads[leads["outcome"] >= 0]
            moments = pd.to_datetime(closed["created"], unit="s")
            found["holdout_cutoff"] = moments.iloc[check["first"]].date().isoformat()
            found["holdout_end"] = moments.max().date().isoformat()
        return plain(found)

    def _prepare_lead_scores(self, model, leads):
        """Return the scores of open leads as the stage table wants them."""
        if not len(leads):
            return self._prepare_no_scores()
        features = lead_features(leads)
        scored = model.predict(features)
        value = scored["win_probability"].clip(1e-4, 1 - 1e-4).round(4)
        rows = zip(value.tolist(), scored["win_band"], strict=True)
        return pd.DataFrame(
            {
                "res_id": leads["lead_id"].to_numpy(),
                "value": value.to_numpy(),
                "band": scored["win_band"].to_numpy(),
                "segment_id": np.zeros(len(leads), dtype=int),
                "details": [
                    json.dumps({"win_probability": p, "win_band": band}) for p, band in rows
                ],
                "reasons": [
                    json.dumps([{**one, "code": f"lead_{one['code']}"} for one in reasons])
                    for reasons in model.reasons(features)
                ],
            }
        )

    def _prepare_no_scores(self):
        names = ("res_id", "value", "band", "segment_id", "details", "reasons")
        return pd.DataFrame({name: [] for name in names})
