from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.case_values import OPEN_STATES
from ..tools.code_format import normalize
from ..tools.words import get_words

DUPLICATE_DAYS = 30
# this share of the words of the shorter subject makes two cases look the same
DUPLICATE_SHARE = 0.5


class LogisticsCase(models.Model):
    """Cases that belong together: linked, merged, or probably the same."""

    _inherit = "logistics.case"

    merged_case_ids = fields.One2many(
        "logistics.case", "merged_into_id", string="Merged Cases", readonly=True
    )
    duplicate_case_ids = fields.Many2many(
        "logistics.case",
        string="Perhaps the Same",
        compute="_compute_duplicate_case_ids",
        help="Cases of the same customer from the last 30 days about the same order or invoice, "
        "or with much the same subject.",
    )

    @api.constrains("linked_case_ids")
    def _check_no_link_to_itself(self):
        for case in self:
            if case in case.linked_case_ids:
                raise ValidationError(self.env._("A case cannot be linked to itself."))

    @api.depends("commercial_partner_id", "name", "order_id", "invoice_id", "merged_into_id")
    def _compute_duplicate_case_ids(self):
        candidates = self._find_duplicate_candidates()
        for case in self:
            case.duplicate_case_ids = candidates.filtered(
                lambda other, case=case: case._looks_like(other)
            )

    def _find_duplicate_candidates(self):
        customers = self.commercial_partner_id
        if not customers:
            return self.browse()
        since = fields.Datetime.now() - timedelta(days=DUPLICATE_DAYS)
        recent = Domain("create_date", ">=", since) | Domain("state", "in", OPEN_STATES)
        same = Domain("commercial_partner_id", "in", customers.ids)
        alive = Domain("merged_into_id", "=", False) & Domain("state", "!=", "cancelled")
        return self.search(same & recent & alive, limit=200)

    def _looks_like(self, other):
        """Tell whether two cases of one customer seem to be about the same."""
        if (
            other == self._origin
            or self.merged_into_id
            or other.commercial_partner_id != self.commercial_partner_id
            or other.company_id != self.company_id
            or other in self.linked_case_ids
        ):
            return False
        if (self.order_id and self.order_id == other.order_id) or (
            self.invoice_id and self.invoice_id == other.invoice_id
        ):
            return True
        mine, theirs = set(get_words(self.name)), set(get_words(other.name))
        shorter = min(len(mine), len(theirs))
        return bool(shorter) and len(mine & theirs) >= max(1, DUPLICATE_SHARE * shorter)

    @api.model_create_multi
    def create(self, vals_list):
        """Link both ways."""
        cases = super().create(vals_list)
        linked = cases.filtered("linked_case_ids")
        linked._mirror_links(dict.fromkeys(linked, self.browse()))
        return cases

    def write(self, vals):
        """Link both ways, and keep merged cases closed."""
        self._check_stays_merged(vals)
        if "linked_case_ids" not in vals or self.env.context.get("is_mirroring_links"):
            return super().write(vals)
        before = {case: case.linked_case_ids for case in self}
        result = super().write(vals)
        self._mirror_links(before)
        return result

    def _mirror_links(self, before):
        for case in self.with_context(is_mirroring_links=True):
            added = case.linked_case_ids - before[case]
            removed = before[case] - case.linked_case_ids
            # sudo: the user may link to a case that they see and do not answer
            added.sudo().write({"linked_case_ids": [fields.Command.link(case.id)]})
            removed.sudo().write({"linked_case_ids": [fields.Command.unlink(case.id)]})

    def _check_stays_merged(self, vals):
        stage = self.env["logistics.case.stage"].browse(vals.get("stage_id"))
        if not stage or stage.state == "closed":
            return
        merged = self.filtered("merged_into_id")[:1]
        if merged:
            raise UserError(
                self.env._(
                    "%(case)s was merged into %(survivor)s. Please go on there.",
                    case=merged.code,
                    survivor=merged.merged_into_id.display_name,
                )
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Let the code of a merged case find the one that it was merged into."""
        domain = Domain(super()._search_display_name(operator, value))
        code = normalize(value) if operator in ("ilike", "=") and isinstance(value, str) else None
        if code and self.env["logistics.code.scheme"]._is_valid_code(self._name, code):
            merged = Domain("code", "=", code) & Domain("merged_into_id", "!=", False)
            # sudo: it leads to a case, which record rules show or not
            domain |= Domain("id", "in", self.sudo().search(merged).merged_into_id.ids)
        return domain

    def _get_survivor(self):
        """Return the case that this one was merged into, or itself (empty for no case)."""
        return self.merged_into_id or self

    def action_merge(self):
        """Open the wizard that merges cases: the selected ones, or this and its likely twins."""
        cases = self if len(self) > 1 else self | self.duplicate_case_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Cases"),
            "res_model": "logistics.case.merge",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_ids": cases.ids},
        }

    def action_split(self):
        """Open the wizard that makes a case of some of the messages."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Split Case"),
            "res_model": "logistics.case.split",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def action_open_survivor(self):
        """Open the case that this one was merged into."""
        return self._get_survivor().get_formview_action()
