from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm_scm.tools.promise_data import Demand

from .promise_common import PromiseMixin, day


@tagged("post_install", "-at_install")
class TestPromiseAllocation(PromiseMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = cls._create_user("promise_planner", "logistics_crm_scm.group_planner")
        cls.planner.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.key_customer = cls._create_customer("Key")
        cls._stock(10)

    def _allocate(self, quantity=6.0, **values):
        allocations = self.env["logistics.promise.allocation"].with_user(self.planner)
        return allocations.with_company(self.company).create(
            {
                "name": "Spring",
                "product_id": self.product.id,
                "warehouse_id": self.warehouse.id,
                "quantity": quantity,
                "partner_ids": self.key_customer.ids,
                **values,
            }
        )

    def _ask_for(self, partner, quantity):
        demand = Demand(self.product, quantity, ship_to=partner)
        return self.engine._promise([demand], self.company)[0]

    def test_others_are_promised_what_is_not_set_aside(self):
        self._allocate()
        self.assertTrue(self._ask_for(self.customer, 4).date)
        refused = self._ask_for(self.customer, 5)
        self.assertFalse(refused.date)
        self.assertIn("set aside for other customers (Spring)", refused.explanation)

    def test_whom_it_is_for_is_promised_all(self):
        self._allocate()
        promised = self._ask_for(self.key_customer, 10)
        self.assertEqual(promised.date, day(0))
        self.assertIn("set aside for this customer", promised.explanation)

    def test_planner_moves_it_to_no_company_where_they_do_not_work(self):
        allocation = self._allocate()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assert_refused(AccessError, "stays in its company"):
            allocation.company_id = elsewhere

    def test_a_class_of_customers_may_be_served(self):
        self.key_customer.with_company(self.company).key_account_class = "a"
        self._allocate(partner_ids=False, key_account_class="a")
        self.assertTrue(self._ask_for(self.key_customer, 10).date)
        self.assertFalse(self._ask_for(self.customer, 10).date)

    def test_what_was_promised_from_it_is_used(self):
        allocation = self._allocate()
        self._quotation(4, partner_id=self.key_customer.id, confirm=True)
        self.assertEqual((allocation.used, allocation.left), (4, 2))
        self.assertTrue(self._ask_for(self.customer, 4).date)
        self.assertFalse(self._ask_for(self.customer, 5).date)

    def test_who_waits_for_a_receipt_because_of_it_is_told_so_and_not_likely_earlier(self):
        self._allocate()
        self._receipt(10, day(3))
        promised = self._ask_for(self.customer, 5)
        self.assertEqual((promised.date, promised.likely_date), (day(3), day(3)))
        self.assertIn("too little is left beside what is set aside", promised.explanation)

    def test_it_is_offered_to_nobody_else_as_an_earlier_date(self):
        self._allocate()
        self._receipt(10, day(3))
        promise = self._quotation(5, confirm=True).order_line.promise_line_ids
        self.engine._follow_up(promise)
        self.assertEqual((promise.date, promise.better_date), (day(3), False))
        self.env["logistics.promise.allocation"].search([]).active = False
        self.engine._follow_up(promise)
        self.assertEqual(promise.better_date, day(0))

    def test_a_promise_that_counts_on_a_receipt_reserves_nothing_of_it(self):
        self._allocate(8)
        self._receipt(10, day(7))
        key_order = self._quotation(8, partner_id=self.key_customer.id)
        other = self._quotation(5, confirm=True)
        self.assertEqual(other.order_line.promise_line_ids.date, day(7))
        self.assertLessEqual(other.picking_ids.move_ids.quantity, 2)
        key_order.invalidate_recordset()
        self.assertEqual(key_order.promise_date, day(0))
        key_order.action_confirm()
        self.assertEqual(key_order.picking_ids.move_ids.quantity, 8)
        self.engine._follow_up(other.order_line.promise_line_ids)
        self.assertFalse(other.order_line.promise_line_ids.at_risk)

    def test_what_was_promised_before_it_is_delivered_from_what_is_set_aside_then(self):
        order = self._quotation(8, confirm=True, commitment_date=f"{day(4)} 12:00:00")
        order.picking_ids.do_unreserve()
        self._allocate(6)
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_ids.quantity, 8)

    def test_what_was_agreed_later_is_used_up_as_a_whole(self):
        allocation = self._allocate(14)
        order = self._quotation(14, partner_id=self.key_customer.id, confirm=True)
        promise = order.order_line.promise_line_ids
        self.assertFalse(promise.date)
        self._receipt(10, day(3))
        self.engine._follow_up(promise)
        promise.action_accept_better()
        self.assertEqual(promise.date, day(3))
        allocation.invalidate_recordset()
        self.assertEqual((allocation.used, allocation.left), (14, 0))

    def test_it_ends_after_its_last_day(self):
        self._allocate(date_from=day(-9), date_to=day(-1))
        self.assertTrue(self._ask_for(self.customer, 10).date)

    def test_its_cost_to_others_is_shown(self):
        quotation = self._quotation(7)
        allocation = self._allocate()
        self.assertEqual(allocation.cost, 1)
        lines = self.env["sale.order.line"].search(allocation.action_show_cost()["domain"])
        self.assertEqual(lines, quotation.order_line)

    def test_it_is_for_somebody(self):
        with self.assertRaises(ValidationError):
            self._allocate(partner_ids=False)

    def test_nothing_is_set_aside_for_nobody_by_other_systems_either(self):
        allocations = self.env["logistics.promise.allocation"].with_user(self.planner)
        with self.assertRaisesRegex(ValidationError, "Say whom"):
            allocations.with_company(self.company).create(
                {
                    "name": "Nobody",
                    "product_id": self.product.id,
                    "warehouse_id": self.warehouse.id,
                    "quantity": 2,
                }
            )

    def test_salespeople_set_nothing_aside(self):
        seller = self._create_user("promise_seller", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.env["logistics.promise.allocation"].with_user(seller).create({"name": "Mine"})

    def test_key_accounts_choose_first_when_orders_are_confirmed_together(self):
        self.key_customer.with_company(self.company).key_account_class = "a"
        orders = self._quotation(8) | self._quotation(9, partner_id=self.key_customer.id)
        orders.action_confirm()
        self.assertEqual(orders.order_line.mapped("promise_date"), [False, day(0)])
