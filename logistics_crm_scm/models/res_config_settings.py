from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    promise_sourcing = fields.Selection(related="company_id.promise_sourcing", readonly=False)
    promise_grace_hours = fields.Float(related="company_id.promise_grace_hours", readonly=False)
