from .promise_module_common import ModuleMixin


class ProductionMixin(ModuleMixin):
    module = "mrp"

    @classmethod
    def _bom(cls, product, parts, kind="normal", **values):
        """Return a bill of materials of [(component, quantity)]."""
        lines = [
            (0, 0, {"product_id": part.id, "product_qty": quantity}) for part, quantity in parts
        ]
        values = {"product_tmpl_id": product.product_tmpl_id.id, "product_id": product.id, **values}
        return cls.env["mrp.bom"].create(
            {**values, "type": kind, "bom_line_ids": lines, "company_id": cls.company.id}
        )
