from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class MailActivity(models.Model):
    """Notes of visits: what was said becomes a case or a call by one click."""

    _inherit = "mail.activity"

    def action_visit_done(self):
        """Mark a visit as done; what was said goes into the customer's conversation."""
        self.ensure_one()
        self.action_feedback(feedback=self.feedback)
        return True

    def action_create_case(self):
        """Open a new case of the customer visited, with what was said."""
        partner = self._get_customer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Case"),
            "res_model": "logistics.case",
            "views": [(False, "form")],
            "context": {
                "default_partner_id": partner.id,
                "default_name": self.summary,
                "default_channel": "visit",
                "default_description": (self.feedback and plaintext2html(self.feedback))
                or self.note,
            },
        }

    def action_log_call(self):
        """Log a call with the customer visited."""
        partner = self._get_customer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log Call"),
            "res_model": "logistics.call",
            "views": [(False, "form")],
            "context": {
                "default_partner_id": partner.id,
                "default_number": partner.phone or partner.commercial_partner_id.phone,
                "default_direction": "out",
                "default_outcome": "answered",
                "default_user_id": self.env.uid,
                "default_note": self.feedback,
            },
        }

    def _get_customer(self):
        """Return the contact whom the activity's document is about."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id) if self.res_model else None
        partner = record and record._mail_get_partners()[record.id][:1]
        if not partner:
            raise UserError(
                self.env._(
                    "%(document)s has no customer: plan the visit on a customer or a lead that "
                    "has one.",
                    document=self.res_name or self.display_name,
                )
            )
        return partner
