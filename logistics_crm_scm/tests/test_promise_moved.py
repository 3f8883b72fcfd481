from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseMoved(RecheckMixin, TransactionCase):
    """Odoo rounds what it moves, and plans what came back anew: promises follow what is moved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_member("moved_clerk", "stock.group_stock_user")
        cls.kg, cls.lb = (cls.env.ref(f"uom.product_uom_{name}") for name in ("kgm", "lb"))
        cls.gram = cls.env.ref("uom.product_uom_gram")
        cls.flour = cls._product("Flour", uom_id=cls.kg.id)
        cls.flour.product_tmpl_id.uom_ids |= cls.lb | cls.gram
        cls.customer.write({"email": "buyer@example.com", "promise_channel": "email"})

    def _order_in(self, unit, quantity, product=None):
        """Return the line of an order in another unit, confirmed by its salesperson."""
        product = product or self.flour
        order = self._quotation(quantity, product=product, user_id=self.seller.id)
        order.order_line.product_uom_id = unit
        line = order.with_user(self.seller).with_company(self.company).order_line
        line.order_id.action_confirm()
        return line

    def _sold_line(self, quantity):
        line = self._sold(quantity).order_line_id
        return line.with_user(self.seller).with_company(self.company)

    def _promised(self, line):
        return line.promise_line_ids.sorted("id").mapped(lambda one: (one.quantity, one.state))

    def _deliver(self, line, quantity=None):
        picking = line.sudo().order_id.picking_ids.filtered(
            lambda one: one.state not in ("done", "cancel")
        )
        self._do(picking.with_user(self.clerk).with_company(self.company), quantity)
        return picking

    def _bring_back(self, picking, quantity, refund=True):
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": refund})
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self._do(back)

    # ------------------------------------------------------------ units

    def test_what_odoo_rounds_is_no_risk(self):
        self._stock(100, self.flour)
        lines = [self._order_in(self.lb, number) for number in (1, 2, 3, 5, 7, 11, 13)]
        lines += [self._order_in(self.gram, number) for number in (333, 7, 1234)]
        self._receipt(50, day(2), self.flour)
        self._recheck_all()
        for line in lines:
            promise = line.promise_line_ids
            with self.subTest(quantity=line.product_uom_qty, unit=line.product_uom_id.name):
                self.assertEqual((promise.expected_date, promise.at_risk), (day(0), False))
                self.assertEqual(promise.quantity, line.product_uom_qty)
            self._deliver(line)
        self._recheck_all()
        for line in lines:
            promise = line.promise_line_ids
            with self.subTest(delivered=line.product_uom_qty, unit=line.product_uom_id.name):
                self.assertEqual(promise.state, "kept")
                self.assertFalse(promise.change_ids.filtered(lambda one: one.kind == "quantity"))

    def test_the_last_of_it_is_promised_as_it_is_moved(self):
        self._stock(1.36, self.flour)
        self.assertEqual(self._order_in(self.lb, 3).promise_line_ids.date, day(0))
        self.assertFalse(self._order_in(self.lb, 1).promise_line_ids.date)

    def test_units_of_a_product_kept_in_dozens(self):
        eggs = self._product("Eggs", uom_id=self.env.ref("uom.product_uom_dozen").id)
        eggs.product_tmpl_id.uom_ids |= self.env.ref("uom.product_uom_unit")
        self._stock(10, eggs)
        line = self._order_in(self.env.ref("uom.product_uom_unit"), 7, eggs)
        self._recheck_all()
        self.assertFalse(line.promise_line_ids.at_risk)
        line.product_uom_qty = 19
        self._recheck_all()
        self.assertEqual(self._promised(line), [(7, "held"), (12, "held")])
        self.assertFalse(any(line.promise_line_ids.mapped("at_risk")))

    def test_more_of_what_was_rounded_is_promised_once(self):
        self._stock(10, self.flour)
        line = self._order_in(self.gram, 333)
        line.product_uom_qty = 666
        self._recheck_all()
        self.assertEqual(self._promised(line), [(333, "held"), (333, "held")])
        self.assertEqual(line.promise_line_ids.mapped("at_risk"), [False, False])
        self.assertFalse(line.promise_line_ids.change_ids)

    def test_what_is_too_little_to_be_moved_is_told_and_not_held(self):
        self._stock(10, self.flour)
        line = self._order_in(self.gram, 2)
        self.assertFalse(line.move_ids)
        self.assertFalse(line.promise_line_ids)
        asked = self._ask(2, self.flour, unit=self.gram)
        self.assertFalse(asked.date)
        self.assertIn("less than 0.01 kg", asked.explanation)

    # ------------------------------------------------------------ brought back

    def test_more_than_what_came_back_is_added_to_what_is_held(self):
        self._stock(10)
        line = self._sold_line(3)
        self._bring_back(self._deliver(line), 3)
        for ordered in (3, 4, 5, 2):
            line.product_uom_qty = ordered
            self._recheck_all()
            promises = line.promise_line_ids
            held = promises.filtered(lambda one: one.state == "held")
            with self.subTest(ordered=ordered):
                self.assertEqual(sum(held.mapped("quantity")), ordered)
                self.assertEqual(set(held.mapped("expected_date")), {day(0)})
        reasons = promises.change_ids.filtered(lambda one: one.kind == "quantity").mapped("reason")
        self.assertEqual(len(reasons), 1)  # of the last step alone
        self._deliver(line)
        self._recheck_all()
        self.assertEqual(self._promised(line)[0], (3, "kept"))
        self.assertFalse(promises.filtered(lambda one: one.state == "held"))

    def test_what_came_back_of_a_part_is_added_to_what_is_held(self):
        self._stock(20)
        line = self._sold_line(6)
        self._bring_back(self._deliver(line, 4), 4)
        for ordered, added in ((7, 5), (8, 1)):
            line.product_uom_qty = ordered
            self._recheck_all()
            self.assertEqual(self._promised(line)[-1], (added, "held"))
        self._deliver(line)
        self._recheck_all()
        self.assertEqual(self._promised(line), [(6, "kept"), (5, "kept"), (1, "kept")])

    def test_what_was_exchanged_is_delivered_already(self):
        self._stock(10)
        line = self._sold_line(3)
        self._bring_back(self._deliver(line), 3, refund=False)
        line.product_uom_qty = 5
        self._recheck_all()
        self.assertEqual(self._promised(line), [(3, "kept"), (2, "held")])

    def test_no_more_is_promised_than_is_ordered(self):
        self._stock(20)
        line = self._quotation(-2, confirm=True, user_id=self.seller.id).order_line
        line.with_user(self.seller).product_uom_qty = 2
        held = line.promise_line_ids.filtered(lambda one: one.state == "held")
        self.assertEqual(sum(held.mapped("quantity")), 2)

    def test_what_left_beyond_the_order_is_no_delivery_of_what_is_ordered_later(self):
        self._stock(5)
        line = self._sold_line(3)
        picking = line.sudo().order_id.picking_ids
        picking.move_ids.write({"quantity": 5, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()
        line.product_uom_qty = 7
        self._recheck_all()
        self.assertEqual(self._promised(line), [(3, "kept"), (2, "held")])
        line.product_uom_qty = 8
        self._recheck_all()
        self.assertEqual(self._promised(line), [(3, "kept"), (2, "held"), (1, "held")])
        self._stock(3)
        open_ = line.sudo().order_id.picking_ids.filtered(lambda one: one.state != "done")
        open_.action_assign()
        self._do(open_)
        self._recheck_all()
        self.assertEqual(self._promised(line), [(3, "kept"), (2, "kept"), (1, "kept")])
