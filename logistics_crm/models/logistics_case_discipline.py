from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty

STEPS = [
    ("d1", "D1 Team"),
    ("d2", "D2 Problem"),
    ("d3", "D3 Containment"),
    ("d4", "D4 Root Cause"),
    ("d5", "D5 Corrective Actions"),
    ("d6", "D6 Implementation"),
    ("d7", "D7 Prevention"),
    ("d8", "D8 Closure"),
]
# days after the start of the 8D by which a step is usually due
USUAL_DAYS = {"d1": 1, "d2": 1, "d3": 2, "d4": 7, "d5": 10, "d6": 20, "d7": 28, "d8": 30}


class LogisticsCaseDiscipline(models.Model):
    """One of the eight disciplines (8D) of a case: what was found or done, by whom and when."""

    _name = "logistics.case.discipline"
    _description = "8D Step"
    _inherit = "logistics.company.record"
    _order = "case_id desc, step, id"
    _rec_name = "step"
    _check_company_auto = True

    case_id = fields.Many2one("logistics.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    step = fields.Selection(STEPS, required=True)
    guidance = fields.Char(compute="_compute_guidance")
    note = fields.Html(string="What", help="What was found or done. The customer may read it.")
    has_note = fields.Boolean(string="Written", compute="_compute_has_note")
    employee_id = fields.Many2one(
        "hr.employee",
        string="Who",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    date_due = fields.Date(string="Until")
    date_done = fields.Date(string="Done on")

    _step_uniq = models.UniqueIndex("(case_id, step)", "The case has this 8D step already.")

    @api.depends("step")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._fields["step"]._description_selection(self.env))
        for discipline in self:
            discipline.display_name = names.get(discipline.step, False)

    @api.depends("step")
    def _compute_guidance(self):
        guidance = self._get_guidance()
        for discipline in self:
            discipline.guidance = guidance.get(discipline.step)

    @api.model
    def _get_guidance(self):
        """Return what to do in each step (dict of step → sentence)."""
        return {
            "d1": self.env._("Who works on it? People who know the goods, the place and the flow."),
            "d2": self.env._("What happened, where, when, how often, how bad? Facts and figures."),
            "d3": self.env._("What protects the customer at once, until the cause is gone?"),
            "d4": self.env._("Why did it happen, and why did nobody notice? Ask why five times."),
            "d5": self.env._("What takes the cause away for good? How do you know that it will?"),
            "d6": self.env._("What was put in place, and what shows that it works?"),
            "d7": self.env._("What keeps it from coming back, here and elsewhere?"),
            "d8": self.env._("What did we learn, whom do we thank, what did we tell the customer?"),
        }

    @api.depends("note", "step", "case_id.d1_team_ids")
    def _compute_has_note(self):
        for discipline in self:
            discipline.has_note = not is_html_empty(discipline.note) or bool(
                discipline.step == "d1" and discipline.case_id.d1_team_ids
            )

    @api.constrains("date_done", "note")
    def _check_written_before_done(self):
        for discipline in self.filtered("date_done"):
            if not discipline.has_note:
                raise ValidationError(
                    self.env._(
                        "%(step)s of case %(case)s cannot be done yet: write down what was found "
                        "or done (in D1, name the team).",
                        step=discipline._get_step_name(),
                        case=discipline.case_id.code,
                    )
                )

    def _get_step_name(self):
        self.ensure_one()
        return dict(self._fields["step"]._description_selection(self.env))[self.step]

    @api.model
    def _prepare_usual_steps(self, case):
        """Return values (list of dict) of the eight steps of a case, with usual dates."""
        today = fields.Date.context_today(self)
        return [
            {
                "case_id": case.id,
                "step": step,
                "employee_id": case.employee_id.id,
                "date_due": today + timedelta(days=USUAL_DAYS[step]),
            }
            for step, _label in STEPS
        ]

    def write(self, vals):
        """Move steps to no case that the user does not work on: rules look at it before only."""
        result = super().write(vals)
        if "case_id" in vals:
            self.case_id.check_access("write")
        return result

    def action_done(self):
        """Say that the step is done today."""
        self.filtered(
            lambda discipline: not discipline.date_done
        ).date_done = fields.Date.context_today(self)
        return True

    def action_open_case(self):
        """Open the case of the step."""
        self.ensure_one()
        return self.case_id.get_formview_action()
