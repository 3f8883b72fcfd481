from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    # the customer's timeline finds payments by it
    partner_id = fields.Many2one(index="btree_not_null")
