from collections import defaultdict
from itertools import product

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.case_values import ENDED_STATES, OPEN_STATES
from ..tools.sla_state import Standing, Target

# what a case is matched to its policy by, or its clock starts from
MATCHED_BY = {"partner_id", "category_id", "severity", "company_id", "date_received"}
# of the cards in the kanban view
COLORS = {"breached": 1, "missed": 1, "warning": 3, "paused": 4, "running": 10, "met": 10}


class LogisticsCase(models.Model):
    """The deadlines of a case, and how it stands against them.

    Deadlines are stored and set by `_refresh_sla` alone, for many cases at once: when a case
    changes, or when `sla_outdated` says that its policy, calendar or holidays did.
    """

    _inherit = "logistics.case"

    date_received = fields.Datetime(
        string="Received",
        default=fields.Datetime.now,
        required=True,
        copy=False,
        help="When the clock starts.",
    )
    first_response_warning = fields.Datetime(readonly=True, copy=False)
    resolution_warning = fields.Datetime(readonly=True, copy=False)
    escalation_date = fields.Datetime(readonly=True, copy=False)
    warned_deadline = fields.Datetime(
        readonly=True, copy=False, help="The latest deadline that the responsible was warned of."
    )
    deadline = fields.Datetime(
        string="Due",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What is due next: the first answer, or the solution.",
    )
    sla_color = fields.Integer(compute="_compute_sla_color")
    sla_next_date = fields.Datetime(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the next warning, escalation or change of the SLA state is due.",
    )
    sla_outdated = fields.Boolean(
        readonly=True, copy=False, help="The deadlines wait to be computed again."
    )
    is_response_late = fields.Boolean(string="Answered Late", readonly=True, copy=False)
    is_resolution_late = fields.Boolean(string="Solved Late", readonly=True, copy=False)
    response_hours = fields.Float(
        string="Hours to Answer", readonly=True, copy=False, aggregator="avg"
    )
    resolution_hours = fields.Float(
        string="Hours to Solve", readonly=True, copy=False, aggregator="avg"
    )
    sla_message = fields.Char(compute="_compute_sla_message")

    _outdated_idx = models.Index("(id) WHERE sla_outdated")
    _policy_idx = models.Index("(sla_policy_id) WHERE state IN ('new', 'open', 'waiting')")

    @api.depends("sla_state")
    def _compute_sla_color(self):
        for case in self:
            case.sla_color = COLORS.get(case.sla_state, 0)

    @api.depends("sla_policy_id", "sla_state", "first_response_deadline", "resolution_deadline")
    def _compute_sla_message(self):
        """Say in a sentence why a case has no deadline, or one that stands still."""
        for case in self:
            case.sla_message = case._get_sla_message()

    def _get_sla_message(self):
        self.ensure_one()
        policy = self.sla_policy_id
        if self.state not in OPEN_STATES:
            return False
        if not policy:
            return self.env._(
                "There is no deadline: no SLA policy fits this customer, category and severity."
            )
        if policy._has_hours() and not (self.first_response_deadline or self.resolution_deadline):
            return policy.calendar_problem
        if self.sla_state == "paused":
            return self.env._("The deadlines stand still: we wait for the customer.")
        return False

    # ------------------------------------------------------------------ when something changes

    @api.model_create_multi
    def create(self, vals_list):
        """Set the deadlines of the whole batch."""
        cases = super().create(vals_list)
        cases._follow_stage(dict.fromkeys(cases, "new"))
        cases._refresh_sla()
        return cases

    def write(self, vals):
        """Keep pauses and deadlines right, and refresh them for all cases at once."""
        before = {case: case.state for case in self} if "stage_id" in vals else {}
        result = super().write(vals)
        self._follow_stage(before)
        if before or vals.keys() & MATCHED_BY:
            self._refresh_sla()
        elif "first_response_date" in vals:
            self._refresh_sla_state()
        if vals.get("first_response_date"):
            self._refresh_hours()
        return result

    def _follow_stage(self, before):
        """Start and end pauses, and note the solution, of cases whose state (str) was `before`."""
        now = fields.Datetime.now()
        moved = self.filtered(lambda case: case in before and case.state != before[case])
        was_paused = moved.filtered(lambda case: before[case] == "waiting")
        was_ended = moved.filtered(lambda case: before[case] in ENDED_STATES)
        # sudo: pauses are a record of what happened that nobody edits
        pauses = self.env["logistics.case.pause"].sudo()
        if was_paused:
            pauses.search(
                [("case_id", "in", was_paused.ids), ("date_end", "=", False)]
            ).date_end = now
        reopened = was_ended.filtered(lambda case: case._is_open() and case.resolution_date)
        values = [
            case._prepare_pause_values("solved", case.resolution_date, now) for case in reopened
        ]
        values += [
            case._prepare_pause_values("waiting", now) for case in moved if case.state == "waiting"
        ]
        if values:
            pauses.create(values)
        if reopened:
            reopened.resolution_date = False
        solved = moved.filtered(
            lambda case: case.state in ("solved", "closed") and not case.resolution_date
        )
        if solved:
            solved.resolution_date = now
            solved._refresh_hours()

    def _prepare_pause_values(self, reason, start, end=False):
        self.ensure_one()
        return {"case_id": self.id, "reason": reason, "date_start": start, "date_end": end}

    @api.model
    def _mark_sla_outdated(self, domain):
        """Have the deadlines of open cases computed again by the job, which is woken.

        One statement for any number of cases; whoever changes a policy or calendar does not
        wait for them.
        """
        # sudo: a calendar's keeper need not see the cases that depend on it
        cases = self.sudo().with_context(active_test=False)
        open_cases = Domain("state", "in", OPEN_STATES) & Domain("sla_outdated", "=", False)
        query = cases._search(open_cases & Domain(domain))
        cases.flush_model()
        self.env.cr.execute(
            SQL("UPDATE logistics_case SET sla_outdated = true WHERE id IN %s", query.subselect())
        )
        if self.env.cr.rowcount:
            cases.invalidate_model(["sla_outdated"], flush=False)
            # sudo: waking the job changes no job
            self.env.ref("logistics_crm.ir_cron_case_sla").sudo()._trigger()

    # ------------------------------------------------------------------ computing

    def _refresh_sla(self):
        """Match open cases to policies and compute their deadlines; ended ones keep theirs."""
        open_cases = self.filtered(lambda case: case._is_open())
        policies = self.env["logistics.sla.policy"]._match(open_cases)
        clocks = open_cases._get_clocks(policies)
        pauses = open_cases._get_past_pauses()
        values = {}
        for case in open_cases:
            policy = policies[case]
            clock = clocks[policy.calendar_id, case.company_id]
            values[case] = {
                "sla_policy_id": policy.id,
                "sla_outdated": False,
                **policy._prepare_deadlines(clock, case.date_received, pauses[case.id]),
            }
        self._write_changed(values)
        self._refresh_sla_state()

    def _refresh_sla_state(self):
        """Judge cases against the deadlines they have."""
        now = fields.Datetime.now()
        stopped = self._get_pause_starts()
        values = {}
        for case in self:
            standing = case._get_standing(stopped.get(case.id))
            values[case] = {
                "sla_state": standing.get_state(now),
                "sla_next_date": standing.get_next(now) or False,
                "deadline": standing.get_deadline() or False,
                "is_response_late": standing.response.is_late(now),
                "is_resolution_late": standing.resolution.is_late(now),
            }
        self._write_changed(values)

    def _refresh_hours(self):
        """Note how many working hours the answers and solutions took."""
        policies = {case: case.sla_policy_id for case in self}
        clocks = self._get_clocks(policies)
        pauses = self._get_past_pauses()
        values = {}
        for case in self:
            clock = clocks[policies[case].calendar_id, case.company_id]
            dates = {
                "response_hours": case.first_response_date,
                "resolution_hours": case.resolution_date,
            }
            values[case] = {
                name: clock.count(case.date_received, done, pauses[case.id])
                for name, done in dates.items()
                if done
            }
        self._write_changed(values)

    def _get_standing(self, stopped=None):
        self.ensure_one()
        solved = self.resolution_date or None
        answered = self.first_response_date or solved
        if self.state == "cancelled":
            nothing = Target(None, None, None)
            return Standing(nothing, nothing, ended=True)
        return Standing(
            Target(
                self.first_response_warning or None, self.first_response_deadline or None, answered
            ),
            Target(self.resolution_warning or None, self.resolution_deadline or None, solved),
            escalation=self.escalation_date or None,
            stopped=stopped,
            ended=self.state in ENDED_STATES,
            warned=self.warned_deadline or None,
            level=self.escalation_level,
        )

    def _get_policy_domain(self):
        """Return the domain of the policies that might fit some of the cases."""
        return [
            ("company_id", "in", [False, *self.company_id.ids]),
            "|",
            ("partner_id", "=", False),
            ("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids),
            ("category_id", "in", [False, *self.category_id._get_ancestor_ids()]),
        ]

    def _iter_policy_keys(self):
        """Yield what a policy may stand for (customer, category, severity, company), best first."""
        self.ensure_one()
        return product(
            dict.fromkeys((self.commercial_partner_id.id, False)),
            (*self.category_id._get_ancestor_ids(), False),
            (self.severity, False),
            (self.company_id.id, False),
        )

    def _get_clocks(self, policies):
        """Return the clock of each calendar (or none) and company among the cases' policies."""
        groups = defaultdict(self.browse)
        for case in self:
            groups[policies[case].calendar_id, case.company_id] += case
        return {
            (calendar, company): calendar._get_work_clock(
                company, min(cases.mapped("date_received"))
            )
            for (calendar, company), cases in groups.items()
        }

    def _get_past_pauses(self):
        """Return the pauses that are over, in order, as pairs of datetimes per case id."""
        # sudo: a deadline does not depend on who looks
        pauses = self.env["logistics.case.pause"].sudo()
        found = defaultdict(list)
        for pause in pauses.search([("case_id", "in", self.ids), ("date_end", "!=", False)]):
            found[pause.case_id.id].append((pause.date_start, pause.date_end))
        return found

    def _get_pause_starts(self):
        """Return per case id when the pause started in which the case is now."""
        # sudo: see _get_past_pauses
        pauses = self.env["logistics.case.pause"].sudo()
        waiting = self.filtered(lambda case: case.state == "waiting")
        if not waiting:
            return {}
        found = pauses.search([("case_id", "in", waiting.ids), ("date_end", "=", False)])
        return {pause.case_id.id: pause.date_start for pause in found}

    @api.model
    def _write_changed(self, values):
        """Write what differs, so that a refresh that changes nothing writes nothing.

        Cases that change alike are written together.

        Parameters
        ----------
        values : dict[logistics.case, dict]
        """
        alike = defaultdict(self.browse)
        for case, vals in values.items():
            changed = {
                name: value
                for name, value in vals.items()
                if self._fields[name].convert_to_write(case[name], case) != value
            }
            alike[tuple(changed.items())] += case
        for changed, cases in alike.items():
            if changed:
                # computed figures are no news for the followers
                cases.with_context(tracking_disable=True).write(dict(changed))
