from odoo import fields, models


class AccountMove(models.Model):
    """A credit note knows the case that it settles."""

    _inherit = "account.move"

    logistics_case_id = fields.Many2one(
        "logistics.case",
        string="Case",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="restrict",
        groups="logistics_crm.group_logistics_user,account.group_account_readonly,"
        "account.group_account_invoice",
    )
