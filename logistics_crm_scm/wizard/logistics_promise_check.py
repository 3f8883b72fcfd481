from odoo import api, fields, models

from ..tools.promise_data import Demand


class LogisticsPromiseCheck(models.TransientModel):
    """When could we deliver? Asked without an order; nothing is held by asking."""

    _name = "logistics.promise.check"
    _description = "Check a Promise"

    product_id = fields.Many2one(
        "product.product", required=True, domain="[('type', '=', 'consu')]"
    )
    allowed_unit_ids = fields.Many2many("uom.uom", compute="_compute_allowed_unit_ids")
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
    unit_id = fields.Many2one(
        "uom.uom",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', allowed_unit_ids)]",
    )
    ship_to_id = fields.Many2one("res.partner")
    wanted_date = fields.Date(help="Not to be delivered before. As soon as possible when empty.")
    promise_info = fields.Json(compute="_compute_promise_info")

    @api.depends("product_id")
    def _compute_allowed_unit_ids(self):
        """Offer the units in which the product is sold."""
        for check in self:
            check.allowed_unit_ids = check.product_id.uom_id | check.product_id.uom_ids

    @api.depends("product_id")
    def _compute_unit_id(self):
        for check in self:
            if check.unit_id not in check.allowed_unit_ids or not check.unit_id:
                check.unit_id = check.product_id.uom_id

    @api.depends("product_id", "quantity", "unit_id", "ship_to_id", "wanted_date")
    def _compute_promise_info(self):
        self.env["logistics.api"]._check_promise_rights()
        engine = self.env["logistics.promise"]
        self.promise_info = False
        for check in self.filtered("product_id"):
            demand = check._prepare_demand()
            promised = engine._promise([demand])[0]
            check.promise_info = engine._format_promise(promised)

    def _prepare_demand(self):
        return Demand(
            product=self.product_id._origin,
            quantity=self.quantity,
            unit=self.unit_id._origin,
            wanted=self.wanted_date,
            **self.ship_to_id._get_promise_terms(self.env.company),
        )
