from odoo import models


class LogisticsApi(models.AbstractModel):
    """The one door for other systems: each add-on adds its methods to this model."""

    _name = "logistics.api"
    _description = "Logistics CRM API"
