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
