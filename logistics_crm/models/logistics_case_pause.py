from odoo import fields, models


class LogisticsCasePause(models.Model):
    """A time in which the deadlines of a case stand still."""

    _name = "logistics.case.pause"
    _description = "Case Pause"
    _order = "date_start, id"

    case_id = fields.Many2one("logistics.case", required=True, index=True, ondelete="cascade")
    reason = fields.Selection(
        [("waiting", "Waiting for the customer"), ("solved", "Solved, then opened again")],
        required=True,
        default="waiting",
    )
    date_start = fields.Datetime(string="From", required=True)
    date_end = fields.Datetime(string="To", help="Empty: still waiting.")

    _order_check = models.Constraint(
        "CHECK (date_end >= date_start)", "A pause cannot end before it starts."
    )
    _open_uniq = models.UniqueIndex(
        "(case_id) WHERE date_end IS NULL", "The case is paused already."
    )
