from datetime import timedelta
from operator import ge, gt, le, lt

from odoo import api, fields, models
from odoo.fields import Domain

UNPAID = Domain("state", "=", "posted") & Domain("payment_state", "in", ["not_paid", "partial"])
# more days are an earlier date; how 0 days, for all that is not overdue, compare
COMPARED = {"<": (">", lt), "<=": (">=", le), ">": ("<", gt), ">=": ("<=", ge)}


class AccountMove(models.Model):
    """An invoice says for how many days it is overdue, so that rules can ask in days."""

    _inherit = "account.move"

    days_overdue = fields.Integer(
        compute="_compute_days_overdue",
        search="_search_days_overdue",
        help="Days since the due date of what is not paid in full; 0 before it and when paid.",
    )

    @api.depends("invoice_date_due", "payment_state", "state")
    def _compute_days_overdue(self):
        today = fields.Date.context_today(self)
        unpaid = self.filtered_domain(UNPAID & Domain("invoice_date_due", "<", today))
        (self - unpaid).days_overdue = 0
        for move in unpaid:
            move.days_overdue = (today - move.invoice_date_due).days

    @api.model
    def _search_days_overdue(self, operator, value):
        today = fields.Date.context_today(self)
        overdue = UNPAID & Domain("invoice_date_due", "<", today)
        if operator == "in":
            dates = [today - timedelta(days=days) for days in value if days]
            found = overdue & Domain("invoice_date_due", "in", dates)
            return found | ~overdue if 0 in value else found
        if operator not in COMPARED:
            return NotImplemented
        by_date, compare = COMPARED[operator]
        found = overdue & Domain("invoice_date_due", by_date, today - timedelta(days=value))
        return found | ~overdue if compare(0, value) else found
