from datetime import timedelta

import pandas as pd
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..analytics import order_rhythm

# From this many days with orders on there is a rhythm to tell of.
LEAST_ORDERS = 3
LONG_SILENCE = 3  # usual gaps
MONTHS = 24
IMPORT = "logistics_crm.menu_history_import"


class LogisticsPortrait(models.AbstractModel):
    """When a customer orders, and when next."""

    _inherit = "logistics.portrait"

    @api.model
    def _get_rhythm(self, days, today):
        """Return the rhythm of each key, as the risk of leaving knows it.

        Parameters
        ----------
        days : dict of int to list of str
            The days with orders; of a customer, or of each of their products.
        today : date

        Returns
        -------
        dict of int to dict
            ``orders`` (days with orders), ``last``, ``since`` (days), ``gap``, ``gap_low`` and
            ``gap_high`` (usual days, and quartiles), ``expected``, ``first`` and ``until`` (the
            next order and its limits), ``ratio`` (silence in usual gaps), ``state``.
        """
        pairs = [(key, day) for key, all_days in days.items() for day in all_days]
        if not pairs:
            return {}
        frame = order_rhythm(pd.DataFrame(pairs, columns=["partner_id", "date"]), today)
        return {
            key: self._prepare_rhythm(row)
            for key, row in zip(frame.index, frame.to_dict("records"), strict=True)
        }

    @api.model
    def _prepare_rhythm(self, row):
        rhythm = {
            "orders": row["orders"],
            "last": row["last_date"].date(),
            "since": row["days_since_last"],
            "state": row["state"],
        }
        if row["orders"] < 2:
            return rhythm
        last, low, high = rhythm["last"], row["gap_low"], row["gap_high"]
        first, until = row["expected_from"], row["expected_until"]
        known = pd.notna(first) and pd.notna(until)
        return rhythm | {
            "gap": round(row["usual_gap"]),
            "gap_low": round(low),
            "gap_high": round(high),
            "expected": row["expected_date"].date(),
            "first": first.date() if known else last + timedelta(days=round(low)),
            "until": until.date() if known else last + timedelta(days=round(high)),
            "ratio": row["silence_ratio"],
            "state": self._get_rhythm_state(row, known),
        }

    @api.model
    def _get_rhythm_state(self, row, known):
        """Return the state; with too few orders for limits, silence for long is overdue as well."""
        if not known and row["silence_ratio"] > LONG_SILENCE:
            return "overdue"
        return row["state"]

    @api.model
    def _get_part_rhythm(self, customer, sales):
        question = self.env._("When do they order, and when next?")
        rhythm = sales["rhythm"]
        if not rhythm:
            empty = self.env._(
                "No order is known in this company. Load their sales history under Sales › Import "
                "sales history, or send a first quotation."
            )
            headline = (80, "rhythm", self.env._("They have not ordered yet."))
            values = {"headlines": [headline], "place": self._place(IMPORT)}
            return [self._card("rhythm", question, empty=empty, **values)]
        values = {"chart": self._get_month_chart(customer, sales)}
        if rhythm["orders"] < LEAST_ORDERS:
            answer = self._tell_few_orders(rhythm)
            values["headlines"] = [self._get_few_orders_headline(rhythm)]
        else:
            answer = self._tell_rhythm(rhythm)
            values["headlines"] = [self._get_rhythm_headline(rhythm)]
            values["facts"] = self._get_rhythm_facts(sales)
        return [self._card("rhythm", question, answer, **values)]

    @api.model
    def _tell_few_orders(self, rhythm):
        return self.env._(
            "%(needed)s days with orders are needed to see a rhythm; there are %(count)s. The "
            "last order came on %(date)s.",
            needed=LEAST_ORDERS,
            count=rhythm["orders"],
            date=self._day(rhythm["last"]),
        )

    @api.model
    def _get_few_orders_headline(self, rhythm):
        sentence = self.env._(
            "Ordered on so few days (%(count)s) that there is no rhythm; last on %(date)s, "
            "%(since)s ago.",
            count=rhythm["orders"],
            date=self._day(rhythm["last"]),
            since=self._days(rhythm["since"]),
        )
        return (62, "rhythm", sentence)

    @api.model
    def _tell_rhythm(self, rhythm):
        usual = self.env._(
            "They order about %(every)s, last on %(last)s, %(since)s ago.",
            every=self._every(rhythm["gap"]),
            last=self._day(rhythm["last"]),
            since=self._days(rhythm["since"]),
        )
        words = {
            "expected": self._day(rhythm["expected"]),
            "first": self._day(rhythm["first"]),
            "until": self._day(rhythm["until"]),
        }
        if rhythm["state"] == "overdue":
            following = self.env._(
                "The next order was expected on %(expected)s, by %(until)s at the latest.", **words
            )
        else:
            following = self.env._(
                "The next is expected on %(expected)s, between %(first)s and %(until)s.", **words
            )
        return f"{usual} {following}"

    @api.model
    def _get_rhythm_headline(self, rhythm):
        if rhythm["state"] == "overdue":
            sentence = self.env._(
                "Silent for %(since)s; they usually order %(every)s.",
                since=self._days(rhythm["since"]),
                every=self._every(rhythm["gap"]),
            )
            return (90, "rhythm", sentence)
        if rhythm["since"] >= rhythm["gap"]:
            sentence = self.env._(
                "An order is due: last one %(since)s ago, usually %(every)s.",
                since=self._days(rhythm["since"]),
                every=self._every(rhythm["gap"]),
            )
            return (60, "rhythm", sentence)
        expected = self._day(rhythm["expected"])
        sentence = self.env._(
            "They order as usual; the next order is expected on %(expected)s.", expected=expected
        )
        return (40, "rhythm", sentence)

    @api.model
    def _get_rhythm_facts(self, sales):
        rhythm = sales["rhythm"]
        orders, first, _last = sales["total"]
        between = self.env._(
            "half of them %(low)s to %(high)s days", low=rhythm["gap_low"], high=rhythm["gap_high"]
        )
        return [
            [self.env._("Usual gap"), f"{rhythm['gap']} ({between})"],
            [self.env._("Orders so far"), self._number(orders)],
            [self.env._("First order"), self._day(fields.Date.to_date(first))],
        ]

    @api.model
    def _get_month_chart(self, customer, sales):
        """Return amounts by month, with the number of orders in the hint."""
        starts = [sales["first_month"] + relativedelta(months=number) for number in range(MONTHS)]
        known = sales["months"] or {}
        figures = [known.get(start.strftime("%Y-%m"), (0, 0)) for start in starts]
        if not any(orders or amount for amount, orders in figures):
            return False
        labels = [self._month(start) for start in starts]
        targets = [
            self._sales_target(
                customer,
                self.env._("%(customer)s, %(month)s", customer=customer.name, month=label),
                ("date", ">=", start.isoformat()),
                ("date", "<", (start + relativedelta(months=1)).isoformat()),
                ("date", "<=", sales["today"].isoformat()),
            )
            for start, label in zip(starts, labels, strict=True)
        ]
        return self._columns(
            labels,
            [amount for amount, _orders in figures],
            self.env._("Revenue"),
            targets,
            format="money",
            hints=[self.env._("Orders: %(count)s", count=orders) for _amount, orders in figures],
        )
