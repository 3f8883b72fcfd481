import json

import numpy as np
import pandas as pd

from odoo import fields, models

from ..analytics import ChurnModel, NotEnoughError
from ..tools.outcome import importances, plain

# Who is told to call first: from this probability of staying away.
RISKS = (("high", 0.7), ("medium", 0.4), ("low", 0.0))
MEASURES = ("auc", "log_loss", "brier", "ece")
YEAR = pd.Timedelta(days=365)


class LogisticsMiningTask(models.Model):
    """Task ``churn``: who is leaving, judged by each customer's own rhythm."""

    _inherit = "logistics.mining.task"

    horizon_days = fields.Integer(
        "Days Without an Order",
        default=90,
        help="A customer who does not order for this many days counts as one who stayed away. The "
        "model is tried on the last such stretch, which it has not seen.",
    )

    _check_horizon_days = models.Constraint(
        "CHECK (horizon_days BETWEEN 7 AND 730)",
        "The days without an order must be from 7 to 730.",
    )

    def _prepare_parameters(self):
        return super()._prepare_parameters() | {"horizon_days": self.horizon_days}

    def _published_fields_churn(self):
        names = ["churn_probability", "churn_risk", "expected_order_date"]
        return [*names, "active_year_revenue", "value_at_risk"]

    def _extract_churn(self, run):
        return self._extract_order_days(run)

    def _score_churn(self, run, days):
        """Try the model on the last days, which it has not seen, then score everybody."""
        cutoff = self._get_cutoff(run, days)
        days = days[days["date"] <= cutoff]
        customers = days.loc[~days["is_return"], "partner_id"].drop_duplicates()
        outcome = self._prepare_outcome(run, days, customers, cutoff)
        if outcome.reason:
            return outcome
        model = ChurnModel(horizon=run.parameters["horizon_days"])
        check = model.evaluate(days, cutoff, is_return="is_return")
        outcome.metrics = self._prepare_churn_metrics(check)
        outcome.baseline = plain(check.get("baseline", {}))
        if check["enough"]:
            self._fit_churn(outcome, model, days, cutoff)
        good = check["beats_baseline"] and check["believable"]
        outcome.publish = good and outcome.scores is not None
        if not good:
            outcome.reason = {"code": f"verdict_{check['code']}", **plain(check["args"])}
        return outcome

    def _fit_churn(self, outcome, model, days, cutoff):
        """Learn from all that is known, and score; say so where that is too little."""
        try:
            # the figures that are published are of this kind of model
            model.set_params(candidates=[outcome.metrics["model"]])
            model.fit(days, cutoff, is_return="is_return")
        except NotEnoughError as error:
            outcome.reason = {"code": f"verdict_{error.code}", **plain(error.args_)}
            return
        frame = model.features(days, cutoff, is_return="is_return")
        revenue = active_year_revenue(days).reindex(frame.index, fill_value=0.0)
        outcome.scores = self._prepare_churn_scores(model, frame, cutoff, revenue)
        outcome.fitted = model
        outcome.features = frame[model.columns_]
        outcome.model = plain({"chosen": model.model_.chosen_, "columns": model.columns_})
        outcome.model["season"] = plain(model.season_)
        outcome.model["importances"] = importances(model.model_, outcome.features)

    def _prepare_churn_metrics(self, check):
        """Return the figures of the check, with those of the number of orders alone."""
        kept = ("n", "positives", "rate", "gain", "calibration", "intervals", "difference")
        kept += ("frequency", "frequency_difference", "drift", "model", "candidates", "snapshots")
        kept += ("season",)
        return plain(
            {
                **{name: check[name] for name in (*MEASURES, *kept) if name in check},
                "holdout_cutoff": check["cutoff"],
                "holdout_end": check["end"],
                "beats_baseline": check["beats_baseline"],
            }
        )

    def _prepare_churn_scores(self, model, frame, cutoff, revenue):
        scored = model.predict(frame, cutoff)
        value = scored["churn_probability"].clip(1e-4, 1 - 1e-4).round(4)
        bands = np.select(
            [value >= least for _band, least in RISKS],
            [band for band, _least in RISKS],
            RISKS[-1][0],
        )
        dates = scored["expected_date"].dt.strftime("%Y-%m-%d")
        lost = (revenue * value).round(2)
        columns = (value, bands, dates, revenue.round(2), lost)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return pd.DataFrame(
            {
                "res_id": frame.index,
                "value": value.to_numpy(),
                "band": bands,
                "segment_id": np.zeros(len(frame), dtype=int),
                "details": [_details(*row) for row in rows],
                "reasons": [
                    json.dumps([{**one, "code": f"churn_{one['code']}"} for one in reasons])
                    for reasons in self._get_churn_reasons(model, frame)
                ],
            }
        )

    def _get_churn_reasons(self, model, frame):
        """Return each customer's reasons; the rhythm where no feature stands out."""
        days = frame["days_since_last"].round().astype(int).tolist()
        return [
            reasons or [{"code": "usual", "days": silent}]
            for reasons, silent in zip(model.reasons(frame), days, strict=True)
        ]


def active_year_revenue(days):
    """Return what customers bought in the 12 months up to their last order.

    Unlike the last 12 months it does not shrink while they stay away.

    Parameters
    ----------
    days : pandas.DataFrame
        As of ``_extract_order_days``.

    Returns
    -------
    pandas.Series
        Amount net of returns, 0 at least, by customer who ordered.
    """
    last = days[~days["is_return"]].groupby("partner_id")["date"].max()
    dated = days["partner_id"].map(last)
    year = days[(days["date"] > dated - YEAR) & dated.notna()]
    return year.groupby("partner_id")["amount"].sum().clip(lower=0.0)


def _details(probability, risk, date, revenue, lost):
    """Return what goes onto the customer as JSON; without a rhythm no date is expected."""
    details = {
        "churn_probability": probability,
        "churn_risk": risk,
        "active_year_revenue": revenue,
        "value_at_risk": lost,
    }
    if isinstance(date, str):
        details["expected_order_date"] = date
    return json.dumps(details)
