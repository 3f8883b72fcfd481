from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin


@tagged("post_install", "-at_install")
class TestPromiseTogetherLater(RecheckMixin, TransactionCase):
    """Orders delivered at once after their confirmation: as the salesperson."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nut = cls._product("Nut")
        cls._stock(2)
        cls.receipt = cls._receipt(2, day(7), cls.nut)

    def _order(self, **values):
        """Return a confirmed order of two bolts, in stock, and two nuts that are to come."""
        order = self._quotation(2, user_id=self.seller.id, picking_policy="one", **values)
        line = {"product_id": self.nut.id, "product_uom_qty": 2, "customer_lead": 0}
        order.order_line = [(0, 0, line)]
        order.action_confirm()
        return order

    def _promises(self, order):
        """Return the promises of the bolts and of the nuts, as the salesperson sees them."""
        return order.order_line.promise_line_ids.with_user(self.seller).sorted("id")

    def test_who_agrees_to_one_line_has_all_of_them_earlier(self):
        bolt, nut = self._promises(self._order())
        self.assertEqual((bolt.date, nut.date), (day(7), day(7)))
        self._move(self.receipt, day(3))
        self._recheck_all()
        self.assertEqual((bolt.better_date, nut.better_date), (day(3), day(3)))
        self.assertIs(nut.action_accept_better(), True)
        self.assertEqual((bolt.expected_date, nut.expected_date), (day(3), day(3)))
        self.assertEqual((bolt.told_date, nut.told_date), (day(3), day(3)))
        self.assertEqual(bolt.reason, "Agreed with the customer.")
        self._recheck_all()
        self.assertFalse(bolt.better_date or nut.better_date or bolt.at_risk or nut.at_risk)

    def test_an_offer_names_all_that_leaves_together(self):
        order = self._order()
        order.partner_id.write({"promise_channel": "email", "email": "c@example.com"})
        self._move(self.receipt, day(3))
        self._recheck_all()
        bolt, nut = self._promises(order)
        bolt.action_offer_better()
        self.assertEqual((bolt.better_offered, nut.better_offered), (day(3), day(3)))

    def test_nothing_is_offered_earlier_where_a_part_of_it_is_set_aside(self):
        bolt, nut = self._promises(self._order())
        values = {"name": "Spring", "product_id": self.nut.id, "quantity": 1}
        values |= {"warehouse_id": self.warehouse.id}
        values["partner_ids"] = self._create_customer("Key").ids
        self.env["logistics.promise.allocation"].create(values)
        self._move(self.receipt, day(3))
        self._recheck_all()
        self.assertEqual((bolt.better_date, nut.better_date), (False, False))

    def test_what_if_of_one_line_waits_for_the_others(self):
        order = self._order()
        line = order.order_line[0].with_user(self.seller).with_company(self.company)
        answer = line.promise_what_if(order.id, {}, line.id, 2)
        self.assertEqual(answer["date"], str(day(7)), answer)
        self.assertIn("leaves together with Nut", answer["explanation"])
        self._stock(5)
        answer = line.promise_what_if(order.id, {}, line.id, 4)
        self.assertEqual((answer["date"], answer["quantity"]), (str(day(7)), 4))

    def test_another_wanted_day_is_the_reason_for_all_of_them(self):
        order = self._order()
        order.with_user(self.seller).commitment_date = f"{day(10)} 12:00:00"
        bolt, nut = self._promises(order)
        self.assertEqual((bolt.expected_date, nut.expected_date), (day(10), day(10)))
        self.assertEqual(bolt.reason, nut.reason)
        self.assertNotIn("waits for the rest", bolt.reason)

    def test_what_has_no_date_does_not_say_when_it_leaves(self):
        order = self._quotation(2, picking_policy="one")
        line = {"product_id": self.nut.id, "product_uom_qty": 9, "customer_lead": 0}
        order.order_line = [(0, 0, line)]
        told = order.order_line[0].promise_info["explanation"]
        self.assertIn("when Nut can be there is not known", told)
        self.assertNotIn("Leaves", told)

    def test_what_another_line_of_the_order_takes_is_not_others(self):
        self._stock(3)
        order = self._quotation(5)
        line = {"product_id": self.product.id, "product_uom_qty": 3, "customer_lead": 0}
        order.order_line = [(0, 0, line)]
        told = order.order_line[0].promise_info["explanation"]
        self.assertIn("3 Units of Bolt go to other lines of this order", told)
        self.assertNotIn("needed for others", told)
