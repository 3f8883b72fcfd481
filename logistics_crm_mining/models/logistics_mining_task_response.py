import json

import numpy as np
import pandas as pd

from odoo import fields, models

from ..analytics import (
    GROWING,
    RECENCY,
    RESPONSE_GROUPS,
    LeakageError,
    NotEnoughError,
    ResponseModel,
    prepare_contacts,
    response_features,
    useful_columns,
    value_bands,
)
from ..tools.copy_frame import copy_frame
from ..tools.outcome import importances, plain
from ..tools.response_sql import CONTACTS, contacts_query

MEASURES = ("auc", "log_loss", "brier", "ece")
KEPT = ("n", "positives", "rate", "gain", "calibration", "intervals", "difference", "trained_on")
MIN_LISTS = 2
UNTOLD = ("channel",)  # the same for every customer scored: no reason to prefer one


class LogisticsMiningTask(models.Model):
    """Task ``response``: who will answer a campaign, learned from measured campaign lists."""

    _inherit = "logistics.mining.task"

    min_answers = fields.Integer(
        "Minimum Answers",
        default=40,
        help="So many customers must have answered the campaigns to learn from, and as many not.",
    )

    _check_min_answers = models.Constraint(
        "CHECK (min_answers >= 10)", "The minimum of answers must be 10 or more."
    )

    def _prepare_parameters(self):
        return super()._prepare_parameters() | {"min_answers": self.min_answers}

    def _published_fields_response(self):
        return ["response_probability", "response_band"]

    def _get_channels(self):
        """Return the ways in which lists contact customers, by the place they have in frames."""
        return [
            name
            for name, _label in self.env["logistics.mining.list"]._fields["treatment"].selection
        ]

    def _extract_response(self, run):
        """Return one row per contact of a measured list and one per customer to be scored."""
        self.env.flush_all()
        query = contacts_query(run.company_id, self._get_last_day(run), self._get_channels())
        return copy_frame(self.env.cr, query, CONTACTS)

    def _score_response(self, run, frame):
        """Try the model on the newest lists, which it has not seen, then score everybody."""
        frame = prepare_contacts(frame, self._get_channels(), self._get_segment_codes())
        contacts = frame[frame["list_id"] > 0].reset_index(drop=True)
        customers = frame[frame["list_id"] == 0].set_index("partner_id")
        cutoff = pd.Timestamp(self._get_last_day(run))
        outcome = self._prepare_outcome(run, customers, customers, cutoff)
        dates = contacts["time"].nunique()
        if not outcome.reason and dates < MIN_LISTS:
            outcome.reason = {"code": "response_lists", "count": dates, "needed": MIN_LISTS}
        if outcome.reason:
            return outcome
        model = ResponseModel(min_answers=run.parameters["min_answers"])
        try:
            self._learn_response(outcome, model, contacts, customers)
        except LeakageError as error:
            outcome.scores, outcome.publish = None, False
            outcome.reason = {"code": f"response_{error.code}", **plain(error.args_)}
        return outcome

    def _get_segment_codes(self):
        # A handful of records of configuration.
        segments = self.env["logistics.mining.segment"].search([])  # pylint: disable=no-search-all
        return dict(zip(segments.ids, segments.mapped("code"), strict=True))

    def _learn_response(self, outcome, model, contacts, customers):
        """Evaluate, fit and score; say why where there is too little or nothing gained."""
        known, as_of = response_features(contacts)
        known = known[useful_columns(known)]
        as_of = {name: days for name, days in as_of.items() if name in known.columns}
        given = (known, contacts["answered"].to_numpy(), contacts["time"])
        dates = {"as_of": as_of, "outcome_time": contacts["until"]}
        lists = contacts["list_id"]
        check = model.evaluate(*given, lists=lists, baseline_columns=RECENCY, **dates)
        self._conclude_response(outcome, check, contacts)
        if not check["enough"]:
            return
        try:
            # the figures that are published are of this kind of model
            model.set_params(candidates=[check["model"]]).fit(*given, **dates)
        except NotEnoughError as error:
            outcome.publish = False
            outcome.reason = {"code": f"verdict_{error.code}", **plain(error.args_)}
            return
        outcome.fitted = model
        self._score_customers(outcome, model, customers, known.columns)

    def _conclude_response(self, outcome, check, contacts):
        """Keep the figures of the check, and what they say."""
        kept = (*MEASURES, *KEPT, "drift", "drift_alarm", "model", "candidates", "lists")
        metrics = {name: check[name] for name in kept if name in check}
        if check["enough"]:
            news = [row for row in check["drift"] if row["column"] not in GROWING]
            metrics |= {"drift": news, "drift_alarm": bool(news)}
            held = contacts[contacts["list_id"].isin([row["list"] for row in check["lists"]])]
            metrics["holdout_cutoff"] = str(held["time"].min().date())
            metrics["holdout_end"] = str(held["until"].max().date())
        metrics |= {"beats_baseline": check["beats_baseline"], "contacts": len(contacts)}
        metrics["campaigns"] = int(contacts["list_id"].nunique())
        metrics["doubts"] = [
            {"code": f"doubt_response_{one['code']}", **one["args"]}
            for one in check.get("doubts", ())
        ]
        outcome.metrics = plain(metrics)
        outcome.baseline = plain(check.get("baseline", {}))
        outcome.publish = check["beats_baseline"] and check["believable"]
        if not outcome.publish:
            code = "response_no_gain" if check["code"] == "no_gain" else f"verdict_{check['code']}"
            outcome.reason = {"code": code, **plain(check["args"])}

    def _score_customers(self, outcome, model, customers, columns):
        known, _as_of = response_features(customers)
        known = known[list(columns)]
        told = {"chosen": model.model_.chosen_, "columns": list(columns), "rate": model.rate_}
        outcome.model = plain(told)
        # what grows with every campaign would raise the alarm of drift in every run
        outcome.features = known.drop(columns=list(GROWING), errors="ignore")
        outcome.model["importances"] = importances(model.model_, known)
        alarms = model.drift(known).query("alarm").index
        untold = (*UNTOLD, *GROWING)
        outcome.metrics["unlike"] = [str(name) for name in alarms if name not in untold]
        value = np.clip(model.predict_proba(known)[:, 1], 1e-4, 1 - 1e-4).round(4)
        bands = value_bands(value)
        rows = zip(value.tolist(), bands.tolist(), strict=True)
        outcome.scores = pd.DataFrame(
            {
                "res_id": known.index,
                "value": value,
                "band": bands,
                "segment_id": np.zeros(len(known), dtype=int),
                "details": [
                    json.dumps({"response_probability": one, "response_band": band})
                    for one, band in rows
                ],
                "reasons": [json.dumps(reasons) for reasons in self._tell(model, known)],
            }
        )

    def _tell(self, model, known):
        """Return each customer's reasons, named by what they are about."""
        days = known["days_since_last"].fillna(-1).round().astype(int).tolist()
        usual = known["usual_days"].fillna(0).round().astype(int).tolist()
        result = []
        for reasons, silent, gap in zip(
            model.reasons(known, RESPONSE_GROUPS), days, usual, strict=True
        ):
            told = [
                plain({**one, "code": f"response_{one['column']}", "days": silent, "usual": gap})
                for one in reasons
                if one["column"] not in UNTOLD
            ]
            result.append(told or [{"code": "response_usual", "days": silent}])
        return result
