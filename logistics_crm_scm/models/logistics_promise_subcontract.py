from odoo import api, models


class LogisticsPromise(models.AbstractModel):
    """Suppliers who make it of our components, where Odoo's subcontracting is installed."""

    _inherit = "logistics.promise"

    @api.model
    def _get_delays(self, scene, sellers):
        """Let a subcontractor take the time of its bill of materials if that is longer, as Odoo."""
        delays = super()._get_delays(scene, sellers)
        for product, bom in self._get_subcontracts(sellers, scene.company).items():
            scene.subcontracted.add(product)
            days = bom.produce_delay + bom.days_to_prepare_mo
            delays[product] = max(delays[product], days)
        return delays

    @api.model
    def _get_subcontracts(self, sellers, company):
        """Return {product: mrp.bom} by which its supplier makes it, in one query."""
        if not sellers or not self._has_production():
            return {}
        boms = self.env["mrp.bom"]
        if "subcontractor_ids" not in boms._fields:
            return {}
        products = self.env["product.product"].browse(sellers)
        domain = boms._bom_find_domain(products, company_id=company.id, bom_type="subcontract")
        # in the order of Odoo's own choice for one product
        boms = boms.search(domain, order="sequence, product_id, id")
        by_template, found = boms.grouped("product_tmpl_id"), {}
        for product in products if boms else ():
            makers = self._get_self_and_parents(sellers[product.id].partner_id)
            for bom in by_template.get(product.product_tmpl_id, ()):
                if makers & bom.subcontractor_ids and bom.product_id <= product:
                    found[product.id] = bom
                    break
        return found

    @api.model
    def _get_self_and_parents(self, partner):
        found = partner
        while partner.parent_id - found:
            partner = partner.parent_id
            found |= partner
        return found
