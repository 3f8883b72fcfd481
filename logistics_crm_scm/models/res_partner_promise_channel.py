from odoo import fields, models

CHANNELS = [
    ("email", "E-mail"),
    ("portal", "Message in the portal"),
    ("phone", "Call by the account team"),
    ("none", "Not at all"),
]


class ResPartner(models.Model):
    _inherit = "res.partner"

    promise_channel = fields.Selection(
        CHANNELS,
        string="Told of New Dates",
        help="How this customer wants to hear when a delivery comes later than promised, or could"
        " come earlier. Empty: nobody has asked yet, and nothing is sent.",
    )

    def _get_promise_channel(self):
        """Return the channel that a customer chose, here or at its company; False for none."""
        self.ensure_one()
        channel = self.promise_channel or self.commercial_partner_id.promise_channel
        return channel if channel != "none" else False

    def _has_portal_user(self):
        """Tell whether somebody of this customer can read its orders in the portal."""
        # sudo: who works with a customer need not see its users
        people = self.sudo() | self.sudo().commercial_partner_id.child_ids
        users = (people | self.sudo().commercial_partner_id).user_ids
        return any(user.active and user.share for user in users)
