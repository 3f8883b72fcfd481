from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.logistics_crm.models.res_partner_key_account import KEY_ACCOUNT_CLASSES


@dataclass(frozen=True, slots=True)
class Share:
    """What is left of an allocation.

    Attributes
    ----------
    place : tuple of (int, int)
        Product and warehouse.
    left : float
        In the product's unit.
    name : str
        Of the allocation.
    customers : frozenset of int
        Companies that it is for.
    classes : str
        Class that it is for, or an empty text.
    """

    place: tuple
    left: float
    name: str
    customers: frozenset
    classes: str

    def serves(self, customer):
        """Tell whether a customer's company may take from it."""
        return customer.id in self.customers or bool(
            self.classes and customer.key_account_class == self.classes
        )


class LogisticsPromiseAllocation(models.Model):
    """Goods that are set aside for some customers: nobody else is promised them.

    What these customers are promised while it is valid is taken from it, wherever it comes from.
    """

    _name = "logistics.promise.allocation"
    _description = "Allocation"
    _inherit = "logistics.company.record"
    _order = "date_to, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="Why: it is shown where a promise is explained.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        check_company=True,
        domain="[('type', '=', 'consu')]",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        default=lambda self: self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    quantity = fields.Float(digits="Product Unit", required=True, help="In the product's own unit.")
    unit_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(help="Last day; no end when empty.")
    partner_ids = fields.Many2many("res.partner", string="Customers", check_company=True)
    key_account_class = fields.Selection(KEY_ACCOUNT_CLASSES, string="Customer Class")
    # sudo: what is left is the same for whoever looks
    used = fields.Float(
        compute="_compute_used",
        compute_sudo=True,
        digits="Product Unit",
        help="Promised to these customers while it is valid.",
    )
    left = fields.Float(compute="_compute_used", compute_sudo=True, digits="Product Unit")
    cost = fields.Integer(
        string="Quotations Later",
        compute="_compute_cost",
        compute_sudo=True,
        help="Lines of open quotations to others that are promised later because of it.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "An allocation needs a quantity of more than 0."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An allocation cannot end before it begins.",
    )

    @api.constrains("name", "partner_ids", "key_account_class")  # the name: always given
    def _check_somebody(self):
        for allocation in self:
            if not allocation.partner_ids and not allocation.key_account_class:
                raise ValidationError(
                    self.env._(
                        "Say whom “%(name)s” is for: customers, or a class.", name=allocation.name
                    )
                )

    @api.depends("product_id", "warehouse_id", "quantity", "date_from", "date_to")
    def _compute_used(self):
        """Add up what the customers were promised of the products, also within others."""
        taken = self._get_taken()
        for allocation in self:
            allocation.used = sum(
                quantity for *found, quantity in taken if allocation._counts(*found)
            )
            allocation.left = max(0.0, allocation.quantity - allocation.used)

    def _get_taken(self):
        """Return what promises with a date are made of; the queries are constant.

        Returns
        -------
        list of (product.product, stock.warehouse, res.partner, date, float)
            Product, where it is taken from, customer, day of the promise, and quantity in the
            product's unit, as far as it was not given up.
        """
        domain = (
            Domain("product_id", "in", self.product_id.ids)
            & Domain("line_id.state", "!=", "cancelled")
            & Domain("line_id.date", "!=", False)
        )
        groups, components = (
            self.env[model]._read_group(
                domain, ["product_id", "warehouse_id", "line_id"], ["quantity:sum"]
            )
            for model in ("logistics.promise.part", "logistics.promise.component")
        )
        groups += components
        lines = self.env["logistics.promise.line"].union(*(line for _p, _w, line, _q in groups))
        left = lines._get_left_shares()
        taken = [
            (product, warehouse, line.partner_id, line.held_on, quantity * left[line])
            for product, warehouse, line, quantity in groups
        ]
        return taken + self._get_taken_later(groups, left)

    def _get_taken_later(self, groups, left):
        """Return what no part tells: promised without a date, and agreed when it was on order."""
        told = {}
        for product, _warehouse, line, quantity in groups:
            if product == line.product_id:
                told[line] = told.get(line, 0.0) + quantity * left[line]
        later = []
        for line, known in told.items():
            product = line.product_id
            units = self.env["logistics.promise"]._get_moved_units(
                line.quantity, line.unit_id, product
            )
            if product.uom_id.compare(units, known) > 0:
                place = line.warehouse_id or line.order_id.warehouse_id
                later.append((product, place, line.partner_id, line.held_on, units - known))
        return later

    def _compute_cost(self):
        """Count what it costs others; shown on the form only, two rounds of promising each."""
        for allocation in self:
            allocation.cost = len(allocation._get_later_lines())

    def _counts(self, product, warehouse, partner, day):
        return (
            product == self.product_id
            and warehouse == self.warehouse_id
            and self.date_from <= day <= (self.date_to or day)
            and self._get_share(0.0).serves(partner.with_company(self.company_id))
        )

    def _get_share(self, left):
        return Share(
            (self.product_id.id, self.warehouse_id.id),
            left,
            self.name,
            frozenset(self.partner_ids.commercial_partner_id.ids),
            self.key_account_class or "",
        )

    def action_show_cost(self):
        """Show the open quotations of other customers that would be promised earlier without."""
        self.ensure_one()
        lines = self._get_later_lines()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotations later because of “%(name)s”", name=self.name),
            "res_model": "sale.order.line",
            "view_mode": "list,form",
            "domain": [("id", "in", lines.ids)],
            "help": self.env._("No open quotation is promised later because of it."),
        }

    def _get_later_lines(self):
        """Return the open quotation lines that this allocation makes later.

        As if all of them were confirmed now, with it and without it.
        """
        lines = self.env["sale.order.line"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ["draft", "sent"]),
            ]
        )
        lines = lines.filtered("promise_wanted")
        demands = [line._prepare_promise_demand() for line in lines]
        engine = self.env["logistics.promise"]
        free = engine.with_context(without_allocations=self.ids)
        dates = [
            [item.date for item in one._promise(demands, self.company_id)] for one in (engine, free)
        ]
        return lines.browse(
            line.id
            for line, now, without in zip(lines, *dates, strict=True)
            if without and (not now or without < now)
        )


class LogisticsPromise(models.AbstractModel):
    _inherit = "logistics.promise"

    @api.model
    def _get_allocations(self, scene, products):
        """Return what is left of the allocations that are valid now (list of Share)."""
        today = fields.Date.context_today(self)
        allocations = self.env["logistics.promise.allocation"].search(
            [
                ("company_id", "=", scene.company.id),
                ("product_id", "in", products.ids),
                ("date_from", "<=", today),
                ("id", "not in", self.env.context.get("without_allocations", [])),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", today),
            ]
        )
        return [one._get_share(one.left) for one in allocations if one.left > 0]
