from odoo import api, fields, models

AGES_SHOWN = 8


class LogisticsMiningReport(models.AbstractModel):
    """The page of the model of customer value."""

    _inherit = "logistics.mining.report"

    @api.model
    def _headline_clv(self, run):
        metrics, baseline = run.metrics or {}, run.baseline or {}
        lines = []
        if metrics.get("top_fifth_share") and baseline.get("top_fifth_share"):
            lines.append(
                self.env._(
                    "The fifth of the customers ranked highest brought %(model)s of the revenue of "
                    "the held out months; ranked by their past rate, %(baseline)s.",
                    model=self._percent(metrics["top_fifth_share"]),
                    baseline=self._percent(baseline["top_fifth_share"]),
                )
            )
        if metrics.get("orders_rmse") and baseline.get("orders_rmse"):
            lines.append(
                self.env._(
                    "It was off by %(model)s orders per customer (root mean square); everybody "
                    "going on at the past rate, by %(baseline)s.",
                    model=self._number(metrics["orders_rmse"], 2),
                    baseline=self._number(baseline["orders_rmse"], 2),
                )
            )
        if metrics.get("orders_actual"):
            lines.append(
                self.env._(
                    "It expected %(expected)s orders in that time, and %(actual)s came.",
                    expected=self._count(metrics["orders_total"]),
                    actual=self._count(metrics["orders_actual"]),
                )
            )
        return [*lines, self._describe_discount(run)]

    @api.model
    def _describe_discount(self, run):
        rate = (run.parameters or {}).get("discount_rate") or 0
        if not rate:
            return self.env._("Values and their limits are not discounted.")
        return self.env._(
            "Values and their limits are discounted by %(rate)s a year: an order in a year counts "
            "%(rate)s less than one today.",
            rate=self._percent(rate),
        )

    @api.model
    def _cards_clv(self, run):
        return [
            self._card_buckets(run),
            self._card_value_inputs(),
            self._card_cohorts(run, "kept"),
            self._card_cohorts(run, "revenue"),
        ]

    @api.model
    def _card_buckets(self, run):
        """Return expected beside actual orders of customers by how often they ordered before."""
        rows = (run.metrics or {}).get("buckets")
        question = self.env._("Did the orders come that it expected?")
        if not rows:
            return self._make_card("buckets", question, empty=self._not_checked())
        labels = [f"{row['frequency']}" for row in rows]
        labels[-1] += "+" if rows[-1]["frequency"] >= 7 else ""
        names = {
            "expected": (self.env._("Expected"), "main"),
            "actual": (self.env._("Came"), "other"),
            "baseline": (self.env._("At the past rate"), "even"),
        }
        series = [
            self._make_series(label, [row[key] for row in rows], style)
            for key, (label, style) in names.items()
        ]
        answer = self.env._(
            "Orders per customer in the held out months, by how often they had ordered again "
            "before."
        )
        x = ("number", self.env._("Repeat orders before"))
        y = ("number", self.env._("Orders per customer"))
        chart = self._make_chart("bar", series, labels, x, y)
        return self._make_card("buckets", question, answer, chart)

    @api.model
    def _card_value_inputs(self):
        head = [self.env._("It looks at"), self.env._("For")]
        rows = [
            [self.env._("How often they ordered again"), self.env._("their own rate of orders")],
            [
                self.env._("When they ordered first and last"),
                self.env._("whether they still are a customer"),
            ],
            [
                self.env._("The average of their orders, net of returns"),
                self.env._("the amount of the next ones, drawn towards the average of all"),
            ],
        ]
        answer = self.env._("Nothing but orders: no kind of customer, no season, no products.")
        table = self._make_table(head, rows)
        return self._make_card("features", self.env._("What does it look at?"), answer, table=table)

    @api.model
    def _card_cohorts(self, run, what):
        """Return the customers of each quarter of first orders: kept, or revenue of each."""
        cohorts = (run.metrics or {}).get("cohorts")
        question = {
            "kept": self.env._("Do customers stay?"),
            "revenue": self.env._("What do they bring, quarter by quarter?"),
        }[what]
        if not cohorts:
            empty = self._not_kept()
            return self._make_card(f"cohorts_{what}", question, empty=empty)
        answer = {
            "kept": self.env._(
                "Share of the customers of a quarter who ordered 1, 2 … quarters later; * is not "
                "over yet."
            ),
            "revenue": self.env._(
                "Revenue per customer of a quarter, as booked; * is not over yet."
            ),
        }[what]
        ages = range(min(max(len(one["periods"]) for one in cohorts), AGES_SHOWN))
        head = [self.env._("First order"), self.env._("Customers"), *map(str, ages)]
        rows = [self._get_cohort_row(run, cohort, ages, what) for cohort in cohorts]
        table = self._make_table(head, rows)
        return self._make_card(f"cohorts_{what}", question, answer, table=table)

    @api.model
    def _get_cohort_row(self, run, cohort, ages, what):
        day = fields.Date.to_date(cohort["cohort"])
        quarter = self.env._("%(year)s Q%(number)s", year=day.year, number=(day.month + 2) // 3)
        cells = []
        for period in cohort["periods"][: len(ages)]:
            if what == "kept":
                text = self._percent(period["active"] / cohort["customers"])
            else:
                amount = period["revenue"] / cohort["customers"]
                text = self.env["logistics.mining.reason"]._whole(amount, run.company_id)
            cells.append(text if period["complete"] else f"{text}*")
        blank = [""] * (len(ages) - len(cells))
        return [quarter, self._count(cohort["customers"]), *cells, *blank]
