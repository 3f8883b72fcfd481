import json

import pandas as pd
from dateutil.relativedelta import relativedelta

from odoo import models

from ..analytics import RFMSegmenter, segment_profile, segment_reasons, summarize_orders
from ..tools.outcome import plain


class LogisticsMiningTask(models.Model):
    """Task ``segment``: who is alike, by recency, frequency and money, and by how they order."""

    _inherit = "logistics.mining.task"

    def _published_fields_segment(self):
        return ["segment_id", "rfm_score"]

    def _extract_segment(self, run):
        return self._extract_order_days(run)

    def _score_segment(self, run, days):
        """Segment the customers who ordered within the months looked back."""
        cutoff = self._get_cutoff(run, days)
        start = cutoff - relativedelta(months=run.parameters["window_months"])
        seen = days[(days["date"] > start) & (days["date"] <= cutoff)]
        customers = summarize_orders(seen, cutoff, is_return="is_return")
        outcome = self._prepare_outcome(run, seen, customers, cutoff)
        if outcome.reason:
            return outcome
        outcome.fitted = RFMSegmenter()
        scored = outcome.fitted.fit_transform(customers)
        profile = segment_profile(scored, customers)
        outcome.metrics = plain({"segments": profile.to_dict("index")})
        details = self._prepare_segment_details(run, days, cutoff, customers, scored, outcome)
        outcome.scores = self._prepare_segment_scores(customers, scored, details)
        outcome.publish = True
        return outcome

    def _prepare_segment_details(self, run, days, cutoff, customers, scored, outcome):
        """Return what goes onto each customer as a frame, one column per field.

        Hooks of the other files of the task add columns, and figures to ``outcome``.
        """
        ids = scored["segment"].map(self._get_segment_ids())
        return pd.DataFrame({"segment_id": ids, "rfm_score": scored["rfm_score"]})

    def _get_segment_ids(self):
        """Return {code: id}, best segment first."""
        # A handful of records of configuration.
        segments = self.env["logistics.mining.segment"].search([])  # pylint: disable=no-search-all
        return dict(zip(segments.mapped("code"), segments.ids, strict=True))

    def _prepare_segment_scores(self, customers, scored, details):
        reasons = zip(
            self._get_move_reasons(details), segment_reasons(customers, scored), strict=True
        )
        return pd.DataFrame(
            {
                "res_id": customers.index,
                "value": customers["revenue"].round(2).to_numpy(),
                "band": scored["segment"].to_numpy(),
                "segment_id": details["segment_id"].to_numpy(),
                "details": [
                    json.dumps({name: value for name, value in row.items() if value == value})
                    for row in details.astype(object).to_dict("records")
                ],
                "reasons": [json.dumps([*moved, *row]) for moved, row in reasons],
            }
        )

    def _get_move_reasons(self, details):
        """Return for each customer a list of reasons to tell before those of the segment."""
        return [[] for _row in range(len(details))]
