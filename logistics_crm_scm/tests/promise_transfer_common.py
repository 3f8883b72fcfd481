from datetime import datetime, time


class TransferMixin:
    """Beside the company's first warehouse a central one and one far away, which send it goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.central, cls.far = cls._warehouse("W2"), cls._warehouse("W3")

    @classmethod
    def _resupply(cls, quantity, planned, product=None, source=None, target=None):
        """Have goods moved by the route, from the central warehouse to the first if not said.

        Returns those that leave the source's stock, and all moves of the product.
        """
        source, target = source or cls.central, target or cls.warehouse
        target.resupply_wh_ids |= source
        product = product or cls.product
        routes = target.resupply_route_ids.filtered(lambda one: one.supplier_wh_id == source)
        values = {
            "warehouse_id": target,
            "route_ids": routes,
            "date_planned": datetime.combine(planned, time(12)),
        }
        stock, unit = target.lot_stock_id, product.uom_id
        names = "Resupply", "Resupply"
        rules = cls.env["stock.rule"]
        rules.run([rules.Procurement(product, quantity, unit, stock, *names, cls.company, values)])
        moves = cls.env["stock.move"].search(
            [("product_id", "=", product.id), ("company_id", "=", cls.company.id)]
        )
        return moves.filtered(lambda move: move.location_id == source.lot_stock_id), moves

    @classmethod
    def _transfer(cls, quantity, planned, source=None, target=None, product=None):
        """Return a confirmed transfer that somebody typed, with nothing reserved for it."""
        source, target = source or cls.central, target or cls.warehouse
        places = {
            "location_id": source.lot_stock_id.id,
            "location_dest_id": target.lot_stock_id.id,
        }
        move = {
            "product_id": (product or cls.product).id,
            "product_uom_qty": quantity,
            "date": datetime.combine(planned, time(12)),
            **places,
        }
        picking = cls.env["stock.picking"].create(
            {"picking_type_id": target.int_type_id.id, "move_ids": [(0, 0, move)], **places}
        )
        picking.action_confirm()
        picking.move_ids.date = datetime.combine(planned, time(12))
        picking.do_unreserve()
        return picking
