from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..tools.recipe_pairs import follow, get_pairs
from .logistics_promise_mrp import OPEN_MOVE, OPEN_ORDER
from .logistics_promise_recheck import NOTED

LATELY = timedelta(hours=1)  # longer than a transaction


class LogisticsPromiseRecheck(models.Model):
    """What is made, and what it is made of, are checked again when either changes."""

    _inherit = "logistics.promise.recheck"

    def _write_noted(self):
        """Note, beside products, what is made of them for promises, and what they are made of."""
        noted = self.env.cr.precommit.data.get(NOTED)
        engine = self.env["logistics.promise"]
        if noted and engine._has_production():
            # whose they are: nearly always one company
            for company in self.env["res.company"].browse({key[1] for key in noted}):
                keys = [one for one in noted if one[1] == company.id]
                told = {(key[0], key[-1]) for key in keys}  # of a document itself: says more
                made = engine._get_promised_production(company)
                products = {key[0] for key in keys}
                above = get_pairs(engine._follow_needs(made, company))
                above |= self._get_order_pairs(products, company)
                above |= engine._get_content_pairs(self._get_undated(company), company)
                below = self._get_taken_pairs(products, company)
                for key in keys:
                    for product in follow([key[0]], above) | follow([key[0]], below):
                        if (product, key[-1]) not in told:
                            noted[product, *key[1:]] = True
        return super()._write_noted()

    def _get_undated(self, company):
        """Return the products of held promises without a date, of which no part tells anything."""
        groups = self.env["logistics.promise.line"]._read_group(
            [("company_id", "=", company.id), ("state", "=", "held"), ("date", "=", False)],
            ["product_id"],
        )
        return self.env["product.product"].union(*(product for (product,) in groups))

    def _get_taken_pairs(self, products, company):
        """Return {(what is made, component)} of promises that are held, or were a moment ago."""
        self.env["logistics.promise.line"].flush_model()
        self.env["logistics.promise.component"].flush_model()
        query = SQL(
            """SELECT DISTINCT l.product_id, c.product_id
            FROM logistics_promise_line l JOIN logistics_promise_component c ON c.line_id = l.id
            WHERE l.product_id = ANY(%s) AND l.company_id = %s
                AND (l.state = 'held' OR l.write_date >= %s)""",
            list(products),
            company.id,
            fields.Datetime.now() - LATELY,
        )
        return set(self.env.execute_query(query))

    def _get_order_pairs(self, products, company):
        """Return {(component, what is made of it)} of open manufacturing orders, level by level."""
        pairs, new = set(), products
        while new:
            moves = self.env["stock.move"].search_fetch(
                [
                    ("product_id", "in", list(new)),
                    ("company_id", "=", company.id),
                    OPEN_MOVE,
                    ("raw_material_production_id", "any", [OPEN_ORDER]),
                ],
                ["product_id", "raw_material_production_id"],
            )
            found = {
                (one.product_id.id, one.raw_material_production_id.product_id.id) for one in moves
            }
            new = {product for _component, product in found - pairs}
            pairs |= found
        return pairs
