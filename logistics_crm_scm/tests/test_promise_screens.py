import weakref
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools.gc import disabling_gc

from odoo.addons.logistics_crm_scm.models.logistics_promise_scene import Scene

from .promise_common import PromiseMixin, day


@tagged("post_install", "-at_install")
class TestPromiseScreens(PromiseMixin, TransactionCase):
    """Each screen as the least of its users: a salesperson with her own documents only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.seller = cls._create_user("promise_seller", "sales_team.group_sale_salesman")
        cls.other = cls._create_user("promise_other", "sales_team.group_sale_salesman")
        cls.dispatcher = cls._create_user("promise_disp", "logistics_crm_scm.group_dispatcher")
        cls.internal = cls._create_user("promise_internal", "base.group_user")
        cls.portal = cls._create_user("promise_portal", "base.group_portal")
        (cls.seller | cls.other | cls.dispatcher | cls.internal | cls.portal).write(company)

    def _own_quotation(self, *quantities, **values):
        lines = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "product_uom_qty": quantity,
                    "customer_lead": 0,
                }
            )
            for quantity in quantities
        ]
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "user_id": self.seller.id,
                "order_line": lines,
                **values,
            }
        )
        return order.with_user(self.seller)

    def _what_if(self, order, quantity, wanted=False, changes=None, line=None, user=None):
        lines = self.env["sale.order.line"].with_user(user or self.seller)
        line = line or order.order_line[0].id
        return lines.promise_what_if(order.id, changes or {}, line, quantity, wanted)

    # ------------------------------------------------------------
    # WHAT IF
    # ------------------------------------------------------------

    def test_what_is_no_product_is_not_asked_about(self):
        order = self._own_quotation(1)
        order.order_line = [Command.create({"display_type": "line_section", "name": "Section"})]
        section = order.order_line[-1].id
        with self.assertRaisesRegex(UserError, "without a product is not delivered"):
            self._what_if(order, 2, line=section)

    def test_what_no_screen_sends_is_refused_in_a_sentence(self):
        order = self._quotation(5, user_id=self.seller.id)
        lines = self.env["sale.order.line"].with_user(self.seller).with_company(self.company)
        line = order.order_line.id
        for order_id, changes in (("x", {}), ([order.id], {}), (10**12, {}), (order.id, "x")):
            refused = self.assertRaisesRegex(UserError, "no longer on this order")
            with self.subTest(order=order_id, changes=changes), refused:
                lines.promise_what_if(order_id, changes, line, 1)
        for day_ in (False, None, "", "soon", 7):
            with self.subTest(day=day_), self.assertRaisesRegex(UserError, "must be a date"):
                lines.promise_moment(order.id, {}, line, day_)

    def test_a_salesperson_asks_what_if_and_nothing_is_written(self):
        self._stock(4)
        receipt = self._receipt(10, day(2))
        order = self._own_quotation(2)
        answer = self._what_if(order, 6)
        self.assertEqual((answer["state"], answer["date"]), ("offer", "2026-03-04"))
        self.assertEqual([part["quantity"] for part in answer["parts"]], [4, 2])
        self.assertEqual(answer["parts"][1]["document"], receipt.picking_ids.name)
        self.assertEqual(order.order_line.product_uom_qty, 2)
        self.assertFalse(order.order_line.promise_line_ids)

    def test_another_day_is_tried_out_too(self):
        self._stock(4)
        order = self._own_quotation(2)
        self.assertEqual(self._what_if(order, 2, "2026-03-10")["date"], "2026-03-10")
        self.assertFalse(order.commitment_date)

    def test_a_day_that_is_taken_over_is_one_of_the_warehouse(self):
        self.warehouse.partner_id = self.env["res.partner"].create(
            {"name": "Dock", "tz": "Pacific/Auckland"}
        )
        self._stock(4)
        order = self._own_quotation(2)
        lines = self.env["sale.order.line"].with_user(self.seller.with_context(tz="US/Pacific"))
        moment = lines.promise_moment(order.id, {}, order.order_line.id, "2026-03-10")
        order.commitment_date = moment
        self.assertEqual(str(order.order_line.promise_date), "2026-03-10")

    def test_what_is_held_is_asked_before_orders_without_a_date(self):
        self._receipt(5, day(7))
        order = self._own_quotation(5)
        order.action_confirm()
        later = self._own_quotation(4)
        later.action_confirm()
        self._stock(3)
        self.assertFalse(later.order_line.promise_line_ids.date)
        self.assertEqual(self._what_if(order, 5, f"{day(13)}")["date"], f"{day(13)}")
        self.assertEqual(self._what_if(order, 5)["date"], f"{day(7)}")

    def test_what_left_already_is_not_held_any_more(self):
        self._stock(2)
        self._receipt(5, day(4))
        order = self._own_quotation(5)
        order.action_confirm()
        self._own_quotation(4).action_confirm()
        picking = order.picking_ids.sudo()
        for move in picking.move_ids:
            move.quantity, move.picked = 2, True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertFalse(self._what_if(order, 7)["date"])
        self.assertEqual(self._what_if(order, 5)["date"], f"{day(4)}")
        self.assertIn("zero", self._what_if(order, 1)["explanation"])

    def test_more_of_what_is_held_is_asked_behind_all_others(self):
        self._receipt(5, day(7))
        order = self._own_quotation(5)
        order.action_confirm()
        self._stock(3)
        answer = self._what_if(order, 8)
        self.assertEqual((answer["date"], answer["quantity"]), (f"{day(7)}", 8))
        self.assertEqual(sum(part["quantity"] for part in answer["parts"]), 8)
        later = self._own_quotation(3)
        later.action_confirm()
        answer = self._what_if(order, 8)
        self.assertEqual((answer["date"], answer["state"]), (False, "unknown"))

    def test_what_if_asks_for_the_screen_not_for_what_is_saved(self):
        nut = self._product("Nut")
        self._stock(4, product=nut)
        order = self._own_quotation(2)
        line = order.order_line
        self.assertEqual(self._what_if(order, 2)["state"], "unknown")
        changes = {"order_line": [[1, line.id, {"product_id": nut.id}]]}
        self.assertEqual(self._what_if(order, 2, changes=changes)["date"], "2026-03-02")
        self.assertEqual(line.product_id, self.product)

    def test_what_if_answers_for_an_order_that_is_not_saved(self):
        self._stock(4)
        line = {"product_id": self.product.id, "product_uom_qty": 1}
        changes = {
            "partner_id": self.customer.id,
            "partner_shipping_id": self.customer.id,
            "company_id": self.company.id,
            "order_line": [[0, "virtual_1", line]],
        }
        lines = self.env["sale.order.line"].with_user(self.seller)
        answer = lines.promise_what_if(False, changes, "virtual_1", 3)
        self.assertEqual((answer["date"], answer["quantity"]), ("2026-03-02", 3))

    def test_lines_of_an_order_share_what_there_is(self):
        self._stock(10)
        order = self._own_quotation(4, 5)
        self.assertEqual(self._what_if(order, 5)["state"], "offer")
        self.assertEqual(self._what_if(order, 6)["state"], "unknown")

    def test_a_confirmed_line_may_have_its_own_goods_again(self):
        self._stock(10)
        order = self._own_quotation(10)
        order.action_confirm()
        self.assertEqual(self._what_if(order, 10)["date"], "2026-03-02")
        self.assertEqual(self._what_if(order, 11)["state"], "unknown")

    def test_what_if_is_refused_for_orders_that_are_not_ones_own(self):
        order = self._own_quotation(2)
        for user in (self.other, self.portal, self.internal):
            with self.assertRaises(AccessError):
                self._what_if(order, 2, user=user)

    def test_what_if_names_nothing_that_may_not_be_read(self):
        order = self._own_quotation(2)
        foreign = self.env["res.company"].create({"name": "Foreign"})
        secret = self._product("Secret", company_id=foreign.id)
        changes = {"order_line": [[1, order.order_line.id, {"product_id": secret.id}]]}
        with self.assertRaises(AccessError):
            self._what_if(order, 2, changes=changes)
        with self.assertRaises(AccessError):
            self._what_if(order, 2, changes={"company_id": foreign.id})

    def test_what_if_names_a_wrong_quantity_or_date(self):
        order = self._own_quotation(2)
        for quantity, wanted, words in (
            ("x", False, "Quantity must be a number"),
            (None, False, "Quantity must be a number"),
            (1e308, False, "Quantity must be a number of at most 999,999,999,999"),
            (-1e308, False, "Quantity must be a number of at most"),
            (float("nan"), False, "Quantity must be a number"),
            (1, "9999-12-31", "9999-12-31"),
            (1, "2026-13-01", "wanted_date.*2026-13-01"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self._what_if(order, quantity, wanted)

    def test_what_if_says_when_the_line_is_gone(self):
        with self.assertRaises(UserError):
            self._what_if(self._own_quotation(2), 2, line="virtual_9")

    # ------------------------------------------------------------
    # ORDER
    # ------------------------------------------------------------

    def test_quotations_read_together_do_not_take_from_each_other(self):
        self._stock(10)
        orders = self._own_quotation(8) | self._own_quotation(8)
        self.assertEqual(orders.order_line.mapped("promise_date"), [day(0), day(0)])

    def test_lines_of_a_quotation_share_even_when_one_is_read(self):
        self._stock(10)
        order = self._own_quotation(8, 6)
        self.env.invalidate_all()
        self.assertFalse(order.order_line[0].with_prefetch().promise_date)

    def test_orders_of_many_lines_cost_as_many_queries_as_of_few(self):
        counts = []
        for number in (3, 3, 30):  # the first time reads what stays in the cache afterwards
            products = self.product.browse()
            for at in range(number):
                products |= self._product(f"P{number}-{at}")
                self._stock(5, product=products[at])
            order = self._quotation(2, product=products[0])
            order.order_line = [
                Command.create({"product_id": product.id, "product_uom_qty": 2})
                for product in products[1:]
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(order.promise_date, day(0))
            self.assertTrue(all(line.promise_info["parts"] for line in order.order_line))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2)

    def test_what_was_read_for_a_promise_is_forgotten_with_the_answer(self):
        self._stock(5)
        order, scenes, begin = self._quotation(2), [], Scene.__init__

        def note(scene, *arguments):
            scenes.append(weakref.ref(scene))
            begin(scene, *arguments)

        with disabling_gc(), patch.object(Scene, "__init__", note):
            self.assertEqual(order.promise_date, day(0))
        self.assertEqual([scene() for scene in scenes], [None])

    def test_the_filter_of_the_next_days_finds_what_is_due(self):
        self._stock(4)
        soon = self._quotation(2, confirm=True)
        self._quotation(2, confirm=True, commitment_date="2026-03-20 10:00:00")
        found = self.env["logistics.promise.line"].with_user(self.dispatcher)
        self.assertEqual(
            found.search([("state", "=", "held"), ("date", "<=", "+7d")]).order_id, soon
        )

    def test_the_order_says_when_and_what_has_no_date(self):
        self._stock(2)
        order = self._own_quotation(2)
        self.assertEqual(order.promise_text, "By 03/02/2026 for sure")
        self.assertFalse(order.promise_gap)
        order.order_line.product_uom_qty = 3
        self.assertFalse(order.promise_text)
        self.assertEqual(order.promise_gap, "No date can be promised for Bolt.")

    def test_the_promise_becomes_the_delivery_date_at_the_warehouse(self):
        self._stock(2)
        self.warehouse.partner_id = self.env["res.partner"].create(
            {"name": "Dock", "tz": "Pacific/Auckland"}
        )
        order = self._own_quotation(2)
        promised = order.promise_date
        order.action_promise_to_commitment()
        self.assertTrue(order.promise_is_commitment)
        self.assertEqual(order.promise_date, promised)

    def test_a_confirmed_order_says_what_is_held_and_what_changed(self):
        self._stock(2)
        order = self._own_quotation(2)
        order.action_confirm()
        self.assertEqual((order.promise_count, order.promise_state), (1, "held"))
        promise = order.sudo().promise_line_ids
        promise._change("expected_date", day(4), {"en_US": "Broken truck"}, "T1")
        self.assertEqual((order.promise_change_count, order.promise_state), (1, "risk"))
        self.assertEqual(order.promise_text, "Promised for 03/02/2026, now expected on 03/06/2026")
        self.assertEqual(promise.change_ids.new_text, "03/06/2026")
        info = order.order_line.promise_info
        self.assertEqual((info["state"], info["change"]), ("risk", "Broken truck"))
        found = self.env["logistics.promise.line"].with_user(self.seller)
        self.assertEqual(found.search(order.action_view_promises()["domain"]), promise)

    def test_what_was_likely_stays_so_at_confirmation(self):
        self._supplier(delay=3)
        order = self._own_quotation(2)
        line = order.order_line
        offered = (line.promise_date, line.promise_likely_date)
        order.action_confirm()
        self.assertEqual((line.promise_date, line.promise_likely_date), offered)

    def test_the_form_shows_promises_to_a_salesperson(self):
        self._stock(2)
        with Form(self._own_quotation(2)) as form:
            self.assertEqual(form.promise_text, "By 03/02/2026 for sure")
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 3
            self.assertFalse(form.promise_text)

    # ------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------

    def test_customers_read_dates_but_not_where_goods_come_from(self):
        self._supplier(delay=3)
        self.customer.child_ids = self.portal.partner_id
        order = self._own_quotation(2)
        order.sudo().message_subscribe(self.portal.partner_id.ids)
        order.action_quotation_sent()
        line = order.order_line.with_user(self.portal)
        self.assertEqual(line.promise_date, day(3))
        with self.assertRaises(AccessError):
            line.read(["promise_info"])
        with self.assertRaises(AccessError):
            order.with_user(self.portal).read(["promise_gap"])

    def test_the_quotation_says_the_dates_and_no_supplier(self):
        self._supplier(delay=3)
        order = self._own_quotation(2)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "sale.report_saleorder", order.ids
        )
        self.assertEqual(html.decode().count("Delivery by 03/05/2026"), 2)
        self.assertNotIn("Vendor", html.decode())

    def test_what_is_delivered_is_not_promised_to_customers_any_more(self):
        self._stock(2)
        order = self._own_quotation(2)
        order.action_confirm()
        self.assertEqual(order._get_promise_for_customer(), "Delivery by 03/02/2026")
        picking = order.sudo().picking_ids
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertFalse(order._get_promise_for_customer())

    # ------------------------------------------------------------
    # WITHOUT AN ORDER
    # ------------------------------------------------------------

    def test_a_week_says_what_is_there_each_day_by_warehouse(self):
        other = self._warehouse("W2")
        self._stock(4)
        self._stock(3, warehouse=other)
        self._receipt(10, day(2))
        self._quotation(1, confirm=True)
        week = self.product.with_user(self.seller).get_promise_week()
        rows = {row["warehouse"]: row for row in week["rows"]}
        self.assertEqual(rows[self.warehouse.name]["quantities"], [3, 3, 13, 13, 13, 13, 13])
        self.assertEqual(rows[other.name]["quantities"], [3] * 7)
        self.assertEqual(week["days"][0], "Mon, Mar 2")
        self.assertEqual(rows[other.name]["closed"], [False] * 5 + [True] * 2, "at the weekend")

    def test_a_week_marks_the_days_on_which_nothing_leaves(self):
        self._stock(3)
        self.warehouse.promise_cutoff = 8.0  # it is 9 o'clock
        leave = {
            "name": "Stocktaking",
            "calendar_id": self.calendar.id,
            "company_id": self.company.id,
            "date_from": "2026-03-04 00:00:00",
            "date_to": "2026-03-04 23:59:00",
        }
        self.env["resource.calendar.leaves"].create(leave)
        row = self.product.with_user(self.seller).get_promise_week()["rows"][0]
        self.assertEqual(row["closed"], [True, False, True, False, False, True, True])

    def test_a_week_says_from_when_on_suppliers_bring_any_quantity(self):
        self._supplier(delay=3)
        week = self.product.product_tmpl_id.with_user(self.seller).get_promise_week()
        self.assertEqual([row["later"] for row in week["rows"]], ["2026-03-05"])

    def test_weeks_of_many_products_cost_as_many_queries_as_of_one(self):
        products = self.product.browse()
        for number in range(6):
            products |= self._product(f"P{number}")
        self.env["logistics.promise"]._get_week(self.product, self.company)
        counts = []
        for asked in (products[:2], products):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["logistics.promise"]._get_week(asked, self.company)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_a_week_is_for_those_who_promise(self):
        for user in (self.portal, self.internal):
            with self.assertRaises(AccessError):
                self.product.with_user(user).get_promise_week()

    def test_a_promise_is_checked_without_an_order(self):
        self._stock(4)
        for user in (self.seller, self.dispatcher):
            check = self.env["logistics.promise.check"].with_user(user)
            with Form(check.with_context(default_product_id=self.product.id)) as form:
                self.assertEqual(form.promise_info["date"], "2026-03-02")
                form.quantity = 5
                self.assertEqual(form.promise_info["state"], "unknown")
                form.quantity = 2
                form.wanted_date = day(8)
                self.assertEqual(form.promise_info["date"], "2026-03-10")
                form.quantity = 0
                self.assertIn("zero", form.promise_info["explanation"])
                form.quantity = 99999999999999
                self.assertIn("more than 999,999,999,999", form.promise_info["explanation"])

    def test_a_check_for_a_customer_served_from_one_warehouse_is_as_on_an_order(self):
        self._stock(3)
        self._stock(4, warehouse=self._warehouse("W2"))
        self.customer.promise_sourcing = "warehouse"
        check = self.env["logistics.promise.check"].with_user(self.seller)
        with Form(check.with_context(default_product_id=self.product.id)) as form:
            form.quantity = 4
            self.assertEqual(form.promise_info["date"], "2026-03-02", "nobody's order")
            form.ship_to_id = self.customer
            self.assertEqual(form.promise_info["state"], "unknown")

    def test_other_employees_check_no_promises(self):
        with self.assertRaises(AccessError):
            self.env["logistics.promise.check"].with_user(self.internal).create({})
