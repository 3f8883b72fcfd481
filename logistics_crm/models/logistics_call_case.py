from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import plaintext2html


class LogisticsCall(models.Model):
    """Show calls in the conversation of their case, and make cases and leads of calls."""

    _inherit = "logistics.call"

    @api.model_create_multi
    def create(self, vals_list):
        """Choose the message that shows a call by itself."""
        for vals in vals_list:
            self._check_names_no_message(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Choose the message that shows a call by itself."""
        self._check_names_no_message(vals)
        return super().write(vals)

    def _check_names_no_message(self, vals):
        """Refuse a message that a user names: it would be written over."""
        if vals.get("case_message_id") and not self.env.su:
            raise AccessError(self.env._("A call is shown in its case by the system alone."))

    def _show_on_case(self):
        """Post the call on its case once it is over, and keep that message up to date."""
        for call in self.filtered(lambda call: call.case_id and (call.outcome or call.note)):
            # sudo: the message belongs to a case that the user may work on, not to its author
            message = call.case_message_id.sudo()
            if message.model == "logistics.case" and message.res_id == call.case_id.id:
                message.body = call._get_case_text()
            else:
                message = call.case_id.message_post(
                    body=call._get_case_text(), subtype_xmlid="mail.mt_note"
                )
                # sudo: see `_check_names_no_message`
                call.sudo().case_message_id = message

    def _get_case_text(self):
        self.ensure_one()
        outcome = dict(self._fields["outcome"]._description_selection(self.env)).get(self.outcome)
        seconds = round(self.duration * 3600)
        length = f"{seconds // 60}:{seconds % 60:02}" if seconds else False
        facts = ", ".join(filter(None, (self.number, outcome, length)))
        text = Markup("<p>☎ <strong>%s</strong> (%s)</p>") % (self.display_name, facts)
        return text + (plaintext2html(self.note) if self.note else Markup())

    def action_create_case(self):
        """Open a new case of the caller with what was said."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Case"),
            "res_model": "logistics.case",
            "views": [(False, "form")],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_partner_phone": self.number,
                "default_channel": "phone",
                "default_description": self.note and plaintext2html(self.note),
                "default_call_ids": [Command.link(self.id)],
                "default_company_id": self.company_id.id,
            },
        }
