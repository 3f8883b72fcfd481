import json

import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from ..analytics import (
    KeyAccountRules,
    abc_classes,
    abc_summary,
    class_moves,
    concentration_curve,
    money_columns,
    order_rhythm,
)
from ..tools.copy_frame import copy_frame
from ..tools.outcome import plain

BREADTH = {"partner_id": "int64", "products": "int64", "categories": "int64"}
PERIOD_DAYS = 90  # the last period, whose trend tells who is about to change class


class LogisticsMiningTask(models.Model):
    """Task ``key_account``: the few customers that most of the business depends on."""

    _inherit = "logistics.mining.task"

    class_basis = fields.Selection(
        [("revenue", "Revenue"), ("margin", "Margin")],
        "Class By",
        required=True,
        default="revenue",
        help="What the customer's class follows. Margin is the amount less the products' cost; "
        "goods without a cost count for nothing.",
    )

    def _prepare_parameters(self):
        return super()._prepare_parameters() | {"class_basis": self.class_basis}

    def _published_fields_key_account(self):
        return ["key_account_class"]

    def _extract_key_account(self, run):
        return self._extract_order_days(run)

    def _score_key_account(self, run, days):
        """Class the customers of the last 12 months, and describe the best class by rules."""
        cutoff = self._get_cutoff(run, days)
        start = cutoff - relativedelta(years=1)
        days = days[(days["date"] > start) & (days["date"] <= cutoff)].fillna({"margin": 0.0})
        sums = days.groupby("partner_id")[["amount", "margin"]].sum()
        customers = sums.rename(columns={"amount": "revenue"})
        outcome = self._prepare_outcome(run, days, customers, cutoff)
        if outcome.reason:
            return outcome
        basis = customers[run.parameters["class_basis"]]
        if not (basis > 0).any():
            outcome.reason = {"code": "no_value"}
            return outcome
        classes = pd.Series(abc_classes(basis), index=customers.index).str.lower()
        column = "amount" if run.parameters["class_basis"] == "revenue" else "margin"
        moves = class_moves(days, cutoff, PERIOD_DAYS, amount=column)
        outcome.features = self._describe_key_accounts(run, days, cutoff, classes)
        keys = (classes == "a").to_numpy()
        # where all buy at one price, what they do ranks them as what they spend: it tells nothing
        same = money_columns(outcome.features, basis.to_numpy())
        told = outcome.features.drop(columns=same)
        rules = KeyAccountRules().fit(told, keys, basis.to_numpy())
        outcome.metrics = self._prepare_key_metrics(customers, basis, classes, moves, rules)
        outcome.scores = self._prepare_key_scores(run, customers, basis, classes, moves)
        outcome.publish = True
        return outcome

    def _describe_key_accounts(self, run, days, cutoff, classes):
        """Return what customers do, never what they spend: class A is described by it."""
        rhythm = order_rhythm(days, cutoff, is_return="is_return").reindex(classes.index)
        frame = self._read_breadth(run, cutoff).reindex(classes.index).fillna(0)
        frame["order_days"] = rhythm["orders"].fillna(0)
        frame["usual_days"] = rhythm["usual_gap"].fillna(366)  # one order: longer than a year
        frame["country"] = self._read_countries(classes.index)
        return frame

    def _read_breadth(self, run, cutoff):
        """Return how many products and categories each customer bought within 12 months."""
        query = SQL(
            """SELECT f.partner_id, COUNT(DISTINCT f.product_id) AS products,
                COUNT(DISTINCT t.categ_id) AS categories
            FROM logistics_order_fact f
            LEFT JOIN product_product p ON p.id = f.product_id
            LEFT JOIN product_template t ON t.id = p.product_tmpl_id
            WHERE f.company_id = %s AND f.partner_id IS NOT NULL AND f.date > %s AND f.date <= %s
                AND NOT f.is_return
            GROUP BY f.partner_id""",
            run.company_id.id,
            (cutoff - relativedelta(years=1)).date(),
            cutoff.date(),
        )
        return copy_frame(self.env.cr, query, BREADTH).set_index("partner_id")

    def _read_countries(self, ids):
        partners = self.env["res.partner"].browse(ids.tolist())
        partners.fetch(["country_id"])
        return [partner.country_id.code or None for partner in partners]

    def _prepare_key_metrics(self, customers, basis, classes, moves, rules):
        curves = {name: concentration_curve(customers[name]) for name in ("revenue", "margin")}
        summary = abc_summary(classes.str.upper(), basis).rename(index=str.lower)
        return plain(
            {
                "classes": summary.to_dict("index"),
                "concentration": curves,
                "moves": moves["move"].value_counts().to_dict(),
                "rules": rules.rules_,
                "rules_code": rules.code_,
                "rules_args": rules.args_,
                "base_rate": rules.base_rate_,
            }
        )

    def _prepare_key_scores(self, run, customers, basis, classes, moves):
        by_hand = self._get_classes_by_hand(run)
        others = sorted(by_hand.keys() - set(customers.index))
        ids = [*customers.index.tolist(), *others]
        # who ordered nothing has no place among those who did
        rank = basis.rank(ascending=False, method="min").reindex(ids).fillna(0).astype(int)
        basis = basis.reindex(ids).fillna(0.0)
        classes = classes.reindex(ids).fillna("c")
        moves = moves.reindex(ids)
        total = basis.clip(lower=0).sum()
        published = [by_hand.get(partner, own) for partner, own in classes.items()]
        rows = zip(rank.tolist(), basis.tolist(), classes, moves.to_dict("records"), strict=True)
        name = run.parameters["class_basis"]
        reasons = [
            self._prepare_key_reasons(name, row, total, len(customers), by_hand.get(partner))
            for partner, row in zip(ids, rows, strict=True)
        ]
        return pd.DataFrame(
            {
                "res_id": ids,
                "value": basis.round(2).to_numpy(),
                "band": classes.to_numpy(),
                "segment_id": np.zeros(len(ids), dtype=int),
                "details": [json.dumps({"key_account_class": one}) for one in published],
                "reasons": [json.dumps(plain(one)) for one in reasons],
            }
        )

    def _prepare_key_reasons(self, basis, row, total, count, by_hand):
        rank, amount, own, move = row
        reasons = [{"code": "key_silent"}]
        if rank:
            reasons = [
                {"code": "key_rank", "rank": rank, "count": count, "basis": basis},
                {"code": "key_amount", "amount": round(amount, 2), "share": amount / total},
            ]
        if isinstance(move["move"], str):
            code = f"key_{move['move']}"
            figures = {"to": move["projected_class"].lower(), "limit": round(move["limit"], 2)}
            reasons.append({"code": code, "projected": round(move["projected"], 2), **figures})
        if by_hand and by_hand != own:
            reasons.append({"code": "key_by_hand", "set": by_hand, "own": own})
        return reasons

    def _get_classes_by_hand(self, run):
        """Return {partner: class} of the classes that no run has set: people's own stay.

        A run has set a class where the newest scores put their own band onto the customer.
        """
        query = SQL(
            """SELECT p.id, p.key_account_class->>%(key)s
            FROM res_partner p
            LEFT JOIN logistics_mining_score s ON s.run_id = %(newest)s AND s.res_id = p.id
                AND s.band = s.details->>'key_account_class'
            WHERE p.key_account_class->>%(key)s IS NOT NULL
                AND s.band IS DISTINCT FROM p.key_account_class->>%(key)s""",
            key=str(run.company_id.id),
            newest=run._get_newest().id or None,
        )
        return dict(self.env.execute_query(query))
