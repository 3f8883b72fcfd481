from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

OPEN = [("state", "in", ["new", "open", "waiting"])]
AGES = (1, 3, 7, 30)  # days


class LogisticsDashboard(models.AbstractModel):
    """What customers wait for, and how content they are: for customer service."""

    _inherit = "logistics.dashboard"

    @api.model
    def _get_case_domain(self, view):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("merged_into_id", "=", False)
            & self._of_customers(view, "commercial_partner_id")
        )

    @api.model
    def _get_received_domain(self, view):
        """Return the cases that came in during the period."""
        return self._get_case_domain(view) & self._get_moments_domain(view, "date_received")

    @api.model
    def _case_target(self, name, domain):
        return self._target(name, "logistics.case", list(domain))

    @api.model
    def _get_figures_service(self, view):
        cases, base = self.env["logistics.case"], self._get_case_domain(view)
        late = base & Domain(OPEN) & Domain("deadline", "<", fields.Datetime.now())
        received = self._get_received_domain(view)
        [(count, csat)] = cases._read_group(
            received & Domain("csat", ">", 0), aggregates=["__count", "csat:avg"]
        )
        names = self.env._("Open cases"), self.env._("Overdue cases"), self.env._("Cases received")
        return [
            self._figure(
                names[0],
                cases.search_count(base & Domain(OPEN)),
                target=self._case_target(names[0], base & Domain(OPEN)),
            ),
            self._figure(
                names[1], cases.search_count(late), target=self._case_target(names[1], late)
            ),
            self._figure(
                names[2],
                cases.search_count(received),
                target=self._case_target(names[2], received),
            ),
            self._figure(self.env._("Satisfaction (1 to 5)"), csat if count else False),
        ]

    @api.model
    def _get_case_rows(self, limits, base):
        """Return a row per (label, domain): a handful, whatever the number of cases."""
        cases = self.env["logistics.case"]
        return [
            (label, cases.search_count(base & part), self._case_target(label, base & part), "")
            for label, part in limits
        ]

    @api.model
    def _get_card_case_deadlines(self, view):
        now = fields.Datetime.now()
        tomorrow, week = now + timedelta(days=1), now + timedelta(days=7)
        limits = [
            (self.env._("Overdue"), Domain("deadline", "<", now)),
            (
                self.env._("In 24 hours"),
                Domain("deadline", ">=", now) & Domain("deadline", "<", tomorrow),
            ),
            (
                self.env._("In 7 days"),
                Domain("deadline", ">=", tomorrow) & Domain("deadline", "<", week),
            ),
            (self.env._("Later"), Domain("deadline", ">=", week)),
            (self.env._("No deadline"), Domain("deadline", "=", False)),
        ]
        base = self._get_case_domain(view) & Domain(OPEN)
        rows = self._get_case_rows(limits, base)
        answer = self.env._(
            "%(late)s open cases are overdue, %(soon)s are due within a day.",
            late=rows[0][1],
            soon=rows[1][1],
        )
        question = self.env._("What has to be answered first?")
        options = {"label": self.env._("Open cases"), "empty": self.env._("No case is open.")}
        return self._chart_card("case_deadlines", question, answer, rows, **options)

    @api.model
    def _get_card_case_ages(self, view):
        now, limits, newest = fields.Datetime.now(), [], None
        for days in AGES:
            oldest = now - timedelta(days=days)
            part = Domain("date_received", ">", oldest)
            part = part & Domain("date_received", "<=", newest) if newest else part
            limits.append(part)
            newest = oldest
        limits.append(Domain("date_received", "<=", newest))
        limits = list(zip(self._get_age_names(), limits, strict=True))
        base = self._get_case_domain(view) & Domain(OPEN)
        rows = self._get_case_rows(limits, base)
        answer = self.env._("%(count)s cases are open for more than a month.", count=rows[-1][1])
        question = self.env._("How long do customers wait?")
        options = {"label": self.env._("Open cases"), "empty": self.env._("No case is open.")}
        return self._chart_card("case_ages", question, answer, rows, **options)

    @api.model
    def _get_age_names(self):
        return [
            self.env._("Under a day"),
            self.env._("1 to 3 days"),
            self.env._("3 to 7 days"),
            self.env._("7 to 30 days"),
            self.env._("Longer"),
        ]

    @api.model
    def _get_card_case_sla(self, view):
        """Ask whether cases were solved in time, by the month of their solution."""
        texts = {
            "question": self.env._("Do we solve cases in time?"),
            "label": self.env._("Solved in time"),
            "empty": self.env._("No case with a deadline was solved in this period."),
        }
        return self._get_kept_card("case_sla", "resolution", view, texts)

    @api.model
    def _get_card_case_response(self, view):
        """Ask whether cases were answered in time, by the month of the first answer."""
        texts = {
            "question": self.env._("Do we answer in time?"),
            "label": self.env._("Answered in time"),
            "empty": self.env._("No case with a deadline was answered in this period."),
        }
        return self._get_kept_card("case_response", "first_response", view, texts)

    @api.model
    def _get_kept_card(self, key, step, view, texts):
        """Return the card of how often a deadline was kept, by month."""
        date, late = f"{step}_date", f"is_{step.removeprefix('first_')}_late"
        base = (
            self._get_case_domain(view)
            & self._get_moments_domain(view, date)
            & Domain(f"{step}_deadline", "!=", False)
        )
        found = {}
        groups = self.env["logistics.case"]._read_group(base, [f"{date}:month", late], ["__count"])
        for month, is_late, count in groups:
            found.setdefault(month, {})[is_late] = count
        rows, kept, total = [], 0, 0
        for month, counts in found.items():
            number, good = sum(counts.values()), counts.get(False, 0)
            kept, total = kept + good, total + number
            hint = self.env._("Cases: %(count)s, late: %(late)s", count=number, late=number - good)
            target = self._get_month_target(base, date, month)
            rows.append((self._month(month), good / number, target, hint))
        answer = self.env._(
            "%(share)s of %(total)s cases were in time.",
            share=self._percent(kept / total if total else 0.0),
            total=total,
        )
        options = {"format": "percent", "label": texts["label"], "empty": texts["empty"]}
        options["notes"] = self._get_month_notes(view["start"], found)
        return self._chart_card(key, texts["question"], answer, rows, **options)

    @api.model
    def _get_month_target(self, base, name, month):
        """Return the action that shows the cases of a month, as the reader's time zone has it."""
        after = fields.Datetime.add(month, months=1)
        return self._case_target(self._month(month), base & self._between(name, month, after))

    @api.model
    def _get_card_case_satisfaction(self, view):
        base = (
            self._get_case_domain(view)
            & self._get_moments_domain(view, "satisfaction_date")
            & Domain("csat", ">", 0)
        )
        rows, total, points = [], 0, 0.0
        for month, count, csat in self.env["logistics.case"]._read_group(
            base, ["satisfaction_date:month"], ["__count", "csat:avg"]
        ):
            total, points = total + count, points + csat * count
            hint = self.env._("Answers: %(count)s", count=count)
            target = self._get_month_target(base, "satisfaction_date", month)
            rows.append((self._month(month), round(csat, 2), target, hint))
        answer = self.env._(
            "%(mean)s of 5 on average, from %(count)s answers.",
            mean=self._number(points / total if total else 0.0),
            count=total,
        )
        question = self.env._("How content are customers with our answers?")
        empty = self.env._("Nobody answered the question after a case in this period.")
        options = {"label": self.env._("Satisfaction"), "empty": empty}
        return self._chart_card("case_satisfaction", question, answer, rows, **options)
