from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

NAMED = 10


class LogisticsDashboard(models.AbstractModel):
    """What may be lost, and with whose customers."""

    _inherit = "logistics.dashboard"

    @api.model
    def _get_card_risk(self, view):
        """Ask what may be lost: a year of each customer times the probability of leaving."""
        partners = self.env["res.partner"]
        labels = dict(partners._fields["churn_risk"]._description_selection(self.env))
        found = {
            risk: figures
            for risk, *figures in self.env.execute_query(self._select_risk(view, "churn_risk"))
        }
        rows = []
        for risk, label in labels.items():
            count, value, loss = found.get(risk, (0, 0.0, 0.0))
            hint = self._get_risk_hint(count, value or 0.0)
            target = self._customers_target(view, label, [("churn_risk", "=", risk)])
            rows.append((label, loss or 0.0, target, hint))
        count, total, loss = (sum(one[at] or 0.0 for one in found.values()) for at in (0, 1, 2))
        answer = self.env._(
            "%(loss)s of the %(total)s that %(count)s customers bought in the 12 months up to their"
            " last order, by the probability of leaving.",
            count=count,
            loss=self._money(loss),
            total=self._money(total),
        )
        question = self.env._("How much is at risk?")
        options = {"format": "money", "label": self.env._("Value at risk")}
        options |= self._get_run_hint("churn")
        return self._chart_card("risk", question, answer, rows, **options)

    @api.model
    def _get_card_risk_managers(self, view):
        """Ask whose customers the value at risk is with: account managers, the largest first."""
        found = self.env.execute_query(self._select_risk(view, "user_id"))
        found.sort(key=lambda row: -(row[3] or 0.0))
        users = self.env["res.users"].browse([row[0] for row in found[:NAMED] if row[0]])
        names = {user.id: user.name for user in users} | {None: self.env._("No account manager")}
        groups = [(names[row[0]], [row[0] or False], [row]) for row in found[:NAMED]]
        if others := found[NAMED:]:
            label = self.env._("Others (%(count)s)", count=len(others))
            groups.append((label, [row[0] or False for row in others], others))
        rows = [self._get_manager_row(view, *group) for group in groups]
        worst = max(rows, key=lambda row: row[1], default=None)
        answer = worst and self.env._(
            "Most is at risk with “%(name)s”: %(amount)s a year.",
            name=worst[0],
            amount=self._money(worst[1]),
        )
        question = self.env._("With whose customers is it at risk?")
        options = {"kind": "bars", "format": "money", "label": self.env._("Value at risk")}
        options |= self._get_run_hint("churn")
        return self._chart_card("risk_managers", question, answer, rows, **options)

    @api.model
    def _get_manager_row(self, view, label, user_ids, figures):
        count, value, loss = (sum(row[at] or 0 for row in figures) for at in (1, 2, 3))
        hint = self._get_risk_hint(count, value)
        domain = [("churn_risk", "!=", False), ("user_id", "in", user_ids)]
        return label, loss, self._customers_target(view, label, domain), hint

    @api.model
    def _get_risk_hint(self, count, amount):
        return self.env._(
            "Customers: %(count)s; in the 12 months up to their last order they bought %(amount)s",
            count=count,
            amount=self._money(amount),
        )

    @api.model
    def _select_risk(self, view, group):
        """Return (group, customers, revenue up to the last order, value at risk) of customers."""
        partners = self.env["res.partner"]
        query = partners._search(view["customers"] & Domain("churn_risk", "!=", False))
        group, revenue, lost = (
            partners._field_to_sql(partners._table, name, query)
            for name in (group, "active_year_revenue", "value_at_risk")
        )
        query.groupby = group
        return query.select(
            group,
            SQL("COUNT(*)"),
            SQL("SUM(%s)::float", revenue),
            SQL("SUM(%s)::float", lost),
        )
