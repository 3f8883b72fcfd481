from .promise_common import day
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

    @classmethod
    def _set_aside(cls, quantity, product):
        """Return the customer whom so much of a product is set aside for."""
        customer = cls._create_customer("Key")
        cls.env["logistics.promise.allocation"].create(
            {
                "name": "Spring",
                "company_id": cls.company.id,
                "product_id": product.id,
                "warehouse_id": cls.warehouse.id,
                "quantity": quantity,
                "partner_ids": customer.ids,
            }
        )
        return customer


class TableMixin(ProductionMixin):
    """A table is made of four legs in two days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leg, cls.table = cls._product("Leg"), cls._product("Table")
        cls.bom = cls._bom(cls.table, [(cls.leg, 4)], produce_delay=2)
        cls.queue = cls.env["logistics.promise.recheck"]

    def _follow_up(self, *promises):
        """Look at promises one by one and together, as events and the night do."""
        every = self.env["logistics.promise.line"].union(*promises)
        for some in (*promises, every):
            self.engine.sudo()._follow_up(some.sudo(), {})

    def _assert_kept(self, *promises):
        self._follow_up(*promises)
        for one in promises:
            self.assertEqual((one.expected_date, one.at_risk), (one.date, False))
            self.assertFalse(one.better_date)

    def _wanted(self, quantity, product, number):
        """Return the promise of an order that is wanted on a day."""
        return self._confirm(quantity, product, commitment_date=f"{day(number)} 12:00:00")

    def _make(self, quantity, begin=0, product=None):
        """Return a confirmed manufacturing order that begins on a day."""
        order = self.env["mrp.production"].create(
            {
                "product_id": (product or self.table).id,
                "product_qty": quantity,
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "date_start": f"{day(begin)} 08:00:00",
            }
        )
        order.action_confirm()
        return order

    def _forget(self):
        """Let nothing be queued of what happened until now."""
        self._queued()
        self.queue.search([]).unlink()

    def _queued(self):
        self.env.cr.precommit.run()
        return self.queue.search([]).product_id
