from odoo import api, models

SAME = 0.02  # a change of less is none
NO_ORDERS = (0, 0, 0, 0)


class LogisticsPortrait(models.AbstractModel):
    """How much a customer buys, and whether more or less than before."""

    _inherit = "logistics.portrait"

    @api.model
    def _get_part_amounts(self, customer, sales):
        question = self.env._("How much do they buy at a time?")
        now, before = sales["revenue"]
        years = sales["years"] or {}
        if not years:
            empty = self.env._("They have not ordered within two years.")
            return [self._card("amounts", question, empty=empty)]
        return [
            self._card(
                "amounts",
                question,
                self._tell_typical_order(years),
                head=[
                    "",
                    self.env._("Last 12 months"),
                    self.env._("Year before"),
                    self.env._("Change in %"),
                ],
                rows=self._get_amount_rows(sales),
                headlines=[self._get_revenue_headline(now, before)],
                target=self._sales_target(
                    customer,
                    self.env._("Sales of %(customer)s in 12 months", customer=customer.name),
                    ("date", ">", sales["year_ago"].isoformat()),
                    ("date", "<=", sales["today"].isoformat()),
                ),
            )
        ]

    @api.model
    def _tell_typical_order(self, years):
        if "last" not in years:
            return self.env._("They have not ordered for a year; this is what they used to buy.")
        _orders, amount, lines, units = years["last"]
        return self.env._(
            "A typical order: %(amount)s, lines: %(lines)s, units: %(units)s.",
            amount=self._money(amount),
            lines=self._number(lines),
            units=self._number(units),
        )

    @api.model
    def _get_amount_rows(self, sales):
        """Return revenue, orders and the typical order of two years, side by side."""
        last, before = (
            (revenue, *(sales["years"] or {}).get(year, NO_ORDERS))
            for revenue, year in zip(sales["revenue"], ("last", "before"), strict=True)
        )
        labels = [
            self.env._("Revenue"),
            self.env._("Orders"),
            self.env._("Amount of an order"),
            self.env._("Lines of an order"),
            self.env._("Units of an order"),
        ]
        writers = [self._money, self._number, self._money, self._number, self._number]
        return [
            {"cells": [label, write(now), write(then), self._change(now, then)], "target": False}
            for label, write, now, then in zip(labels, writers, last, before, strict=True)
        ]

    @api.model
    def _get_revenue_headline(self, now, before):
        words = {"now": self._money(now), "before": self._money(before)}
        if now < 0:
            sentence = self.env._(
                "In 12 months they returned more than they bought: %(amount)s more.",
                amount=self._money(-now),
            )
            return (90, "revenue", sentence)
        if before < 0:
            sentence = self.env._(
                "Bought for %(now)s in 12 months; in the year before they returned more than they "
                "bought.",
                now=words["now"],
            )
            return (50, "revenue", sentence)
        if before == 0:
            sentence = self.env._(
                "Bought for %(now)s in 12 months, nothing in the year before.", now=words["now"]
            )
            return (50, "revenue", sentence)
        change = now / before - 1
        if abs(change) < SAME:
            sentence = self.env._(
                "Bought for %(now)s in 12 months, about as much as in the year before.",
                now=words["now"],
            )
            return (50, "revenue", sentence)
        words["change"] = self._percent(abs(change))
        if change < 0:
            sentence = self.env._(
                "Bought for %(now)s in 12 months, %(change)s less than in the year before.", **words
            )
        else:
            sentence = self.env._(
                "Bought for %(now)s in 12 months, %(change)s more than in the year before.", **words
            )
        return (50 + min(40, max(0, round(-100 * change))), "revenue", sentence)
