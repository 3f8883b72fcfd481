from odoo import api, fields, models
from odoo.tools import SQL

from .logistics_mining_scored_mixin import GROUP

# What a reader sees of a score depends on whose customer it is.
SCORE_CONTEXT = ("company", "uid")
SCORE_FIELDS = frozenset(
    {
        "segment_id",
        "rfm_score",
        "probability_alive",
        "expected_orders_12m",
        "clv_12m",
        "value_band",
    }
)


class ResPartner(models.Model):
    """The newest published scores, where people look.

    The fields depend on the company, since scores do. Runs fill them set-based, without an
    index on each: nearly every customer has a value, and a nightly update of all of them is
    cheaper without. Nobody outside Logistics CRM sees them, customers in the portal least of all;
    who sees own customers only finds no others by them, and reads none of others that are on a
    document of theirs.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "logistics.mining.scored.mixin"]

    segment_id = fields.Many2one(
        "logistics.mining.segment",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="Customers that order alike: how lately, how often, for how much.",
    )
    segment_color = fields.Integer(related="segment_id.color", related_sudo=False, groups=GROUP)
    rfm_score = fields.Char(
        "RFM",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="Recency, frequency and money, each from 1 (worst fifth) to 5 (best fifth).",
    )
    probability_alive = fields.Float(
        "Still a Customer",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        aggregator="avg",
        groups=GROUP,
        help="Probability that this still is a customer, by their own order rhythm. It does not "
        "say whether they order again soon: for that, read the expected orders.",
    )
    expected_orders_12m = fields.Float(
        "Expected Orders (12 Months)",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        digits=(12, 1),
        groups=GROUP,
        help="Days with an order that the customer's own rhythm lets expect in 12 months.",
    )
    clv_12m = fields.Float(
        "Expected Value (12 Months)",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="Expected orders times expected amount, discounted, in the currency of the company.",
    )
    value_band = fields.Selection(
        [("high", "High: Top 20%"), ("medium", "Medium: Next 30%"), ("low", "Low")],
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="Where the customer stands among all by expected value.",
    )
    segment_reasons = fields.Text(compute="_compute_score_texts", groups=GROUP)
    segment_date = fields.Date("Segment as of", compute="_compute_score_texts", groups=GROUP)
    clv_reasons = fields.Text("Value Reasons", compute="_compute_score_texts", groups=GROUP)
    clv_date = fields.Date("Value as of", compute="_compute_score_texts", groups=GROUP)

    @api.model
    def _get_score_fields(self):
        return super()._get_score_fields() | SCORE_FIELDS

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let scores be empty of customers that are not the reader's to know.

        Reading, searching, sorting and grouping all come through here.
        """
        found = super()._field_to_sql(alias, field_expr, query)
        name = field_expr.partition(".")[0]
        if self.env.su or not self._fields[name].company_dependent:  # most fields, fast
            return found
        if name not in self._get_score_fields():
            return found
        return self._get_told_sql(alias, found, query)

    @api.model
    def _get_told_sql(self, alias, found, query):
        """Return what was found, or nothing of customers that are not the reader's to know."""
        if self.env.su or not self.env.user._sees_own_customers_only():
            return found
        # no score, so it does not come back here
        customer = self._field_to_sql(alias, "commercial_partner_id", query)
        return SQL("CASE WHEN %s IN %s THEN %s END", customer, self._get_own_sql(), found)

    @api.model
    def _get_unscored_sql(self, alias, name, query):
        """Look at what is stored for the company: of a number, Odoo makes 0 where nothing is."""
        column = SQL.identifier(alias, name, to_flush=self._fields[name])
        stored = SQL("%s->>%s", column, str(self.env.company.id))
        return SQL("%s IS NULL", self._get_told_sql(alias, stored, query))

    @api.model
    def _get_own_sql(self):
        """Return `_get_own_customers_sql`, built once for all fields of a transaction."""
        known = self.env.cr.cache.setdefault("logistics_own_customers", {})
        if self.env.uid not in known:
            known[self.env.uid] = self._get_own_customers_sql()
        return known[self.env.uid]

    def write(self, vals):
        """Forget what readers were told of scores that change."""
        if names := self._get_score_fields() & vals.keys():
            self.invalidate_recordset(names)
        return super().write(vals)

    @api.model
    def _get_score_tasks(self):
        """Return the codes of the tasks with fields ``<code>_reasons`` and ``<code>_date``."""
        return ["segment", "clv"]

    @api.depends(lambda self: sorted(self._get_score_fields()))
    @api.depends_context("company", "lang", "uid")
    def _compute_score_texts(self):
        """Read reasons and dates from the newest scores, as far as the reader may see them."""
        tasks = self._get_score_tasks()
        self.update({f"{task}_{part}": False for task in tasks for part in ("reasons", "date")})
        scores = self.env["logistics.mining.score"].search_fetch(
            [
                ("partner_id", "in", self._origin.ids),
                ("company_id", "=", self.env.company.id),
                ("is_newest", "=", True),
            ],
            ["partner_id", "task_id", "company_id", "reasons", "date"],
        )
        partners = {partner._origin.id: partner for partner in self}
        for score in scores:
            code = score.task_id.code
            if code in tasks:  # a customer has few: cheaper than to search by it
                partner = partners[score.partner_id.id]
                partner[f"{code}_reasons"] = score.reason_text
                partner[f"{code}_date"] = score.date

    def action_view_scores(self):
        """Show all scores of the customer, run by run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm_mining.action_logistics_mining_score"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.id)],
            "context": {"search_default_group_task": 1},
        }

    def action_plan_activity(self):
        """Plan an activity for the selected customers, with Odoo's own dialog."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan an Activity"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_id": self[:1].id,
                "active_ids": self.ids,
            },
        }
