from ast import literal_eval
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: Fields of which a reason says nothing, and kinds of such fields.
PLAIN = {"state", "move_type", "is_late", "is_escalated"}
#: Fields that a reason tells even where the condition does not look at them.
TOLD = {
    "sale.order": ("commitment_date",),
    "account.move": ("invoice_date_due",),
    "logistics.case": ("escalation_level", "resolution_deadline"),
}
UNTOLD = ("one2many", "many2many", "properties", "json", "html", "binary")


class LogisticsPlaybookStart(models.Model):
    """The log of playbooks: each start with its steps, each skip, and why."""

    _name = "logistics.playbook.start"
    _description = "Playbook Start"
    _inherit = "logistics.company.record"
    _order = "id desc"
    _rec_name = "playbook_id"
    _check_company_auto = True

    playbook_id = fields.Many2one(
        "logistics.playbook", required=True, index=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    res_name = fields.Char(string="About", readonly=True)
    scope_id = fields.Integer(
        readonly=True, help="The document where a playbook starts once per document, else 0."
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("skipped", "Skipped"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="running",
    )
    date_start = fields.Datetime(
        string="Date", required=True, readonly=True, default=fields.Datetime.now
    )
    date_end = fields.Datetime(string="Ended", readonly=True)
    cooldown_until = fields.Date(readonly=True, help="Until then it does not start again.")
    facts = fields.Json(readonly=True)
    reason = fields.Char(compute="_compute_reason")
    end_code = fields.Selection(
        [
            ("cooldown", "Cool-down: it started a short time ago"),
            ("step_deleted", "A step was cancelled"),
            ("stopped", "Stopped by hand"),
            ("archived", "The customer was archived"),
            ("record_gone", "The record was deleted"),
            ("order_cancelled", "The order was cancelled"),
            ("merged", "The customer was merged, and the other record's playbook goes on"),
            ("error", "It could not start"),
        ],
        string="Why",
        readonly=True,
    )
    error = fields.Char(readonly=True)
    step_ids = fields.One2many("logistics.playbook.step", "start_id", string="Steps")
    current_step_id = fields.Many2one(
        "logistics.playbook.step", readonly=True, ondelete="set null", copy=False
    )
    user_id = fields.Many2one(
        related="current_step_id.user_id", string="In the Hands of", store=True, index=True
    )
    attachment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        domain=lambda self: [("res_model", "=", self._name)],
        string="Documents",
        bypass_search_access=True,
    )

    _running_uniq = models.UniqueIndex(
        "(playbook_id, partner_id, company_id, scope_id) WHERE state = 'running'",
        "This playbook runs for the customer already.",
    )
    _newest_idx = models.Index("(playbook_id, partner_id, scope_id, id)")

    @api.depends("playbook_id", "res_name")
    def _compute_display_name(self):
        for start in self:
            names = (start.playbook_id.name, start.res_name)
            start.display_name = ": ".join(filter(None, names))

    @api.depends("facts", "error")
    @api.depends_context("lang")
    def _compute_reason(self):
        """Say in the reader's language what was found when the playbook started."""
        for start in self:
            start.reason = start.error or self._say_facts(
                (start.facts or {}).get("model"), start.facts
            )

    # ------------------------------------------------------------------ facts

    @api.model
    def _say_facts(self, model, facts):
        """Return a sentence of facts made by `_get_facts`."""
        if not facts or model not in self.env:
            return False
        shown = [
            f"{self.env[model]._fields[name]._description_string(self.env)}: "
            f"{self._say_value(model, name, value)}"
            for name, value in facts["values"].items()
            if name in self.env[model]._fields
        ]
        names = ", ".join(facts["names"])
        if facts["total"] > len(facts["names"]):
            more = facts["total"] - len(facts["names"])
            names = self.env._("%(names)s and %(count)s more", names=names, count=more)
        return " · ".join(filter(None, [names, *shown]))

    @api.model
    def _say_value(self, model, name, value):
        field = self.env[model]._fields[name]
        if value in (False, None, ""):
            return self.env._("No") if field.type == "boolean" else self.env._("none")
        if field.type == "boolean":
            return self.env._("Yes")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "date":
            return self.env["ir.qweb.field.date"].value_to_html(fields.Date.to_date(value), {})
        if field.type == "datetime":
            moment = fields.Datetime.to_datetime(value)
            return self.env["ir.qweb.field.datetime"].value_to_html(moment, {"date_only": True})
        return value

    @api.model
    def _get_facts(self, playbook, hits, company):
        """Return what is said of each hit: the records' names and the values looked at.

        Parameters
        ----------
        playbook : logistics.playbook
        hits : list[Hit]
        company : res.company

        Returns
        -------
        list[dict]
            Per hit ``names``, ``total`` and ``values`` (of the first record, by field).
        """
        # sudo: the log says why; whoever may read the log may know that much
        model = self.env[playbook.model].sudo().with_company(company)
        ids = [record_id for hit in hits for record_id in hit.record_ids]
        records = {record.id: record for record in model.browse(ids)}  # read together
        domain = Domain(literal_eval(playbook.filter_domain))
        asked = [condition.field_expr.split(".")[0] for condition in domain.iter_conditions()]
        names = dict.fromkeys([*TOLD.get(model._name, ()), *asked])
        shown = [
            name for name in names if name not in PLAIN and model._fields[name].type not in UNTOLD
        ]
        return [
            {
                "names": [records[record_id].display_name for record_id in hit.record_ids]
                if playbook.model != "res.partner"
                else [],
                "total": hit.total if playbook.model != "res.partner" else 0,
                "values": self._get_record_facts(records[hit.record_ids[0]], shown),
            }
            for hit in hits
        ]

    @api.model
    def _get_record_facts(self, record, names):
        """Return the values of a record that a reason tells, by field; a hook."""
        return {name: self._plain(record[name]) for name in names}

    @api.model
    def _plain(self, value):
        if isinstance(value, models.BaseModel):
            return value.display_name
        return value if isinstance(value, (bool, int, float, str)) else str(value)

    # ------------------------------------------------------------------ log

    def _log_skipped(self, playbook, company, hits):
        """Note once per cool-down that a playbook had to wait."""
        values = self._prepare_starts(playbook, company, hits)
        for vals, hit in zip(values, hits, strict=True):
            vals |= {"state": "skipped", "end_code": "cooldown", "cooldown_until": hit.until}
        return self.create(values)

    def _log_failed(self, playbook, company, hit, error):
        """Note that a playbook could not start; it is tried again the next day."""
        values = self._prepare_starts(playbook, company, [hit])[0]
        tomorrow = fields.Date.today() + timedelta(days=1)
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        values |= {"state": "failed", "end_code": "error", "error": message}
        return self.create([values | {"cooldown_until": tomorrow}])

    def _prepare_starts(self, playbook, company, hits):
        facts = self._get_facts(playbook, hits, company)
        return [
            self._prepare_start(playbook, company, hit, fact)
            for hit, fact in zip(hits, facts, strict=True)
        ]

    @api.model
    def _prepare_start(self, playbook, company, hit, facts):
        on_customer = playbook.plan_id.res_model == "res.partner"
        days = timedelta(days=playbook.cooldown_days)
        return {
            "playbook_id": playbook.id,
            "partner_id": hit.partner_id,
            "company_id": company.id,
            "res_model": "res.partner" if on_customer else playbook.model,
            "res_id": hit.partner_id if on_customer else hit.record_ids[0],
            "res_name": ", ".join(facts["names"][:1]),
            "scope_id": hit.scope_id,
            "cooldown_until": fields.Date.today() + days,
            "facts": {"model": playbook.model, **facts},
        }

    # ------------------------------------------------------------------ start and end

    def _start(self, playbook, company, hits):
        """Start a playbook for hits: log, steps, and the first step's activity, in one batch."""
        starts = self.create(self._prepare_starts(playbook, company, hits))
        starts.flush_recordset()  # another worker's start of the same comes to light here
        templates = playbook.plan_id.template_ids.sorted()
        steps = self.env["logistics.playbook.step"].create(
            [
                {"start_id": start.id, **template._prepare_playbook_step(number)}
                for start in starts
                for number, template in enumerate(templates, 1)
            ]
        )
        steps._copy_names()
        steps.filtered(lambda step: step.number == 1)._open()
        return starts

    def _read_names(self):
        """Read the names of the records at once, which activities ask for one by one."""
        for model, starts in self.grouped("res_model").items():
            self.env[model].browse(starts.mapped("res_id")).mapped("display_name")

    def _end(self, state, code=False):
        """End running starts, and take their open steps off people's hands."""
        running = self.filtered(lambda start: start.state == "running")
        running.write({"state": state, "end_code": code, "date_end": fields.Datetime.now()})
        left = running.step_ids.filtered(lambda step: step.state in ("waiting", "open"))
        activities = left.activity_id
        left.write({"state": "cancelled", "activity_id": False})
        activities.unlink()
        running.current_step_id = False

    def action_stop(self):
        """Stop the playbook for this customer."""
        self.check_access("write")
        # sudo: the steps lie in the hands of several people, who lose their activity
        self.sudo()._end("cancelled", "stopped")

    def action_open_record(self):
        """Open the record that the steps are about."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).get_formview_action()
