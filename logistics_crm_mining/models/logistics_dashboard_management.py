from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

TENTHS = 10
FIFTH = 2  # tenths


class LogisticsDashboard(models.AbstractModel):
    """How business develops, and where value is at risk: for management."""

    _inherit = "logistics.dashboard"

    @api.model
    def _get_figures_management(self, view):
        start, end = view["start"], view["end"]
        before = start - (end - start)
        revenue, customers = self._get_period_totals(view, start, end)
        old_revenue, old_customers = self._get_period_totals(view, before, start)
        [(expected, scored)] = self.env["res.partner"]._read_group(
            view["customers"] & Domain("value_band", "!=", False),
            aggregates=["clv_12m:sum", "__count"],
        )
        sales = self._target(
            self.env._("Sales"),
            "logistics.order.fact",
            list(self._get_fact_domain(view, start, end)),
        )
        name = self.env._("Customers with a value")
        valued = self._customers_target(view, name, [("value_band", "!=", False)])
        change = self._change(revenue, old_revenue, "")
        more = self._change(customers, old_customers, "")
        figures = [
            self._figure(self.env._("Revenue"), revenue, "money", change=change, target=sales),
            self._figure(self.env._("Customers who ordered"), customers, change=more),
        ]
        if view["role"] == "management":
            known = (expected or 0.0) if scored else False
            label = self.env._("Expected in the next 12 months")
            figures.append(self._figure(label, known, "money", target=valued))
            figures.append(self._get_punctuality_figure(view))
        return figures

    @api.model
    def _get_punctuality_figure(self, view):
        label, on_time = self.env._("Delivered on time"), self._get_punctuality(view)
        return self._figure(label, on_time, "percent")

    @api.model
    def _get_punctuality(self, view):
        """Return the share of lines delivered on time in the period, False without any."""
        [(lines, rate)] = self.env["logistics.order.fact"]._read_group(
            self._get_promised_domain(view, view["start"], view["end"]),
            aggregates=["__count", "on_time_rate:avg"],
        )
        return (rate or 0.0) if lines else False

    @api.model
    def _get_promised_domain(self, view, start, end):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("promised_date", ">", start)
            & Domain("promised_date", "<=", end)
            & Domain("delivery_state", "!=", "unknown")
            & self._of_customers(view, "partner_id")
        )

    # ------------------------------------------------------------
    # VALUE
    # ------------------------------------------------------------

    @api.model
    def _get_card_classes(self, view):
        labels = dict(
            self.env["res.partner"]._fields["key_account_class"]._description_selection(self.env)
        )
        found = dict(
            self.env["res.partner"]._read_group(
                view["customers"] & Domain("key_account_class", "!=", False),
                ["key_account_class"],
                ["__count"],
            )
        )
        rows = [
            (
                label,
                found.get(key, 0),
                self._customers_target(view, label, [("key_account_class", "=", key)]),
                "",
            )
            for key, label in labels.items()
        ]
        answer = self.env._("Key accounts: %(count)s.", count=found.get("a", 0))
        question = self.env._("How many key accounts do we have?")
        options = {"label": self.env._("Customers"), **self._get_run_hint("key_account")}
        return self._chart_card("classes", question, answer, rows, **options)

    @api.model
    def _get_card_concentration(self, view):
        """Ask which share of revenue the largest customers make; ranked in the database."""
        question = self.env._("How many customers make most of the revenue?")
        rows = self.env.execute_query(self._select_tenths(view))
        if not rows:
            empty = self.env._(
                "No sales in this period. A Manager loads them under Sales › Import sales history."
            )
            place = self._place("logistics_crm.menu_history_import")
            return self._card("concentration", question, empty=empty, place=place)
        customers = rows[0][2]
        tenths = [(self._percent(place / TENTHS), share, False, "") for place, share, _c in rows]
        fifth = max((share for place, share, _c in rows if place <= FIFTH), default=0.0)
        answer = self.env._(
            "The largest fifth of %(customers)s customers makes %(share)s of revenue.",
            customers=customers,
            share=self._percent(fifth),
        )
        options = {"format": "percent", "label": self.env._("Share of revenue")}
        return self._chart_card("concentration", question, answer, tenths, **options)

    @api.model
    def _select_tenths(self, view):
        """Return (tenth of the customers, share of revenue up to it, customers), largest first."""
        facts = self.env["logistics.order.fact"]
        query = facts._search(self._get_fact_domain(view, view["start"], view["end"]))
        partner = SQL.identifier(facts._table, "partner_id")
        amount = SQL("SUM(%s)", SQL.identifier(facts._table, "amount"))
        query.groupby = partner
        query.having = SQL("%s > 0", amount)
        totals = query.select(SQL("%s AS partner_id", partner), SQL("%s AS amount", amount))
        return SQL(
            """
            SELECT CEIL(place::float * %(tenths)s / customers)::int AS tenth,
                   MAX(running / total)::float,
                   MAX(customers)
              FROM (SELECT ROW_NUMBER() OVER by_amount AS place,
                           SUM(amount) OVER (by_amount ROWS UNBOUNDED PRECEDING) AS running,
                           COUNT(*) OVER () AS customers,
                           SUM(amount) OVER () AS total
                      FROM (%(totals)s) AS totals
                    WINDOW by_amount AS (ORDER BY amount DESC, partner_id)) AS ranked
             WHERE total > 0
             GROUP BY 1
             ORDER BY 1
            """,
            tenths=TENTHS,
            totals=totals,
        )

    # ------------------------------------------------------------
    # DELIVERY, CHANGES
    # ------------------------------------------------------------

    @api.model
    def _get_card_delivery(self, view):
        groups = self.env["logistics.order.fact"]._read_group(
            self._get_promised_domain(view, view["start"], view["end"]),
            ["promised_date:month"],
            ["__count", "on_time_rate:avg", "otif_rate:avg", "otif_rate:count"],
        )
        rows, full = [], []
        for month, lines, on_time, otif, known in groups:
            full.append(otif if known else False)  # of no line: an average of 0, it says
            start, end = self._get_month_limits(view, month)
            hint = self.env._("Lines: %(count)s", count=lines)
            name = self.env._("Deliveries promised in %(month)s", month=self._month(month))
            domain = list(self._get_promised_domain(view, start, end))
            target = self._target(name, "logistics.order.fact", domain)
            rows.append((self._month(month), on_time or 0.0, target, hint))
        share = self._get_punctuality(view) if rows else 0.0
        answer = self.env._(
            "%(share)s of the lines of the period were on time.", share=self._percent(share)
        )
        question = self.env._("Do we deliver on time?")
        empty = self.env._("No line with a promised date was delivered in this period.")
        options = {"format": "percent", "label": self.env._("On time"), "empty": empty}
        options["notes"] = self._get_month_notes(view["start"], (row[0] for row in groups))
        card = self._chart_card("delivery", question, answer, rows, **options)
        if any(share is not False for share in full):
            series = {"label": self.env._("On time in full"), "data": full, "style": "other"}
            card["chart"]["series"].append(series)
        return card

    @api.model
    def _get_card_changes(self, view):
        changes = self.env["logistics.mining.change"]
        labels = dict(changes._fields["kind"]._description_selection(self.env))
        domain = (
            Domain("company_id", "=", self.env.company.id)
            & self._get_days_domain(view, "found")
            & self._of_customers(view, "partner_id")
        )
        found = dict(changes._read_group(domain, ["kind"], ["__count"]))
        rows = [
            (
                label,
                found.get(kind, 0),
                self._target(label, changes._name, list(domain & Domain("kind", "=", kind))),
                "",
            )
            for kind, label in labels.items()
        ]
        answer = self.env._("Changes that need attention: %(count)s.", count=sum(found.values()))
        question = self.env._("What became worse in this period?")
        empty = self.env._("No score became worse since scores are compared (two runs are needed).")
        options = {"kind": "bars", "label": self.env._("Changes"), "empty": empty}
        return self._chart_card("changes", question, answer, rows, **options)
