from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.case_values import OPEN_STATES
from ..tools.code_format import normalize
from ..tools.words import get_words

DUPLICATE_DAYS = 30
# cases without a common order look the same within so many days, where they are of one kind and
# share so much of all the words in their subjects, and at least so many of them
ALIKE_DAYS, ALIKE_SHARE, ALIKE_WORDS = 14, 0.6, 2


def _get_numbers(words):
    return {word for word in words if not word.isalpha()}


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
        "or of the same kind, at most two weeks apart and with much the same subject.",
    )

    @api.constrains("linked_case_ids")
    def _check_no_link_to_itself(self):
        for case in self:
            if case in case.linked_case_ids:
                raise ValidationError(self.env._("A case cannot be linked to itself."))

    @api.depends(
        *("commercial_partner_id", "name", "kind", "order_id", "invoice_id", "merged_into_id")
    )
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
        return self._shares_document(other) or (
            self.kind == other.kind
            and not self._has_other_document(other)
            and self._is_near(other)
            and self._sounds_like(other)
        )

    def _shares_document(self, other):
        """Tell whether two cases are about the same order or invoice."""
        return bool(self.order_id & other.order_id or self.invoice_id & other.invoice_id)

    def _has_other_document(self, other):
        return any(
            mine and theirs and mine != theirs
            for mine, theirs in (
                (self.order_id, other.order_id),
                (self.invoice_id, other.invoice_id),
            )
        )

    def _is_near(self, other):
        mine = self.create_date or fields.Datetime.now()
        return abs(mine - other.create_date) <= timedelta(days=ALIKE_DAYS)

    def _sounds_like(self, other):
        """Tell whether two subjects say much the same and name no different numbers."""
        mine, theirs = set(get_words(self.name)), set(get_words(other.name))
        if _get_numbers(mine - theirs) and _get_numbers(theirs - mine):
            return False
        common = len(mine & theirs)
        return common >= ALIKE_WORDS and common >= ALIKE_SHARE * len(mine | theirs)

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
        """Open the wizard for the selected cases, or for this one and those of its order.

        What only sounds alike is for a person to add: nothing undoes a merge.
        """
        cases = self
        if len(self) == 1:
            cases |= self.duplicate_case_ids.filtered(self._shares_document)
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
