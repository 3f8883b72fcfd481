from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.logistics_crm.tools.plain_text import storable
from odoo.addons.logistics_crm.tools.planner import inform_planner, joining_by_hash

from ..tools.arguments import check_whole_numbers
from ..tools.listing import list_names
from ..tools.read_tables import READ_TABLES

MANAGER = "logistics_crm_mining.group_mining_manager"


class LogisticsMiningTask(models.Model):
    """What can be mined, with its parameters.

    Tasks are configuration shared by all companies; every run of a task, and with it every
    score, belongs to one company. What a task does lives in methods named after its code:
    ``_extract_<code>(run)``, ``_score_<code>(run, frame)`` and, where scores go onto the record
    itself, ``_published_fields_<code>()`` or ``_conclude_publishing_<code>(run)``;
    ``_still_scored_<code>()`` where a record may have ceased to want its score while the run
    worked.
    """

    _name = "logistics.mining.task"
    _description = "Mining Task"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True, copy=False)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True,
        help="An archived task is not run at night, cannot be started, and keeps its last scores.",
    )
    res_model = fields.Char("Scored Model", required=True, readonly=True, default="res.partner")
    min_customers = fields.Integer(
        "Minimum Customers",
        default=50,
        help="With fewer customers the run says so and publishes nothing.",
    )
    window_months = fields.Integer(
        "Months Looked Back",
        default=36,
        help="Orders and money count over this many months before the cut-off; who has not ordered "
        "since is not scored.",
    )
    holdout_months = fields.Integer(
        "Months Held Out",
        default=12,
        help="The model is first fitted without the last months (at most a third of the history) "
        "and has to predict them better than the baseline. Only then is it published. A whole "
        "year holds every season once, as the value for 12 months does.",
    )
    discount_rate = fields.Float(
        "Discount per Year",
        default=0.1,
        help="Money earned later is worth less: 0.10 takes 10% off per year.",
    )
    cutoff_basis = fields.Selection(
        [("data", "Last order in the data"), ("today", "Today")],
        "Cut-off",
        required=True,
        default="data",
        help="Until when the history counts. With 'Last order in the data', customers do not seem "
        "silent only because the history was not loaded lately.",
    )
    cutoff_offset_days = fields.Integer(
        "Days Left Out",
        default=0,
        help="Leaves the newest days out, while their orders and returns are still being entered.",
    )
    runs_kept = fields.Integer(
        default=10,
        help="Finished runs kept per company, with their scores. The published run always stays.",
    )
    run_ids = fields.One2many("logistics.mining.run", "task_id", "Runs", groups=MANAGER)
    last_run_id = fields.Many2one(
        "logistics.mining.run", compute="_compute_company_runs", groups=MANAGER
    )
    last_state = fields.Selection(
        selection="_select_run_state",
        string="State of the Last Run",
        compute="_compute_company_runs",
    )
    last_reason = fields.Text("Not Published Because", compute="_compute_company_runs")
    newest_run_id = fields.Many2one(
        "logistics.mining.run", "Published Run", compute="_compute_company_runs", groups=MANAGER
    )
    newest_cutoff = fields.Date("Scores as of", compute="_compute_company_runs")
    score_count = fields.Integer("Published Scores", compute="_compute_company_runs")

    _code_unique = models.UniqueIndex("(code)", "A mining task with this code exists already.")
    _check_min_customers = models.Constraint(
        "CHECK (min_customers >= 1)", "The minimum of customers must be 1 or more."
    )
    _check_months = models.Constraint(
        "CHECK (window_months BETWEEN 1 AND 120 AND holdout_months BETWEEN 1 AND 60)",
        "Months looked back must be 1 to 120, and months held out 1 to 60.",
    )
    _check_discount_rate = models.Constraint(
        "CHECK (discount_rate >= 0 AND discount_rate < 1)",
        "The discount per year must be 0 or more and below 1 (100%).",
    )
    _check_cutoff_offset_days = models.Constraint(
        "CHECK (cutoff_offset_days BETWEEN 0 AND 3660)",
        "The days left out must be 0 or more, and no more than ten years.",
    )
    _check_runs_kept = models.Constraint("CHECK (runs_kept >= 1)", "At least one run must be kept.")

    @api.constrains("code")
    def _check_code(self):
        for task in self:
            if not hasattr(task, f"_score_{task.code}"):
                raise ValidationError(
                    self.env._("There is no way of scoring called “%(code)s”.", code=task.code)
                )

    def write(self, vals):
        """Keep what a task scores: its way of scoring knows records of one kind only."""
        check_whole_numbers(self, vals)
        model = vals.get("res_model")
        if "res_model" in vals and any(task.res_model != model for task in self):
            raise UserError(
                self.env._(
                    "What a task scores (“Scored Model”) is part of how it scores: it stays."
                )
            )
        return super().write(vals)

    @api.model
    def _select_run_state(self):
        # the labels of the reader's language, which the attribute `selection` does not have
        return self.env["logistics.mining.run"]._fields["state"]._description_selection(self.env)

    @api.depends("run_ids.state", "run_ids.is_newest")
    @api.depends_context("company", "lang")
    def _compute_company_runs(self):
        runs = self._get_company_runs()
        own = [("task_id", "in", self.ids), ("company_id", "=", self.env.company.id)]
        last_ids = {task.id: last for task, last in runs._read_group(own, ["task_id"], ["id:max"])}
        newest = {run.task_id.id: run for run in runs.search([*own, ("is_newest", "=", True)])}
        for task in self:
            last = runs.browse(last_ids.get(task._origin.id))
            shown = newest.get(task._origin.id, runs)
            task.last_run_id, task.newest_run_id = last, shown
            task.last_state, task.last_reason = last.state, last.reason
            task.newest_cutoff, task.score_count = shown.cutoff, shown.score_count

    @api.model
    def _get_company_runs(self):
        """Return the model of runs, for what everybody who may read tasks is told of them.

        Callers search the current company, which Odoo lets nobody choose who is not in it.
        """
        # sudo: who acts on scores may know how good they are; runs themselves, with what they
        # were asked with and found, are for Mining Managers
        return self.env["logistics.mining.run"].sudo()

    @api.model
    def _get_by_code(self, code, active_only=True):
        """Return the task of a code.

        Raises
        ------
        UserError
            Naming the argument ``code``, when no task has it or the task is archived.
        """
        tasks = self.with_context(active_test=False)
        task = isinstance(code, str) and tasks.search([("code", "=", storable(code))])
        if not task:
            # A handful of records of configuration.
            every = tasks.search([])  # pylint: disable=no-search-all
            known = list_names(self.env, every.mapped("code"))
            raise UserError(
                self.env._(
                    "code: there is no mining task %(code)s. Known tasks: %(known)s.",
                    code=repr(code),
                    known=known,
                )
            )
        if active_only and not task.active:
            raise UserError(
                self.env._("code: the mining task %(code)s is archived.", code=repr(code))
            )
        return task.with_env(self.env)

    def _prepare_parameters(self):
        """Return the parameters a run keeps, so that it can be told later what it ran with."""
        self.ensure_one()
        names = (
            "min_customers",
            "window_months",
            "holdout_months",
            "discount_rate",
            "cutoff_basis",
            "cutoff_offset_days",
        )
        return {name: self[name] for name in names}

    def _get_published_fields(self):
        """Return the company-dependent fields of the scored model that a published run fills."""
        return getattr(self, f"_published_fields_{self.code}", list)()

    def _get_still_scored(self):
        """Return the SQL condition on which a ``record`` still wants the score of a run."""
        own = getattr(self, f"_still_scored_{self.code}", None)
        if own:
            return own()
        # archived customers teach what customers do, and nobody acts on their scores
        return SQL("record.active") if self.res_model == "res.partner" else SQL("TRUE")

    def _conclude_publishing(self, run):
        """Do what else a task wants when the scores of a run become those that people see."""
        getattr(self, f"_conclude_publishing_{self.code}", lambda run: None)(run)

    def _extract(self, run):
        """Return the DataFrame the task works on (first step of a run)."""
        inform_planner(self.env, READ_TABLES)
        with joining_by_hash(self.env):
            return getattr(self, f"_extract_{self.code}")(run)

    def _score(self, run, frame):
        """Fit and score the frame (second step of a run) and return a ``ScoringOutcome``."""
        return getattr(self, f"_score_{self.code}")(run, frame)

    def action_run_now(self):
        """Queue a run for the current company and show it."""
        self.ensure_one()
        self.check_access("write")
        run = self._queue(self.env.company)
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "logistics.mining.run",
            "res_id": run.id,
            "view_mode": "form",
        }

    def action_view_scores(self):
        """Show the published scores of the task."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm_mining.action_logistics_mining_score"
        )
        newest = {"search_default_newest": 1, "search_default_task_id": self.id}
        action["context"] = {**newest, **self._get_score_context()}
        return action

    def _get_score_context(self):
        """Return what the list of scores wants to know of the values it shows."""
        return {"of_leads": self.res_model == "crm.lead"}

    def action_view_runs(self):
        """Show the runs of the task."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm_mining.action_logistics_mining_run"
        )
        action["context"] = {"search_default_task_id": self.id}
        return action
