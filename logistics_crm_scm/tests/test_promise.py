from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm_scm.tools.promise_data import Demand

from .promise_common import PromiseMixin, day


@tagged("post_install", "-at_install")
class TestPromise(PromiseMixin, TransactionCase):
    def test_free_stock_is_promised_today(self):
        self._stock(10)
        self.assert_promised(self._ask(10), day(0), [("stock", 10)])

    def test_stock_that_was_never_counted_is_none(self):
        """Odoo keeps a quant without quantity where a count was begun."""
        self._stock(3)
        place = {"product_id": self.product.id, "location_id": self.warehouse.lot_stock_id.id}
        quant = self.env["stock.quant"].create(place)
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_quant SET quantity = NULL WHERE id = %s", [quant.id])
        self.assert_promised(self._ask(3), day(0))
        self.assertFalse(self._ask(4).date)

    def test_what_is_reserved_is_not_promised(self):
        self._stock(10)
        self._quotation(6, confirm=True)
        self.assert_promised(self._ask(4), day(0))
        self.assertFalse(self._ask(5).date)

    def test_a_receipt_is_promised_when_it_arrives(self):
        self._stock(4)
        order = self._receipt(10, day(2))
        promised = self._ask(6)
        self.assert_promised(promised, day(2), [("stock", 4), ("receipt", 2)])
        self.assertIn(order.picking_ids.name, promised.explanation)

    def test_goods_promised_to_a_later_order_are_not_promised_again(self):
        self._stock(10)
        later = self._quotation(8, commitment_date="2026-03-20 10:00:00")
        later.action_confirm()
        self.assertFalse(self._ask(3).date)
        self.assert_promised(self._ask(2), day(0))

    def test_what_stock_does_not_cover_comes_from_the_supplier(self):
        self._stock(4)
        self._supplier(delay=3)
        promised = self._ask(10)
        self.assert_promised(promised, day(3), [("stock", 4), ("supplier", 6)])
        self.assertIn("Vendor", promised.explanation)

    def test_weekends_and_holidays_are_no_shipping_days(self):
        self._receipt(5, day(5))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-03-09 00:00:00",
                "date_to": "2026-03-09 23:59:59",
            }
        )
        promised = self._ask(5)
        self.assert_promised(promised, day(8))
        self.assertIn("closed then", promised.explanation)

    def test_after_the_cut_off_it_leaves_on_the_next_working_day(self):
        self._stock(5)
        self.warehouse.promise_cutoff = 8.5
        promised = self._ask(5)
        self.assert_promised(promised, day(1))
        self.assertIn("cut-off", promised.explanation)

    def test_the_cut_off_is_in_the_time_zone_of_the_warehouse(self):
        self._stock(5)
        self.warehouse.partner_id = self.env["res.partner"].create(
            {"name": "Dock", "tz": "America/New_York"}  # 04:00 there
        )
        self.warehouse.promise_cutoff = 8.5
        self.assert_promised(self._ask(5), day(0))

    def test_an_address_without_a_carrier_is_served_by_that_of_its_company(self):
        self._stock(5)
        self.customer.with_company(self.company).property_delivery_carrier_id = self._carrier(2)
        contact = self.env["res.partner"].create({"name": "Dock", "parent_id": self.customer.id})
        contact.with_company(self.company).property_delivery_carrier_id = False
        demand = Demand(self.product, 5, ship_to=contact)
        self.assert_promised(self.engine._promise([demand], self.company)[0], day(2))

    def test_transit_and_delivery_days_come_on_top(self):
        self._stock(5)
        carrier = self._carrier(transit=2)
        weekdays = [("0", "Monday"), ("4", "Friday")]
        self.customer.delivery_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Receives on Mondays and Fridays",
                "tz": "UTC",
                "attendance_ids": [(5, 0, 0)]
                + [
                    (0, 0, {"name": name, "dayofweek": key, "hour_from": 8, "hour_to": 12})
                    for key, name in weekdays
                ],
            }
        )
        promised = self._ask(5, carrier=carrier)
        self.assert_promised(promised, day(4))
        promised = self._ask(5, carrier=carrier, wanted=day(8))  # leaves in time to be there then
        self.assert_promised(promised, day(11))
        self.assertIn("takes no deliveries before 03/13/2026", promised.explanation)
        promised = self._ask(5, carrier=carrier, wanted=day(11))
        self.assert_promised(promised, day(11))
        self.assertNotIn("takes no deliveries", promised.explanation)

    def _carrier(self, transit):
        service = self._product("Freight", type="service", is_storable=False)
        return self.env["delivery.carrier"].create(
            {"name": "Truck", "product_id": service.id, "promise_transit_days": transit}
        )

    def test_a_wanted_date_that_can_be_kept_is_promised(self):
        self._stock(5)
        self.assert_promised(self._ask(5, wanted=day(9)), day(9))

    def test_a_wanted_date_in_the_past_means_as_soon_as_possible(self):
        self._stock(5)
        promised = self._ask(5, wanted=day(-3))
        self.assert_promised(promised, day(0))
        self.assertIn("has passed", promised.explanation)

    def test_the_warehouse_that_can_first_is_promised(self):
        other = self._warehouse("W2")
        self._stock(10, warehouse=other)
        self._receipt(10, day(2))
        promised = self._ask(10, warehouse=self.warehouse)
        self.assert_promised(promised, day(0))
        self.assertEqual(promised.answer.shipments[0].warehouse, other.id)

    def test_split_orders_come_from_several_warehouses(self):
        other = self._warehouse("W2")
        self._stock(6)
        self._stock(6, warehouse=other)
        self.assertFalse(self._ask(10).date)
        promised = self._ask(10, split=True)
        self.assert_promised(promised, day(0), [("stock", 6), ("stock", 4)])

    def test_lines_of_one_call_share_what_there_is(self):
        self._stock(10)
        demands = [Demand(self.product, quantity, ship_to=self.customer) for quantity in (8, 6)]
        dates = [item.date for item in self.engine._promise(demands, self.company)]
        self.assertEqual(dates, [False, day(0)])

    def test_steps_of_a_delivery_count_once(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self._stock(10)
        order = self._quotation(6, confirm=True)
        self.assert_promised(self._ask(4), day(0))
        self.assertFalse(self._ask(5).date)
        pick = order.picking_ids
        pick.move_ids.quantity = 6
        pick.move_ids.picked = True
        pick.button_validate()
        self.assert_promised(self._ask(4), day(0))
        self.assertFalse(self._ask(5).date)

    def test_steps_of_a_receipt_count_once(self):
        self.warehouse.reception_steps = "three_steps"
        order = self._receipt(10, day(2))
        self.assert_promised(self._ask(10), day(2))
        self.assertFalse(self._ask(11).date)
        receipt = order.picking_ids
        receipt.move_ids.quantity = 10
        receipt.move_ids.picked = True
        receipt.button_validate()
        self.assertFalse(self._ask(11).date)
        self.assertTrue(self._ask(10).date)

    def test_an_overdue_receipt_is_not_counted_on_today(self):
        self._receipt(10, day(-4))
        promised = self._ask(10)
        self.assert_promised(promised, day(1))
        self.assertIn("overdue", promised.explanation)

    def test_a_service_has_no_date(self):
        service = self._product("Advice", type="service", is_storable=False)
        promised = self._ask(1, service)
        self.assertFalse(promised.date)
        self.assertIn("service", promised.explanation)

    def test_an_archived_product_has_no_date(self):
        self._stock(5)
        self.product.active = False
        self.assertIn("archived", self._ask(1).explanation)

    def test_zero_and_negative_quantities_have_no_date(self):
        self._stock(5)
        self.assertIn("zero", self._ask(0).explanation)
        self.assertIn("return", self._ask(-1).explanation)

    def test_a_huge_quantity_is_not_known(self):
        self._stock(5)
        promised = self._ask(1e11)
        self.assertFalse(promised.date)
        self.assertIn("Not known", promised.explanation)

    def test_a_huge_quantity_from_a_supplier_is_dated(self):
        self._supplier(delay=3)
        self.assert_promised(self._ask(1e11), day(3))

    def test_a_unit_without_conversion_has_no_date(self):
        promised = self._ask(1, unit=self.env.ref("uom.product_uom_kgm"))
        self.assertFalse(promised.date)
        self.assertIn("cannot be converted", promised.explanation)

    def test_units_are_converted(self):
        self._stock(24)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.assert_promised(self._ask(2, unit=dozen), day(0), [("stock", 24)])
        self.assertFalse(self._ask(3, unit=dozen).date)

    def test_a_calendar_without_hours_is_said(self):
        self._stock(5)
        self.warehouse.promise_calendar_id = self.env["resource.calendar"].create(
            {"name": "Closed", "attendance_ids": [(5, 0, 0)]}
        )
        promised = self._ask(5)
        self.assertFalse(promised.date)
        self.assertIn("no working hours", promised.explanation)

    def test_without_a_calendar_every_day_counts(self):
        self.company.resource_calendar_id = False
        self._receipt(5, day(5))
        promised = self._ask(5)
        self.assert_promised(promised, day(5))
        self.assertIn("every day counts", promised.explanation)

    def test_stock_of_another_company_is_not_promised(self):
        other = self.env["res.company"].create({"name": "Other"})
        place = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self._stock(10, location=place.lot_stock_id)
        self.assertFalse(self._ask(1).date)

    def test_late_suppliers_move_the_sure_date_and_the_likely_one(self):
        for late in (0, 0, 1, 1, 1, 1, 1, 1, 4, 4):
            self._arrived(late)
        self._receipt(10, day(1))
        promised = self._ask(10)
        self.assertEqual((promised.date, promised.likely_date), (day(7), day(2)))
        self.assertGreater(promised.confidence, 0.8)

    def _arrived(self, late):
        other = self._product("Earlier")
        order = self._receipt(1, day(-30), other)
        order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        order.picking_ids.button_validate()
        order.picking_ids.move_ids.date = f"{day(-30 + late)} 12:00:00"

    def test_queries_do_not_grow_with_the_lines(self):
        self._stock(500)
        products = [self._product(f"P{number}") for number in range(40)]
        for product in products:
            self._stock(5, product)
            self._supplier(2, product)
        counts = []
        for number in (2, 40):
            self.env.invalidate_all()
            demands = [Demand(one, 7, ship_to=self.customer) for one in products[:number]]
            before = self.env.cr.sql_log_count
            self.engine._promise(demands, self.company)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
