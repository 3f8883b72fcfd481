from odoo import fields, models

from ..tools.case_values import STATES


class LogisticsCaseStage(models.Model):
    """A column of the case board; its state tells the clock and the rules what it means."""

    _name = "logistics.case.stage"
    _description = "Case Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    state = fields.Selection(
        STATES,
        required=True,
        default="open",
        help="What the stage means: deadlines stand still while waiting for the customer and end "
        "when the case is solved.",
    )
    fold = fields.Boolean(string="Folded in Kanban")
    active = fields.Boolean(default=True)
