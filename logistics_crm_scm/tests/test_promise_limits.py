from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.logistics_crm_scm.tools.promise_data import Demand

from .promise_common import day
from .promise_edge_common import PromiseEdgeMixin


@tagged("post_install", "-at_install")
class TestPromiseLimits(PromiseEdgeMixin, TransactionCase):
    """Odd quantities, closed calendars, endless lead times, each with what a person reads."""

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

    def test_a_part_of_what_has_a_serial_number_cannot_be_promised(self):
        scanner = self._product("Scanner", tracking="serial")
        for number in range(3):
            serial = {"name": f"S{number}", "product_id": scanner.id}
            self.env["stock.quant"]._update_available_quantity(
                scanner,
                self.warehouse.lot_stock_id,
                1,
                lot_id=self.env["stock.lot"].create(serial),
            )
        promised = self._ask(2.5, scanner)
        self.assertFalse(promised.date)
        self.assertIn("only whole Units can be delivered", promised.explanation)
        self.assert_promised(self._ask(3, scanner), day(0), [("stock", 3)])

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

    def test_quantities_in_the_text_are_written_as_their_reader_writes_numbers(self):
        german = self.env["res.lang"]._activate_lang("de_DE").code
        for quantity, english, other in (
            (0, "0", "0"),
            (999, "999", "999"),
            (19676, "19,676", "19.676"),
            (1200.5, "1,200.5", "1.200,5"),
            (0.25, "0.25", "0,25"),
        ):
            said = [
                self.engine.with_context(lang=code)._format_quantity(quantity)
                for code in ("en_US", german)
            ]
            self.assertEqual(said, [english, other])

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
