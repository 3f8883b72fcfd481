from odoo import api, models
from odoo.exceptions import AccessError

from .logistics_case_claim import APPROVAL_FIELDS
from .logistics_case_satisfaction import ANSWER_FIELDS

# these say themselves what to do instead
GUARDED_ELSEWHERE = APPROVAL_FIELDS | ANSWER_FIELDS


class LogisticsCase(models.Model):
    """What a case says of itself is set by what happens to it: people cannot write it.

    Views show these fields as read-only; over the API, nothing but this keeps a person from
    moving the deadline by which they are measured, or a case to another customer.
    """

    _inherit = "logistics.case"

    @api.model_create_multi
    def create(self, vals_list):
        """Take fields that are read-only from the system alone, but for the caller's own key."""
        if not self.env.su:
            for vals in vals_list:
                self._check_sets_nothing_kept(vals.keys() - {"external_id"})
        return super().create(vals_list)

    def write(self, vals):
        """Take fields that are read-only from the system alone."""
        if not self.env.su:
            self._check_sets_nothing_kept(vals.keys())
        return super().write(vals)

    def _check_sets_nothing_kept(self, names):
        for name in names - GUARDED_ELSEWHERE:
            field = self._fields.get(name)
            if field and field.store and field.readonly:
                raise AccessError(
                    self.env._(
                        "“%(field)s” of a case is set by the system and cannot be written.",
                        field=field._description_string(self.env),
                    )
                )

    def _write_changed(self, *values):
        # sudo: deadlines follow from the rules, whoever changed the case
        return super(LogisticsCase, self.sudo())._write_changed(*values)

    def _follow_stage(self, before):
        # sudo: the same for when a case was solved
        return super(LogisticsCase, self.sudo())._follow_stage(before)
