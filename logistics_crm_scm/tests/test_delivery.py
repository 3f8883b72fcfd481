from datetime import date

from odoo.tests import tagged

from .delivery_common import DeliveryCase


@tagged("post_install", "-at_install")
class TestDeliveryOfOrders(DeliveryCase):
    def test_delivered_by_the_promised_day_is_on_time_in_full(self):
        order = self._promised(-2)
        self._deliver(order, days=-2)
        fact = self._sale(order)
        self.assertEqual(self._answers(fact), ("on_time", 1, 1))
        self.assertEqual((fact.on_time, fact.in_full, fact.otif), (True, True, True))
        self.assertEqual(fact.delivered_quantity, 10)
        self.assertEqual(fact.delivered_date, self._moment(-2).date())

    def test_delivered_after_the_promised_day_is_late_in_full(self):
        order = self._promised(-5)
        self._deliver(order, days=-4)
        self.assertEqual(self._answers(self._sale(order)), ("late", 1, 0))

    def test_not_delivered_is_late_from_the_day_after_the_promise(self):
        order = self._promised(-1)
        self.assertEqual(self._answers(self._sale(order)), ("late", 0, 0))
        order.commitment_date = self._moment(0)
        self.assertEqual(self._answers(self._sale(order)), ("unknown", None, None))

    def test_delivered_before_it_is_due_is_on_time_at_once(self):
        order = self._promised(9)
        self._deliver(order)
        self.assertEqual(self._answers(self._sale(order)), ("on_time", 1, 1))

    def test_the_frozen_promise_counts_and_not_what_the_order_says_later(self):
        order = self._frozen(-5)
        self._deliver(order, days=-4)
        fact = self._sale(order)
        self.assertEqual(fact.promised_date, self._moment(-5).date())
        self.assertEqual(self._answers(fact), ("late", 1, 0))

    def test_of_several_frozen_promises_the_last_counts(self):
        order = self._frozen(-5)
        order.promise_line_ids.copy({"date": self._moment(-3).date()})
        self._deliver(order, days=-4)
        self.assertEqual(self._answers(self._sale(order)), ("on_time", 1, 1))

    def test_cancelled_promises_do_not_count(self):
        order = self._frozen(-5)
        order.promise_line_ids.state = "cancelled"
        self.assertEqual(self._sale(order).promised_date, self._moment(15).date())

    def test_a_line_with_a_promise_without_a_date_follows_the_order(self):
        order = self._frozen(-5)
        order.promise_line_ids.copy({"date": False})
        self.assertEqual(self._sale(order).promised_date, self._moment(15).date())

    def test_what_left_is_on_time_when_it_arrives_in_time(self):
        order = self._frozen(-2, transit=2)
        self._deliver(order, days=-4)
        self.assertEqual(self._answers(self._sale(order)), ("on_time", 1, 1))
        late = self._frozen(-2, transit=2)
        self._deliver(late, days=-3)
        self.assertEqual(self._answers(self._sale(late)), ("late", 1, 0))

    def test_a_part_is_not_in_full_until_its_backorder_arrives(self):
        order = self._promised(-2)
        self._deliver(order, quantity=6, days=-3)
        fact = self._sale(order)
        self.assertEqual(self._answers(fact), ("late", 0, 0))
        self.assertEqual((fact.delivered_quantity, fact.delivered_date), (6, False))
        self._deliver(order, days=-1)
        fact = self._sale(order)
        self.assertEqual(self._answers(fact), ("late", 1, 0))
        self.assertEqual(fact.delivered_date, self._moment(-1).date())

    def test_a_rest_that_is_cancelled_is_not_in_full_though_what_left_was_kept(self):
        order = self._frozen(-2)
        self._deliver(order, quantity=6, days=-3)
        order.picking_ids.filtered(lambda one: one.state != "done").action_cancel()
        self.env["logistics.promise"]._follow_up(order.promise_line_ids)
        promise = order.promise_line_ids
        self.assertEqual((promise.quantity, promise.state), (6, "kept"))
        fact = self._sale(order)
        self.assertEqual(fact.promised_date, self._moment(-2).date())
        self.assertEqual(self._answers(fact), ("late", 0, 0))

    def test_a_backorder_within_the_promise_is_on_time(self):
        order = self._promised(-2)
        self._deliver(order, quantity=6, days=-4)
        self._deliver(order, days=-2)
        self.assertEqual(self._answers(self._sale(order)), ("on_time", 1, 1))

    def test_a_return_lowers_the_quantity_and_not_the_performance(self):
        order = self._promised(-5)
        back = self._return(self._deliver(order, days=-5), 3, days=-1)
        self.assertEqual(back.state, "done")
        fact = self._sale(order)
        self.assertEqual(fact.delivered_quantity, 7)
        self.assertEqual(fact.delivered_quantity, order.order_line.qty_delivered)
        self.assertEqual(self._answers(fact), ("on_time", 1, 1))

    def test_a_return_for_exchange_does_not_lower_the_quantity(self):
        order = self._promised(-5)
        self._return(self._deliver(order, days=-5), 3, to_refund=False)
        self.assertEqual(self._sale(order).delivered_quantity, 10)

    def test_quantities_are_compared_in_the_unit_of_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = {"product_id": self.pallet.id, "product_uom_qty": 2, "product_uom_id": dozen.id}
        order = self._promised(-2, lines=[line])
        self._deliver(order, days=-2)
        fact = self._sale(order)
        self.assertEqual(self._answers(fact), ("on_time", 1, 1))
        self.assertEqual((fact.quantity, fact.delivered_quantity), (24, 24))

    def test_services_are_not_known(self):
        haulage = self._create_goods("Haulage", type="service")
        order = self._promised(-2, lines=[{"product_id": haulage.id, "product_uom_qty": 1}])
        order.order_line.qty_delivered = 1
        self.assertEqual(self._answers(self._sale(order)), ("unknown", None, None))

    def test_lines_moved_as_other_products_are_not_known(self):
        order = self._promised(-2)
        component = self._create_goods("Component")
        moves = self._deliver(order, days=-9).move_ids
        self.env.cr.execute(
            "UPDATE stock_move SET product_id = %s WHERE id IN %s", [component.id, moves._ids]
        )
        self.assertEqual(self._answers(self._sale(order)), ("unknown", None, None))

    def test_the_day_of_delivery_is_that_of_the_company(self):
        order = self._promised(-2)
        self._deliver(order).move_ids.date = "2024-01-31 20:00:00"
        self.env.company.partner_id.tz = "Pacific/Auckland"
        self.assertEqual(self._sale(order).delivered_date, date(2024, 2, 1))

    def test_amounts_are_read_without_touching_stock(self):
        self.env.cr.execute(
            "EXPLAIN SELECT partner_id, SUM(amount) FROM logistics_order_fact GROUP BY 1"
        )
        self.assertNotIn("stock_move", str(self.env.cr.fetchall()))


@tagged("post_install", "-at_install")
class TestDeliveryOfHistory(DeliveryCase):
    def _state(self, *dates, **values):
        line = self._imported(*dates, **values)
        self.env.flush_all()
        facts = self.env["logistics.order.fact"].with_user(self.officer)
        return self._answers(facts.search([("history_id", "=", line.id)]))

    def test_delivered_by_the_promised_day_is_on_time(self):
        self.assertEqual(self._state(-5, -5), ("on_time", None, None))

    def test_delivered_after_the_promised_day_is_late(self):
        self.assertEqual(self._state(-5, -4), ("late", None, None))

    def test_promised_in_the_past_and_not_delivered_is_late(self):
        self.assertEqual(self._state(-1), ("late", None, None))
        self.assertEqual(self._state(0), ("unknown", None, None))

    def test_without_a_promise_nothing_is_known(self):
        self.assertEqual(self._state(None, -4), ("unknown", None, None))

    def test_a_return_is_not_a_delivery(self):
        self.assertEqual(self._state(-5, -4, quantity=-1), ("unknown", None, None))
