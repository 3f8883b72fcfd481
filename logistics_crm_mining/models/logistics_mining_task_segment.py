import json

import pandas as pd
from dateutil.relativedelta import relativedelta

from odoo import models

from ..analytics import RFMSegmenter, segment_profile, segment_reasons, summarize_orders
from ..tools.outcome import plain


class LogisticsMiningTask(models.Model):
    """Task ``segment``: who is alike, by recency, frequency and money."""

    _inherit = "logistics.mining.task"

    def _published_fields_segment(self):
        return ["segment_id", "rfm_score"]

    def _extract_segment(self, run):
        return self._extract_order_days(run)

    def _score_segment(self, run, days):
        """Segment the customers who ordered within the months looked back."""
        cutoff = self._get_cutoff(run, days)
        start = cutoff - relativedelta(months=run.parameters["window_months"])
        days = days[(days["date"] > start) & (days["date"] <= cutoff)]
        customers = summarize_orders(days, cutoff, is_return="is_return")
        outcome = self._prepare_outcome(run, days, customers, cutoff)
        if outcome.reason:
            return outcome
        outcome.fitted = RFMSegmenter()
        scored = outcome.fitted.fit_transform(customers)
        outcome.scores = self._prepare_segment_scores(customers, scored)
        profile = segment_profile(scored, customers)
        outcome.metrics = plain({"segments": profile.to_dict("index")})
        outcome.publish = True
        return outcome

    def _prepare_segment_scores(self, customers, scored):
        # A handful of records of configuration.
        segments = self.env["logistics.mining.segment"].search([])  # pylint: disable=no-search-all
        ids = dict(zip(segments.mapped("code"), segments.ids, strict=True))
        segment_ids = scored["segment"].map(ids)
        rows = zip(segment_ids.tolist(), scored["rfm_score"].tolist(), strict=True)
        return pd.DataFrame(
            {
                "res_id": customers.index,
                "value": customers["revenue"].to_numpy(),
                "band": scored["segment"].to_numpy(),
                "segment_id": segment_ids.to_numpy(),
                "details": [
                    json.dumps({"segment_id": segment, "rfm_score": rfm}) for segment, rfm in rows
                ],
                "reasons": [json.dumps(row) for row in segment_reasons(customers, scored)],
            }
        )
