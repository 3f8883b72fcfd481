from odoo import api, models

from ..tools.listing import list_names


class LogisticsMiningReport(models.AbstractModel):
    """The page of the key accounts: how much hangs on how few, and what tells them."""

    _inherit = "logistics.mining.report"

    @api.model
    def _headline_key_account(self, run):
        top = self._get_concentration(run).get("top_share")
        lines = run._describe_classes()[-1:]
        if top:
            lines.insert(
                0,
                self.env._(
                    "The largest 20%% of the customers bring %(share)s of the amount.",
                    share=self._percent(top),
                ),
            )
        return [
            *lines,
            self.env._(
                "Classes are counted, not predicted: there is no baseline to beat. The rules that "
                "describe them are tried on customers that they were not made from."
            ),
        ]

    @api.model
    def _get_concentration(self, run):
        basis = (run.parameters or {}).get("class_basis") or "revenue"
        return ((run.metrics or {}).get("concentration") or {}).get(basis) or {}

    @api.model
    def _cards_key_account(self, run):
        return [self._card_concentration(run), self._card_classes(run), self._card_rules(run)]

    @api.model
    def _card_concentration(self, run):
        points = self._get_concentration(run).get("curve")
        question = self.env._("How much hangs on how few?")
        if not points:
            empty = self.env._("No amounts above zero within 12 months.")
            return self._make_card("concentration", question, empty=empty)
        curve = [[row["customer_share"], row["amount_share"]] for row in points]
        series = [
            self._make_series(self.env._("Share of the amount"), curve),
            self._make_series(self.env._("If all brought the same"), [[0, 0], [1, 1]], "even"),
        ]
        x = ("percent", self.env._("Customers, largest first"))
        y = ("percent", self.env._("Share of the amount"))
        answer = self.env._("The steeper at the start, the more depends on a few.")
        chart = self._make_chart("line", series, x=x, y=y)
        return self._make_card("concentration", question, answer, chart)

    @api.model
    def _card_classes(self, run):
        rows = (run.metrics or {}).get("classes") or {}
        question = self.env._("What are the classes?")
        if not rows:
            return self._make_card("classes", question, empty=self._not_checked())
        head = [
            self.env._("Class"),
            self.env._("Customers"),
            self.env._("Share of customers"),
            self.env._("Share of the amount"),
        ]
        told = [
            [
                name.upper(),
                self._count(row["customers"]),
                self._percent(row.get("customer_share")),
                self._percent(row["amount_share"]),
            ]
            for name, row in rows.items()
        ]
        answer = run._describe_classes()[-1]
        return self._make_card("classes", question, answer, table=self._make_table(head, told))

    @api.model
    def _card_rules(self, run):
        """Return the rules that tell key accounts by what they do, never by what they spend."""
        metrics, question = run.metrics or {}, self.env._("What tells key accounts?")
        if not metrics.get("rules"):
            empty = (run._describe_rules() or [self._not_checked()])[0]
            return self._make_card("rules", question, empty=empty)
        head = [
            self.env._("Customers with"),
            self.env._("are key accounts"),
            self.env._("of all key accounts"),
        ]
        rows = [
            [
                list_names(self.env, map(run._describe_condition, rule["conditions"])),
                self._share(rule["precision"], rule.get("customers")),
                self._percent(rule["coverage"]),
            ]
            for rule in metrics["rules"]
        ]
        answer = self.env._(
            "Among all customers %(rate)s are. Amounts are not looked at: they define the class.",
            rate=self._percent(metrics.get("base_rate")),
        )
        return self._make_card("rules", question, answer, table=self._make_table(head, rows))
