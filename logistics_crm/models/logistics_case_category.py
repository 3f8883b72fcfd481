from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.case_values import KINDS, SEVERITIES


class LogisticsCaseCategory(models.Model):
    """What a case is about, in a tree; it tells which role answers."""

    _name = "logistics.case.category"
    _description = "Case Category"
    _parent_name = "parent_id"
    _parent_store = True
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "name"]
    _order = "complete_name, id"

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        string="Category", compute="_compute_complete_name", recursive=True, store=True
    )
    parent_id = fields.Many2one("logistics.case.category", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("logistics.case.category", "parent_id", string="Subcategories")
    role_id = fields.Many2one(
        "logistics.account.role",
        string="Answered by",
        ondelete="restrict",
        help="Cases go to the customer's team member with this role, else to the role's employee "
        "with the least open cases. Empty: the role of the category above.",
    )
    kind = fields.Selection(KINDS, string="Usual Kind")
    severity = fields.Selection(SEVERITIES, string="Usual Severity")
    color = fields.Integer()
    active = fields.Boolean(default=True)

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        """Store the path in the source language, whoever writes it: it is there once for all."""
        for category in self.with_context(lang=None):
            parent = category.parent_id
            category.complete_name = (
                f"{parent.complete_name} / {category.name}" if parent else category.name
            )

    @api.depends("complete_name", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Show the path in the reader's language.

        It is made of names: the `display_name` of a parent that is computed together with its
        child is not there yet when the child asks for it.
        """
        for category in self:
            path = category
            while path[-1:].parent_id - path:  # a draft may stand below itself until it is refused
                path += path[-1:].parent_id
            category.display_name = " / ".join(step.name or "" for step in reversed(path))

    @api.constrains("parent_id")
    def _check_no_cycle(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A category cannot stand below itself."))

    def write(self, vals):
        """Have cases matched to SLA policies again that came below another category."""
        moved = self.filtered(lambda category: category.parent_id.id != vals.get("parent_id"))
        result = super().write(vals)
        if "parent_id" in vals and moved:
            self.env["logistics.case"]._mark_sla_outdated([("category_id", "child_of", moved.ids)])
        return result

    def _get_ancestor_ids(self):
        """Return the ids of the categories and of those above them, the nearest first."""
        paths = [(category.parent_path or "").strip("/").split("/") for category in self]
        return list(dict.fromkeys(int(key) for path in paths for key in reversed(path) if key))

    def _get_role(self):
        """Return the role that answers, of the category or the nearest above it."""
        self.ensure_one()
        nearest = self.browse(self._get_ancestor_ids())
        return next((category.role_id for category in nearest if category.role_id), False)
