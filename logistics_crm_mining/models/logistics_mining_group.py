import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.arguments import check_named
from ..tools.listing import list_names

MOST_PHRASES = 2


class LogisticsMiningGroup(models.Model):
    """Customers of a company who order alike, found by the task ``segment``.

    Unlike the segments, which follow from a rule, groups come out of the data: how many there are,
    and what they have in common. A group goes on from run to run as long as it keeps its
    customers. It is named by what tells it from the others, in every language, until somebody
    names it.
    """

    _name = "logistics.mining.group"
    _description = "Behaviour Group"
    _order = "customer_count desc, id"

    name = fields.Char(required=True, translate=True)
    keep_name = fields.Boolean(
        "Named by People", readonly=True, help="Runs leave a name that somebody has written."
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    active = fields.Boolean(
        default=True, readonly=True, help="The newest published run has found this group."
    )
    customer_count = fields.Integer("Customers", readonly=True)
    share = fields.Float("Share of Customers", readonly=True, aggregator=None)
    revenue_share = fields.Float("Share of Revenue", readonly=True, aggregator=None)
    traits = fields.Json(readonly=True)
    description = fields.Text("What They Have in Common", compute="_compute_description")

    @api.constrains("name")
    def _check_name(self):
        check_named(self)

    def write(self, vals):
        """Keep the name that a person gives from the runs to come."""
        if "name" in vals and not self.env.su:
            vals = {**vals, "keep_name": True}
        return super().write(vals)

    @api.depends("traits")
    @api.depends_context("lang")
    def _compute_description(self):
        for group in self:
            lines = [self._describe_trait(trait) for trait in group.traits or ()]
            group.description = "\n".join(filter(None, lines)) or self.env._(
                "Like the average customer in all that was looked at."
            )

    @api.model
    def _describe_trait(self, trait):
        """Return what a trait says, with the figures of the group and of everybody.

        An empty text where both read the same: that sets nobody apart.
        """
        words = self.env["logistics.mining.reason"]
        column = trait["column"]
        value = words._feature_value(column, trait["value"])
        overall = words._feature_value(column, trait["overall"])
        if value == overall:
            return ""
        return self.env._(
            "%(feature)s: %(value)s (all customers: %(overall)s)",
            feature=words._feature_label(column),
            value=value,
            overall=overall,
        )

    @api.model
    def _get_phrases(self):
        """Return feature -> (phrase if above the others, phrase if below)."""
        return {
            "days_since_last": (self.env._("Silent for long"), self.env._("Ordered lately")),
            "orders_per_month": (self.env._("Order often"), self.env._("Order seldom")),
            "average_order": (self.env._("Large orders"), self.env._("Small orders")),
            "gap_spread": (self.env._("Irregular"), self.env._("Regular")),
            "season_share": (self.env._("Seasonal"), self.env._("All year round")),
            "return_share": (self.env._("Many returns"), self.env._("Few returns")),
            "products": (self.env._("Many products"), self.env._("Few products")),
            "categories": (self.env._("Many categories"), self.env._("Few categories")),
            "places": (self.env._("Many addresses"), self.env._("Few addresses")),
            "warehouses": (self.env._("Many warehouses"), self.env._("One warehouse")),
        }

    @api.model
    def _name_by_traits(self, all_traits):
        """Return a readable name for each list of traits, told apart where they read the same."""
        phrases, names = self._get_phrases(), []
        for traits in all_traits:
            told = [
                phrases[trait["column"]][0 if trait["score"] > 0 else 1]
                for trait in traits
                if trait["column"] in phrases
            ]
            name = list_names(self.env, told[:MOST_PHRASES]) or self.env._("Like the average")
            if name in names:
                name = list_names(self.env, told) or name
            names.append(name if name not in names else f"{name} ({names.count(name) + 1})")
        return names

    @api.model
    def _create_unnamed(self, company, count):
        """Create groups that are shown once the run that found them is published."""
        values = {"name": "–", "company_id": company.id, "active": False}
        return self.create([dict(values) for _number in range(count)])

    @api.model
    def _show(self, company, found):
        """Show the groups of a published run, and put those that it has not found away.

        Parameters
        ----------
        company : res.company
        found : list of dict
            ``group``, ``customers``, ``share``, ``revenue_share`` and ``traits`` of each.
        """
        traits = [row["traits"] for row in found]
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        names = {lang: self.with_context(lang=lang)._name_by_traits(traits) for lang in languages}
        rows = [
            {**row, "name": {lang: names[lang][place] for lang in languages}}
            for place, row in enumerate(found)
        ]
        self.env.flush_all()
        self.env.cr.execute(self._get_update(company, rows))
        self.invalidate_model()

    @api.model
    def _get_update(self, company, rows):
        return SQL(
            """UPDATE logistics_mining_group mine
            SET active = found.id IS NOT NULL,
                name = CASE WHEN mine.keep_name OR found.id IS NULL THEN mine.name
                    ELSE COALESCE(found.name, mine.name) END,
                traits = COALESCE(found.traits, mine.traits),
                customer_count = COALESCE(found.customers, 0),
                share = COALESCE(found.share, 0),
                revenue_share = COALESCE(found.revenue_share, 0)
            FROM logistics_mining_group self
            LEFT JOIN jsonb_to_recordset(%(rows)s::jsonb) AS found (id int, name jsonb,
                traits jsonb, customers int, share float8, revenue_share float8)
                ON found.id = self.id
            WHERE self.id = mine.id AND mine.company_id = %(company)s""",
            rows=json.dumps([{**row, "id": row["group"]} for row in rows]),
            company=company.id,
        )

    def action_view_customers(self):
        """Show the customers of the group."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.action_logistics_customer"
        )
        return {**action, "domain": [("behaviour_id", "=", self.id)]}
