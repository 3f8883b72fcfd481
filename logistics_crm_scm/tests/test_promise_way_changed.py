from datetime import datetime

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_notice_common import NoticeMixin
from .test_promise_far import FarMixin


class CarrierMixin:
    """A boat takes three days, a plane one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freight = cls._product("Freight", type="service", is_storable=False)
        values = {"product_id": freight.id, "delivery_type": "fixed"}
        cls.boat, cls.plane, cls.mule = cls.env["delivery.carrier"].create(
            [
                {"name": name, "promise_transit_days": days, **values}
                for name, days in (("Boat", 3), ("Plane", 1), ("Mule", 9))
            ]
        )

    def _choose(self, promise, carrier):
        """Have the seller choose another carrier for an order; it is checked."""
        promise.order_id.with_user(self.seller).carrier_id = carrier
        self._recheck()

    def _choose_for(self, transfer, carrier):
        """Have a transfer taken by another carrier than the order names; it is checked."""
        transfer.carrier_id = carrier
        self._recheck()

    def _leave(self, promise, number, quantity=None):
        """Have what is open leave on a day at nine; it is checked."""
        with freeze_time(datetime.combine(day(number), datetime.min.time()).replace(hour=9)):
            transfers = promise.order_id.picking_ids
            transfer = transfers.filtered(lambda one: one.state not in ("done", "cancel"))
            self._do(transfer.sorted("id")[:1], quantity)
            self._recheck()

    def _headline(self, promise):
        return promise.order_line_id.promise_info["headline"]


@tagged("post_install", "-at_install")
class TestPromiseWayKnown(FarMixin, CarrierMixin, NoticeMixin, TransactionCase):
    """The first transit time that is known is news, no delay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock(9)

    def test_the_promise_is_dated_anew_and_nobody_is_told_that_it_is_late(self):
        promise = self._sold()
        self._choose(promise, self.boat)
        self.assertEqual((promise.date, promise.expected_date), (day(3), day(3)))
        self.assertEqual((promise.at_risk, promise.delay), (False, 0))
        self.assertFalse(promise.way_unknown)
        self.assertEqual((promise.transit_days, promise.ship_date), (3, day(0)))
        self.assertFalse(promise.notice_at)
        self.assertFalse(self._told(promise))

    def test_the_change_is_kept_with_its_reason(self):
        promise = self._sold()
        self._choose(promise, self.boat)
        change = promise.change_ids.filtered(lambda one: one.kind == "date")
        self.assertEqual((change.old_value, change.new_value), (str(day(0)), str(day(3))))
        self.assertEqual(change.reason, "The way there is known now: Boat takes 3 days.")
        self.assertEqual(promise.reason, change.reason)
        self.assertIn(change.reason, promise.order_line_id.promise_info["change"])

    def test_the_customer_reads_when_it_is_there(self):
        promise = self._sold()
        order = promise.order_id
        self.assertEqual(order._get_promise_for_customer(), "Leaves our warehouse by 03/02/2026")
        self._choose(promise, self.boat)
        self.assertEqual(order._get_promise_for_customer(), "Delivery by 03/05/2026")
        self.assertEqual(self._headline(promise), "By 03/05/2026 for sure")
        explanation = promise.order_line_id.promise_info["explanation"]
        self.assertTrue(explanation.startswith("When it was confirmed: "), explanation)
        self.assertEqual(order.picking_ids.date_deadline.date(), day(3))

    def test_what_leaves_later_as_well_is_late_by_that(self):
        self._stock(-9)
        receipt = self._receipt(10, day(2))
        promise = self._sold()
        self._move(receipt, day(4))
        promise.order_id.with_user(self.seller).carrier_id = self.boat
        self._recheck()
        self.assertEqual((promise.date, promise.expected_date), (day(5), day(7)))
        self.assertEqual((promise.at_risk, promise.delay), (True, 2))
        self.assertIn(f"It waits for receipt {receipt.picking_ids.name}", promise.reason)

    def test_a_day_of_leaving_that_was_told_becomes_one_of_arrival(self):
        self._stock(-9)
        promise = self._late(day(9))
        self.assertTrue(self._told(promise))
        self._choose(promise, self.boat)
        self.assertEqual((promise.date, promise.told_date), (day(5), day(12)))
        self.assertEqual(promise.expected_date, day(12))
        self.assertEqual(len(self._told(promise)), 1)

    def test_the_carrier_of_the_transfer_makes_it_known_too(self):
        promise = self._sold()
        self._choose_for(promise.order_id.picking_ids, self.boat)
        self.assertEqual((promise.date, promise.at_risk), (day(3), False))
        self.assertEqual((promise.state, promise.order_id.carrier_id), ("held", self.boat.browse()))

    def test_it_is_known_by_the_carrier_that_took_it(self):
        promise = self._sold()
        promise.order_id.picking_ids.carrier_id = self.boat
        self._leave(promise, 0)
        self.assertEqual((promise.state, promise.date), ("kept", day(3)))
        self.assertEqual(promise.delivered_date, day(3))

    def test_it_is_known_of_a_part_that_left_before_the_order_was_cancelled(self):
        promise = self._sold()
        promise.order_id.picking_ids.carrier_id = self.boat
        self._do(promise.order_id.picking_ids, 2)
        promise.order_id._action_cancel()
        self.assertEqual((promise.state, promise.date, promise.quantity), ("kept", day(3), 2))

    def test_what_left_while_nothing_is_known_is_kept_by_its_day_of_leaving(self):
        promise = self._sold()
        self._leave(promise, 0)
        self.assertEqual((promise.state, promise.date), ("kept", day(0)))
        change = promise.change_ids.filtered(lambda one: one.kind == "state")
        self.assertIn("how long it is under way is not known", change.reason)
        self.assertIn("left on 03/02/2026 (transit time not known)", self._headline(promise))

    def test_an_address_far_away_makes_it_a_promise_of_leaving_until_a_carrier_is_chosen(self):
        promise = self._near()
        abroad = {"name": "Abroad", "country_id": self.env.ref("base.uk").id}
        promise.order_id.partner_shipping_id = self.env["res.partner"].create(abroad)
        self._recheck()
        told = promise.order_id._get_promise_for_customer
        self.assertEqual(told(), "Leaves our warehouse by 03/02/2026")
        self._choose(promise, self.boat)
        self.assertEqual((promise.date, promise.at_risk), (day(3), False))
        self._leave(promise, 0)
        self.assertEqual((promise.state, promise.delivered_date), ("kept", day(3)))
        self.assertEqual(
            self._headline(promise), "Promised for 03/05/2026, on its way, there on 03/05/2026"
        )
        with freeze_time(datetime(2026, 3, 6, 9)):
            self.env.invalidate_all()
            text = "Promised for 03/05/2026, delivered on 03/05/2026"
            self.assertEqual(self._headline(promise), text)
            self.assertEqual(promise.order_id.promise_text, text)

    def test_a_carrier_for_a_customer_in_the_country_makes_it_late(self):
        promise = self._near()
        self._choose(promise, self.boat)
        self.assertEqual((promise.date, promise.expected_date), (day(0), day(3)))
        self.assertTrue(promise.at_risk)

    def test_a_slower_carrier_is_a_delay_once_one_was_known(self):
        promise = self._sold()
        self._choose(promise, self.boat)
        self._choose(promise, self.mule)
        self.assertEqual((promise.date, promise.expected_date), (day(3), day(9)))
        self.assertTrue(promise.at_risk)

    def test_each_line_changes_in_the_same_number_of_queries(self):
        few, many = self._sold(1), self._sold(1)
        many.order_id.order_line = [
            (0, 0, {"product_id": product.id, "product_uom_qty": 1, "customer_lead": 0})
            for product in (self._product(f"Nut {at}", is_storable=False) for at in range(8))
        ]
        self._recheck()
        self.assertLessEqual(self._count(many), self._count(few) + 5)

    def _near(self):
        """Return a promise to the customer, who is in the warehouse's country."""
        self.customer.country_id = self.env.ref("base.us")
        return self._sold()

    def _count(self, promise):
        promise.order_id.carrier_id = self.boat
        promises = promise.search([("order_id", "=", promise.order_id.id)])
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.env["logistics.promise"]._follow_up(promises)
        self.env.flush_all()
        self.assertEqual(set(promises.mapped("date")), {day(3)})
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestPromiseWayLost(FarMixin, CarrierMixin, NoticeMixin, TransactionCase):
    """A promised day of arrival stays one where its transit time is not known any more."""

    def _sold_by(self, carrier, **values):
        self._stock(9)
        return self._sold(carrier_id=carrier.id, **values)

    def _drop_carrier(self, promise):
        promise.order_id.picking_ids.carrier_id = False
        self._choose(promise, self.boat.browse())

    def test_the_promised_day_stays_and_the_screen_says_what_is_not_known(self):
        promise = self._sold_by(self.boat)
        self._drop_carrier(promise)
        self.assertEqual((promise.date, promise.expected_date), (day(3), day(3)))
        self.assertEqual((promise.way_unknown, promise.way_lost), (False, True))
        self.assertFalse(promise.at_risk)
        self.assertEqual(promise.order_id._get_promise_for_customer(), "Delivery by 03/05/2026")
        self.assertEqual(self._headline(promise), "By 03/05/2026 (transit time not known)")
        self.assertEqual(promise.order_id.promise_text, self._headline(promise))

    def test_a_customer_in_the_country_is_not_promised_what_no_carrier_takes_the_same_day(self):
        self.customer.country_id = self.env.ref("base.us")
        promise = self._sold_by(self.boat)
        self._drop_carrier(promise)
        self.assertEqual((promise.expected_date, promise.better_date), (day(3), False))
        self.assertEqual(self._headline(promise), "By 03/05/2026 (transit time not known)")

    def test_it_is_not_said_to_come_earlier_where_the_carriers_days_are_not_known(self):
        hours = {"dayofweek": "3", "hour_from": 8, "hour_to": 17, "name": "Thursday"}
        self.boat.promise_calendar_id = self.env["resource.calendar"].create(
            {"name": "Thursdays", "tz": "UTC", "attendance_ids": [(5,), (0, 0, hours)]}
        )
        promise = self._sold_by(self.boat)
        self.assertEqual(promise.date, day(17))
        self._drop_carrier(promise)
        self.assertEqual((promise.expected_date, promise.better_date), (day(17), False))

    def test_what_leaves_later_is_late_by_the_promised_days(self):
        receipt = self._receipt(10, day(2))
        promise = self._sold(carrier_id=self.boat.id)
        self._move(receipt, day(7))
        self._drop_carrier(promise)
        self.assertEqual((promise.date, promise.expected_date), (day(5), day(10)))
        self.assertTrue(promise.at_risk)

    def test_another_carrier_counts_from_the_promised_day(self):
        promise = self._sold_by(self.boat)
        self._drop_carrier(promise)
        self._choose(promise, self.mule)
        self.assertFalse(promise.way_lost)
        self.assertEqual((promise.date, promise.expected_date), (day(3), day(9)))

    def test_the_transfers_carrier_stays_where_the_order_names_none(self):
        promise = self._sold_by(self.boat)
        self._choose(promise, self.boat.browse())
        self.assertEqual(promise.order_id.picking_ids.carrier_id, self.boat)
        self.assertFalse(promise.way_lost)
        self.assertEqual(promise.expected_date, day(3))


@tagged("post_install", "-at_install")
class TestPromiseWayTaken(FarMixin, CarrierMixin, NoticeMixin, TransactionCase):
    """What counted for the expected date counts when it has left."""

    def _slipped(self, **values):
        """Return a promise of day 5 by boat whose receipt slipped from day 2 to day 4."""
        receipt = self._receipt(10, day(2))
        promise = self._sold(carrier_id=self.boat.id, **values)
        self._move(receipt, day(4))
        self._recheck()
        self.assertEqual((promise.date, promise.expected_date), (day(5), day(7)))
        self.receipt = receipt
        return promise

    def _leave_as_received(self, promise):
        """Have what came on day 4 leave on that day."""
        with freeze_time(datetime(2026, 3, 6, 8)):
            self._do(self.receipt.picking_ids)
        self._leave(promise, 4)

    def test_what_a_faster_carrier_saved_is_kept(self):
        promise = self._slipped()
        self._choose(promise, self.plane)
        self.assertEqual((promise.expected_date, promise.at_risk), (day(5), False))
        self.assertEqual(promise.order_id.picking_ids.carrier_id, self.plane)
        self._leave_as_received(promise)
        self.assertEqual((promise.state, promise.delivered_date), ("kept", day(5)))
        self.assertEqual(self._get_delivery_state(promise), "on_time")

    def test_the_carrier_of_the_transfer_wins_over_the_orders(self):
        promise = self._slipped()
        self._choose_for(promise.order_id.picking_ids, self.plane)
        self.assertEqual((promise.expected_date, promise.at_risk), (day(5), False))
        self._leave_as_received(promise)
        self.assertEqual((promise.state, promise.delivered_date), ("kept", day(5)))

    def test_what_a_slower_carrier_took_is_missed(self):
        self._stock(9)
        promise = self._sold(carrier_id=self.boat.id)
        self._choose_for(promise.order_id.picking_ids, self.mule)
        self.assertEqual((promise.expected_date, promise.at_risk), (day(9), True))
        self._leave(promise, 0)
        self.assertEqual((promise.state, promise.delivered_date), ("missed", day(9)))
        self.assertEqual(
            self._headline(promise), "Promised for 03/05/2026, on its way, there on 03/11/2026"
        )
        self.assertEqual(self._get_delivery_state(promise), "late")

    def test_of_several_steps_the_last_ones_carrier_counts(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._stock(9)
        promise = self._sold(carrier_id=self.boat.id)
        self._do(promise.order_id.picking_ids)
        last = promise.order_id.picking_ids.filtered(lambda one: one.state != "done")
        self._choose_for(last, self.mule)
        self.assertEqual(promise.expected_date, day(9))

    def test_a_part_that_left_arrives_as_it_was_counted_then(self):
        self._stock(9)
        promise = self._sold(carrier_id=self.boat.id)
        self._leave(promise, 0, 2)
        self.assertEqual(promise.state, "held")
        self.boat.promise_transit_days = 20
        self._choose(promise, self.plane)
        self.assertEqual(promise.expected_date, day(3))
        self._leave(promise, 1)
        self.assertEqual((promise.state, promise.delivered_date), ("kept", day(3)))

    def test_what_became_of_it_stays_where_the_carrier_takes_longer_now(self):
        self._stock(9)
        promise = self._sold(carrier_id=self.boat.id)
        self._leave(promise, 0)
        self.boat.promise_transit_days = 20
        self._recheck_all()
        self.assertEqual((promise.state, promise.delivered_date), ("kept", day(3)))
        self.assertEqual(self._get_delivery_state(promise), "on_time")

    def test_a_tracked_transfer_stays_with_its_carrier(self):
        self._stock(9)
        promise = self._sold(carrier_id=self.boat.id)
        transfer = promise.order_id.picking_ids
        transfer.carrier_tracking_ref = "B-1"
        self._choose(promise, self.mule)
        self.assertEqual((transfer.carrier_id, promise.expected_date), (self.boat, day(3)))

    def _get_delivery_state(self, promise):
        self.env.flush_all()
        facts = self.env["logistics.order.fact"]
        return facts.search([("sale_line_id", "=", promise.order_line_id.id)]).delivery_state
