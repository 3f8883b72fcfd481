from odoo import fields
from odoo.tests import Form, TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin

SPEC = {"product_uom_qty": {}, "promise_date": {}}


@tagged("post_install", "-at_install")
class TestPromiseForm(RecheckMixin, TransactionCase):
    """Whatever is done on an order's form, it answers: who cannot edit cannot sell."""

    def _order_as_seller(self, *lines):
        order = self._quotation(2, user_id=self.seller.id)
        order.order_line = [(0, 0, values) for values in lines]
        return order.with_user(self.seller).with_company(self.company)

    def _shown(self, form):
        """Return the date that the form of an order shows of its first line."""
        return fields.Date.to_date(form.order_line._records[0]["promise_date"]) or False

    def test_a_confirmed_order_with_sections_and_notes_is_edited(self):
        self._stock(5)
        order = self._order_as_seller(
            {"display_type": "line_section", "name": "Section"},
            {"display_type": "line_note", "name": "Note"},
        )
        order.action_confirm()
        for quantity, expected in ((5, day(0)), (6, False), (1, day(0))):
            form = Form(order)
            with form.order_line.edit(0) as line:
                line.product_uom_qty = quantity
            with form.order_line.edit(2) as line:
                line.name = f"Note {quantity}"
            self.assertEqual(self._shown(form), expected)
        form.save()
        self.assertEqual(order.order_line[0].promise_date, day(0))

    def test_another_product_is_chosen_where_the_delivery_was_cancelled(self):
        other = self._product("Nut")
        self._stock(2)
        order = self._order_as_seller()
        order.action_confirm()
        order.sudo().picking_ids.action_cancel()
        self.assertTrue(order.order_line.product_updatable)
        self.assertEqual(order.order_line.promise_date, day(0))
        with Form(order) as form:
            with form.order_line.edit(0) as line:
                line.product_id = other
            self.assertFalse(self._shown(form))  # that was of the bolt
        self.assertEqual(order.order_line.product_id, other)
        self.assertFalse(order.order_line.promise_date)
        promise = order.sudo().promise_line_ids
        self.assertEqual(promise.state, "cancelled")
        self.assertEqual(promise.change_ids[0].reason, "Nut is ordered instead.")
        order.order_line.product_uom_qty = 4
        self.assertEqual(promise.order_line_id._get_held().product_id, other)
        line, changes = order.order_line, {"product_id": False, "order_id": {"id": order.id}}
        answer = line.onchange(changes, ["product_id"], SPEC)
        self.assertIn("value", answer)
        changes = {"order_line": [(1, line.id, {"product_id": False, "product_uom_qty": 1})]}
        answer = order.onchange(changes, ["order_line"], {"order_line": {"fields": SPEC}})
        self.assertIn("value", answer)

    def test_another_product_and_more_of_it_in_one_step_is_promised_as_a_whole(self):
        other = self._product("Nut")
        self._stock(9)
        self._stock(20, other)
        order = self._order_as_seller()
        order.action_confirm()
        order.sudo().picking_ids.action_cancel()
        order.order_line.write({"product_id": other.id, "product_uom_qty": 12})
        held = order.order_line._get_held()
        self.assertEqual((held.product_id, held.quantity, held.date), (other, 12, day(0)))
        moves = order.sudo().order_line.move_ids.filtered(lambda one: one.state != "cancel")
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 12)
        given_up = order.sudo().promise_line_ids - held.sudo()
        self.assertEqual(given_up.change_ids.mapped("reason"), ["Nut is ordered instead."])

    def test_more_of_what_lost_its_delivery_is_promised_without_a_word_about_it(self):
        self._stock(9)
        order = self._order_as_seller()
        order.action_confirm()
        order.sudo().picking_ids.action_cancel()
        order.order_line.product_uom_qty = 5
        promises = order.sudo().promise_line_ids
        self.assertEqual(sum(promises.mapped("quantity")), 5)
        self.assertEqual(set(promises.mapped("expected_date")), {day(0)})
        self.assertFalse(promises.change_ids)

    def test_a_screen_that_asks_for_less_is_answered(self):
        order = self._order_as_seller()
        changes = {"order_line": [(1, order.order_line.id, {"product_uom_qty": 3})]}
        for spec in ({}, {"fields": {}}, {"fields": None}):
            answer = order.onchange(changes, ["order_line"], {"order_line": spec})
            self.assertIn("value", answer)
        spec = {"order_line": {"fields": SPEC}}
        self.assertEqual(order.onchange(changes, ["no_more"], spec), {})

    def test_queries_of_a_confirmed_order_do_not_grow_with_its_lines(self):
        self._stock(100)
        counts = []
        for number in (4, 20):
            line = {"product_id": self.product.id, "product_uom_qty": 1, "customer_lead": 0}
            order = self._order_as_seller(*[line] * number)
            order.action_confirm()
            changes = [(1, order.order_line[0].id, {"product_uom_qty": 3})]
            changes += [(4, id_) for id_ in order.order_line[1:].ids]
            spec = {"order_line": {"fields": {**SPEC, "promise_info": {}}}}
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.onchange({"order_line": changes}, ["order_line"], spec)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 5)
