from odoo import fields, models


class LogisticsFlowStage(models.Model):
    """A step that every order takes: who does it, and after how many days it is stuck."""

    _name = "logistics.flow.stage"
    _description = "Order Flow Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10, required=True)
    role_id = fields.Many2one(
        "logistics.account.role",
        ondelete="restrict",
        help="Who does the step for the customer: the member of its account team, else who does "
        "the role in general.",
    )
    salesperson_first = fields.Boolean(
        help="The salesperson of the document does the step; the role only where there is none."
    )
    days = fields.Integer(string="Stuck after Days", default=7, required=True)
    fold = fields.Boolean(string="Folded in Kanban")

    _code_uniq = models.UniqueIndex("(code)", "Another stage of the order flow has this code.")
