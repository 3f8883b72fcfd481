import math
from ast import literal_eval

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import mute_logger

from ..tools.arguments import check_named, check_whole_numbers
from ..tools.listing import list_names

# What a filter that cannot be read, or be searched by, raises.
UNREADABLE = (ValueError, SyntaxError, TypeError, RecursionError, MemoryError, psycopg2.DataError)
# What decides who is on the list and what is measured: settled when it starts.
SETTLED = frozenset(
    {
        "activity_type_id",
        "activity_summary",
        "band",
        "campaign_id",
        "class_band",
        "customer_domain",
        "customer_limit",
        "holdout_share",
        "order_counts",
        "outcome_days",
        "playbook_id",
        "segment_ids",
        "sort",
        "task_id",
        "treatment",
        "value_from",
        "value_to",
    }
)
# What the list itself finds out.
FOUND = frozenset(
    {
        "customer_count",
        "data_until",
        "date_end",
        "date_start",
        "holdout_count",
        "holdout_rate",
        "left_out_count",
        "result",
        "state",
        "treated_count",
        "treated_rate",
        "uplift",
    }
)


class LogisticsMiningList(models.Model):
    """Customers chosen for a campaign, some of them left alone by chance, and what came of it.

    A draft chooses customers by a score or a filter. Starting it draws the hold-out group and
    does with the others what was planned. After some days it is measured who ordered, and what
    the campaign itself has brought: the difference to those left alone.
    """

    _name = "logistics.mining.list"
    _description = "Campaign List"
    _inherit = ("mail.thread", "logistics.company.record")
    _order = "id desc"

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("measured", "Measured"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    task_id = fields.Many2one(
        "logistics.mining.task",
        "Chosen by Score",
        domain="[('res_model', '=', 'res.partner')]",
        ondelete="restrict",
        help="Empty: by the filter alone.",
    )
    task_code = fields.Char(related="task_id.code")
    segment_ids = fields.Many2many(
        "logistics.mining.segment", string="Segments", help="Empty: all of them."
    )
    band = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")], help="Empty: all of them."
    )
    class_band = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")], "Class", help="Empty: all of them."
    )
    value_from = fields.Float(
        "Score From",
        help="Risks and probabilities from 0 to 1, values as on the customer; 0: no limit.",
    )
    value_to = fields.Float("Score Up To", help="0: no limit.")
    customer_domain = fields.Char("Filter", required=True, default="[('customer_rank', '>', 0)]")
    sort = fields.Selection(
        [("high", "Highest score first"), ("low", "Lowest score first")],
        "Best",
        required=True,
        default="high",
        help="Who comes first where there are more customers than the list takes.",
    )
    customer_limit = fields.Integer("At Most", help="Customers on the list; 0: no limit.")
    left_out_count = fields.Integer(
        "Left Out",
        readonly=True,
        copy=False,
        help="Customers who are on another running list, or left alone for its measurement.",
    )
    holdout_share = fields.Float(
        "Left Alone",
        default=0.2,
        help="This share is drawn by chance, alike among high and low scores, and not contacted. "
        "Without it nobody can tell what the campaign brought.",
    )
    treatment = fields.Selection(
        [
            ("activity", "Plan an activity for each"),
            ("playbook", "Start a playbook for each"),
            ("email", "Write an e-mail"),
            ("export", "Outside Odoo"),
        ],
        "What Is Done",
        required=True,
        default="activity",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Activity",
        default=lambda self: self.env.ref("mail.mail_activity_data_call", False),
        domain="[('res_model', 'in', (False, 'res.partner'))]",
    )
    activity_summary = fields.Char("To Do")
    playbook_id = fields.Many2one(
        "logistics.playbook",
        domain="[('model', '=', 'res.partner'), ('state', '=', 'on')]",
        ondelete="restrict",
    )
    campaign_id = fields.Many2one(
        "utm.campaign",
        help="Leads, quotations and orders of this campaign count as answers.",
        ondelete="restrict",
    )
    order_counts = fields.Boolean(
        "An Order Is an Answer",
        default=True,
        help="Whether any order within the days counts as an answer. Otherwise only leads, "
        "quotations and orders of the campaign do, and what is noted by hand.",
    )
    outcome_days = fields.Integer(
        "Measured after (Days)",
        default=90,
        required=True,
        help="Did they order within so many days?",
    )
    date_start = fields.Date("Started", readonly=True, copy=False, tracking=True)
    date_end = fields.Date("Measured Up To", readonly=True, copy=False)
    data_until = fields.Date(
        "Orders Known Up To",
        readonly=True,
        copy=False,
        help="The newest order of the company when the list was measured.",
    )
    member_ids = fields.One2many("logistics.mining.list.member", "list_id", "Customers")
    customer_count = fields.Integer("Number of Customers", readonly=True, copy=False)
    treated_count = fields.Integer("Contacted", readonly=True, copy=False)
    holdout_count = fields.Integer("Held Out", readonly=True, copy=False)
    treated_rate = fields.Float("Ordered, Contacted", readonly=True, copy=False, aggregator=None)
    holdout_rate = fields.Float("Ordered, Held Out", readonly=True, copy=False, aggregator=None)
    uplift = fields.Float(
        readonly=True,
        copy=False,
        aggregator=None,
        help="Share of the contacted who ordered, less that of those left alone.",
    )
    result = fields.Json(readonly=True, copy=False)
    result_text = fields.Text("What Came of It", compute="_compute_result_text")
    size_note = fields.Char(compute="_compute_size_note")

    _check_share = models.Constraint(
        "CHECK (holdout_share >= 0 AND holdout_share <= 0.9)",
        "The share left alone must be from 0% to 90%.",
    )
    _check_days = models.Constraint(
        "CHECK (outcome_days BETWEEN 1 AND 730)",
        "The days after which a list is measured must be from 1 to 730.",
    )
    _check_limit = models.Constraint(
        "CHECK (customer_limit >= 0)", "A list cannot take fewer than 0 customers."
    )

    @api.constrains("name")
    def _check_name(self):
        check_named(self)

    @api.constrains("customer_domain")
    def _check_customer_domain(self):
        for record in self:
            if problem := record._find_filter_problem():
                raise ValidationError(problem)

    def _find_filter_problem(self):
        """Say in words what is wrong with the filter, and where; False if it can be used."""
        try:
            domain = Domain(literal_eval(self.customer_domain))
            if self._can_search(domain):
                return False
            wrong = [one for one in domain.iter_conditions() if not self._can_search(one)]
        except UNREADABLE:
            wrong = []
        if wrong:
            return self.env._(
                "The filter of “%(list)s” asks what nobody can answer: a customer has no "
                "“%(field)s”, or it cannot be compared like this.",
                list=self.name,
                field=wrong[0].field_expr,
            )
        return self.env._(
            "The filter of “%(list)s” cannot be read: it must be a list of conditions such as "
            "%(example)s, with nothing to be calculated.",
            list=self.name,
            example="[('customer_rank', '>', 0)]",
        )

    def _can_search(self, domain):
        """Try a search: only PostgreSQL tells whether it can compare the values."""
        partners = self.env["res.partner"]
        try:
            domain.validate(partners)
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                partners.search(domain, limit=1)
        except UNREADABLE:
            return False
        return True

    @api.constrains("value_from", "value_to")
    def _check_values(self):
        for record in self:
            if not (math.isfinite(record.value_from) and math.isfinite(record.value_to)):
                raise ValidationError(
                    self.env._(
                        "The scores from and up to which “%s” takes customers must be numbers;"
                        " 0 means no limit.",
                        record.name,
                    )
                )
            if record.value_to and record.value_from and record.value_from > record.value_to:
                raise ValidationError(
                    self.env._(
                        "The score from which “%s” takes customers is above the one up to which it "
                        "does: nobody has such a score.",
                        record.name,
                    )
                )

    @api.constrains("task_id")
    def _check_task(self):
        for record in self:
            if record.task_id and record.task_id.res_model != "res.partner":
                raise ValidationError(
                    self.env._(
                        "“%(task)s” does not score customers: choose a score of customers for "
                        "“%(list)s”.",
                        task=record.task_id.name,
                        list=record.name,
                    )
                )

    @api.constrains("treatment", "playbook_id")
    def _check_playbook(self):
        for record in self:
            if record.treatment != "playbook":
                continue
            if record.playbook_id.model != "res.partner":
                raise ValidationError(
                    self.env._("Choose a playbook that looks at customers for “%s”.", record.name)
                )

    @api.onchange("task_id")
    def _onchange_task_id(self):
        """Measure customers at risk after the days that the risk speaks of."""
        self.band = self.class_band = self.segment_ids = False
        if self.task_code == "churn":
            self.outcome_days = self.task_id.horizon_days

    # ------------------------------------------------------------------ guards

    @api.model
    def default_get(self, fields):
        """Take nothing from defaults that the list finds out itself: a client may put any there."""
        defaults = super().default_get(fields)
        check_whole_numbers(self, defaults)
        if self.env.su:
            return defaults
        own = {name: value for name, value in defaults.items() if name not in FOUND}
        return {**own, "state": "draft"} if "state" in fields else own

    @api.model_create_multi
    def create(self, vals_list):
        """Let nobody make a list that claims to be measured."""
        for vals in vals_list:
            self._check_finds_itself(vals)
            check_whole_numbers(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep what a list was measured by as it was when it started."""
        self._check_finds_itself(vals)
        check_whole_numbers(self, vals)
        if not self.env.su and SETTLED & vals.keys():
            self._require_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(record.state in ("running", "measured") for record in self):
            raise UserError(
                self.env._(
                    "A list that was started stays: its customers were contacted, and others left "
                    "alone for it. Cancel it first, if it was a mistake."
                )
            )

    @api.model
    def _check_finds_itself(self, vals):
        if not self.env.su and (names := FOUND & vals.keys()):
            raise AccessError(
                self.env._(
                    "A campaign list finds this out itself, it cannot be written: %s.",
                    list_names(self.env, sorted(names)),
                )
            )

    def _require_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for record in self:
            if record.state not in states:
                raise UserError(
                    self.env._(
                        "“%(list)s” is %(state)s: this can be done only while it is %(needed)s.",
                        list=record.name,
                        state=labels[record.state],
                        needed=list_names(self.env, (labels[state] for state in states)),
                    )
                )

    # ------------------------------------------------------------------ screens

    def action_view_treated(self):
        """Show the customers to contact, to work through or to export."""
        return self._view_partners("treated", self.env._("To Contact"))

    def _view_partners(self, arm, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.action_logistics_customer"
        )
        members = self.member_ids.filtered(lambda member: member.arm == arm)
        return {
            **action,
            "name": f"{self.name}: {name}",
            "domain": [("id", "in", members.partner_id.ids)],
            "context": {},
        }

    def action_view_members(self):
        """Show who is on the list, contacted or held out, and what they did."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm_mining.action_logistics_mining_list_member"
        )
        group = {"search_default_group_arm": 1} if self.state != "draft" else {}
        return {**action, "domain": [("list_id", "=", self.id)], "context": group}
