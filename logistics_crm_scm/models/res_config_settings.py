from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    promise_sourcing = fields.Selection(related="company_id.promise_sourcing", readonly=False)
