from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.logistics_crm_scm.tools.promise_data import Demand

from .promise_common import PromiseMixin, day


@tagged("post_install", "-at_install")
class TestPromiseEdges(PromiseMixin, TransactionCase):
    """Rare cases, each with what a person reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("edges_seller", "sales_team.group_sale_salesman")
        cls.seller.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})

    def _sell(self, quantity=5.0, product=None, **values):
        order = self._quotation(quantity, product, user_id=self.seller.id, **values)
        return order.with_user(self.seller).with_company(self.company)

    def _place_in(self, zone, warehouse=None, **values):
        """Let a warehouse be in a time zone and work every day."""
        self.company.resource_calendar_id = False
        dock = self.env["res.partner"].create({"name": "Dock", "tz": zone})
        (warehouse or self.warehouse).write({"partner_id": dock.id, **values})

    def _receive_at(self, moment, quantity=5):
        order = self._receipt(quantity, day(1))
        order.picking_ids.move_ids.date = moment
        return order

    @staticmethod
    def _do(pickings):
        pickings.move_ids.filtered(lambda move: not move.quantity).quantity = 5
        pickings.move_ids.picked = True
        pickings.button_validate()

    def _closed(self):
        """Return a calendar without working hours."""
        return self.env["resource.calendar"].create(
            {"name": "Closed", "company_id": self.company.id, "attendance_ids": [(5, 0, 0)]}
        )

    def assert_not_known(self, promised, *words):
        self.assertFalse(promised.date, promised.explanation)
        for word in words:
            self.assertIn(word, promised.explanation)

    # ------------------------------------------------------------
    # CLOCKS
    # ------------------------------------------------------------

    def test_after_the_clocks_change_a_day_begins_an_hour_earlier(self):
        """In Paris 22:30 UTC is 23:30 in winter and 00:30 of the next day in summer."""
        self._place_in("Europe/Paris")
        receipt = self._receive_at("2026-03-28 22:30:00")
        self.assert_promised(self._ask(5), day(26))  # the 28th
        receipt.picking_ids.move_ids.date = "2026-03-29 22:30:00"
        self.assert_promised(self._ask(5), day(28))  # the 30th

    def test_the_cut_off_follows_the_clocks(self):
        """In Paris 10:30 UTC is 11:30 in winter and 12:30 in summer."""
        self._place_in("Europe/Paris", promise_cutoff=12.0)
        receipt = self._receive_at("2026-03-28 10:30:00")
        self.assert_promised(self._ask(5), day(26))
        receipt.picking_ids.move_ids.date = "2026-03-29 10:30:00"
        self.assert_promised(self._ask(5), day(28))

    def test_on_the_day_of_23_hours_now_is_after_the_cut_off_an_hour_earlier(self):
        self._place_in("Europe/Paris", promise_cutoff=12.0)
        self._stock(5)
        with freeze_time(datetime(2026, 3, 29, 10, 30)):
            promised = self._ask(5)
        self.assert_promised(promised, day(28))
        self.assertIn("cut-off has passed", promised.explanation)

    def test_today_is_the_day_at_the_warehouse(self):
        self._stock(5)
        self._place_in("Pacific/Auckland")
        with freeze_time(datetime(2026, 3, 2, 12)):  # 01:00 on the 3rd
            self.assert_promised(self._ask(5), day(1))
        self._place_in("Pacific/Pago_Pago")  # 22:00 on the 1st
        self.assert_promised(self._ask(5), day(-1))

    def test_a_wanted_time_means_the_day_at_the_warehouse(self):
        self._stock(5)
        self._place_in("Asia/Shanghai")
        order = self._sell(commitment_date="2026-03-10 17:00:00")  # 01:00 on the 11th
        self.assertEqual(order.promise_date, day(9))

    def test_another_warehouse_is_told_the_promised_day_in_its_own_time(self):
        """09:00 UTC on the 4th is the 3rd on Pago Pago, but not where it leaves."""
        other = self._warehouse("W2")
        self._place_in("UTC", other)
        self._place_in("Pacific/Pago_Pago")
        self._stock(5, warehouse=other)
        order = self._sell()
        order.order_line.customer_lead = 2
        order.action_confirm()
        held = order.order_line.sudo().promise_line_ids
        move = order.sudo().picking_ids.move_ids
        self.assertEqual(held.warehouse_id, other)
        self.assertEqual(move.date.date(), held.ship_date)

    # ------------------------------------------------------------
    # STOCK THAT IS NOT OURS TO PROMISE, AND STOCK THAT IS
    # ------------------------------------------------------------

    def test_consigned_stock_of_others_is_not_promised(self):
        place = self.warehouse.lot_stock_id
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.product, place, 5, owner_id=self.vendor)
        self.assert_not_known(self._ask(1), "nothing free is in stock")
        own = self.company.partner_id
        quants._update_available_quantity(self.product, place, 3, owner_id=own)
        self.assert_promised(self._ask(3), day(0))

    def test_what_customers_send_back_is_no_supply_before_it_is_here(self):
        self._stock(5)
        order = self._sell()
        order.action_confirm()
        delivery = order.sudo().picking_ids
        self._do(delivery)
        wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        wizard.product_return_moves.quantity = 5
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.assertNotEqual(back.state, "done")
        self.assert_not_known(self._ask(1), "no receipt is planned")
        self._do(back)
        self.assert_promised(self._ask(5), day(0))

    def test_what_left_without_being_there_is_made_up_for_first(self):
        self._stock(-3)
        self._receipt(5, day(2))
        self.assert_promised(self._ask(2), day(2), [("receipt", 2)])
        self.assert_not_known(
            self._ask(3), "Not known when for 1 Units", "3 Units of Bolt are ordered"
        )

    def test_a_user_of_one_company_is_promised_its_goods_alone(self):
        other = self.env["res.company"].create({"name": "Other"})
        place = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self._stock(10, location=place.lot_stock_id)
        self._stock(2)
        api = self.env["logistics.api"].with_user(self.seller).with_company(self.company)
        line = {"product": self.product.id, "quantity": 3}
        answer = api.promise([line], self.customer.id)[0]
        self.assertIs(answer["date"], False)
        self.assertEqual(
            [(part["warehouse"], part["quantity"]) for part in answer["parts"]],
            [(self.warehouse.name, 2)],
        )
        self.assertNotIn(place.name, answer["explanation"])
        both = self._create_user("edges_both", "sales_team.group_sale_salesman")
        both.write({"company_ids": [(4, self.company.id), (4, other.id)], "company_id": other.id})
        api = self.env["logistics.api"].with_user(both).with_context(allowed_company_ids=other.ids)
        answer = api.promise([line], self.customer.id)[0]
        self.assertEqual([part["warehouse"] for part in answer["parts"]], [place.name])

    def test_a_supplier_of_another_company_brings_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._supplier(2, company_id=other.id)
        self.assert_not_known(self._ask(1), "neither a supplier")

    # ------------------------------------------------------------
    # WAREHOUSES
    # ------------------------------------------------------------

    def test_steps_with_delays_take_their_days(self):
        self.company.resource_calendar_id = False
        self.warehouse.write({"delivery_steps": "pick_pack_ship", "reception_steps": "two_steps"})
        self.warehouse.delivery_route_id.rule_ids.delay = 1
        self.warehouse.reception_route_id.rule_ids.filtered(
            lambda rule: rule.action == "push"
        ).delay = 2
        days = sum(self.warehouse.delivery_route_id.rule_ids.mapped("delay"))
        self._stock(2)
        self.assert_promised(self._ask(2), day(days))
        self._receipt(5, day(1))
        self.assert_promised(self._ask(7), day(1 + 2 + days))

    def test_goods_on_their_way_between_our_warehouses_are_promised_where_they_arrive(self):
        other = self._warehouse("W2")
        self._stock(10, warehouse=other)
        self.warehouse.resupply_wh_ids = other
        only = {"warehouse": self.warehouse, "only": True}
        self.assert_not_known(self._ask(1, **only), "Not known")
        self._resupply(4, day(3))
        self.assert_promised(self._ask(4, **only), day(3), [("receipt", 4)])
        self.assert_not_known(self._ask(5, **only))
        self.assert_promised(self._ask(6, warehouse=other, only=True), day(0))
        self.assert_not_known(self._ask(7, warehouse=other, only=True))
        out = self.env["stock.picking"].search([("picking_type_id.warehouse_id", "=", other.id)])
        self._do(out)
        self.assert_promised(self._ask(4, **only), day(3), [("receipt", 4)])
        self.assert_not_known(self._ask(5, **only))

    def _resupply(self, quantity, planned):
        """Have goods moved from the second warehouse to the first."""
        procurement = self.env["stock.rule"].Procurement(
            self.product,
            quantity,
            self.product.uom_id,
            self.warehouse.lot_stock_id,
            "Resupply",
            "Resupply",
            self.company,
            {
                "warehouse_id": self.warehouse,
                "route_ids": self.warehouse.resupply_route_ids,
                "date_planned": datetime(planned.year, planned.month, planned.day, 12),
            },
        )
        self.env["stock.rule"].run([procurement])

    def test_an_archived_warehouse_promises_nothing(self):
        other = self._warehouse("W2")
        self._supplier(3)
        order = self._sell(warehouse_id=other.id, promise_sourcing="warehouse")
        self.assertEqual(order.promise_date, day(3))
        other.active = False
        self.env.invalidate_all()
        self.assertFalse(order.promise_date)
        self.assertIn("no warehouse promises", order.order_line.promise_info["explanation"])
        promised = self._ask(5)
        self.assertEqual([one.warehouse for one in promised.answer.shipments], self.warehouse.ids)

    def test_without_a_warehouse_that_promises_it_is_said(self):
        self._stock(5)
        self.warehouse.promise_ok = False
        self.assert_not_known(self._ask(5), "no warehouse promises")

    # ------------------------------------------------------------
    # PRODUCTS
    # ------------------------------------------------------------

    def _make_to_order(self):
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        self.product.route_ids = route

    def test_what_is_procured_for_each_order_takes_no_stock(self):
        self._stock(10)
        self._make_to_order()
        self._supplier(3)
        self.assert_promised(self._ask(5), day(3), [("supplier", 5)])

    def test_what_is_procured_for_each_order_by_nobody_is_said(self):
        self._stock(10)
        self._make_to_order()
        self.assert_not_known(self._ask(5), "procured for each order")
        self.assertNotIn("nothing free is in stock", self._ask(5).explanation)

    def _get_direct_route(self):
        """Return a route on which the supplier delivers to the customer."""
        rule = {
            "name": "Direct",
            "action": "buy",
            "picking_type_id": self.warehouse.in_type_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        return self.env["stock.route"].create({"name": "Direct", "rule_ids": [(0, 0, rule)]})

    def test_what_no_supplier_delivers_straight_is_said(self):
        self._stock(10)
        self.product.route_ids = self._get_direct_route()
        self.assert_not_known(self._ask(5), "straight from a supplier")

    def test_an_archived_product_is_said_on_the_quotation_and_through_the_api(self):
        self._stock(5)
        order = self._sell()
        self.product.active = False
        self.env.invalidate_all()
        self.assertFalse(order.promise_date)
        self.assertIn("archived", order.order_line.promise_info["explanation"])
        api = self.env["logistics.api"].with_user(self.seller).with_company(self.company)
        answer = api.promise([{"product": self.product.id, "quantity": 1}], self.customer.id)[0]
        self.assertIs(answer["date"], False)
        self.assertIn("archived", answer["explanation"])

    def test_a_combination_is_said(self):
        combo = self._product("Combo", is_storable=False)
        choice = self.env["product.combo"].create(
            {"name": "One", "combo_item_ids": [Command.create({"product_id": self.product.id})]}
        )
        combo.product_tmpl_id.write({"type": "combo", "combo_ids": choice.ids})
        self.assert_not_known(self._ask(1, combo), "each of its products")

    def test_a_service_beside_goods_does_not_hold_the_order_up(self):
        self._stock(5)
        service = self._product("Advice", type="service", is_storable=False)
        order = self._sell()
        line = {"order_id": order.id, "product_id": service.id}
        self.env["sale.order.line"].with_user(self.seller).create(line)
        order.action_confirm()
        self.assertEqual(order.promise_date, day(0))
        self.assertEqual(len(order.order_line.sudo().promise_line_ids), 1)

    def test_a_product_that_nobody_brings_says_why(self):
        self.assert_not_known(
            self._ask(5), "Not known when for 5 Units", "no receipt", "neither a supplier"
        )

    def test_what_may_not_be_bought_is_brought_by_nobody(self):
        self._supplier(3)
        self.product.purchase_ok = False
        self.assert_not_known(self._ask(5), "neither a supplier")

    def test_what_is_there_of_it_does_not_count_as_nothing(self):
        self._stock(2)
        promised = self._ask(5)
        self.assert_not_known(
            promised, "2 Units free in stock", "Not known when 3 Units can", "no more"
        )
        self.assertNotIn("nothing free", promised.explanation)
        self._stock(1, warehouse=self._warehouse("W2"))
        self.assert_not_known(self._ask(5), "2 Units free in stock", "no single warehouse")
        self.assert_not_known(self._ask(5, split=True), "Not known when 2 Units can", "no more")

    # ------------------------------------------------------------
    # QUANTITIES AND UNITS
    # ------------------------------------------------------------

    def test_nothing_and_less_than_nothing_are_confirmed_without_a_promise(self):
        self._stock(5)
        for quantity in (0, -2):
            order = self._sell(quantity)
            self.assertFalse(order.promise_date)
            order.action_confirm()
            self.assertFalse(order.order_line.sudo().promise_line_ids)
        self.assert_promised(self._ask(5), day(0))

    def test_a_huge_quantity_is_held_to_the_last_unit(self):
        self._stock(5)
        self._supplier(3)
        order = self._sell(1e11)
        order.action_confirm()
        held = order.order_line.sudo().promise_line_ids
        self.assertEqual((held.date, held.quantity), (day(3), 1e11))
        self.assertEqual(sum(held.part_ids.mapped("quantity")), 1e11)

    def test_what_is_no_number_is_refused(self):
        for quantity in (float("nan"), float("inf")):
            with self.assertRaisesRegex(UserError, "must be a number"):
                self._ask(quantity)

    def test_a_line_in_a_unit_that_cannot_be_converted_says_so_and_spoils_no_other(self):
        self._stock(5)
        order = self._sell()
        other = self._sell()
        self.env.flush_all()
        self.env.cr.execute(  # as after the product's unit was changed in an import
            "UPDATE sale_order_line SET product_uom_id = %s WHERE id = %s",
            [self.env.ref("uom.product_uom_kgm").id, other.order_line.id],
        )
        self.env.invalidate_all()
        orders = order | other
        self.assertEqual(orders.mapped("promise_date"), [day(0), False])
        info = other.order_line.promise_info
        self.assertIn("cannot be converted", info["explanation"])
        with self.assertRaisesRegex(UserError, "cannot be converted"):
            other.action_confirm()

    # ------------------------------------------------------------
    # CALENDARS AND DATES
    # ------------------------------------------------------------

    def test_a_customer_who_never_receives_is_said(self):
        self._stock(5)
        self.customer.delivery_calendar_id = self._closed()
        self.assert_not_known(self._ask(5), "never receives", self.customer.name)

    def test_a_carrier_who_never_drives_is_said(self):
        self._stock(5)
        freight = self._product("Freight", type="service", is_storable=False)
        values = {"product_id": freight.id, "promise_transit_days": 1}
        values["promise_calendar_id"] = self._closed().id
        carrier = self.env["delivery.carrier"].create({"name": "Truck", **values})
        self.assert_not_known(self._ask(5, carrier=carrier), "never drives")

    def test_a_supplier_who_never_delivers_brings_nothing(self):
        self._supplier(3)
        self.vendor.delivery_calendar_id = self._closed()
        self.assert_not_known(self._ask(5), "Not known")

    def test_an_order_wanted_in_the_past_is_promised_as_soon_as_possible(self):
        self._stock(5)
        order = self._sell(commitment_date="2026-02-20 12:00:00")
        self.assertEqual(order.promise_date, day(0))
        info = order.order_line.promise_info
        self.assertIn("has passed", info["explanation"])
        order.action_confirm()
        held = order.order_line.sudo().promise_line_ids
        self.assertEqual((held.date, held.ship_date), (day(0), day(0)))

    def test_a_date_too_far_to_count_to_is_not_promised_in_error(self):
        self._stock(5)
        self.assert_promised(self._ask(5, wanted=day(365 * 30)), day(365 * 30))

    def test_lines_that_cannot_be_promised_spoil_no_other_in_the_call(self):
        self._stock(5)
        service = self._product("Advice", type="service", is_storable=False)
        demands = [Demand(service, 1), Demand(self.product, -1), Demand(self.product, 5)]
        found = self.engine._promise(demands, self.company)
        self.assertEqual([item.date for item in found], [False, False, day(0)])

    # ------------------------------------------------------------
    # WHAT NOBODY CAN WAIT FOR
    # ------------------------------------------------------------

    def test_a_supplier_who_takes_longer_than_ten_years_is_named(self):
        for days in (3_651, 2_000_000_000):
            info = self._supplier(days)
            self.assert_not_known(self._ask(5), "lead time of Vendor", f"is {days} days")
            week = self.product.with_user(self.seller).get_promise_week()
            self.assertEqual([row["later"] for row in week["rows"]], [False])
            order = self._sell()
            self.assertIn("lead time of Vendor", order.order_line.promise_info["explanation"])
            order.action_confirm()
            self.assertFalse(order.order_line.sudo().promise_line_ids.date)
            info.unlink()

    def test_a_product_that_takes_longer_than_ten_years_is_named(self):
        self._stock(5)
        self.product.sale_delay = 1e8
        self.assert_not_known(self._ask(5), "lead time of Bolt is 100000000 days")
        api = self.env["logistics.api"].with_user(self.seller).with_company(self.company)
        answer = api.promise([{"product": self.product.id, "quantity": 1}], self.customer.id)[0]
        self.assertIs(answer["date"], False)
        order = self._sell()
        order.order_line.customer_lead = 1e8
        self.assertFalse(order.order_line.promise_date)

    def test_a_receipt_planned_in_another_age_is_no_supply(self):
        self._receive_at("9999-12-30 12:00:00")
        self.assert_not_known(self._ask(5), "more than ten years")

    def test_a_date_wanted_at_the_end_of_time_is_answered(self):
        self._stock(5)
        order = self._sell(commitment_date="9999-12-30 12:00:00")
        self.assertTrue(order.order_line.promise_date)

    def test_steps_that_take_longer_than_ten_years_are_named(self):
        self._stock(5)
        self.warehouse.delivery_route_id.rule_ids.delay = 1_000_000_000
        self.assert_not_known(self._ask(5), f"lead time of {self.warehouse.name} is 1000000000")

    # ------------------------------------------------------------
    # CARRIERS
    # ------------------------------------------------------------

    def _carrier(self, **values):
        freight = self._product("Freight", type="service", is_storable=False)
        values = {"name": "Truck", "product_id": freight.id, **values}
        return self.env["delivery.carrier"].create(values)

    def test_a_carrier_of_unknown_transit_is_said_to_be_one(self):
        self._stock(5)
        carrier = self._carrier()
        promised = self._ask(5, carrier=carrier)
        self.assert_promised(promised, day(0))
        self.assertIn("No transit time is known", promised.explanation)
        carrier.promise_same_day = True
        promised = self._ask(5, carrier=carrier)
        self.assertIn("Truck delivers on the same day", promised.explanation)
        self.assertNotIn("No transit time", promised.explanation)

    def test_transit_days_have_bounds(self):
        carrier = self._carrier(promise_transit_days=365)
        for days in (-1, 366):
            with (
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(flush=False),
            ):
                carrier.promise_transit_days = days
                carrier.flush_recordset()
            carrier.invalidate_recordset()

    # ------------------------------------------------------------
    # WORDS THAT ARE TRUE
    # ------------------------------------------------------------

    def test_receipts_that_are_promised_to_others_are_not_denied(self):
        self._receipt(80, day(3))
        self._sell(80).action_confirm()
        promised = self._ask(4)
        self.assert_not_known(
            promised,
            "Not known when for 4 Units",
            "80 Units of Bolt are ordered, but needed for others",
        )
        self.assertNotIn("no receipt", promised.explanation)

    def test_stock_in_a_warehouse_that_never_works_is_not_denied(self):
        other = self._warehouse("W2", promise_calendar_id=self._closed().id)
        self._stock(9, warehouse=other)
        promised = self._ask(4)
        self.assert_not_known(promised, "9 Units of Bolt are in Warehouse W2, which never works")
        self.assertNotIn("nothing free is in stock", promised.explanation)

    def test_quantities_in_the_text_have_their_unit(self):
        self._stock(14)
        pack = self.env.ref("uom.product_uom_pack_6")
        self.assert_not_known(
            self._ask(3, unit=pack), "14 Units free in stock", "Not known when 4 Units can"
        )

    def test_what_an_order_line_cannot_count_is_not_missing(self):
        self._stock(5)
        self.assert_promised(self._ask(5.004), day(0), [("stock", 5)])
        self.assertEqual(self.engine._format_quantity(0.0004), "0.0004")

    def test_a_receipt_after_the_cut_off_is_planned_for_its_own_day(self):
        self._place_in("UTC", promise_cutoff=15.0)
        self._receive_at("2026-03-04 19:00:00")
        promised = self._ask(5)
        self.assert_promised(promised, day(3))
        self.assertIn("planned for 03/04/2026. That is after the cut-off", promised.explanation)
        self.assertNotIn("closed", promised.explanation)

    # ------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------

    def test_an_order_without_a_date_says_so_to_its_customer(self):
        self._stock(5)
        nut = self._product("Nut")
        order = self._sell()
        line = {"order_id": order.id, "product_id": nut.id, "product_uom_qty": 2}
        line = self.env["sale.order.line"].with_user(self.seller).create(line)
        self.assertEqual(line._get_promise_for_customer(), "", "a quotation promises nothing")
        order.action_confirm()
        buyer = self._create_user("edges_buyer", "base.group_portal")
        self.customer.child_ids = buyer.partner_id
        order.sudo().message_subscribe(buyer.partner_id.ids)
        order = order.with_user(buyer).sudo()  # as the portal shows it
        found = [one._get_promise_for_customer() for one in order.order_line]
        self.assertEqual(found, ["Delivery by 03/02/2026", "Delivery date not known yet"])
        self.assertIn("not known yet", order._get_promise_for_customer())
        self.assertTrue(order._is_waiting_for_promise())
