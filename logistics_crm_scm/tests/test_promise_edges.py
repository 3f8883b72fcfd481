from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm_scm.tools.promise_data import Demand

from .promise_common import day
from .promise_edge_common import PromiseEdgeMixin


@tagged("post_install", "-at_install")
class TestPromiseEdges(PromiseEdgeMixin, TransactionCase):
    """Rare cases of clocks, stock, warehouses and ways, each with what a person reads."""

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

    def test_a_warehouse_that_does_not_promise_delivers_only_what_names_it(self):
        other = self._warehouse("W2")
        other.promise_ok = False
        self._stock(10, warehouse=other)
        named = Demand(self.product, 2, ship_to=self.customer, warehouse=other)
        free = Demand(self.product, 2, ship_to=self.customer)
        found = self.engine._promise([free, named], self.company)
        self.assertEqual([one.date for one in found], [False, day(0)])

    def test_what_other_warehouses_have_is_said_where_only_one_delivers(self):
        other = self._warehouse("W2")
        self._stock(3)
        self._stock(5, warehouse=other)
        promised = self._ask(4, warehouse=self.warehouse, only=True)
        self.assert_not_known(promised, "5 Units are free in Warehouse W2", "only")

    def test_what_a_transfer_brings_is_not_said_to_be_for_others(self):
        other = self._warehouse("W2")
        self._stock(10, warehouse=other)
        move = self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 4,
                "company_id": self.company.id,
                "location_id": other.lot_stock_id.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "date": f"{day(3)} 12:00:00",
            }
        )
        move._action_confirm()
        promised = self._ask(11, split=True)
        self.assertFalse(promised.date)
        self.assertNotIn("needed for others", promised.explanation)

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
