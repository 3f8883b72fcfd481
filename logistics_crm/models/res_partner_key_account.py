from odoo import fields, models

from .res_partner_team import GROUP

KEY_ACCOUNT_CLASSES = [("a", "A: key account"), ("b", "B: regular"), ("c", "C: occasional")]


class ResPartner(models.Model):
    _inherit = "res.partner"

    key_account_class = fields.Selection(
        KEY_ACCOUNT_CLASSES,
        string="Customer Class",
        company_dependent=True,
        copy=False,
        groups=GROUP,
        help="How much depends on this customer. Set by hand, or by the key account task of"
        " Logistics CRM: Mining.",
    )
