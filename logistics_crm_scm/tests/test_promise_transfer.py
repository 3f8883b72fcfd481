from datetime import datetime, time

from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm_scm.tools.promise_data import Demand

from .promise_common import day
from .promise_recheck_common import RecheckMixin
from .promise_transfer_common import TransferMixin


@tagged("post_install", "-at_install")
class TestPromiseTransfer(TransferMixin, RecheckMixin, TransactionCase):
    """What is to come from another warehouse of ours, which may not have it."""

    def _here(self, quantity, **values):
        """Return what the first warehouse alone promises."""
        return self._ask(quantity, warehouse=self.warehouse, only=True, **values)

    def _there(self, quantity, **values):
        return self._ask(quantity, warehouse=self.central, only=True, **values)

    def assert_not_known(self, promised, *words):
        self.assertFalse(promised.date, promised.explanation)
        for word in words:
            self.assertIn(word, promised.explanation)

    # ------------------------------------------------------------
    # WHAT IS NOT THERE
    # ------------------------------------------------------------

    def test_a_transfer_out_of_an_empty_warehouse_brings_nothing(self):
        picking = self._transfer(10, day(2))
        self.assert_not_known(
            self._ask(1),
            f"10 Units of Bolt are to come by {picking.name} from Warehouse W2, which does not"
            " have them.",
        )

    def test_a_resupply_out_of_an_empty_warehouse_brings_nothing(self):
        leg, moves = self._resupply(10, day(2))
        self.assertEqual((leg.state, len(moves)), ("confirmed", 2))
        last = moves - leg
        self.assert_not_known(
            self._ask(1), f"to come by {last.picking_id.name} from Warehouse W2, which does not"
        )

    def test_a_reordering_rule_that_resupplies_from_an_empty_warehouse_brings_nothing(self):
        self.warehouse.resupply_wh_ids = self.central
        self.product.route_ids = self.warehouse.resupply_route_ids
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "product_min_qty": 10,
                "product_max_qty": 10,
                "trigger": "auto",
                "warehouse_id": self.warehouse.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "company_id": self.company.id,
            }
        ).action_replenish()
        self.assertTrue(
            self.env["stock.move"].search([("location_id", "=", self.central.lot_stock_id.id)])
        )
        self.assert_not_known(self._ask(10), "which does not have them")

    def test_no_more_is_promised_of_a_transfer_than_its_warehouse_has(self):
        self._stock(6, warehouse=self.central)
        self._transfer(10, day(2))
        self.assert_promised(self._here(6), day(2), [("receipt", 6)])
        self.assert_not_known(self._here(7), "4 Units of Bolt are to come by")
        self.assert_not_known(self._there(1))
        self.assert_not_known(self._ask(7, split=True))

    def test_what_is_reserved_for_a_transfer_is_sure_and_the_rest_is_not(self):
        self._stock(6, warehouse=self.central)
        picking = self._transfer(10, day(2))
        picking.action_assign()
        self.assertEqual(picking.move_ids.quantity, 6)
        self.assert_promised(self._here(6), day(2), [("receipt", 6)])
        self.assert_not_known(self._here(7), "4 Units of Bolt are to come by")
        self._stock(3, warehouse=self.central)
        self.assert_promised(self._here(9), day(2))
        self.assert_not_known(self._here(10))
        self.assert_not_known(self._there(1))

    def test_what_a_warehouse_has_beyond_a_transfer_is_promised_from_there(self):
        self._stock(12, warehouse=self.central)
        self._transfer(10, day(2))
        self.assert_promised(self._there(2), day(0))
        self.assert_not_known(self._there(3))
        self.assert_promised(self._here(10), day(2))

    def test_what_was_promised_from_a_warehouse_does_not_leave_by_a_transfer(self):
        self._stock(6, warehouse=self.central)
        promise = self._sold(
            4, warehouse_id=self.central.id, commitment_date=datetime.combine(day(4), time(12))
        )
        promise.order_id.picking_ids.do_unreserve()
        self._transfer(10, day(2))
        self.assert_promised(self._here(2), day(2))
        self.assert_not_known(self._here(3))
        self._recheck()
        self.assertFalse(promise.at_risk)

    # ------------------------------------------------------------
    # WHAT COMES LATER
    # ------------------------------------------------------------

    def test_a_transfer_waits_for_what_its_warehouse_has_on_order(self):
        self._transfer(10, day(1))
        self._receipt(4, day(3), warehouse=self.central)
        self._receipt(20, day(7), warehouse=self.central)
        promised = self._here(4)
        self.assert_promised(promised, day(3), [("receipt", 4)])
        self.assertIn("Warehouse W2 does not have the goods before", promised.explanation)
        self.assert_promised(self._here(10), day(7), [("receipt", 4), ("receipt", 6)])
        self.assert_promised(self._there(14), day(7))
        self.assert_not_known(self._there(15))
        self.assert_not_known(self._here(11))

    def test_the_way_between_the_warehouses_is_added(self):
        self.warehouse.resupply_wh_ids = self.central
        leg, moves = self._resupply(5, day(4))
        leg.date = datetime.combine(day(1), time(12))
        (moves - leg).date = datetime.combine(day(3), time(12))
        self._receipt(5, day(2), warehouse=self.central)
        self.assert_promised(self._here(5), day(4), [("receipt", 5)])

    def test_more_supply_of_the_other_warehouse_makes_nothing_later(self):
        self._stock(3)
        self._stock(3, warehouse=self.central)
        self._transfer(5, day(2))
        before = [self._ask(quantity, split=True).date for quantity in (3, 4, 6)]
        self.assertEqual(before, [day(0), day(2), day(2)])
        self._receipt(4, day(1), warehouse=self.central)
        after = [self._ask(quantity, split=True).date for quantity in (3, 4, 6)]
        self.assertEqual(after, [day(0), day(0), day(2)])
        self.assert_promised(self._ask(10, split=True), day(2))
        self.assert_not_known(self._ask(11, split=True))

    def test_what_nobody_buys_for_a_transfer_is_not_counted_on(self):
        self._supplier(3)
        self.warehouse.buy_to_resupply = False
        self._transfer(5, day(1))
        self.assert_not_known(self._here(5), "which does not have them")
        self.assert_promised(self._there(5), day(3), [("supplier", 5)])

    # ------------------------------------------------------------
    # SEVERAL STEPS
    # ------------------------------------------------------------

    def test_what_is_reserved_later_or_has_left_is_sure(self):
        leg, moves = self._resupply(10, day(2))
        self.assert_not_known(self._here(1))
        self._stock(10, warehouse=self.central)
        self.assert_promised(self._here(10), day(2))
        leg._action_assign()
        self.assertEqual(leg.state, "assigned")
        self.assert_promised(self._here(10), day(2))
        self._do(leg.picking_id, 7)
        self.assert_promised(self._here(10), day(2))
        rest = leg.search([("location_id", "=", leg.location_id.id), ("state", "=", "assigned")])
        self.assertEqual(rest.product_qty, 3)
        rest._do_unreserve()
        self._stock(-3, warehouse=self.central)
        self.assert_promised(self._here(7), day(2))
        self.assert_not_known(self._here(8), "3 Units of Bolt are to come by")

    def test_a_resupply_that_is_packed_first_is_followed_from_the_stock(self):
        self.central.delivery_steps = "pick_ship"
        self._stock(4, warehouse=self.central)
        _leg, moves = self._resupply(10, day(2))
        self.assertGreaterEqual(len(moves), 2)
        self.assert_promised(self._here(4), day(2))
        self.assert_not_known(self._here(5), "which does not have them")

    def test_goods_are_followed_over_two_warehouses(self):
        self._stock(4, warehouse=self.far)
        self._stock(1, warehouse=self.central)
        self._transfer(10, day(1), self.far, self.central)
        self._transfer(8, day(3), self.central, self.warehouse)
        self.assert_promised(self._here(5), day(3), [("receipt", 5)])
        self.assert_not_known(self._here(6), "3 Units of Bolt are to come by")
        self.assert_not_known(self._ask(6, split=True), "6 Units of Bolt are to come by")
        self._receipt(6, day(4), warehouse=self.far)
        self.assert_promised(self._here(8), day(4))
        self.assert_not_known(self._here(9))
        self.assert_promised(self._there(3), day(4))
        self.assert_not_known(self._ask(12, split=True))

    def test_transfers_in_a_circle_bring_nothing_that_is_not_there(self):
        self._transfer(5, day(1), self.central, self.warehouse)
        self._transfer(5, day(1), self.warehouse, self.far)
        self._transfer(5, day(1), self.far, self.central)
        self.assert_not_known(self._ask(1, split=True))
        self._stock(5, warehouse=self.far)
        self.assertTrue(self._ask(5, split=True).date)
        self.assert_not_known(self._ask(6, split=True))

    def test_the_rest_of_a_cancelled_resupply_brings_nothing(self):
        leg, moves = self._resupply(10, day(2))
        self._stock(10, warehouse=self.central)
        self.assert_promised(self._here(10), day(2))
        leg._action_cancel()
        self.assertEqual((moves - leg).state, "confirmed")
        self.assert_not_known(self._here(1), "which does not have them")
        self.assert_promised(self._there(10), day(0))

    def test_what_lies_in_transit_is_there(self):
        _leg, moves = self._resupply(10, day(2))
        last = moves.filtered(lambda move: move.location_id.usage == "transit")
        (moves - last)._action_cancel()
        self._stock(4, location=last.location_id)
        self.assert_promised(self._here(4), day(2))
        self.assert_not_known(self._here(5))

    def test_a_warehouse_that_promises_nothing_may_lack_the_goods_as_well(self):
        self.central.promise_ok = False
        self._transfer(10, day(2))
        self.assert_not_known(self._ask(1), "from Warehouse W2, which does not have them")
        self._stock(6, warehouse=self.central)
        self.assert_promised(self._ask(6), day(2), [("receipt", 6)])
        self.assert_not_known(self._ask(7))
        self._receipt(4, day(4), warehouse=self.central)
        self.assert_promised(self._ask(10), day(4))
        week = self.engine._get_week(self.product, self.company)[1]
        self.assertNotIn(self.central.name, [row["warehouse"] for row in week])

    # ------------------------------------------------------------
    # HELD
    # ------------------------------------------------------------

    def test_a_promise_is_at_risk_when_its_transfer_lacks_the_goods(self):
        self._stock(10, warehouse=self.central)
        picking = self._transfer(10, day(2))
        promise = self._sold(5, promise_sourcing="warehouse", warehouse_id=self.warehouse.id)
        self.assertEqual(promise.date, day(2))
        self._recheck()
        self.assertFalse(promise.at_risk)
        self._stock(-10, warehouse=self.central)
        self._recheck_all()
        self.assertTrue(promise.at_risk)
        self.assertFalse(promise.expected_date)
        reason = promise.change_ids.sorted("id")[-1:].reason
        self.assertIn(picking.name, reason)
        self.assertIn("Warehouse W2, which does not have them", reason)
        self._receipt(10, day(4), warehouse=self.central)
        self._recheck()
        self.assertEqual(promise.expected_date, day(4))
        self.assertTrue(promise.at_risk)

    def test_who_is_served_before_leaves_the_stock_where_no_transfer_can_replace_it(self):
        self._stock(5)
        own = {"promise_sourcing": "warehouse", "warehouse_id": self.warehouse.id}
        later = self._sold(5, commitment_date=datetime.combine(day(4), time(12)), **own)
        later.order_id.picking_ids.do_unreserve()
        self._transfer(10, day(3))
        order = self._quotation(5, confirm=True, **own)
        self.assertFalse(order.order_line.promise_line_ids.date)
        order.picking_ids.move_ids.write(
            {"date": datetime.combine(day(1), time(12)), "promise_undated": False}
        )
        order.picking_ids.action_assign()
        self.assertFalse(order.picking_ids.move_ids.quantity)
        later.order_id.picking_ids.action_assign()
        self.assertEqual(later.order_id.picking_ids.move_ids.quantity, 5)

    def test_a_promise_is_at_risk_when_its_transfer_is_cancelled(self):
        self._stock(10, warehouse=self.central)
        picking = self._transfer(10, day(2))
        picking.action_assign()
        promise = self._sold(5, promise_sourcing="warehouse", warehouse_id=self.warehouse.id)
        self.assertEqual(promise.date, day(2))
        picking.action_cancel()
        self._recheck()
        self.assertTrue(promise.at_risk)
        self.assertIn(picking.name, promise.change_ids.sorted("id")[-1:].reason)

    def test_a_promise_from_a_transfer_that_is_sent_stays(self):
        self._stock(10, warehouse=self.central)
        leg, moves = self._resupply(10, day(2))
        promise = self._sold(10, promise_sourcing="warehouse", warehouse_id=self.warehouse.id)
        self.assertEqual(promise.date, day(2))
        self._do(leg.picking_id)
        self._recheck_all()
        self.assertFalse(promise.at_risk)
        self.assertEqual(promise.expected_date, day(2))

    # ------------------------------------------------------------
    # QUERIES
    # ------------------------------------------------------------

    def test_queries_do_not_grow_with_the_transfers(self):
        products = [self._product(f"Nut {number}") for number in range(6)]
        for product in products:
            self._stock(3, product, self.central)
            self._stock(1, product, self.far)
        self._send_all(products[:2])
        few = self._count_queries(products)
        self._send_all(products)
        self.assertLessEqual(self._count_queries(products), few)

    def _send_all(self, products):
        for product in products:
            self._transfer(5, day(2), product=product)
            self._transfer(5, day(1), self.far, self.central, product)

    def _count_queries(self, products):
        """Return the queries of promising all products, some of which lack their goods."""
        for _turn in range(2):  # what the first one reads once and for all is not counted
            self.env.flush_all()
            self.env.invalidate_all()
            demands = [Demand(product, 4, ship_to=self.customer) for product in products]
            before = self.env.cr.sql_log_count
            self.engine._promise(demands, self.company)
            found = self.env.cr.sql_log_count - before
        return found
