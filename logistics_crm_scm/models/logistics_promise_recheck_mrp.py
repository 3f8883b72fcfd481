from odoo import models

from .logistics_promise_recheck import NOTED


class LogisticsPromiseRecheck(models.Model):
    """What is promised from production is checked again when its components' supply changes."""

    _inherit = "logistics.promise.recheck"

    def _write_noted(self):
        """Note, beside components, what held promises have made of them."""
        noted = self.env.cr.precommit.data.get(NOTED)
        engine = self.env["logistics.promise"]
        if noted and engine._has_production():
            # whose they are: nearly always one company
            for company in self.env["res.company"].browse({key[1] for key in noted}):
                made = engine._get_promised_production(company)
                recipes = engine._follow_boms(made, company) if made else {}
                keys = [one for one in noted if one[1] == company.id]
                told = {(key[0], key[-1]) for key in keys}  # of a document itself: says more
                for key in keys:
                    for product in self._get_made_of(key[0], recipes) & set(made.ids):
                        if (product, key[-1]) not in told:
                            noted[product, *key[1:]] = True
        return super()._write_noted()

    def _get_made_of(self, component, recipes):
        """Return the products that a component goes into, directly or through others."""
        found, new = set(), {component}
        while new:
            new = {
                product
                for product, (_bom, parts) in recipes.items()
                if new & {need for need, _factor in parts}
            } - found
            found |= new
        return found
