from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

NAMED = 10
WEEKS = 4


class LogisticsDashboard(models.AbstractModel):
    """What to care for: for account managers, about their own customers."""

    _inherit = "logistics.dashboard"

    @api.model
    def _get_figures_account(self, view):
        figures = self._get_figures_management(view)
        partners = self.env["res.partner"]
        overdue = [("expected_order_date", "<", fields.Date.to_string(view["today"]))]
        risky = [("churn_risk", "=", "high")]
        for label, domain in (
            (self.env._("Likely to leave"), risky),
            (self.env._("Orders overdue"), overdue),
        ):
            count = partners.search_count(view["customers"] & Domain(domain))
            target = self._customers_target(view, label, domain)
            figures.append(self._figure(label, count, target=target))
        return figures

    @api.model
    def _get_card_sales(self, view):
        groups = self.env["logistics.order.fact"]._read_group(
            self._get_fact_domain(view, view["start"], view["end"]),
            ["date:month"],
            ["amount:sum"],
        )
        rows = []
        for month, amount in groups:
            limits = self._get_month_limits(view, month)
            name = self.env._("Sales in %(month)s", month=self._month(month))
            domain = list(self._get_fact_domain(view, *limits))
            target = self._target(name, "logistics.order.fact", domain)
            rows.append((self._month(month), amount or 0.0, target, ""))
        best = max(rows, key=lambda row: row[1], default=None)
        answer = best and self.env._(
            "The best month was %(month)s with %(amount)s.",
            month=best[0],
            amount=self._money(best[1]),
        )
        question = self.env._("How do my sales develop?")
        empty = self.env._("Your customers did not order in this period.")
        notes = self._get_month_notes(view["start"], (month for month, _amount in groups))
        options = {"format": "money", "label": self.env._("Revenue"), "empty": empty}
        return self._chart_card("sales", question, answer, rows, notes=notes, **options)

    @api.model
    def _get_card_next_orders(self, view):
        today, rows = view["today"], []
        overdue = [("expected_order_date", "<", fields.Date.to_string(today))]
        limits = [(self.env._("Overdue"), overdue)]
        for week in range(WEEKS):
            first, last = today + timedelta(weeks=week), today + timedelta(days=7 * week + 6)
            label = " – ".join(self._write_day(day, "MMMd") for day in (first, last))
            limits.append(
                (
                    label,
                    [
                        ("expected_order_date", ">=", fields.Date.to_string(first)),
                        ("expected_order_date", "<=", fields.Date.to_string(last)),
                    ],
                )
            )
        for label, domain in limits:  # five, whatever the number of customers
            count = self.env["res.partner"].search_count(view["customers"] & Domain(domain))
            rows.append((label, count, self._customers_target(view, label, domain), ""))
        answer = self.env._(
            "%(overdue)s customers are overdue, %(due)s are due within four weeks.",
            overdue=rows[0][1],
            due=sum(row[1] for row in rows[1:]),
        )
        question = self.env._("When will they order next?")
        options = {"label": self.env._("Customers"), **self._get_run_hint("churn")}
        return self._chart_card("next_orders", question, answer, rows, **options)

    @api.model
    def _get_card_promises(self, view):
        """Name the promises to the reader's customers that are at risk."""
        question = self.env._("Which promises are at risk?")
        promises = self.env["logistics.promise.line"]
        if not promises.has_access("read"):
            empty = self.env._("Only who may read promises sees them here: ask an administrator.")
            return self._card("promises", question, empty=empty)
        domain = (
            Domain("company_id", "=", self.env.company.id)
            & Domain("at_risk", "=", True)
            & self._of_customers(view, "partner_id")
        )
        found = promises.search(domain, order="date, id", limit=NAMED)
        if not found:
            empty = self.env._("All that was promised to your customers is on its way in time.")
            return self._card("promises", question, empty=empty)
        rows = [
            {
                "cells": [
                    f"{line.order_id.name}: {line.product_id.display_name}",
                    self._day(line.date) if line.date else "–",
                    self._day(line.expected_date)
                    if line.expected_date
                    else self.env._("Not known"),
                ],
                "values": [
                    False,
                    *(
                        fields.Date.to_string(day) or False
                        for day in (line.date, line.expected_date)
                    ),
                ],
                "target": self._target(line.display_name, promises._name, res_id=line.id),
            }
            for line in found
        ]
        total = promises.search_count(domain)
        answer = self.env._("%(count)s promises will be late as things stand.", count=total)
        head = [self.env._("Order line"), self.env._("Promised"), self.env._("Expected")]
        target = self._target(self.env._("Promises at risk"), promises._name, list(domain))
        return self._card("promises", question, answer, head=head, rows=rows, target=target)
