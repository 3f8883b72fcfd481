from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseQuantity(RecheckMixin, TransactionCase):
    """What is held is never more than what the order asks for: as salesperson and stock clerk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_member("quantity_clerk", "stock.group_stock_user")

    def _order(self, quantity, **values):
        """Return the line of an order that its salesperson confirmed."""
        promise = self._sold(quantity, **values)
        return promise.order_line_id.with_user(self.seller).with_company(self.company)

    def _promised(self, line):
        """Return [quantity, state] of the promises of a line, the oldest first."""
        return line.promise_line_ids.sorted("id").mapped(lambda one: (one.quantity, one.state))

    def _open(self, line):
        """Return what is still to be delivered."""
        moves = line.sudo().move_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        return sum(moves.mapped("product_uom_qty"))

    def _deliver(self, line, quantity, rest=True):
        """Deliver a part as the clerk; without `rest`, nothing else is to follow."""
        picking = self._as_clerk(line.sudo().order_id.picking_ids)
        self._do(picking.filtered(lambda one: one.state not in ("done", "cancel")), quantity)
        if not rest:
            picking.backorder_ids.action_cancel()

    def _as_clerk(self, pickings):
        return pickings.with_user(self.clerk).with_company(self.company)

    # ------------------------------------------------------------ zero

    def test_a_quantity_of_zero_gives_up_the_promise_with_its_reason(self):
        self._stock(10)
        line = self._order(4)
        line.product_uom_qty = 0
        self._recheck()
        promise = line.promise_line_ids
        self.assertEqual((promise.state, promise.at_risk), ("cancelled", False))
        self.assertIn("reduced", promise.change_ids.reason)
        self.assertEqual(self._sold(10).date, day(0))

    def test_a_quantity_of_zero_raised_again_is_promised_once(self):
        self._stock(4)
        line = self._order(4)
        line.product_uom_qty = 0
        line.product_uom_qty = 3
        self._recheck()
        self.assertEqual(self._promised(line), [(4, "cancelled"), (3, "held")])
        self.assertEqual((line.order_id.promise_state, self._open(line)), ("held", 3))
        self.assertEqual(self._sold(1).date, day(0))
        self.assertFalse(self._sold(1).date)

    # ------------------------------------------------------------ cancelled deliveries

    def test_a_cancelled_delivery_leaves_the_promise_to_be_kept(self):
        self._stock(9)
        line = self._order(2)
        self._as_clerk(line.sudo().order_id.picking_ids).action_cancel()
        self._recheck()
        self.assertEqual(self._promised(line), [(2, "held")])
        self.assertTrue(line.promise_line_ids.at_risk)

    def test_a_cancelled_delivery_is_made_anew_for_its_promise(self):
        self._stock(9)
        line = self._order(2)
        promise = line.promise_line_ids
        self._as_clerk(line.sudo().order_id.picking_ids).action_cancel()
        self._recheck()
        line.product_uom_qty = 3
        self._recheck()
        self.assertEqual(self._promised(line), [(2, "held"), (1, "held")])
        self.assertEqual(self._open(line), 3)
        self.assertFalse(any(line.promise_line_ids.mapped("at_risk")))
        self.assertEqual((promise.date, promise.expected_date), (day(0), day(0)))

    def test_a_cancelled_delivery_that_is_made_anew_takes_nothing_from_others(self):
        self._receipt(9, day(4))
        line = self._order(2)
        self._as_clerk(line.sudo().order_id.picking_ids).action_cancel()
        other = self._sold(8)
        self.assertEqual(other.date, day(4))
        self._supplier(7)
        line.product_uom_qty = 3
        self._recheck()
        newer = line.promise_line_ids.sorted("id")[-1]
        self.assertEqual((newer.quantity, newer.date), (1, day(7)))
        moves = line.sudo().move_ids.filtered(lambda one: one.state != "cancel")
        self.assertEqual(set(moves.mapped(lambda one: one.date.date())), {day(7)})
        self.assertEqual((other.expected_date, other.at_risk), (day(4), False))

    def test_a_cancelled_delivery_and_a_smaller_quantity_keep_the_smaller_promise(self):
        self._stock(9)
        line = self._order(3)
        self._as_clerk(line.sudo().order_id.picking_ids).action_cancel()
        line.product_uom_qty = 2
        self._recheck()
        self.assertEqual(self._promised(line), [(2, "held")])
        self.assertEqual((self._open(line), line.promise_line_ids.at_risk), (2, False))

    def test_what_is_added_and_comes_earlier_is_not_late_for_it(self):
        self._receipt(4, day(7))
        line = self._order(4)
        self._stock(1)
        line.product_uom_qty = 5
        self._recheck()
        dates = line.promise_line_ids.sorted("id").mapped(lambda one: (one.date, one.at_risk))
        self.assertEqual(dates, [(day(7), False), (day(0), False)])

    # ------------------------------------------------------------ no backorder

    def test_what_left_without_a_backorder_is_kept_and_the_rest_cancelled_with_the_reason(self):
        self._stock(6)
        line = self._order(6)
        self._deliver(line, 4, rest=False)
        self._recheck()
        promise = line.promise_line_ids
        self.assertEqual(self._promised(line), [(4, "kept")])
        self.assertEqual((promise.delivered_date, promise.at_risk), (day(0), False))
        cut = promise.change_ids.filtered(lambda one: one.kind == "quantity")
        self.assertEqual((cut.old_text, cut.new_text), ("6", "4"))
        self.assertIn("rest", cut.reason)
        self.assertIn("/OUT/", cut.document)
        self.assertFalse(line.order_id.is_late)

    def test_what_left_late_without_a_backorder_is_missed(self):
        self._stock(6)
        line = self._order(6)
        with freeze_time("2026-03-05 09:00:00"):
            self._deliver(line, 4, rest=False)
            self._recheck()
        self.assertEqual(self._promised(line), [(4, "missed")])

    def test_a_promise_of_which_nothing_left_is_cancelled_with_the_rest(self):
        self._stock(6)
        line = self._order(4)
        line.product_uom_qty = 6
        self._deliver(line, 4, rest=False)
        self._recheck()
        self.assertEqual(self._promised(line), [(4, "kept"), (2, "cancelled")])

    def test_reducing_the_order_to_what_left_closes_it(self):
        self._stock(6)
        for checked in (True, False):
            line = self._order(3)
            self._deliver(line, 1, rest=False)
            if checked:
                self._recheck()
            line.product_uom_qty = 1
            self._recheck()
            self.assertEqual(self._promised(line), [(1, "kept")])

    def test_after_no_backorder_more_is_promised_anew(self):
        self._stock(9)
        for checked in (True, False):
            line = self._order(3)
            self._deliver(line, 1, rest=False)
            if checked:
                self._recheck()
            line.product_uom_qty = 4
            self._recheck()
            self.assertEqual(self._promised(line), [(1, "kept"), (3, "held")])
            self.assertEqual(self._open(line), 3)

    def test_with_a_backorder_nothing_is_given_up(self):
        self._stock(6)
        line = self._order(6)
        self._deliver(line, 4)
        self._recheck()
        self.assertEqual(self._promised(line), [(6, "held")])
        line.product_uom_qty = 4
        self._recheck()
        self.assertEqual(self._promised(line), [(4, "kept")])

    def test_what_was_returned_and_ordered_again_is_promised(self):
        self._stock(9)
        line = self._order(6)
        self._deliver(line, 6)
        self._recheck()
        picking = line.sudo().order_id.picking_ids
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.write({"quantity": 2, "to_refund": True})
        self._do(picking.browse(wizard.action_create_returns()["res_id"]), 2)
        line.product_uom_qty = 7
        self.assertEqual(self._promised(line), [(6, "kept"), (3, "held")])

    # ------------------------------------------------------------ cancelled orders

    def test_what_left_before_the_order_was_cancelled_is_kept(self):
        self._stock(6)
        line = self._order(6)
        self._deliver(line, 4)
        line.order_id._action_cancel()
        promise = line.promise_line_ids
        self.assertEqual(self._promised(line), [(4, "kept")])
        self.assertEqual(promise.delivered_date, day(0))
        cut = promise.change_ids.filtered(lambda one: one.kind == "quantity")
        self.assertIn(f"{line.order_id.name} was cancelled", cut.reason)

    def test_what_left_late_before_the_order_was_cancelled_is_missed(self):
        self._stock(6)
        line = self._order(6)
        with freeze_time("2026-03-05 09:00:00"):
            self._deliver(line, 4)
            line.order_id._action_cancel()
        self.assertEqual(self._promised(line), [(4, "missed")])

    def test_all_that_left_before_the_order_was_cancelled_is_kept(self):
        self._stock(6)
        line = self._order(6)
        self._deliver(line, 6)
        line.order_id._action_cancel()
        self.assertEqual(self._promised(line), [(6, "kept")])
        self.assertNotIn("cancelled", " ".join(line.promise_line_ids.change_ids.mapped("reason")))

    def test_picked_goods_of_a_cancelled_order_were_not_delivered(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._stock(6)
        line = self._order(6)
        self._do(self._as_clerk(line.sudo().order_id.picking_ids[:1]), 4)
        line.order_id._action_cancel()
        self.assertEqual(self._promised(line), [(6, "cancelled")])

    def test_a_cancelled_order_as_quotation_again_has_no_state_of_its_promises(self):
        self._stock(6)
        order = self._order(6).order_id
        order._action_cancel()
        self.assertEqual(order.promise_state, "cancelled")
        order.action_draft()
        self.assertFalse(order.promise_state)
        self.assertEqual((order.promise_count, order.promise_date), (1, day(0)))
        order.action_confirm()
        self.assertEqual(order.promise_state, "held")

    def test_a_quotation_again_promises_what_was_not_delivered(self):
        self._stock(6)
        line = self._order(6)
        self._deliver(line, 4)
        line.order_id._action_cancel()
        line.order_id.action_draft()
        self.assertEqual((line.promise_date, line.promise_info["quantity"]), (day(0), 2))
        line.order_id.action_confirm()
        self._recheck()
        self.assertEqual(self._promised(line), [(4, "kept"), (2, "held")])
        self.assertEqual(self._open(line), 2)
