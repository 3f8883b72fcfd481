from odoo import api, fields, models

TOP_CATEGORIES = 5
REGULAR_DAYS = 3
NO_ORDERS = (0, 0, 0, 0)


class LogisticsPortrait(models.AbstractModel):
    """How much a customer buys, and of what."""

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
                    self.env._("Change"),
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
        if before <= 0:
            sentence = self.env._(
                "Bought for %(now)s in 12 months, nothing in the year before.", now=words["now"]
            )
            return (50, "revenue", sentence)
        change = now / before - 1
        words["change"] = self._percent(abs(change))
        if change <= -0.005:
            sentence = self.env._(
                "Bought for %(now)s in 12 months, %(change)s less than in the year before.", **words
            )
        else:
            sentence = self.env._(
                "Bought for %(now)s in 12 months, %(change)s more than in the year before.", **words
            )
        return (50 + min(40, max(0, round(-100 * change))), "revenue", sentence)

    # ------------------------------------------------------------ categories

    @api.model
    def _get_part_categories(self, customer, sales):
        question = self.env._("What do they buy?")
        found = sales["categories"] or []
        names = self._get_category_names(found)
        bought = sorted((row for row in found if row[1] > 0), key=lambda row: (-row[1], row[0]))
        notes = self._get_category_notes(found, names, sales)
        if not bought:
            empty = self.env._("They have bought nothing of our products within 12 months.")
            return [self._card("categories", question, empty=empty, notes=notes)]
        total = sum(row[1] for row in bought)
        answer = self.env._(
            "%(category)s above all: %(share)s of %(amount)s in 12 months.",
            category=names[bought[0][0]],
            share=self._percent(bought[0][1] / total),
            amount=self._money(total),
        )
        chart = self._get_category_chart(customer, sales, bought, names)
        return [self._card("categories", question, answer, chart=chart, notes=notes)]

    @api.model
    def _get_category_names(self, found):
        categories = self.env["product.category"].browse([row[0] for row in found if row[0]])
        names = {category.id: category.name for category in categories}
        return {**names, None: self.env._("Without category")}

    @api.model
    def _get_category_chart(self, customer, sales, bought, names):
        """Return the share of revenue of the largest categories, and of all others together."""
        total = sum(row[1] for row in bought)
        top, others = bought[:TOP_CATEGORIES], bought[TOP_CATEGORIES:]
        groups = [(names[row[0]], [row[0]], row[1]) for row in top]
        if others:
            label = self.env._("Others (%(count)s)", count=len(others))
            groups.append((label, [row[0] for row in others], sum(row[1] for row in others)))
        targets = [
            self._sales_target(
                customer,
                self.env._("%(customer)s, %(what)s", customer=customer.name, what=label),
                ("date", ">", sales["year_ago"].isoformat()),
                ("date", "<=", sales["today"].isoformat()),
                ("product_id", "!=", False),
                ("product_id.categ_id", "in", [number or False for number in ids]),
            )
            for label, ids, _revenue in groups
        ]
        return self._columns(
            [label for label, _ids, _revenue in groups],
            [revenue / total for _label, _ids, revenue in groups],
            self.env._("Share of revenue"),
            targets,
            kind="bars",
            format="percent",
            hints=[self._money(revenue) for _label, _ids, revenue in groups],
        )

    @api.model
    def _get_category_notes(self, found, names, sales):
        """Say which categories are new, and which they have stopped buying."""
        year_ago, notes = sales["year_ago"], []
        first = sales["total"][1]
        if first and fields.Date.to_date(first) <= year_ago:
            new = [names[row[0]] for row in found if fields.Date.to_date(row[4]) > year_ago]
            if new:
                notes.append(self.env._("New in 12 months: %(names)s.", names=self._names(new)))
        stopped = [names[row[0]] for row in found if row[3] >= REGULAR_DAYS and not row[2]]
        if stopped:
            notes.append(
                self.env._(
                    "Bought regularly in the year before, and not since: %(names)s.",
                    names=self._names(stopped),
                )
            )
        return notes
