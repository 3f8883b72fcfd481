import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

from ..analytics import StableSegmenter, behaviour_features, known_features, match_segments
from ..tools.copy_frame import copy_frame
from ..tools.outcome import plain

MIN_CUSTOMERS = 40
BREADTH = {"partner_id": "int64", "products": "float64", "categories": "float64"}
PLACES = {"partner_id": "int64", "places": "float64", "warehouses": "float64"}


class LogisticsMiningTask(models.Model):
    """Task ``segment``: groups of customers who order alike, as many as are stable."""

    _inherit = "logistics.mining.task"

    def _published_fields_segment(self):
        return [*super()._published_fields_segment(), "behaviour_id"]

    def _prepare_segment_details(self, run, days, cutoff, customers, scored, outcome):
        """Add each customer's group, where groups come out the same from other samples."""
        details = super()._prepare_segment_details(run, days, cutoff, customers, scored, outcome)
        seen = days["partner_id"].isin(customers.index)
        features = self._describe_behaviour(run, days[seen], cutoff).reindex(customers.index)
        outcome.features = features
        told, labels = self._find_groups(features)
        if labels is not None:
            groups = self._name_groups(run, labels)
            labels = labels.map(groups)
            told["groups"] = self._profile_groups(told["groups"], groups, labels, customers)
            details["behaviour_id"] = labels
        outcome.metrics["behaviour"] = plain(told)
        return details

    def _describe_behaviour(self, run, days, cutoff):
        """Return how each customer orders: rhythm, season, returns, breadth and places."""
        frame = behaviour_features(days, cutoff, is_return="is_return")
        start = cutoff - relativedelta(months=run.parameters["window_months"])
        for query, schema in (
            (self._get_breadth_query(run, start, cutoff), BREADTH),
            (self._get_places_query(run, start, cutoff), PLACES),
        ):
            more = copy_frame(self.env.cr, query, schema).set_index("partner_id")
            frame = frame.join(more, how="left")
        return frame

    def _get_breadth_query(self, run, start, cutoff):
        """Count products and categories; grouping by product first is faster than DISTINCT."""
        return SQL(
            """SELECT one.partner_id, COUNT(*) AS products,
                COUNT(DISTINCT t.categ_id) AS categories
            FROM (
                SELECT partner_id, product_id FROM logistics_order_fact
                WHERE company_id = %s AND partner_id IS NOT NULL AND date > %s AND date <= %s
                    AND NOT is_return AND product_id IS NOT NULL
                GROUP BY partner_id, product_id
            ) one
            JOIN product_product p ON p.id = one.product_id
            JOIN product_template t ON t.id = p.product_tmpl_id
            GROUP BY one.partner_id""",
            run.company_id.id,
            start.date(),
            cutoff.date(),
        )

    def _get_places_query(self, run, start, cutoff):
        """Count where Odoo's own orders went and came from; history tells neither."""
        return SQL(
            """SELECT p.commercial_partner_id AS partner_id,
                COUNT(DISTINCT o.partner_shipping_id) AS places,
                COUNT(DISTINCT o.warehouse_id) AS warehouses
            FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
            WHERE o.company_id = %s AND o.state = 'sale' AND o.date_order > %s
                AND o.date_order < %s::date + 1 AND p.commercial_partner_id IS NOT NULL
            GROUP BY p.commercial_partner_id""",
            run.company_id.id,
            start.date(),
            cutoff.date(),
        )

    def _find_groups(self, features):
        """Return figures of the search, and the group number of each customer or None."""
        if len(features) < MIN_CUSTOMERS:
            return {"code": "too_few", "args": {"needed": MIN_CUSTOMERS}}, None
        known = known_features(features)
        if known.empty:
            return {"code": "too_alike", "args": {}}, None
        model = StableSegmenter().fit(known)
        told = {
            "code": model.code_,
            "args": model.args_,
            "stability": model.stability_,
            "silhouette": model.silhouette_,
            "tried": model.evaluation_,
            "columns": list(known.columns),
        }
        if model.code_ in ("too_alike", "unstable"):
            return told, None
        groups, labels = self._tell_apart(model, known)
        if len(groups) < 2:
            return {**told, "code": "nothing_apart", "args": {}}, None
        told["groups"] = groups
        return told, pd.Series(labels, index=features.index)

    def _tell_apart(self, model, known):
        """Return groups and the group of each customer; those of which the same is said are one."""
        labels, number = model.labels_, 0
        while len(groups := model.traits(known, labels)) != number:
            number, first = len(groups), {}
            for group in groups:
                said = frozenset((trait["column"], trait["code"]) for trait in group["traits"])
                labels = np.where(
                    labels == group["segment"], first.setdefault(said, group["segment"]), labels
                )
        return groups, labels

    def _name_groups(self, run, labels):
        """Return {number: id of the group}: the one of the run before that it goes on from."""
        query = SQL(
            """SELECT res_id, (details->>'behaviour_id')::int AS group_id
            FROM logistics_mining_score
            WHERE run_id = %s AND jsonb_exists(details, 'behaviour_id')""",
            run._get_newest().id or None,
        )
        before = copy_frame(self.env.cr, query, {"res_id": "int64", "group_id": "int64"})
        match = match_segments(before.set_index("res_id")["group_id"], labels)
        ours = self.env["logistics.mining.group"].with_context(active_test=False)
        kept = set(ours.browse(set(before["group_id"].tolist())).exists().ids)
        numbers = sorted(set(labels))
        fresh = [one for one in numbers if match.get(one) not in kept]
        created = ours._create_unnamed(run.company_id, len(fresh))
        return {**match, **dict(zip(fresh, created.ids, strict=True))}

    def _profile_groups(self, found, groups, labels, customers):
        """Return what is known of each group, the largest first."""
        revenue = customers["revenue"].groupby(labels).sum()
        total = customers["revenue"].sum()
        return [
            {
                "group": groups[row["segment"]],
                "customers": row["customers"],
                "share": row["share"],
                "revenue_share": revenue[groups[row["segment"]]] / total if total > 0 else 0.0,
                "traits": row["traits"],
            }
            for row in found
        ]
