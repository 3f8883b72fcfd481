from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin

TUESDAY = day(8)


@tagged("post_install", "-at_install")
class TestPromiseWish(RecheckMixin, TransactionCase):
    """The customer asks for another day after the order was confirmed: as its salesperson."""

    def _order(self, wanted=TUESDAY, **values):
        """Return the promise of an order of ten bolts that lie there, wanted on a day."""
        self._stock(10)
        values["commitment_date"] = wanted and f"{wanted} 12:00:00"
        return self._sold(10, **values)

    def _wish(self, promise, wanted):
        order = promise.order_id.with_user(self.seller).with_company(self.company)
        order.commitment_date = wanted and f"{wanted} 12:00:00"

    def _planned(self, promise):
        moves = promise.order_id.picking_ids.move_ids.filtered(lambda one: one.state != "done")
        return set(moves.mapped(lambda one: one.date.date()))

    def _kept(self, promise, kind="wanted_date"):
        return promise.change_ids.filtered(lambda one: one.kind == kind)

    def test_an_earlier_wish_is_kept_and_the_earlier_day_offered(self):
        promise = self._order()
        self._wish(promise, day(2))
        self.assertEqual((promise.date, promise.wanted_date), (day(8), day(2)))
        self.assertEqual((promise.expected_date, promise.better_date), (day(8), day(2)))
        change = self._kept(promise)
        self.assertEqual((change.old_text, change.new_text), ("03/10/2026", "03/04/2026"))
        self.assertIn("customer asked for", change.reason)
        self.assertEqual(change.document, promise.order_id.name)
        self.assertEqual(self._planned(promise), {day(8)})
        info = promise.order_line_id.promise_info
        self.assertEqual(info["wanted_date"], str(day(2)))
        self.assertIn("customer asked for", info["change"])
        self.assertIn("03/04/2026", info["change"])

    def test_without_a_wish_again_deliveries_are_due_on_the_promised_day(self):
        promise = self._order(False)
        moves = promise.order_line_id.move_ids
        self.assertEqual(moves.date_deadline.date(), promise.date)
        self._wish(promise, day(8))
        self._wish(promise, False)
        self.assertEqual(moves.date_deadline.date(), promise.date)
        self.assertFalse(promise.wanted_date)

    def test_every_step_of_a_delivery_is_due_on_the_promised_day_again(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        promise = self._order(False)
        self._wish(promise, day(8))
        self._wish(promise, False)
        moves = promise.order_line_id.move_ids
        moves |= moves.move_orig_ids | moves.move_dest_ids
        self.assertEqual({move.date_deadline.date() for move in moves}, {promise.date})

    def test_an_earlier_wish_that_is_agreed_is_planned(self):
        promise = self._order()
        self._wish(promise, day(2))
        promise.with_user(self.seller).action_accept_better()
        self.assertEqual((promise.date, promise.expected_date), (day(8), day(2)))
        self.assertEqual(self._planned(promise), {day(2)})

    def test_an_earlier_wish_that_cannot_be_kept_offers_nothing(self):
        self._receipt(10, day(7))
        promise = self._sold(10, commitment_date=f"{day(8)} 12:00:00")
        self._wish(promise, day(2))
        self.assertEqual(promise.better_date, day(7))
        self.assertFalse(promise.at_risk)

    def test_a_later_wish_moves_what_is_planned_and_expected_and_not_the_promise(self):
        promise = self._order()
        self._wish(promise, day(14))
        self.assertEqual((promise.date, promise.wanted_date), (day(8), day(14)))
        self.assertEqual((promise.expected_date, promise.better_date), (day(14), False))
        self.assertEqual(self._planned(promise), {day(14)})
        self.assertIn("customer asked for", self._kept(promise, "expected_date").reason)

    def test_a_later_wish_is_no_risk_and_no_delay_of_ours(self):
        self.customer.write({"promise_channel": "email", "email": "buyer@customer.example"})
        promise = self._order()
        self._wish(promise, day(14))
        self._recheck()
        self.assertEqual((promise.at_risk, promise.delay, promise.notice_at), (False, 0, False))
        self.assertFalse(promise.order_id.is_late)
        with freeze_time(f"{day(14)} 09:00:00"):
            self._do(promise.order_id.picking_ids)
            self._recheck()
        self.assertEqual((promise.state, promise.delivered_date), ("kept", day(14)))

    def test_what_the_customer_put_off_is_on_time_and_in_full_by_the_later_day(self):
        promise = self._order()
        self._wish(promise, day(14))
        with freeze_time(f"{day(14)} 09:00:00"):
            self._do(promise.order_id.picking_ids)
        facts = self.env["logistics.order.fact"]
        fact = facts.search([("sale_line_id", "=", promise.order_line_id.id)])
        self.assertEqual(fact.promised_date, day(14))
        self.assertEqual((fact.on_time_rate, fact.otif_rate), (1, 1))

    def test_later_than_the_later_wish_is_a_risk(self):
        receipt = self._receipt(10, day(7))
        promise = self._sold(10)
        self._wish(promise, day(10))
        self.assertEqual((promise.expected_date, promise.at_risk), (day(10), False))
        self._move(receipt, day(14))
        self._recheck()
        self.assertEqual((promise.expected_date, promise.at_risk), (day(14), True))
        self.assertEqual(promise.delay, 4)

    def test_who_is_late_already_is_late_whatever_is_wished_then(self):
        promise = self._order(wanted=day(2))
        with freeze_time(f"{day(3)} 09:00:00"):
            self._wish(promise, day(14))
            self.assertTrue(promise.at_risk)
            self.assertEqual(promise.expected_date, day(14))

    def test_a_later_wish_that_is_taken_back_restores_the_plan(self):
        promise = self._order()
        self._wish(promise, day(14))
        self._wish(promise, day(8))
        self.assertEqual((promise.expected_date, promise.at_risk), (day(8), False))
        self.assertEqual(self._planned(promise), {day(8)})
        self.assertEqual(len(self._kept(promise)), 2)
        self._wish(promise, day(14))
        self._wish(promise, day(2))
        self.assertEqual((promise.expected_date, promise.better_date), (day(8), day(2)))
        self.assertEqual(self._planned(promise), {day(8)})

    def test_a_delivery_that_a_planner_put_off_stays_where_it_is(self):
        promise = self._order()
        promise.order_id.picking_ids.move_ids.date = f"{day(11)} 12:00:00"
        self._recheck()
        self._wish(promise, day(2))
        self.assertEqual(self._planned(promise), {day(11)})
        self.assertTrue(promise.at_risk)

    def test_no_wish_any_more_is_as_soon_as_possible(self):
        promise = self._order()
        self._wish(promise, False)
        self.assertEqual((promise.wanted_date, promise.better_date), (False, day(0)))
        self.assertEqual(self._kept(promise).new_text, "As soon as possible")

    def test_a_wish_where_there_was_none(self):
        promise = self._order(wanted=False)
        self.assertEqual(promise.date, day(0))
        self._wish(promise, day(4))
        self.assertEqual((promise.expected_date, promise.at_risk), (day(4), False))
        self.assertEqual(self._planned(promise), {day(4)})

    def test_another_hour_of_the_same_day_is_no_other_wish(self):
        promise = self._order()
        promise.order_id.with_user(self.seller).commitment_date = f"{day(8)} 15:00:00"
        self.assertFalse(promise.change_ids)

    def test_a_wish_does_not_touch_what_was_kept(self):
        promise = self._order(wanted=day(0))
        self._do(promise.order_id.picking_ids)
        self._recheck()
        self._wish(promise, day(14))
        self.assertEqual((promise.state, promise.wanted_date), ("kept", day(0)))
        self.assertFalse(self._kept(promise))

    def test_a_wish_for_a_quotation_changes_no_promise(self):
        self._stock(10)
        order = self._quotation(5, user_id=self.seller.id)
        order.with_user(self.seller).commitment_date = f"{day(3)} 12:00:00"
        self.assertFalse(order.promise_line_ids)
        self.assertEqual(order.promise_date, day(3))

    def test_every_step_of_a_delivery_is_moved(self):
        self.warehouse.delivery_steps = "pick_ship"
        promise = self._order()
        self._do(promise.order_id.picking_ids)
        self._wish(promise, day(14))
        self.assertEqual(self._planned(promise), {day(14)})

    def test_the_customers_days_and_the_way_there_are_counted(self):
        carrier = self.env["delivery.carrier"].create(
            {"name": "Van", "product_id": self._product("Freight", type="service").id}
        )
        carrier.promise_transit_days = 2
        promise = self._order(carrier_id=carrier.id)
        self._wish(promise, day(14))
        self.assertEqual((promise.expected_date, promise.at_risk), (day(14), False))
        self.assertEqual(self._planned(promise), {day(11)})  # a Friday; it rests at weekends

    def test_the_queries_do_not_grow_with_the_lines(self):
        few, many = self._order(), self._order()
        many.order_id.order_line = [
            (0, 0, {"product_id": self._product(f"Nut {number}").id, "product_uom_qty": 1})
            for number in range(10)
        ]
        self.assertLessEqual(self._count(many), self._count(few) + 10)

    def _count(self, promise):
        """Return the queries of following a wish, beside what Odoo does with the new date."""
        order = promise.order_id.with_user(self.seller)
        with patch.object(type(order), "_keep_wishes"):
            self._wish(promise, day(14))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        order._keep_wishes()
        self.env.flush_all()
        self.assertEqual(promise.wanted_date, day(14))
        return self.cr.sql_log_count - before
