from odoo import fields, models

PROMISE_READERS = (
    "logistics_crm.group_logistics_user,logistics_crm_scm.group_dispatcher,"
    "sales_team.group_sale_salesman"
)
SOURCING = [
    ("warehouse", "From the order's warehouse only"),
    ("single", "Each product from one warehouse"),
    ("split", "From several warehouses where that is earlier"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    promise_sourcing = fields.Selection(
        SOURCING,
        string="Sourcing",
        default="single",
        required=True,
        help="From which warehouses orders are promised, where the customer has no wish.",
    )
