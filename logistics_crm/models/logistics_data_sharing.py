from odoo import api, fields, models, tools
from odoo.exceptions import UserError

SHARED_FROM_THE_START = ("customers", "codes")


class LogisticsDataSharing(models.Model):
    """Whether all companies share a kind of record or each has its own.

    The record rules by company of the kind are switched on and off: where all companies share,
    there is no rule, so nothing is compared and every index serves as before. An add-on above
    adds rows of its own, or its rules to a row.
    """

    _name = "logistics.data.sharing"
    _description = "Shared and Local Data"
    _inherit = "mail.thread"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    description = fields.Char(string="What Belongs to It", translate=True)
    scope = fields.Selection(
        [("company", "Each company its own"), ("shared", "Shared by all companies")],
        required=True,
        default="company",
        tracking=True,
    )
    wanted_scope = fields.Selection(
        selection=lambda self: self._fields["scope"].selection,
        string="Who Shall Have Them",
        compute="_compute_wanted_scope",
        store=True,
        readonly=False,
        help="A choice that holds only once it is applied.",
    )
    is_fixed = fields.Boolean(string="Always So")
    model_id = fields.Many2one(
        "ir.model",
        string="Counted Records",
        ondelete="cascade",
        groups="base.group_system",
        help="The records that are counted by company before the scope changes.",
    )
    rule_ids = fields.Many2many(
        "ir.rule",
        string="Rules by Company",
        groups="base.group_system",
        context={"active_test": False},
        help="The record rules that hold while each company has its own.",
    )
    meaning = fields.Text(string="Now", compute="_compute_meaning")
    effect = fields.Text(compute="_compute_effect", help="What changes when this is applied.")

    _code_uniq = models.UniqueIndex("(code)", "There is a row for this kind of record already.")

    @api.depends("scope", "code")
    def _compute_meaning(self):
        for row in self:
            row.meaning = row._get_meaning()

    @api.depends("scope")
    def _compute_wanted_scope(self):
        for row in self:
            row.wanted_scope = row.scope

    @api.depends("scope", "wanted_scope")
    def _compute_effect(self):
        for row in self:
            changed = row._origin and row.wanted_scope not in (False, row.scope)
            row.effect = row._get_effect() if changed else False

    @api.model_create_multi
    def create(self, vals_list):
        """Begin with shared customers and codes; their rules do not hold from then on."""
        quiet = self.with_context(mail_create_nolog=True)
        rows = super(LogisticsDataSharing, quiet).create(
            [
                {"scope": "shared", **vals} if vals.get("code") in SHARED_FROM_THE_START else vals
                for vals in vals_list
            ]
        )
        rows._apply()
        return rows.with_env(self.env)

    def write(self, vals):
        """Let the record rules follow at once, in all processes."""
        switched = self.filtered(lambda row: row.scope != vals.get("scope", row.scope))
        switched._check_may_switch()
        result = super().write(vals)
        if switched or "rule_ids" in vals:
            self._apply()
        switched.filtered(lambda row: row.code == "customers")._move_customers()
        return result

    def action_apply(self):
        """Switch to what was chosen; leaving the page saves the choice and switches nothing."""
        for row in self.filtered("wanted_scope"):
            row.scope = row.wanted_scope

    def _check_may_switch(self):
        for row in self.filtered("is_fixed"):
            raise UserError(
                self.env._(
                    "%(name)s are the same in all companies: that cannot be changed.", name=row.name
                )
            )

    def _apply(self):
        """Switch the rules on and off; Odoo tells all processes that rules changed."""
        for scope, rows in self.grouped("scope").items():
            # sudo: managers choose for the rules of these rows, and may write no rule themselves
            rules = rows.sudo().rule_ids
            wanted = scope == "company"
            rules.filtered(lambda rule, wanted=wanted: rule.active != wanted).active = wanted
        self.env.registry.clear_cache()

    def _move_customers(self):
        # sudo: customers of all companies follow, also of those where the manager does not work
        partners = self.env["res.partner"].sudo()
        for row in self:
            if row.scope == "company":
                partners._give_to_companies()
            else:
                partners._share_with_companies()

    @api.model
    @tools.ormcache("code")
    def _get_scope(self, code):
        """Return the scope of a kind of record, `shared` where there is no row."""
        # sudo: whoever creates a record gets it where the manager said
        return self.sudo().search([("code", "=", code)], limit=1).scope or "shared"

    def _get_meaning(self):
        self.ensure_one()
        if self.code == "codes":
            return self.env._("A code names one record in all companies and is never given twice.")
        if self.scope == "shared":
            return self.env._(
                "People see them whichever company they belong to, as far as their own role goes."
            )
        if self.code == "customers":
            return self.env._(
                "People see the customers of the companies they work for, and those that belong "
                "to no company. New customers belong to the company of whoever creates them."
            )
        return self.env._("People see those of the companies they work for, and no others.")

    def _get_effect(self):
        """Return in words what switching does to the records that are there."""
        self.ensure_one()
        # sudo: records of all companies count
        counts = self.sudo()._count_by_company()
        lines = [f"{name}: {count:,}" for name, count in counts]
        if self.wanted_scope == "shared":
            told = self.env._("From now on people of every company see all of these records.")
        elif self.code == "customers":
            told = self.env._(
                "Customers that one company alone deals with become its own, with their contacts. "
                "Those that several or none deal with stay with all companies."
            )
        elif len(counts) > 1:
            told = self.env._(
                "From now on each of these records is seen by people of its own company only. "
                "Nothing is deleted: sharing again shows all of them."
            )
        else:
            return self.env._("No company has records that others would miss.")
        return "\n".join([told, *lines])

    def _count_by_company(self):
        """Return (company name, number of records), the largest first."""
        if self.code == "customers":
            return self.env["res.partner"]._count_by_dealing(self.wanted_scope)
        model = self.env[self.model_id.model].with_context(active_test=False)
        groups = model._read_group([], ["company_id"], ["__count"], order="__count DESC")
        everyone = self.env._("All companies")
        return [(company.name or everyone, count) for company, count in groups]
