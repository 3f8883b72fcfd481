from odoo import fields, models
from odoo.exceptions import AccessError

from ..tools.languages import in_language


class LogisticsPromiseLine(models.Model):
    """What became of a promise, and what could be offered instead."""

    _inherit = "logistics.promise.line"

    not_before = fields.Date(
        readonly=True,
        help="The first day on which the customer takes it, as it was when it was promised.",
    )
    better_date = fields.Date(
        string="Earlier Date",
        readonly=True,
        help="Could be delivered by then, earlier than the customer was told. Of a promise without"
        " a date: the date that can be given now.",
    )

    _held_idx = models.Index("(product_id, company_id) WHERE state = 'held'")

    def _keep_changes(self, changes):
        """Write changes and keep each of them beside its promise, in one go.

        Calls to customers follow: nobody is called about what is over, or told a former quantity.

        Parameters
        ----------
        changes : list of (logistics.promise.line, str, object, dict, str or False)
            Line, field, new value, reason (in words by language), document.
        """
        kept = []
        for line, field, new, reason, document in changes:
            kept.append(
                {
                    "line_id": line.id,
                    "kind": field,
                    "old_value": self._format_value(line[field]),
                    "new_value": self._format_value(new),
                    "document": document,
                    **line._prepare_reason(reason),
                }
            )
            line[field] = new
        self.env["logistics.promise.change"].create(kept)
        self.filtered(lambda line: line.call_news and line.state != "held")._follow_calls()
        less = (line for line, field, *_rest in changes if field == "quantity")
        self.browse().union(*less)._rewrite_calls()

    def _give_up(self, reason, document):
        """Cancel promises, and what was to be offered or told of them."""
        self._keep_changes([(line, "state", "cancelled", reason, document) for line in self])
        self.write({"better_date": False, "notice_at": False})

    def _prepare_reason(self, reason):
        """Return the values of a reason, in words by language, for a change."""
        return {
            "reason": in_language(reason, self.company_id.partner_id.lang),
            "reasons": reason,
        }

    def action_check_now(self):
        """Bring these promises up to date at once."""
        if not self.env.user.has_group("logistics_crm_scm.group_planner"):
            raise AccessError(self.env._("Only planners check promises by hand."))
        self.check_access("read")
        for lines in self.grouped("company_id").values():
            self.env["logistics.promise"]._follow_up(lines)
        return True
