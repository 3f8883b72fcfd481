from odoo import api, fields, models

from ..tools.promise_data import Demand


class LogisticsLeadProduct(models.Model):
    """A product that a lead asks for: when could we deliver it?"""

    _name = "logistics.lead.product"
    _description = "Product of a Lead"
    _order = "lead_id, sequence, id"
    _rec_name = "product_id"

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product", required=True, domain="[('sale_ok', '=', True)]", ondelete="cascade"
    )
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
    unit_id = fields.Many2one(
        "uom.uom",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    promise_date = fields.Date(string="Promise", compute="_compute_promise", compute_sudo=True)
    promise_likely_date = fields.Date(
        string="Likely", compute="_compute_promise", compute_sudo=True
    )
    promise_info = fields.Json(compute="_compute_promise", compute_sudo=True)
    promise_explanation = fields.Text(string="Why", compute="_compute_promise", compute_sudo=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a product must be more than 0."
    )

    @api.depends("product_id")
    def _compute_unit_id(self):
        for line in self:
            line.unit_id = line.product_id.uom_id

    @api.depends(
        "product_id", "quantity", "unit_id", "lead_id.partner_id", "lead_id.promise_wanted_date"
    )
    def _compute_promise(self):
        """Ask for all lines of a company at once; nothing is held."""
        # sudo (compute): who may read a lead may read when its products could be delivered
        self.promise_date = self.promise_likely_date = False
        self.promise_info = self.promise_explanation = False
        engine = self.env["logistics.promise"]
        ready = self.filtered(lambda line: line.product_id and line.unit_id)
        for company, lines in ready.grouped(lambda line: line.lead_id.company_id).items():
            company = company or self.env.company
            terms = {
                partner: partner._get_promise_terms(company)
                for partner in {line.lead_id.partner_id._origin for line in lines}
            }
            demands = [line._prepare_promise_demand(terms) for line in lines]
            promised = engine._promise(demands, company)
            for line, item in zip(lines, promised, strict=True):
                line.promise_date = item.date
                line.promise_likely_date = item.likely_date
                line.promise_info = engine._format_promise(item)
                line.promise_explanation = item.explanation

    def _prepare_promise_demand(self, terms):
        """Return the demand; `terms` are those of an order, by customer."""
        partner = self.lead_id.partner_id._origin
        return Demand(
            product=self.product_id._origin,
            quantity=self.quantity,
            unit=self.unit_id._origin,
            wanted=self.lead_id.promise_wanted_date,
            **terms[partner],
        )

    def _prepare_order_line(self):
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "product_uom_id": self.unit_id.id,
        }
