from odoo import api, fields, models
from odoo.tools import SQL


class LogisticsPlaybookStep(models.Model):
    """One step of a started playbook: who had it, from when to when, with which documents."""

    _name = "logistics.playbook.step"
    _description = "Playbook Step"
    _order = "start_id desc, number, id"

    start_id = fields.Many2one(
        "logistics.playbook.start", required=True, index=True, readonly=True, ondelete="cascade"
    )
    playbook_id = fields.Many2one(related="start_id.playbook_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="start_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(related="start_id.company_id", store=True, index=True)
    template_id = fields.Many2one(
        "mail.activity.plan.template", readonly=True, ondelete="set null", index=True
    )
    number = fields.Integer(string="Step", readonly=True, aggregator=None)
    name = fields.Char(string="To Do", readonly=True, translate=True)
    role_id = fields.Many2one("logistics.account.role", readonly=True, index=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("open", "Open"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    employee_id = fields.Many2one("hr.employee", readonly=True, index="btree_not_null")
    user_id = fields.Many2one(
        "res.users", string="Handed to", readonly=True, index="btree_not_null"
    )
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, ondelete="set null", index="btree_not_null"
    )
    date_open = fields.Datetime(string="Handed Over", readonly=True)
    date_done = fields.Datetime(string="Done", readonly=True)
    done_by_id = fields.Many2one("res.users", string="Done by", readonly=True)
    waiting_hours = fields.Float(
        string="Hours from Handover to Done",
        readonly=True,
        aggregator="avg",
        compute="_compute_waiting_hours",
        store=True,
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Documents",
        readonly=True,
        bypass_search_access=True,
        help="What the steps before handed over.",
    )
    passed_over = fields.Json(readonly=True)
    handover_note = fields.Char(string="Handover", compute="_compute_handover_note")

    @api.depends("date_open", "date_done")
    def _compute_waiting_hours(self):
        for step in self:
            both = step.date_open and step.date_done
            seconds = (step.date_done - step.date_open).total_seconds() if both else 0
            step.waiting_hours = seconds / 3600

    @api.depends("passed_over", "user_id")
    @api.depends_context("lang")
    def _compute_handover_note(self):
        """Say in the reader's language why the step went to someone else."""
        texts = {
            "absent": self.env._("%(name)s is on leave."),
            "no_user": self.env._("%(name)s has no user."),
            "left": self.env._("%(name)s has left."),
            "nobody": self.env._("Nobody else does this for the customer: %(name)s stands in."),
            "free": self.env._("Nobody can do this right now: the step waits on the record."),
        }
        for step in self:
            step.handover_note = " ".join(
                texts[code] % {"name": name} for code, name in step.passed_over or []
            )

    # ------------------------------------------------------------------ open

    def _copy_names(self):
        """Take what to do over from the plan in all languages, at once for all steps.

        It stays as it was when the playbook started, whatever becomes of the plan.
        """
        self.env["mail.activity.plan.template"].flush_model(["summary", "activity_type_id"])
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE logistics_playbook_step AS step
                      SET name = COALESCE(NULLIF(template.summary, '{}'), kind.name)
                     FROM mail_activity_plan_template AS template
                     JOIN mail_activity_type AS kind ON kind.id = template.activity_type_id
                    WHERE template.id = step.template_id AND step.id = ANY(%s)""",
                self.ids,
            )
        )
        self.invalidate_recordset(["name"], flush=False)

    def _open(self, documents=None):
        """Hand steps over: an activity for who does the role, with the documents so far.

        Parameters
        ----------
        documents : ir.attachment, optional
            What the steps before handed over.
        """
        steps = self.sudo()  # sudo: whoever ends a step hands the next to another department
        now = fields.Datetime.now()
        chosen = steps._choose()
        # those with the same owner together: a write for each would search for each
        for alike in steps.grouped(lambda step: repr(chosen[step])).values():
            alike.write({"state": "open", "date_open": now, **chosen[alike[0]]})
        if documents:
            steps.attachment_ids = documents
        steps.start_id._read_names()
        activities = steps.env["mail.activity"].create([step._prepare_activity() for step in steps])
        for step, activity in zip(steps, activities, strict=True):
            step.activity_id = activity
            step.start_id.current_step_id = step

    def _prepare_activity(self):
        self.ensure_one()
        start, template = self.start_id, self.template_id
        today = fields.Date.context_today(self)
        reader = self.with_context(lang=self.user_id.lang or self.env.lang)
        return {
            "res_model_id": self.env["ir.model"]._get_id(start.res_model),
            "res_id": start.res_id,
            "activity_type_id": (
                template.activity_type_id or self.env.ref("mail.mail_activity_data_todo")
            ).id,
            "automated": True,
            "summary": reader.name,
            "note": template._get_playbook_note(reader),
            "date_deadline": max(today, template._get_date_deadline(today) if template else today),
            "user_id": self.user_id.id,
            "attachment_ids": self.attachment_ids.ids,
        }

    # ------------------------------------------------------------------ who

    def _choose(self, without=None):
        """Choose who gets each step, see `logistics.account.role._find_owners`.

        Parameters
        ----------
        without : res.users, optional
            Who shall not get a step, as someone who is just leaving.

        Returns
        -------
        dict[logistics.playbook.step, dict]
            Values ``employee_id``, ``user_id``, ``passed_over``. The number of queries depends on
            the roles and companies, not on the number of steps.
        """
        chosen = {}
        alike = self.grouped(lambda step: (step.template_id, step.role_id, step.playbook_id))
        for (template, role, playbook), steps in alike.items():
            user = template._get_playbook_user() or playbook.user_id
            for company, some in steps.grouped("company_id").items():
                owners = role._find_owners(some.partner_id, company, user, without)
                chosen |= {step: owners[step.partner_id] for step in some}
        return chosen

    # ------------------------------------------------------------------ screens

    def action_open_record(self):
        """Open the record that the step is about, or the step's playbook where one may not."""
        self.ensure_one()
        record = self.env[self.start_id.res_model].browse(self.start_id.res_id).exists()
        if record and record.has_access("read"):
            return record.get_formview_action()
        return self.start_id.get_formview_action()
