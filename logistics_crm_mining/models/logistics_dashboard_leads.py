from odoo import api, models
from odoo.fields import Domain


class LogisticsDashboard(models.AbstractModel):
    """Which of the reader's leads are worth their time."""

    _inherit = "logistics.dashboard"

    @api.model
    def _get_card_leads(self, view):
        question = self.env._("Which of my leads will be won?")
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            empty = self.env._("Only salespeople see leads: ask an administrator for the role.")
            return self._card("leads", question, empty=empty)
        domain = (
            Domain("user_id", "=", self.env.uid)
            & Domain("won_status", "=", "pending")
            & Domain("company_id", "in", [False, self.env.company.id])
        )
        found = {
            band: (count, amount or 0.0)
            for band, count, amount in leads._read_group(
                domain, ["win_band"], ["__count", "expected_revenue:sum"]
            )
        }
        if found.keys() == {False}:  # open leads, and none of them scored
            return self._card("leads", question, **self._get_run_hint("lead"))
        labels = dict(leads._fields["win_band"]._description_selection(self.env))
        labels[False] = self.env._("No chance known")
        rows = [
            (
                label,
                found.get(band, (0, 0.0))[0],
                self._target(label, "crm.lead", list(domain & Domain("win_band", "=", band))),
                self.env._(
                    "Expected revenue: %(amount)s",
                    amount=self._money(found.get(band, (0, 0.0))[1]),
                ),
            )
            for band, label in labels.items()
        ]
        answer = self.env._(
            "%(count)s open leads; work on those with the best chances first.",
            count=sum(row[1] for row in rows),
        )
        options = {"label": self.env._("Leads"), "empty": self.env._("You have no open leads.")}
        return self._chart_card("leads", question, answer, rows, **options)

    @api.model
    def _tell_who_runs(self, code, task):
        if code != "lead":
            return super()._tell_who_runs(code, task)
        return self.env._(
            "None of your open leads has a chance yet: run the task “%(task)s” under Mining ›"
            " Tasks.",
            task=task,
        )

    @api.model
    def _tell_who_asks(self, code, task):
        if code != "lead":
            return super()._tell_who_asks(code, task)
        return self.env._(
            "None of your open leads has a chance yet: ask a Mining Manager to run the task"
            " “%(task)s”.",
            task=task,
        )
