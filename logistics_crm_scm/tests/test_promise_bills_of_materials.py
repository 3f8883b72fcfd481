from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_production_common import TableMixin


@tagged("post_install", "-at_install")
class TestPromiseBillsOfMaterials(TableMixin, TransactionCase):
    """A table takes two days by the bill for the second warehouse, twenty by that for the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._warehouse("W2")
        cls.bom.write({"picking_type_id": cls.second.manu_type_id.id, "sequence": 1})
        for warehouse in (cls.warehouse, cls.second):
            cls._stock(100, cls.leg, warehouse)

    def _add_own(self, **values):
        """Return the bill of materials for the first warehouse."""
        own = {"picking_type_id": self.warehouse.manu_type_id.id, "sequence": 2, **values}
        return self._bom(self.table, [(self.leg, 4)], produce_delay=20, **own)

    def _ask_here(self, quantity, warehouse=None):
        return self._ask(quantity, self.table, warehouse=warehouse or self.warehouse, only=True)

    def test_each_warehouse_makes_it_by_its_own(self):
        self._add_own()
        self.assert_promised(self._ask_here(3), day(21), [("production", 3)])
        self.assert_promised(self._ask_here(3, self.second), day(2), [("production", 3)])

    def test_one_without_an_operation_type_serves_every_warehouse_in_its_turn(self):
        self._add_own(picking_type_id=False)
        self.assert_promised(self._ask_here(3), day(21))
        self.assert_promised(self._ask_here(3, self.second), day(2))
        self.bom.sequence = 3
        self.assert_promised(self._ask_here(3, self.second), day(21))

    def test_another_operation_type_of_the_same_warehouse_serves_it_where_no_other_does(self):
        bench = self.warehouse.manu_type_id.copy({"name": "Bench", "sequence_code": "BEN"})
        self.bom.picking_type_id = bench
        self.assert_promised(self._ask_here(3), day(2))
        self._add_own()
        self.assert_promised(self._ask_here(3), day(21))

    def test_odoo_makes_it_by_the_bill_that_was_promised(self):
        own = self._add_own()
        held = self._confirm(
            3, self.table, warehouse_id=self.warehouse.id, promise_sourcing="warehouse"
        )
        self.assertEqual(held.date, day(21))
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.table.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "company_id": self.company.id,
                "trigger": "auto",
            }
        )
        rule._procure_orderpoint_confirm(company_id=self.company)
        order = self.env["mrp.production"].search([("product_id", "=", self.table.id)])
        self.assertEqual(order.bom_id, own)
        self._assert_kept(held)

    def test_components_are_those_of_the_warehouse_that_makes_it(self):
        foot = self._product("Foot")
        self._bom(
            self.table, [(foot, 4)], picking_type_id=self.warehouse.manu_type_id.id, sequence=2
        )
        self.assertFalse(self._ask_here(1).date)
        self._receipt(4, day(3), foot)
        promised = self._ask_here(1)
        self.assert_promised(promised, day(3))
        self.assertIn("Foot is what it waits for", promised.explanation)
        held = self._confirm(1, self.table)
        self.assertEqual(held.warehouse_id, self.second)
        self._assert_kept(held)

    def test_what_only_another_warehouse_makes_is_not_known_here_and_said_why(self):
        self._supplier(12, self.table)
        promised = self._ask_here(3)
        self.assertFalse(promised.date)
        self.assertIn(
            f"bills of materials of Table are for other warehouses than {self.warehouse.name}",
            promised.explanation,
        )
        buy = self.warehouse.buy_pull_id.route_id
        buy.product_selectable = True
        self.table.route_ids = buy
        self.assert_promised(self._ask_here(3), day(14), [("supplier", 3)])

    def test_bills_for_operation_types_cost_no_query(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._ask(3, self.table)
            return self.env.cr.sql_log_count - before

        own = self._add_own()
        count()
        several = count()
        (self.bom | own).picking_type_id = False
        self.assertLessEqual(several, count() + 2)
