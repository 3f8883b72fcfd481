from odoo import api, models


class LogisticsPromise(models.AbstractModel):
    """Suppliers who make it of our components, where Odoo's subcontracting is installed."""

    _inherit = "logistics.promise"

    @api.model
    def _get_delays(self, scene, infos):
        """Let a subcontractor take the time of its bill of materials if that is longer, as Odoo."""
        delays = super()._get_delays(scene, infos)
        for (product, info), bom in self._get_subcontracts(infos, scene.company).items():
            scene.subcontracted.setdefault(product, set()).add(info.partner_id.id)
            days = bom.produce_delay + bom.days_to_prepare_mo
            delays[product, info] = max(delays[product, info], days)
        return delays

    @api.model
    def _get_subcontracts(self, infos, company):
        """Return {(product, product.supplierinfo): mrp.bom} by which it is made, in one query."""
        if not infos or not self._has_production():
            return {}
        boms = self.env["mrp.bom"]
        if "subcontractor_ids" not in boms._fields:
            return {}
        products = self.env["product.product"].browse(sorted({product for product, _info in infos}))
        domain = boms._bom_find_domain(products, company_id=company.id, bom_type="subcontract")
        # in the order of Odoo's own choice for one product
        boms = boms.search(domain, order="sequence, product_id, id")
        by_template, found = boms.grouped("product_tmpl_id"), {}
        for number, info in infos if boms else ():
            product = products.browse(number)
            makers = self._get_self_and_parents(info.partner_id)
            for bom in by_template.get(product.product_tmpl_id, ()):
                if makers & bom.subcontractor_ids and bom.product_id <= product:
                    found[number, info] = bom
                    break
        return found

    @api.model
    def _get_self_and_parents(self, partner):
        found = partner
        while partner.parent_id - found:
            partner = partner.parent_id
            found |= partner
        return found
