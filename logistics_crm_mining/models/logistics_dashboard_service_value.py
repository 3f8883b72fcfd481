from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .logistics_dashboard_service import OPEN

NAMED = 10


class LogisticsDashboard(models.AbstractModel):
    """What service means for business: who complains about what, and who might leave."""

    _inherit = "logistics.dashboard"

    @api.model
    def _get_card_case_categories(self, view):
        base, rows = self._get_received_domain(view), []
        groups = self.env["logistics.case"]._read_group(
            base, ["category_id"], ["__count"], order="__count DESC, category_id", limit=NAMED
        )
        for category, count in groups:
            name = category.display_name or self.env._("No category")
            domain = base & Domain("category_id", "=", category.id)
            rows.append((name, count, self._case_target(name, domain), ""))
        answer = rows and self.env._(
            "Most came in about “%(category)s”: %(count)s.", category=rows[0][0], count=rows[0][1]
        )
        question = self.env._("What do customers write about?")
        empty = self.env._("No case came in during this period.")
        options = {"kind": "bars", "label": self.env._("Cases"), "empty": empty}
        return self._chart_card("case_categories", question, answer, rows, **options)

    @api.model
    def _get_card_case_segments(self, view):
        """Ask which segments complain, beside how many customers they have."""
        base = self._get_received_domain(view) & Domain("kind", "in", ["complaint", "claim"])
        found = dict(
            self.env["logistics.case"]._read_group(
                base, ["commercial_partner_id.segment_id"], ["__count"]
            )
        )
        rows = []
        for segment, customers, _value in self._read_segments(view):
            count = found.get(segment, 0)
            domain = base & Domain("commercial_partner_id.segment_id", "=", segment.id)
            hint = self.env._(
                "For each 100 customers: %(rate)s", rate=self._number(100 * count / customers)
            )
            rows.append((segment.name, count, self._case_target(segment.name, domain), hint))
        worst = max(rows, key=lambda row: row[1], default=None)
        answer = worst and self.env._(
            "Most complaints and claims are from “%(segment)s”: %(count)s.",
            segment=worst[0],
            count=worst[1],
        )
        question = self.env._("Which customers complain?")
        empty = self.env._("No complaint or claim of a scored customer in this period.")
        options = {"kind": "bars", "label": self.env._("Complaints and claims"), "empty": empty}
        return self._chart_card("case_segments", question, answer, rows, **options)

    @api.model
    def _get_card_case_risks(self, view):
        """Name customers who are likely to leave and wait for an answer."""
        base = self._get_case_domain(view) & Domain(OPEN)
        base &= Domain("commercial_partner_id.churn_risk", "=", "high")
        cases = self.env["logistics.case"]
        customer = SQL.identifier(cases._table, "commercial_partner_id")
        waiting = cases._search(base).subselect(customer)
        domain = Domain("churn_risk", "=", "high") & Domain("id", "in", waiting)
        customers = self.env["res.partner"].search(domain, order="clv_12m DESC, id", limit=NAMED)
        counts = dict(
            cases._read_group(
                base & Domain("commercial_partner_id", "in", customers.ids),
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        calls = self._get_calls(customers)
        rows = [
            {
                "cells": [
                    customer.display_name,
                    str(counts[customer]),
                    self._money(customer.clv_12m) if customer.value_band else "–",
                ],
                "values": [
                    False,
                    counts[customer],
                    customer.value_band and customer.clv_12m,
                ],
                "target": self._case_target(
                    customer.display_name,
                    base & Domain("commercial_partner_id", "=", customer.id),
                ),
                "call": calls[customer],
            }
            for customer in customers
        ]
        question = self.env._("Who might leave over an open case?")
        if not rows:
            empty = self.env._("No customer who is likely to leave has an open case.")
            return self._card("case_risks", question, empty=empty)
        answer = self.env._(
            "Likely to leave, and waiting for an answer: %(count)s.",
            count=self.env["res.partner"].search_count(domain),
        )
        names = self.env._("Customer"), self.env._("Open cases")
        head = [*names, self.env._("Expected in 12 months")]
        target = self._case_target(question, base)
        return self._card("case_risks", question, answer, head=head, rows=rows, target=target)
