import json

import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta

from odoo import models

from ..analytics import (
    cohort_table,
    customer_value,
    evaluate_holdout,
    fit_purchase_model,
    fit_spend_model,
    holdout_cutoff,
    summarize_orders,
    value_bands,
    value_intervals,
    value_reasons,
)
from ..tools.outcome import plain

# Digits kept on the customer; no fit is more precise, and equal values need no update at night.
DIGITS = {
    "probability_alive": 4,
    "expected_orders_12m": 3,
    "clv_12m": 2,
    "clv_12m_low": 2,
    "clv_12m_high": 2,
}
MAX_COHORTS = 12  # quarters shown
FEATURES = ["days_since_last", "orders", "average_order"]
INTERVAL_LEVEL = 0.8  # eight in ten customers are to end up between the limits


class LogisticsMiningTask(models.Model):
    """Task ``clv``: what each customer will be worth in the next 12 months."""

    _inherit = "logistics.mining.task"

    def _published_fields_clv(self):
        names = ["probability_alive", "expected_orders_12m", "clv_12m", "value_band"]
        return [*names, "clv_12m_low", "clv_12m_high"]

    def _extract_clv(self, run):
        return self._extract_order_days(run)

    def _score_clv(self, run, days):
        """Check on held-out months that the model beats its baseline, then score everybody."""
        cutoff = self._get_cutoff(run, days)
        customers = summarize_orders(days, cutoff, is_return="is_return")
        outcome = self._prepare_outcome(run, days, customers, cutoff)
        if not outcome.reason and not (customers["average_order"] > 0).any():
            outcome.reason = {"code": "no_value"}
        if outcome.reason:
            return outcome
        check = self._evaluate_clv(run, days, cutoff)
        outcome.metrics = self._prepare_clv_metrics(check)
        outcome.baseline = plain(check.get("baseline", {}))
        if not check["enough"]:
            outcome.reason = {"code": f"holdout_{check['code']}", **plain(check["args"])}
            return outcome
        choice, spend, value = self._value_customers(run, customers)
        outcome.scores = self._prepare_clv_scores(customers, value)
        outcome.fitted = choice.model
        outcome.metrics["degenerate"] = choice.code or False
        outcome.metrics["model"] = choice.name
        outcome.metrics["cohorts"] = self._prepare_cohorts(days, cutoff)
        outcome.features = customers[FEATURES]
        orders = getattr(choice.model, "params_", {})
        outcome.model = plain({"orders": orders, "spend": spend.params_, "name": choice.name})
        outcome.publish = check["beats_baseline"] and check["believable"]
        if not outcome.publish:
            outcome.reason = {"code": f"holdout_{check['code']}", **plain(check["args"])}
        elif choice.code:
            outcome.reason = {"code": f"degenerate_{choice.code}", "model": choice.name}
        return outcome

    def _evaluate_clv(self, run, days, cutoff):
        """Compare with the baseline on the last months, at most the last third of the history."""
        months = relativedelta(months=run.parameters["holdout_months"])
        start = max(cutoff - months, holdout_cutoff(days["date"].min(), cutoff))
        return evaluate_holdout(days, start, cutoff, is_return="is_return")

    def _value_customers(self, run, customers):
        """Return the chosen order model, the spend model, and each customer's value and limits."""
        history = [customers[name] for name in ("frequency", "recency", "T")]
        choice = fit_purchase_model(*history)
        spend = fit_spend_model(customers)
        rate = run.parameters["discount_rate"]
        value = customer_value(choice.model, spend, customers, 1.0, rate)
        limits = value_intervals(choice.model, spend, customers, level=INTERVAL_LEVEL)
        # the limits are not discounted: they are brought down as the value is
        plain_value = value["expected_orders"] * value["expected_average"]
        worth = (value["expected_value"] / plain_value.where(plain_value > 0)).fillna(1.0)
        value["low"], value["high"] = limits["value_low"] * worth, limits["value_high"] * worth
        return choice, spend, value

    def _prepare_clv_metrics(self, check):
        names = ("cutoff", "end", "degenerate", "model")
        return plain(
            {
                **check.get("metrics", {}),
                **{f"holdout_{name}": check.get(name) for name in names},
                "orders_actual": check.get("actual", {}).get("orders_total"),
                "value_actual": check.get("actual", {}).get("value_total"),
                "totals": check.get("totals", {}),
                "buckets": check.get("buckets", []),
                "beats_baseline": check["beats_baseline"],
            }
        )

    def _prepare_cohorts(self, days, cutoff):
        """Return customers, those kept and revenue by quarter of the first order, oldest first."""
        table = cohort_table(days, cutoff, "Q", is_return="is_return")
        table["cohort"] = table["cohort"].dt.strftime("%Y-%m-%d")
        columns = ["age", "active", "revenue", "complete"]
        return plain(
            [
                {
                    "cohort": cohort,
                    "customers": rows["customers"].iloc[0],
                    "periods": rows[columns].to_dict("records"),
                }
                for cohort, rows in table.groupby("cohort", sort=True)
            ][-MAX_COHORTS:]
        )

    def _prepare_clv_scores(self, customers, value):
        details = pd.DataFrame(
            {
                "probability_alive": value["probability_alive"].clip(lower=1e-4),
                "expected_orders_12m": value["expected_orders"],
                "clv_12m": value["expected_value"],
                "clv_12m_low": value["low"],
                "clv_12m_high": value["high"],
            }
        ).round(DIGITS)
        details["value_band"] = bands = value_bands(value["expected_value"])
        reasons = value_reasons(customers, value)
        expected = (
            value["expected_orders"].round(1).tolist(),
            value["expected_average"].round(2).tolist(),
            details["clv_12m_low"].tolist(),
            details["clv_12m_high"].tolist(),
        )
        told = (
            dict(zip(("orders", "average", "low", "high"), row, strict=True))
            for row in zip(*expected, strict=True)
        )
        return pd.DataFrame(
            {
                "res_id": customers.index,
                "value": details["clv_12m"].to_numpy(),
                "band": bands,
                "segment_id": np.zeros(len(customers), dtype=int),
                "details": _records_as_json(details),
                "reasons": [
                    json.dumps([{"code": "expected", **figures}, *row])
                    for figures, row in zip(told, reasons, strict=True)
                ],
            }
        )


def _records_as_json(frame):
    """Return each row as a JSON object; unknown values (NaN) are left out."""
    return [
        json.dumps({name: value for name, value in row.items() if value == value})
        for row in frame.to_dict("records")
    ]
