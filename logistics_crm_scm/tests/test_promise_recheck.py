from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseRecheck(RecheckMixin, TransactionCase):
    # ------------------------------------------------------------ what is noted

    def test_a_slipped_receipt_is_noted_with_both_days_in_words(self):
        receipt = self._receipt(10, day(2))
        self._sold()
        self._queue().unlink()
        self._move(receipt, day(9))
        noted = self._queue()
        self.assertEqual(noted.product_id, self.product)
        self.assertEqual(noted.document, receipt.picking_ids.name)
        self.assertRegex(noted.reason, "moved from .*4.* to .*11")

    def test_a_date_that_the_buyer_changes_moves_the_receipt(self):
        receipt = self._receipt(10, day(2))
        self._sold()
        receipt.order_line.date_planned = "2026-03-11 12:00:00"
        self.assertEqual(receipt.picking_ids.move_ids.date.date(), day(9))
        self.assertIn("moved", " ".join(self._queue().mapped("reason")))

    def test_nothing_is_noted_of_products_without_held_promises(self):
        receipt = self._receipt(10, day(2))
        self._move(receipt, day(9))
        self.assertFalse(self._queue())

    def test_reserving_notes_nothing_and_costs_no_query(self):
        self._stock(10)
        promise = self._sold()
        move = promise.order_id.picking_ids.move_ids
        self._queue().unlink()
        self.env.flush_all()
        before = self.cr.sql_log_count
        self.assertFalse(move._is_supply_change({"state": "assigned"}))
        self.assertFalse(move._is_supply_change({"quantity": 3}))
        self.assertEqual(self.cr.sql_log_count, before)
        move._do_unreserve()
        move._action_assign()
        self.assertFalse(self._queue())

    def test_a_whole_transaction_is_noted_by_one_statement(self):
        receipts = [self._receipt(10, day(2)) for _number in range(3)]
        self._sold()
        self._queue().unlink()
        for receipt in receipts:
            self._move(receipt, day(9))
        self.env.flush_all()
        before = self.cr.sql_log_count
        self.env["logistics.promise.recheck"]._write_noted()
        made = "mrp.bom" in self.env  # what held promises wait for production of
        # rows, action (2), its trigger
        self.assertLessEqual(self.cr.sql_log_count - before, 4 + made)
        self.assertEqual(len(self._queue()), 3)

    def test_an_order_and_a_cancelled_order_are_noted(self):
        self._stock(10)
        self._sold()
        other = self._sold()
        self._queue().unlink()
        other.order_id._action_cancel()
        self.assertIn("cancelled", self._queue().reason)

    def test_a_planner_reads_why_a_product_without_news_is_looked_at(self):
        self._stock(10)
        self._sold()
        self.env.flush_all()
        self.cr.precommit.run()
        rows = self.env["logistics.promise.recheck"].with_user(self.planner).search([])
        self.assertIn("Promised a moment ago: checked once more.", rows.mapped("reason"))
        rows.sudo().unlink()
        self.env["logistics.promise.recheck"]._cron_note_all()
        noted = self._queue().with_user(self.planner)
        self.assertEqual(noted.mapped("reason"), ["All promises are checked every night."])

    def test_a_count_is_noted(self):
        self._stock(10)
        self._sold()
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.product.id), ("location_id.usage", "=", "internal")]
        )
        self._queue().unlink()
        quant.with_context(inventory_mode=True).inventory_quantity = 3
        quant.action_apply_inventory()
        self.assertIn("counted", " ".join(self._queue().mapped("reason")))

    # ------------------------------------------------------------ what is expected

    def test_nothing_changed_is_no_change(self):
        self._receipt(10, day(2))
        promise = self._sold()
        self._stock(3)
        other = self._sold(2, commitment_date="2026-03-10 12:00:00")
        self._recheck_all()
        self.assertEqual((promise.expected_date, other.expected_date), (day(2), day(8)))
        self.assertFalse((promise | other).change_ids)

    def test_an_order_without_a_date_takes_nothing_that_was_promised(self):
        self._receipt(2, day(9))
        promise = self._sold(2)
        undated = self._sold(5)
        self.assertEqual((promise.date, undated.date), (day(9), False))
        planned = promise.order_id.picking_ids.move_ids.date
        self.assertLess(undated.order_id.picking_ids.move_ids.date, planned)
        self._recheck_all()
        self.assertEqual(promise.expected_date, day(9))
        self.assertFalse(promise.at_risk)

    def test_a_slipped_receipt_puts_promises_at_risk_with_the_reason(self):
        receipt = self._receipt(10, day(2))
        promise = self._sold()
        self._move(receipt, day(9))
        self._recheck()
        self.assertEqual((promise.date, promise.expected_date), (day(2), day(9)))
        self.assertTrue(promise.at_risk)
        self.assertEqual(promise.delay, 7)
        change = promise.change_ids
        self.assertEqual(change.document, receipt.picking_ids.name)
        self.assertRegex(change.reason, f"{change.document} moved from .*4.* to .*11")
        self.assertFalse(self._queue())

    def test_whoever_confirms_elsewhere_means_the_days_of_the_warehouse(self):
        self.company.partner_id.tz = self.warehouse.partner_id.tz = False
        self.calendar.tz = "Asia/Shanghai"
        self.seller.tz = "America/Los_Angeles"
        self._stock(10)
        with freeze_time("2026-03-02 20:00:00"):  # Tuesday morning there
            orders = self._quotation(3, user_id=self.seller.id)
            wanted = {"commitment_date": "2026-03-10 20:00:00", "user_id": self.seller.id}
            orders |= self._quotation(3, **wanted)
            orders.with_user(self.seller).with_company(self.company).action_confirm()
            self._recheck_all()
        promises = orders.order_line.promise_line_ids.sorted("date")
        found = [(one.date, one.expected_date, one.at_risk) for one in promises]
        self.assertEqual(found, [(day(1), day(1), False), (day(9), day(9), False)])
        self.assertEqual(promises[0].not_before, day(1))

    def test_more_without_a_date_takes_nothing_that_others_were_promised(self):
        self._stock(1)
        receipt = self._receipt(3, day(8))
        first, second = self._sold(3), self._sold(1)
        second.order_line_id.product_uom_qty = 7
        held = first | second.order_line_id.promise_line_ids
        self.assertEqual(held.mapped("date"), [day(8), day(8), False])
        self._recheck()
        self.assertFalse(any(held.mapped("at_risk")))
        with freeze_time(f"{day(8)} 09:00:00"):
            self._do(receipt.picking_ids)
            waiting = held.order_line_id.move_ids.sorted("date")
            waiting._action_assign()
            self._recheck()
        self.assertFalse(any(held.mapped("at_risk")))
        self.assertEqual(sum(first.order_line_id.move_ids.mapped("quantity")), 3)
        self.assertEqual(sum(second.order_line_id.move_ids.mapped("quantity")), 1)

    def test_another_carrier_is_noted_and_said(self):
        self._stock(5)
        promise = self._sold(commitment_date="2026-03-06 12:00:00")
        service = self._product("Freight", type="service", is_storable=False)
        slow = self.env["delivery.carrier"].create(
            {"name": "Mule", "product_id": service.id, "promise_transit_days": 9}
        )
        promise.order_id.with_user(self.seller).carrier_id = slow
        self._recheck()
        self.assertTrue(promise.at_risk)
        self.assertIn("another one now: Mule", promise.reason)

    def test_another_address_is_kept_and_its_delivery_days_count(self):
        self._receipt(10, day(2))
        promise = self._sold()
        self.assertEqual(promise.date, day(2))
        hours = {"dayofweek": "4", "hour_from": 8, "hour_to": 17, "name": "Friday"}
        fridays = self.env["resource.calendar"].create(
            {"name": "Fridays", "tz": "UTC", "attendance_ids": [(5,), (0, 0, hours)]}
        )
        site = self.env["res.partner"].create(
            {
                "name": "Site",
                "type": "delivery",
                "parent_id": self.customer.id,
                "delivery_calendar_id": fridays.id,
            }
        )
        order = promise.order_id.with_user(self.seller).with_company(self.company)
        order.partner_shipping_id = site
        self._recheck()
        self.assertEqual((promise.date, promise.expected_date), (day(2), day(4)))
        self.assertTrue(promise.at_risk)
        self.assertEqual(promise.reason, "The delivery address is another one now.")
        change = promise.change_ids.filtered(lambda one: one.kind == "ship_to_id")
        change = self._seen_by(change, self.planner)
        self.assertIn("Site", change.new_text)
        self.assertIn("Customer", change.old_text)
        order.partner_shipping_id = self.customer
        self._recheck()
        self.assertEqual((promise.expected_date, promise.at_risk), (day(2), False))

    def test_what_an_order_took_itself_is_no_reason_for_its_delay(self):
        receipt = self._receipt(10, day(7))
        waits = self._sold()
        self._stock(5)
        self._recheck()
        self.assertEqual(waits.better_date, day(0))
        promise = self._sold(7)  # takes what the other could have been offered
        self.assertEqual(promise.date, day(7))
        self._move(receipt, day(9))
        self._recheck()
        self.assertEqual(promise.expected_date, day(9))
        name = receipt.picking_ids.name
        self.assertIn(name, promise.reason)
        self.assertEqual(promise.change_ids[:1].document, name)

    def test_goods_that_are_moved_away_have_not_left_the_house(self):
        self._stock(5)
        promise = self._sold()
        promise.order_id.picking_ids.do_unreserve()
        away = self.env["stock.location"].create(
            {"name": "Quarantine", "location_id": self.warehouse.view_location_id.id}
        )
        move = self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 5,
                "company_id": self.company.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": away.id,
            }
        )
        move._action_confirm()
        move.write({"quantity": 5, "picked": True})
        move._action_done()
        self._recheck()
        self.assertIn("Bolt was moved to", promise.reason)

    def test_a_day_where_the_goods_leave_from_is_not_late_where_they_were_ordered(self):
        west = self._warehouse("W3")
        west.partner_id = self.env["res.partner"].create(
            {"name": "Pier", "tz": "America/Los_Angeles"}
        )
        self._stock(5, warehouse=west)
        with freeze_time("2026-03-03 05:30:00"):  # still Monday there
            promise = self._sold(2)
            self.assertEqual((promise.warehouse_id, promise.date), (west, day(0)))
            self._recheck_all()
            self.assertEqual((promise.expected_date, promise.at_risk), (day(0), False))

    def test_what_is_delivered_anew_keeps_its_date_beside_what_is_added_without_one(self):
        self._receipt(5, day(3))
        promise = self._sold(5)
        other = self._sold(5)
        self.assertEqual((promise.date, other.date), (day(3), False))
        promise.order_id.picking_ids.action_cancel()
        promise.order_line_id.product_uom_qty = 6
        self._recheck_all()
        self.assertEqual((promise.expected_date, promise.at_risk), (day(3), False))
        moves = promise.order_line_id.move_ids.filtered(lambda one: one.state != "cancel")
        found = {(one.promise_undated, one.product_uom_qty) for one in moves}
        self.assertEqual(found, {(False, 5), (True, 1)})

    def test_a_receipt_that_moves_over_midnight_of_the_warehouse_is_noted(self):
        self.warehouse.partner_id = self.env["res.partner"].create(
            {"name": "Dock", "tz": "Asia/Shanghai"}
        )
        receipt = self._receipt(10, day(2))
        promise = self._sold()
        receipt.picking_ids.move_ids.date = "2026-03-04 16:30:00"  # half past midnight there
        self._recheck()
        self.assertEqual((promise.expected_date, promise.at_risk), (day(3), True))
        self.assertIn("from 03/04/2026 to 03/05/2026", promise.reason)

    def test_a_cancelled_receipt_that_nothing_replaces_is_not_known(self):
        receipt = self._receipt(10, day(2))
        promise = self._sold()
        receipt.picking_ids.action_cancel()
        self._recheck()
        self.assertFalse(promise.expected_date)
        self.assertTrue(promise.at_risk)

    def test_a_supplier_replaces_a_cancelled_receipt(self):
        receipt = self._receipt(10, day(2))
        promise = self._sold()
        receipt.picking_ids.action_cancel()
        self._supplier(7)
        self._recheck()
        self.assertEqual(promise.expected_date, day(7))

    def test_who_leaves_first_is_served_first(self):
        self._stock(5)
        receipt = self._receipt(10, day(2))
        first, second = self._sold(), self._sold()
        self._move(receipt, day(9))
        self._recheck()
        self.assertEqual((first.expected_date, second.expected_date), (day(0), day(9)))

    def test_a_count_that_finds_less_hits_the_last_in_line(self):
        self._stock(10)
        first, second = self._sold(), self._sold()
        first.order_id.picking_ids.move_ids._do_unreserve()
        second.order_id.picking_ids.move_ids._do_unreserve()
        self._stock(-4)
        self._recheck_all()
        self.assertEqual(first.expected_date, day(0))
        self.assertFalse(second.expected_date)

    def test_a_promise_that_has_not_left_is_expected_today_at_the_earliest(self):
        self._stock(10)
        promise = self._sold()
        with freeze_time(datetime(2026, 3, 4, 9)):
            self._recheck_all()
        self.assertEqual(promise.expected_date, day(2))
        self.assertIn("has not left", promise.change_ids.reason)

    def test_what_left_in_time_is_kept(self):
        self._stock(10)
        promise = self._sold()
        self._do(promise.order_id.picking_ids)
        self._recheck()
        self.assertEqual((promise.state, promise.delivered_date), ("kept", day(0)))

    def test_what_left_late_is_missed(self):
        self._stock(10)
        promise = self._sold()
        with freeze_time(datetime(2026, 3, 5, 9)):
            self._do(promise.order_id.picking_ids)
            self._recheck()
        self.assertEqual((promise.state, promise.delivered_date), ("missed", day(3)))

    def test_transit_is_added_to_what_left(self):
        self._stock(10)
        carrier = self.env["delivery.carrier"].create(
            {"name": "Van", "product_id": self._product("Freight", type="service").id}
        )
        carrier.promise_transit_days = 2
        promise = self._sold(carrier_id=carrier.id)
        self.assertEqual(promise.date, day(2))
        self._do(promise.order_id.picking_ids)
        self._recheck()
        self.assertEqual((promise.state, promise.delivered_date), ("kept", day(2)))

    def test_a_part_that_left_keeps_the_older_promise_of_the_line(self):
        self._stock(5)
        promise = self._sold()
        self._receipt(5, day(3))
        line = promise.order_line_id
        line.product_uom_qty = 9
        newer = line.promise_line_ids - promise
        self._do(promise.order_id.picking_ids[:1], 5)
        self._recheck()
        self.assertEqual((promise.state, newer.state), ("kept", "held"))
        self.assertEqual(newer.expected_date, day(3))

    def test_picked_goods_are_ready(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._stock(5)
        promise = self._sold()
        self._do(promise.order_id.picking_ids[:1])
        self._recheck_all()
        self.assertEqual((promise.state, promise.expected_date), ("held", day(0)))
        self._do(promise.order_id.picking_ids.filtered(lambda one: one.state != "done"))
        self._recheck()
        self.assertEqual(promise.state, "kept")

    def test_a_salesperson_cancels_an_order_whatever_is_bought_for_it(self):
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        self._supplier(3)
        for routes in (mto.browse(), mto | self.warehouse.buy_pull_id.route_id):
            self.product.route_ids = routes
            promise = self._sold()
            bought = promise.order_line_id.move_ids.created_purchase_line_ids.order_id
            self.assertEqual(bool(bought), bool(routes))
            order = promise.order_id.with_user(self.seller).with_company(self.company)
            self.env.flush_all()
            self.env.invalidate_all()
            order.action_cancel()
            self.assertEqual((order.state, promise.state), ("cancel", "cancelled"))
            self.assertEqual(bool(bought.activity_ids), bool(routes))

    def test_a_cancelled_order_cancels_its_promises_with_the_reason(self):
        self._stock(5)
        promise = self._sold()
        promise.order_id.with_user(self.seller)._action_cancel()
        self.assertEqual(promise.state, "cancelled")
        self.assertIn(promise.order_id.name, promise.change_ids.reason)

    def test_untracked_products_are_there(self):
        bag = self._product("Bag", is_storable=False)
        promise = self._sold(product=bag)
        self._recheck_all()
        self.assertEqual(promise.expected_date, day(0))

    # ------------------------------------------------------------ batches and rights

    def test_the_queries_do_not_grow_with_the_promises(self):
        receipt = self._receipt(200, day(2))
        self._sold()
        few = self._count_recheck(receipt, day(3))
        for _number in range(12):
            self._sold()
        self.assertLessEqual(self._count_recheck(receipt, day(4)), few + 12)
        self.assertEqual(
            set(self.env["logistics.promise.line"].search([]).mapped("expected_date")) & {day(4)},
            {day(4)},
        )

    def _count_recheck(self, receipt, planned):
        self._move(receipt, planned)
        queue = self._queue()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        queue._process()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_what_fails_is_marked_and_does_not_stop_the_others(self):
        nut = self._product("Nut")
        receipts = [self._receipt(10, day(2)), self._receipt(10, day(2), product=nut)]
        bolts, nuts = self._sold(), self._sold(product=nut)
        for receipt in receipts:
            self._move(receipt, day(9))
        follow_up = type(self.engine)._follow_up

        def fail(engine, lines, news=None):
            if nut in lines.product_id:
                raise ValueError("broken")
            return follow_up(engine, lines, news)

        logger = "odoo.addons.logistics_crm_scm.models.logistics_promise_recheck"
        with patch.object(type(self.engine), "_follow_up", fail), mute_logger(logger):
            self._recheck()
        self.assertEqual((bolts.expected_date, nuts.expected_date), (day(9), day(2)))
        self.assertEqual(set(self._queue().mapped("error")), {"broken"})
        self._recheck_all()
        self.assertEqual(nuts.expected_date, day(9))

    def test_a_planner_checks_at_once_and_a_salesperson_does_not(self):
        receipt = self._receipt(10, day(2))
        promise = self._sold()
        self._move(receipt, day(9))
        with self.assertRaises(AccessError):
            promise.with_user(self.seller).action_check_now()
        promise.with_user(self.planner).action_check_now()
        self.assertEqual(promise.expected_date, day(9))

    def test_a_planner_of_another_company_checks_nothing(self):
        promise = self._sold()
        stranger = self._create_stranger("logistics_crm_scm.group_planner")
        with self.assertRaises(AccessError):
            self._seen_by(promise, stranger).action_check_now()

    def test_stock_users_move_receipts_without_a_right_on_promises(self):
        receipt = self._receipt(10, day(2))
        promise = self._sold()
        clerk = self._create_member("recheck_clerk", "stock.group_stock_user")
        pickings = receipt.picking_ids.with_user(clerk)
        pickings.move_ids.date = "2026-03-11 12:00:00"
        self._recheck()
        self.assertEqual(promise.expected_date, day(9))

    def test_goods_of_another_company_save_nobody(self):
        promise = self._sold()
        other = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self._stock(10, warehouse=warehouse)
        self._recheck_all()
        self.assertFalse(promise.expected_date)
