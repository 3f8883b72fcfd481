from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseRescue(RecheckMixin, TransactionCase):
    def _late(self, stock=0, quantity=5):
        """Return a promise of Wednesday whose receipt slipped to next Wednesday."""
        if stock:
            self._stock(stock)
        self.receipt = self._receipt(10, day(2))
        promise = self._sold(quantity)
        self._move(self.receipt, day(9))
        self._recheck()
        return promise

    def _rescues(self, promises, user=None):
        """Return what would save promises, by kind, as a planner sees it."""
        action = promises.with_user(user or self.planner).action_view_rescues()
        rescues = self.env[action["res_model"]].with_user(user or self.planner)
        return rescues.search(action["domain"]).grouped("kind")

    def test_the_receipt_that_is_waited_for_is_expedited_by_its_latest_day(self):
        rescue = self._rescues(self._late())["expedite"]
        self.assertEqual((rescue.latest_date, rescue.date, rescue.quantity), (day(2), day(2), 5))
        self.assertIn(self.receipt.picking_ids.name, rescue.description)
        self.assertTrue(rescue.saves)

    def test_the_buyer_is_asked_for_an_earlier_receipt(self):
        promise = self._late()
        buyer = self._create_member("rescue_buyer", "purchase.group_purchase_user")
        self.receipt.user_id = buyer
        rescue = self._rescues(promise)["expedite"]
        rescue.action_do()
        activity = self.receipt.activity_ids
        self.assertEqual(activity.user_id, buyer)
        self.assertIn(promise.order_id.name, activity.note)
        with self.assertRaises(UserError):
            rescue.action_do()

    def test_a_buyer_is_asked_once_and_the_promise_tells(self):
        promise = self._late()
        buyer = self._create_member("rescue_buyer", "purchase.group_purchase_user")
        self.receipt.user_id = buyer
        first = self._rescues(promise)["expedite"].action_do()["params"]["message"]
        self.assertIn(f"{buyer.name} was asked", first)
        again = self._rescues(promise)["expedite"].action_do()["params"]["message"]
        self.assertIn(f"{buyer.name} was asked already", again)
        self.assertEqual(len(self.receipt.activity_ids), 1)
        asked = promise.with_user(self.planner)
        self.assertIn("03/04/2026 (asked)", asked.rescue_text)
        change = asked.change_ids.filtered(lambda one: one.kind == "asked_date")
        self.assertEqual(change.new_text, "03/04/2026")
        self.assertIn(f"{self.planner.name} asked {buyer.name}", change.reason)

    def test_where_nobody_bought_it_who_answers_for_the_product_or_asks_gets_it(self):
        clerk = self._create_member("rescue_clerk", "purchase.group_purchase_user")
        root = self.env.ref("base.user_root")
        product = self.product.with_company(self.company)
        product.responsible_id = False
        for responsible, asked, told in (
            (clerk, clerk, "was asked"),
            (root, self.planner, "the activity is yours"),
        ):
            promise = self._late()
            self.receipt.user_id = root
            product.responsible_id = responsible
            rescue = self._rescues(promise)["expedite"]
            with self.subTest(asked=asked.login):
                self.assertIn(told, rescue.action_do()["params"]["message"])
                words = "sees to it" if asked == self.planner else f"asked {asked.name}"
                self.assertIn(words, " ".join(promise.change_ids.mapped("reason")))
                mine = (
                    self.env["mail.activity"]
                    .with_user(asked)
                    .search([("user_id", "=", asked.id), ("summary", "=", rescue.description)])
                )
                self.assertEqual(len(mine), 1)
                record = self.env[mine.res_model].with_user(asked).browse(mine.res_id)
                self.assertTrue(record.has_access("read"))
            promise.order_id._action_cancel()
            self.receipt.picking_ids.action_cancel()

    def test_another_warehouse_that_has_it_to_spare_delivers(self):
        other = self._warehouse("W2")
        promise = self._late()
        self._stock(8, warehouse=other)
        rescue = self._rescues(promise)["warehouse"]
        # not before the day that was promised
        self.assertEqual((rescue.warehouse_id, rescue.date, rescue.quantity), (other, day(2), 5))
        rescue.action_do()
        open_moves = promise.order_line_id.move_ids.filtered(lambda m: m.state != "cancel")
        self.assertEqual(open_moves.location_id.warehouse_id, other)
        self.assertEqual(sum(open_moves.mapped("product_uom_qty")), 5)
        self.assertEqual(open_moves.state, "assigned")
        self.assertEqual(open_moves.date_deadline.date(), day(2))
        self.assertEqual(promise.expected_date, day(2))
        self.assertFalse(promise.at_risk)

    def test_what_another_planner_has_taken_is_refused_and_nothing_is_done(self):
        other = self._warehouse("W2")
        self.receipt = self._receipt(10, day(2))
        promise, second = self._sold(4), self._sold(4)
        self._move(self.receipt, day(9))
        self._recheck()
        self._stock(4, warehouse=other)
        rescues = [self._rescues(one)["warehouse"] for one in (promise, second)]
        rescues[0].action_do()
        moves = second.order_line_id.move_ids
        with self.assertRaisesRegex(UserError, "Warehouse W2 has nothing to spare now"):
            rescues[1].action_do()
        self.assertEqual(second.order_line_id.move_ids, moves)
        self.assertNotIn("cancel", moves.mapped("state"))

    def test_a_refusal_says_what_the_same_way_would_give_now(self):
        other = self._warehouse("W2")
        promise = self._late()
        self._stock(8, warehouse=other)
        rescue = self._rescues(promise)["warehouse"]
        self._stock(2)  # of the five, two are here now
        with self.assertRaisesRegex(UserError, "would now be 3, delivered on 03/04/2026"):
            rescue.action_do()

    def test_a_receipt_for_a_promise_without_a_date_is_wanted_by_the_wanted_day(self):
        promise = self._sold(5, commitment_date="2026-03-06 12:00:00")
        self.assertFalse(promise.date)
        self._receipt(10, day(9))
        self._recheck()
        rescue = self._rescues(promise)["expedite"]
        self.assertEqual((rescue.latest_date, rescue.date), (day(4), day(4)))

    def test_no_warehouse_delivers_before_the_wanted_day(self):
        other = self._warehouse("W2")
        self.receipt = self._receipt(10, day(2))
        promise = self._sold(5, commitment_date="2026-03-06 12:00:00")
        self._move(self.receipt, day(9))
        self._recheck()
        self._stock(8, warehouse=other)
        rescue = self._rescues(promise)["warehouse"]
        self.assertEqual(rescue.date, day(4))
        rescue.action_do()
        self.assertEqual(promise.expected_date, day(4))

    def test_what_the_customer_put_off_is_saved_by_the_later_day(self):
        self.receipt = self._receipt(10, day(2))
        promise = self._sold(5)
        promise.order_id.commitment_date = "2026-03-06 12:00:00"
        self._recheck()
        self.assertEqual(promise.postponed_date, day(4))
        self._move(self.receipt, day(9))
        self._recheck()
        rescue = self._rescues(promise)["expedite"]
        self.assertEqual((rescue.latest_date, rescue.saves), (day(4), True))

    def test_who_takes_from_one_warehouse_only_is_offered_no_other(self):
        other = self._warehouse("W2")
        self.receipt = self._receipt(10, day(2))
        promise = self._sold(5, promise_sourcing="warehouse")
        self._move(self.receipt, day(9))
        self._recheck()
        self._stock(8, warehouse=other)
        self.assertNotIn("warehouse", self._rescues(promise))

    def test_only_what_is_late_comes_from_the_other_warehouse(self):
        other = self._warehouse("W2")
        promise = self._late(stock=3)
        promise.order_id.picking_ids.action_assign()
        self._stock(8, warehouse=other)
        rescue = self._rescues(promise)["warehouse"]
        self.assertEqual(rescue.quantity, 2)
        rescue.action_do()
        moves = promise.order_line_id.move_ids.filtered(lambda m: m.state != "cancel")
        self.assertEqual(
            {(move.location_id.warehouse_id, move.product_uom_qty) for move in moves},
            {(self.warehouse, 3), (other, 2)},
        )
        self.assertFalse(promise.at_risk)

    def test_what_is_promised_to_others_is_not_to_spare(self):
        other = self._warehouse("W2")
        promise = self._late()
        self._stock(8, warehouse=other)
        self._sold(6, warehouse_id=other.id, promise_sourcing="warehouse")
        self.assertNotIn("warehouse", self._rescues(promise))

    def test_a_part_is_delivered_in_time_and_the_rest_later(self):
        promise = self._late(stock=3)
        promise.order_id.picking_ids.action_assign()
        rescue = self._rescues(promise)["split"]
        self.assertEqual(rescue.quantity, 3)
        self.assertFalse(rescue.saves)
        first = promise.order_id.picking_ids
        rescue.action_do()
        later = promise.order_id.picking_ids - first
        self.assertEqual(later.backorder_id, first)
        self.assertEqual(first.move_ids.product_uom_qty, 3)
        self.assertEqual(first.move_ids.state, "assigned")
        self.assertEqual(later.move_ids.product_uom_qty, 2)
        self.assertNotIn("split", self._rescues(promise))  # it is done

    def test_what_left_already_is_no_part_of_what_is_split_off(self):
        self._stock(4)
        receipt = self._receipt(6, day(2))
        promise = self._sold(10)
        self._do(promise.order_id.picking_ids, 4)
        rest = promise.order_id.picking_ids.filtered(lambda one: one.state != "done")
        self._stock(2)
        self._move(receipt, day(9))
        self._recheck()
        rescue = self._rescues(promise)["split"]
        self.assertEqual(rescue.quantity, 2)
        rescue.action_do()
        later = promise.order_id.picking_ids.filtered(lambda one: one.backorder_id == rest)
        self.assertEqual(rest.move_ids.product_uom_qty, 2)
        self.assertEqual(later.move_ids.product_uom_qty, 4)

    def test_two_moves_of_one_delivery_are_split_where_one_is_late(self):
        promise = self._late(stock=3)
        picking = promise.order_id.picking_ids
        move = picking.move_ids
        self.env["stock.move"].create(move._split(2))._action_confirm(merge=False)
        picking.action_assign()
        self.assertEqual(len(picking.move_ids), 2)
        rescue = self._rescues(promise)["split"]
        self.assertEqual(rescue.quantity, 3)
        rescue.action_do()
        later = promise.order_id.picking_ids - picking
        self.assertEqual((later.backorder_id, later.move_ids.product_uom_qty), (picking, 2))
        self.assertEqual((picking.move_ids.product_uom_qty, picking.state), (3, "assigned"))

    def test_what_is_there_and_has_not_left_is_to_be_shipped(self):
        self._stock(5)
        promise = self._sold()
        picking = promise.order_id.picking_ids
        with freeze_time("2026-03-04 09:00:00"):
            self._recheck_all()
            self.assertIn(f"ship {picking.name}", promise.with_user(self.planner).rescue_text)
            rescue = self._rescues(promise)["ship"]
            self.assertEqual((rescue.date, rescue.saves), (day(2), False))
            action = rescue.action_do()
        self.assertEqual((action["res_model"], action["res_id"]), ("stock.picking", picking.id))

    def test_who_ships_what_is_there_opens_and_validates_the_delivery(self):
        zips = self.env["delivery.zip.prefix"].create({"name": "10"})
        freight = self._product("Freight", type="service", is_storable=False)
        self.env["delivery.carrier"].create(
            {"name": "Truck", "product_id": freight.id, "zip_prefix_ids": zips.ids}
        )
        self.customer.zip = "10115"
        self._stock(10)
        packer = self._create_member("rescue_packer", "logistics_crm_scm.group_dispatcher")
        for user in (self.planner, packer):
            promise = self._sold()
            with self.subTest(user=user.login), freeze_time("2026-03-04 09:00:00"):
                self._recheck_all()
                picking = self._rescues(promise)["ship"].action_do()
                picking = self.env["stock.picking"].with_user(user).browse(picking["res_id"])
                with Form(picking, view="stock.view_picking_form") as form:
                    form.carrier_tracking_ref = "4711"
                picking.button_validate()
                self.assertEqual(picking.state, "done")

    def test_a_rescue_that_worked_says_so(self):
        other = self._warehouse("W2")
        promise = self._late()
        self._stock(8, warehouse=other)
        told = self._rescues(promise)["warehouse"].action_do()["params"]
        self.assertEqual(told["type"], "success")
        self.assertIn("is expected on 03/04/2026 now", told["message"])

    def test_nothing_is_suggested_where_nothing_helps(self):
        promise = self._sold()
        self.assertFalse(self._rescues(promise))

    def test_several_promises_cost_no_more_queries(self):
        promise = self._late(quantity=1)
        few = self._count(promise)
        more = self.env["logistics.promise.line"].concat(*(self._sold(1) for _number in range(8)))
        self.assertLessEqual(self._count(promise | more), few + 4)

    def _count(self, promises):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.env["logistics.promise"]._get_rescues(promises)
        return self.cr.sql_log_count - before

    def test_the_list_says_what_would_save_each_in_short(self):
        other = self._warehouse("W2", name="Savannah")
        promise = self._late()
        self._stock(8, warehouse=other)
        told = promise.with_user(self.planner).rescue_text
        self.assertIn(f"expedite {self.receipt.picking_ids.name} to 03/04/2026", told)
        self.assertIn("Savannah by 03/04/2026", told)
        self.assertFalse(self._sold(1, warehouse_id=other.id).rescue_text)

    def test_a_page_of_promises_costs_no_more_queries_than_one(self):
        promise = self._late(quantity=1)
        few = self._count_read(promise)
        more = self.env["logistics.promise.line"].concat(*(self._sold(1) for _number in range(8)))
        more.at_risk = True
        self.assertLessEqual(self._count_read(promise | more), few + 4)

    def _count_read(self, promises):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        promises.with_user(self.planner).mapped("rescue_text")
        return self.cr.sql_log_count - before

    def test_salespeople_see_what_would_save_it_and_planners_do_it(self):
        promise = self._late()
        rescue = self._rescues(promise, self.seller)["expedite"]
        with self.assertRaises(AccessError):
            rescue.action_do()

    def test_nobody_suggests_anything_by_hand(self):
        promise = self._late()
        values = {"line_id": promise.id, "kind": "split", "quantity": 1, "date": day(0)}
        stranger = self._create_stranger("logistics_crm_scm.group_planner")
        for user in (self.seller, self.planner, stranger):
            with self.assertRaises(AccessError):
                self.env["logistics.promise.rescue"].with_user(user).create(values)
        rescue = self._rescues(promise)["expedite"]
        with self.assertRaises(AccessError):
            rescue.quantity = 1

    def test_planners_of_another_company_see_nothing(self):
        promise = self._late()
        stranger = self._create_stranger("logistics_crm_scm.group_planner")
        with self.assertRaises(AccessError):
            self._seen_by(promise, stranger).action_view_rescues()
