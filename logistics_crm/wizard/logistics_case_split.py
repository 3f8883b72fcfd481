from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.logistics_case_merge import MOVED_MESSAGES


class LogisticsCaseSplit(models.TransientModel):
    """Make a case of its own of some messages of a case."""

    _name = "logistics.case.split"
    _description = "Split Case"

    case_id = fields.Many2one("logistics.case", required=True, ondelete="cascade")
    name = fields.Char(string="Subject of the New Case", required=True)
    category_id = fields.Many2one(
        "logistics.case.category",
        compute="_compute_from_case",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    line_ids = fields.One2many(
        "logistics.case.split.line",
        "wizard_id",
        compute="_compute_from_case",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends("case_id")
    def _compute_from_case(self):
        for wizard in self:
            messages = wizard.case_id.message_ids.filtered(
                lambda message: message.message_type in MOVED_MESSAGES
            )
            wizard.category_id = wizard.case_id.category_id
            wizard.line_ids = [Command.clear()] + [
                Command.create({"message_id": message.id}) for message in messages
            ]

    def action_split(self):
        """Open the new case."""
        self.ensure_one()
        messages = self.line_ids.filtered("is_chosen").message_id
        if not messages:
            raise UserError(self.env._("Choose the messages that the new case is about."))
        case = self.case_id._split_off(
            messages, {"name": self.name, "category_id": self.category_id.id}
        )
        return case.get_formview_action()
