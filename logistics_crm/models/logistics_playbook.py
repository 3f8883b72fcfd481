from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class LogisticsPlaybook(models.Model):
    """When X happens to a customer like Y, start plan Z, at most once in N days.

    X is a filter on customers or on their documents, Y a filter on customers, Z an activity plan
    whose steps are handed to account roles, one after the other. `_scan` finds whom it hits,
    `_start_hits` starts it.
    """

    _name = "logistics.playbook"
    _description = "Playbook"
    _inherit = ("mail.thread", "logistics.company.record")
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("off", "Off"), ("on", "On")],
        required=True,
        default="off",
        readonly=True,
        copy=False,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for each company by itself."
    )
    model = fields.Selection(
        selection="_get_model_selection",
        string="Looks at",
        required=True,
        default="res.partner",
        help="What the condition is about: the customers themselves, or their documents.",
    )
    filter_domain = fields.Char(
        string="When", required=True, default="[]", help="The records that start the playbook."
    )
    customer_domain = fields.Char(
        string="For Customers", required=True, default="[]", help="Empty: every customer."
    )
    mode = fields.Selection(
        [
            ("scan", "Every night"),
            ("event", "At once, and every night"),
            ("automation", "By automation rules of your own"),
        ],
        string="Starts",
        required=True,
        default="scan",
        help="At once: when a record comes to match the condition. Automation rules start it by "
        "their action Start Playbook, on what they say.",
    )
    plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Activity Plan",
        required=True,
        ondelete="restrict",
        domain="[('res_model', 'in', [model, 'res.partner'])]",
    )
    cooldown_days = fields.Integer(
        string="At Most Once in", default=30, help="Days from one start to the next."
    )
    scope = fields.Selection(
        [("customer", "Customer"), ("document", "Document")],
        string="Once per",
        required=True,
        compute="_compute_scope",
        precompute=True,
        store=True,
        readonly=False,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Stands In",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Gets the steps of roles that nobody can do right now.",
    )
    automation_id = fields.Many2one(
        "base.automation",
        string="Automation Rule",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="base.group_system",
    )
    start_ids = fields.One2many("logistics.playbook.start", "playbook_id")
    running_count = fields.Integer(compute="_compute_counts")
    start_count = fields.Integer(compute="_compute_counts")

    _cooldown_check = models.Constraint(
        "CHECK (cooldown_days >= 0)", "A playbook cannot start before the time it started last."
    )

    @api.model
    def _get_model_selection(self):
        names = {
            "res.partner": self.env._("Customers"),
            "sale.order": self.env._("Orders"),
            "account.move": self.env._("Invoices"),
            "logistics.case": self.env._("Cases"),
        }
        models = self.env["ir.model"].sudo()  # sudo: the names alone, which menus show as well
        return [
            (model, names.get(model) or models._get(model).name) for model in self._get_models()
        ]

    @api.model
    def _get_models(self):
        """Return the models that playbooks look at; a hook.

        That is customers, and documents with `partner_id`, `company_id` and activities.
        """
        return ["res.partner", "sale.order", "account.move", "logistics.case"]

    @api.depends("model")
    def _compute_scope(self):
        for playbook in self:
            playbook.scope = "customer" if playbook.model == "res.partner" else "document"

    def _compute_counts(self):
        groups = self.env["logistics.playbook.start"]._read_group(
            [("playbook_id", "in", self.ids), ("state", "in", ("running", "done", "cancelled"))],
            ["playbook_id", "state"],
            ["__count"],
        )
        counts = {(playbook, state): count for playbook, state, count in groups}
        for playbook in self:
            states = [counts.get((playbook, state), 0) for state in ("done", "cancelled")]
            playbook.running_count = counts.get((playbook, "running"), 0)
            playbook.start_count = playbook.running_count + sum(states)

    @api.constrains("model", "filter_domain", "customer_domain")
    def _check_domains(self):
        for playbook in self:
            for domain, model in (
                (playbook.filter_domain, playbook.model),
                (playbook.customer_domain, "res.partner"),
            ):
                try:
                    Domain(literal_eval(domain)).validate(self.env[model].sudo())
                except (ValueError, SyntaxError, TypeError) as error:
                    raise ValidationError(
                        self.env._(
                            "The condition of %(playbook)s cannot be read: %(problem)s",
                            playbook=playbook.name,
                            problem=error,
                        )
                    ) from error

    @api.constrains("model", "plan_id", "scope")
    def _check_plan(self):
        for playbook in self:
            if playbook.plan_id.res_model not in (playbook.model, "res.partner"):
                raise ValidationError(
                    self.env._(
                        "The plan %(plan)s is for other records than those %(playbook)s looks at.",
                        plan=playbook.plan_id.name,
                        playbook=playbook.name,
                    )
                )
            if playbook.scope == "document" and playbook.model == "res.partner":
                raise ValidationError(
                    self.env._("A playbook that looks at customers starts once per customer.")
                )

    # ------------------------------------------------------------------ on and off

    def action_switch_on(self):
        """Let the playbook start from now on."""
        self._check_has_steps()
        self.state = "on"
        self._sync_automation()

    def action_switch_off(self):
        """Start no more; what runs goes on."""
        self.state = "off"
        self._sync_automation()

    def _check_has_steps(self):
        for playbook in self:
            if not playbook.plan_id.template_ids:
                raise UserError(
                    self.env._(
                        "The plan %(plan)s has no steps yet. Add the first one, then switch "
                        "%(playbook)s on.",
                        plan=playbook.plan_id.name,
                        playbook=playbook.name,
                    )
                )

    def write(self, vals):
        """Keep the automation rule like the playbook."""
        result = super().write(vals)
        if vals.keys() & {"active", "company_id", "filter_domain", "mode", "model", "name"}:
            self._sync_automation()
        return result

    def unlink(self):
        """Take the automation rules along."""
        self.sudo().automation_id.unlink()  # sudo: managers may not write automation rules
        return super().unlink()

    # ------------------------------------------------------------------ screens

    def action_preview(self):
        """Show whom the playbook would hit today, without starting anything."""
        self.ensure_one()
        self.check_access("write")
        preview = self.env["logistics.playbook.preview"]._create_for(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who would this hit today?"),
            "res_model": preview._name,
            "res_id": preview.id,
            "view_mode": "form",
        }

    def action_view_starts(self):
        """Show whom the playbook was started for, or not, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "logistics.playbook.start",
            "view_mode": "list,form,pivot",
            "domain": [("playbook_id", "=", self.id)],
        }
