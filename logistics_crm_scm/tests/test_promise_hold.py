from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, tagged

from .promise_common import PromiseMixin, day


@tagged("post_install", "-at_install")
class TestPromiseHold(PromiseMixin, TransactionCase):
    """As the salesperson who confirms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("promise_seller", "sales_team.group_sale_salesman")
        cls.seller.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})

    def _sell(self, quantity=5.0, **values):
        order = self._quotation(quantity, user_id=self.seller.id, **values)
        return order.with_user(self.seller).with_company(self.company)

    def test_a_quotation_shows_what_can_be_promised(self):
        self._stock(3)
        self._receipt(10, day(2))
        order = self._sell(5)
        self.assertEqual(order.promise_date, day(2))
        self.assertEqual(order.order_line.promise_info["state"], "offer")

    def test_the_promise_is_frozen_at_confirmation(self):
        self._stock(3)
        receipt = self._receipt(10, day(2))
        order = self._sell(5)
        order.action_confirm()
        held = order.order_line.promise_line_ids
        self.assertEqual((held.date, held.state, held.quantity), (day(2), "held", 5))
        self.assertEqual(
            [(part.source, part.quantity, part.document) for part in held.part_ids],
            [("stock", 3, False), ("receipt", 2, receipt.picking_ids.name)],
        )
        receipt.picking_ids.move_ids.date = "2026-03-11 12:00:00"
        self.assertEqual(order.order_line.promise_date, day(2))

    def test_why_it_was_promised_is_read_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._stock(5)
        order = self._sell(5)
        order.action_confirm()
        line = order.order_line
        chinese = line.with_context(lang="zh_CN").promise_info["explanation"]
        self.assertIn("free in stock", line.with_context(lang="en_US").promise_info["explanation"])
        self.assertNotIn("free in stock", chinese)
        self.assertIn(self.warehouse.name, chinese)
        held = line.promise_line_ids.with_context(lang="zh_CN")
        self.assertEqual(held.explanation_text, chinese)
        held.sudo().explanations = False  # promised before languages were kept
        self.assertEqual(held.explanation_text, held.explanation)

    def test_the_warehouse_is_told_the_promised_days(self):
        self._receipt(10, day(2))
        order = self._sell(5)
        order.action_confirm()
        move = order.sudo().picking_ids.move_ids
        self.assertEqual(move.date.date(), day(2))
        self.assertEqual(move.date_deadline.date(), day(2))

    def test_what_is_held_is_not_promised_to_the_next(self):
        self._stock(8)
        self._sell(5).action_confirm()
        late = self._sell(5)
        self.assertFalse(late.promise_date)
        self.assertEqual(late.promise_missing, 1)

    def test_a_larger_quantity_is_promised_beside_the_first(self):
        self._stock(8)
        self._receipt(5, day(3))
        order = self._sell(5)
        order.action_confirm()
        order.order_line.product_uom_qty = 9
        self.assertEqual(
            order.order_line.promise_line_ids.sorted("id").mapped(lambda h: (h.quantity, h.date)),
            [(5, day(0)), (4, day(3))],
        )

    def test_what_is_added_on_the_screen_is_not_shown_as_promised(self):
        self._stock(3)
        order = self._quotation(2, confirm=True)
        line = order.order_line
        for quantity, state, date in (
            (2, "held", day(0)),
            (3, "offer", day(0)),
            (9, "unknown", False),
        ):
            self.env.invalidate_all()
            changes = {"order_line": [(1, line.id, {"product_uom_qty": quantity})]}
            seen = order.new(changes, origin=order).order_line
            self.assertEqual(seen.promise_info["state"], state)
            self.assertEqual(seen.promise_date, date)
            self.assertEqual(seen.promise_info["quantity"], quantity)
        self.assertIn("when the order is saved", seen.promise_info["change"])
        self.assertEqual(line.promise_info["state"], "held")

    def test_what_is_added_to_several_lines_shares_what_there_is_on_the_screen_as_saved(self):
        self._stock(10)
        order = self._quotation(1)
        dozen = {"product_id": self.product.id, "product_uom_qty": 2, "customer_lead": 0}
        order.order_line = [(0, 0, dozen)]
        order.action_confirm()
        first, second = order.order_line
        changes = [
            (1, first.id, {"product_uom_qty": 6}),  # five more
            (1, second.id, {"product_uom_qty": 5}),  # three more, of seven that are left
        ]
        self.env.invalidate_all()
        screen = order.new({"order_line": changes}, origin=order).order_line
        seen = screen.mapped("promise_date")
        self.assertEqual(seen, [False, day(0)])
        order.write({"order_line": changes})
        self.assertEqual(order.order_line.mapped("promise_date"), seen)

    def _seen(self, order, *changes):
        self.env.invalidate_all()
        return order.new({"order_line": list(changes)}, origin=order).order_line

    def test_what_a_line_gives_up_on_the_screen_is_free_for_another_as_when_it_is_saved(self):
        self._stock(10)
        self._receipt(5, day(7))
        order = self._quotation(8)
        order.order_line = [
            (0, 0, {"product_id": self.product.id, "product_uom_qty": 2, "customer_lead": 0})
        ]
        order.action_confirm()
        first, second = order.order_line
        for less, more, expected in ((5, 5, day(0)), (0, 10, day(0)), (5, 6, day(7))):
            changes = [
                (1, first.id, {"product_uom_qty": less}),
                (1, second.id, {"product_uom_qty": more}),
            ]
            seen = self._seen(order, *changes)
            with self.subTest(less=less, more=more), self.env.cr.savepoint() as point:
                self.assertEqual(seen[1].promise_date, expected)
                order.write({"order_line": changes})
                self.assertEqual(second.promise_date, expected)
                point.rollback()
        new = {"product_id": self.product.id, "product_uom_qty": 3, "customer_lead": 0}
        seen = self._seen(order, (1, first.id, {"product_uom_qty": 5}), (0, 0, new))
        self.assertEqual(seen[2].promise_date, day(0))

    def _edit(self, form, *changes):
        """Change quantities in an order's form; return the dates that its lines show then."""
        for number, quantity in changes:
            with form.order_line.edit(number) as line:
                line.product_uom_qty = quantity
        dates = []
        for number in range(len(form.order_line)):
            with form.order_line.edit(number) as line:
                dates.append(fields.Date.to_date(line.promise_date) or False)
        return dates

    def test_the_form_shows_another_date_of_a_line_that_was_changed_before(self):
        self._stock(10)
        order = self._quotation(8, user_id=self.seller.id)
        order.order_line = [
            (0, 0, {"product_id": self.product.id, "product_uom_qty": 2, "customer_lead": 0})
        ]
        now, order = day(0), order.with_user(self.seller).with_company(self.company)
        form = Form(order)
        self.assertEqual(self._edit(form, (1, 5)), [False, now])
        self.assertEqual(self._edit(form, (0, 5)), [now, now])
        self.assertEqual(self._edit(form, (1, 8)), [now, False])
        order.action_confirm()
        form = Form(order)
        self.assertEqual(self._edit(form, (1, 5)), [now, False])
        self.assertEqual(self._edit(form, (0, 5)), [now, now])
        self.assertEqual(self._edit(form, (0, 8)), [now, False])

    def test_what_is_promised_for_a_later_day_frees_nothing_before(self):
        self._stock(4)
        self._receipt(6, day(7))
        order = self._quotation(4, confirm=True)
        order.order_line.product_uom_qty = 10
        changes = [
            (1, order.order_line.id, {"product_uom_qty": 8}),
            (0, 0, {"product_id": self.product.id, "product_uom_qty": 2, "customer_lead": 0}),
        ]
        seen = self._seen(order, *changes)
        self.assertEqual(seen.mapped("promise_date"), [day(7), day(7)])

    def test_what_left_a_warehouse_is_not_taken_once_more_on_the_screen(self):
        self._stock(10)
        self.warehouse.delivery_steps = "pick_ship"
        order = self._quotation(8, confirm=True)
        pick = order.picking_ids
        pick.move_ids.write({"quantity": 5, "picked": True})
        pick.with_context(skip_backorder=True).button_validate()
        new = {"product_id": self.product.id, "customer_lead": 0}
        for quantity, expected in ((4, day(0)), (5, False)):  # two are free, and two are given up
            seen = self._seen(
                order,
                (1, order.order_line.id, {"product_uom_qty": 6}),
                (0, 0, {**new, "product_uom_qty": quantity}),
            )
            self.assertEqual(seen[1].promise_date, expected)

    def test_a_line_that_is_lowered_on_the_screen_shows_what_stays_of_its_promises(self):
        self._stock(4)
        self._receipt(6, day(7))
        order = self._quotation(4, confirm=True)
        line = order.order_line
        line.product_uom_qty = 10
        for quantity, expected in ((7, day(7)), (3, day(0))):
            seen = self._seen(order, (1, line.id, {"product_uom_qty": quantity}))
            self.assertEqual(seen.promise_info["quantity"], quantity)
            self.assertEqual(seen.promise_date, expected)
            self.assertIn("given up", seen.promise_info["change"])
        self.assertFalse(self._seen(order, (1, line.id, {"product_uom_qty": 0})).promise_info)
        self.assertEqual(line.promise_info["quantity"], 10)

    def test_quantities_in_other_units_are_added_in_one(self):
        self._stock(40)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.product.product_tmpl_id.uom_ids |= dozen
        order = self._quotation(24, confirm=True)
        changes = {"product_uom_id": dozen.id, "product_uom_qty": 3}
        seen = self._seen(order, (1, order.order_line.id, changes))
        self.assertEqual((seen.promise_info["quantity"], seen.promise_info["unit"]), (36, "Units"))
        order.order_line.write(changes)
        self.assertEqual(order.order_line.promise_info["quantity"], 36)

    def test_what_is_ordered_again_shows_on_the_screen_when_it_could_be_had(self):
        self._stock(3)
        order = self._quotation(2, confirm=True)
        order.order_line.product_uom_qty = 0
        self.env.invalidate_all()
        changes = {"order_line": [(1, order.order_line.id, {"product_uom_qty": 2})]}
        self.assertEqual(order.new(changes, origin=order).order_line.promise_date, day(0))

    def test_a_smaller_quantity_gives_up_the_newest_promise_with_its_reason(self):
        self._stock(8)
        order = self._sell(5)
        order.action_confirm()
        order.order_line.product_uom_qty = 3
        held = order.order_line.promise_line_ids
        self.assertEqual(held.quantity, 3)
        self.assertIn("reduced", held.change_ids.reason)

    def test_split_orders_leave_from_each_promised_warehouse(self):
        other = self._warehouse("W2")
        self._stock(3)
        self._stock(6, warehouse=other)
        order = self._sell(8, promise_sourcing="split")
        order.action_confirm()
        moves = order.sudo().picking_ids.move_ids
        self.assertEqual(
            {
                (move.warehouse_id or move.location_id.warehouse_id, move.product_uom_qty)
                for move in moves
            },
            {(self.warehouse, 3), (other, 5)},
        )

    def test_an_order_that_nothing_covers_is_confirmed_without_a_date(self):
        order = self._sell(5)
        order.action_confirm()
        held = order.order_line.promise_line_ids
        self.assertFalse(held.date)
        self.assertIn("Not known", held.explanation)
        self.assertTrue(order.sudo().picking_ids)

    def test_what_the_quotation_said_when_sent_is_kept_beside_the_promise(self):
        self._stock(5)
        order = self._sell(5)
        order.action_quotation_sent()
        self._sell(4).action_confirm()
        order.action_confirm()
        held = order.order_line.promise_line_ids
        self.assertEqual((held.offered_date, held.date), (day(0), False))

    def test_nobody_types_what_the_quotation_said(self):
        order = self._sell(5)
        for value in ({str(order.order_line.id): "1900-01-01"}, [1], "abc"):
            with self.subTest(value=value), self.assertRaisesRegex(AccessError, "nobody types"):
                order.promise_offered = value
        with self.assertRaisesRegex(AccessError, "nobody types"):
            order.create({"partner_id": order.partner_id.id, "promise_offered": {"1": "zz"}})
        order.action_confirm()
        self.assertFalse(order.order_line.promise_line_ids.offered_date)

    def test_a_cancelled_order_is_deleted_with_its_promise(self):
        self._stock(5)
        order = self._sell(5)
        order.action_confirm()
        held = order.order_line.promise_line_ids
        order._action_cancel()
        order.sudo().unlink()  # as Odoo allows sales administrators
        self.assertFalse(held.exists())
