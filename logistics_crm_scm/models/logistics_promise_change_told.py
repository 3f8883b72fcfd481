from odoo import fields, models


class LogisticsPromiseChange(models.Model):
    _inherit = "logistics.promise.change"

    kind = fields.Selection(
        selection_add=[
            ("told_date", "Customer told"),
            ("better_offered", "Earlier date offered"),
            ("asked_date", "Earlier receipt asked for"),
        ],
        ondelete={"told_date": "cascade", "better_offered": "cascade", "asked_date": "cascade"},
    )
