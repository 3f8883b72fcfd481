from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from .promise_common import PromiseMixin, day


@tagged("post_install", "-at_install")
class TestPromiseAgreed(PromiseMixin, TransactionCase):
    """What a customer agreed to after the confirmation is held like what was promised at once."""

    def _agree(self, *promises):
        every = self.env["logistics.promise.line"].union(*promises)
        self.engine.sudo()._follow_up(every.sudo())
        every.action_accept_better()

    def _get_parts(self, promise):
        return sorted((part.source, part.quantity) for part in promise.part_ids)

    def test_what_had_no_date_is_held_from_what_there_is_when_one_is_agreed(self):
        promise = self._quotation(4, confirm=True).order_line.promise_line_ids
        self.assertFalse(promise.date)
        receipt = self._receipt(4, day(3))
        self._agree(promise)
        self.assertEqual((promise.date, self._get_parts(promise)), (day(3), [("receipt", 4)]))
        self.assertEqual(promise.part_ids.document, receipt.picking_ids.name)
        self.assertFalse(self._ask(1).date)

    def test_parts_are_of_what_was_promised_at_first_where_less_was_ordered_since(self):
        order = self._quotation(4, confirm=True)
        promise = order.order_line.promise_line_ids
        order.order_line.product_uom_qty = 1
        self._stock(4)
        self._agree(promise)
        self.assertEqual((promise.quantity, promise.date), (1, day(0)))
        left = promise._get_left_shares()[promise]
        self.assertEqual(sum(promise.part_ids.mapped("quantity")) * left, 1)
        self.assertEqual(self._ask(3).date, day(0))
        self.assertFalse(self._ask(4).date)

    def test_what_was_promised_of_the_line_before_keeps_its_parts(self):
        self._stock(3)
        order = self._quotation(3, confirm=True)
        before = order.order_line.promise_line_ids
        order.order_line.product_uom_qty = 5
        later = order.order_line.promise_line_ids - before
        self.assertFalse(later.date)
        self._receipt(2, day(3))
        self._agree(later)
        self.assertEqual((later.date, self._get_parts(later)), (day(3), [("receipt", 2)]))
        self.assertEqual((before.date, self._get_parts(before)), (day(0), [("stock", 3)]))

    def test_lines_that_are_delivered_at_once_are_held_for_one_day(self):
        other = self._product("Nut")
        line = {"product_id": other.id, "product_uom_qty": 2, "customer_lead": 0}
        order = self._quotation(4, picking_policy="one")
        order.order_line = [(0, 0, line)]
        order.action_confirm()
        promises = order.order_line.promise_line_ids
        self.assertEqual(promises.mapped("date"), [False, False])
        self._stock(4)
        self._receipt(2, day(3), other)
        self._agree(promises)
        self.assertEqual(promises.mapped("date"), [day(3), day(3)])
        self.assertEqual(promises.part_ids.mapped("source"), ["stock", "receipt"])

    def test_an_earlier_day_that_was_agreed_is_what_the_customer_counts_on(self):
        receipt = self._receipt(4, day(7)).picking_ids
        order = self._quotation(4, confirm=True)
        promise, line = order.order_line.promise_line_ids, order.order_line
        receipt.move_ids.date = f"{day(2)} 12:00:00"
        self._agree(promise)
        self.assertEqual((promise.date, promise.agreed_date), (day(7), day(2)))
        self.assertEqual((line.promise_date, promise.at_risk), (day(2), False))
        self.assertIn("03/04/2026", line._get_promise_for_customer())
        receipt.move_ids.date = f"{day(4)} 12:00:00"
        self.engine.sudo()._follow_up(promise.sudo())
        self.assertTrue(promise.at_risk)
        self.assertEqual(promise.delay, 2)
        self.assertTrue(self.engine._get_rescues(promise))

    def test_parts_that_cannot_be_there_by_the_agreed_day_are_not_held(self):
        self._supplier(9)
        self._stock(3)
        order = self._quotation(3, confirm=True, commitment_date=f"{day(11)} 12:00:00")
        promise = order.order_line.promise_line_ids
        self.assertEqual((promise.date, self._get_parts(promise)), (day(11), [("stock", 3)]))
        self._quotation(50, confirm=True)  # to be bought, and nobody has ordered it yet
        order.commitment_date = False
        self._agree(promise)
        self.assertEqual(promise.agreed_date, day(0))
        for part in promise.part_ids:
            self.assertLessEqual(part.date, promise.agreed_date)

    def test_on_time_is_measured_against_the_promise_not_an_earlier_day_that_was_agreed(self):
        receipt = self._receipt(4, day(7)).picking_ids
        promise = self._quotation(4, confirm=True).order_line.promise_line_ids
        receipt.move_ids.date = f"{day(2)} 12:00:00"
        self._agree(promise)
        with freeze_time(f"{day(4)} 09:00:00"):
            for picking in (receipt, promise.order_id.picking_ids):
                picking.move_ids.write({"quantity": 4, "picked": True})
                picking._action_done()
            self.engine.sudo()._follow_up(promise.sudo())
        self.assertEqual((promise.state, promise.delivered_date), ("kept", day(4)))
        self.assertEqual(promise.delay, -3)

    def test_a_later_day_that_the_customer_wants_replaces_an_earlier_one_that_was_agreed(self):
        receipt = self._receipt(4, day(7)).picking_ids
        promise = self._quotation(4, confirm=True).order_line.promise_line_ids
        receipt.move_ids.date = f"{day(2)} 12:00:00"
        self._agree(promise)
        promise.order_id.commitment_date = f"{day(4)} 12:00:00"
        self.assertEqual((promise.expected_date, promise.at_risk), (day(4), False))

    def test_what_was_partly_delivered_keeps_its_parts(self):
        self._stock(1)
        order = self._quotation(4, confirm=True)
        promise = order.order_line.promise_line_ids
        parts = self._get_parts(promise)
        order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        order.picking_ids._action_done()
        self.assertEqual(order.order_line.qty_delivered, 1)
        self._receipt(3, day(3))
        self._agree(promise)
        self.assertEqual((promise.date, self._get_parts(promise)), (day(3), parts))
