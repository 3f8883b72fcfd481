from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_notice_common import NoticeMixin


@tagged("post_install", "-at_install")
class TestPromiseOffer(NoticeMixin, TransactionCase):
    """Earlier dates are offered to customers, and planned when they agree."""

    def test_a_salesperson_offers_the_earlier_date(self):
        promise = self._better()
        promise.with_user(self.seller).action_offer_better()
        self.assertIn("03/02/2026", self._told(promise).body)
        self.assertEqual((promise.better_offered, promise.expected_date), (day(0), day(7)))

    def test_a_date_agreed_where_there_was_none_is_promised_shown_and_watched(self):
        promise = self._sold()
        self.assertFalse(promise.date)
        self._stock(5)
        self._recheck_all()
        promise.with_user(self.seller).action_accept_better()
        self.assertEqual((promise.date, promise.expected_date), (day(0), day(0)))
        line = promise.order_line_id
        self.assertEqual(line._get_promise_for_customer(), "Delivery by 03/02/2026")
        self.assertEqual(line.promise_info["state"], "held")
        promise.order_id.picking_ids.do_unreserve()
        self._stock(-5)
        self._recheck_all()
        self.assertTrue(promise.at_risk)

    def test_more_that_is_ordered_after_an_agreed_date_is_a_delivery_of_its_own(self):
        self._receipt(3, day(7))
        promise = self._sold(3)
        self._stock(3)
        self._recheck_all()
        promise.with_user(self.seller).action_accept_better()
        self._receipt(3, day(3))
        other = self._sold(3)
        promise.order_line_id.product_uom_qty = 6
        self._recheck_all()
        self.assertEqual((other.date, other.at_risk), (day(3), False))
        moves = promise.order_line_id.move_ids.sorted("date")
        self.assertEqual(
            [(move.date.date(), move.product_uom_qty) for move in moves], [(day(0), 3), (day(7), 3)]
        )

    def test_an_agreed_first_date_is_planned_for_that_day(self):
        key = self._create_customer("Key")
        self._stock(10)
        self.env["logistics.promise.allocation"].create(
            {
                "name": "Spring",
                "product_id": self.product.id,
                "warehouse_id": self.warehouse.id,
                "quantity": 8,
                "partner_ids": key.ids,
            }
        )
        promise = self._sold(5)
        self.assertFalse(promise.date)
        self._receipt(10, day(3))
        self._recheck_all()
        promise.with_user(self.seller).action_accept_better()
        self.assertEqual((promise.date, promise.expected_date), (day(3), day(3)))
        self.assertFalse(promise.better_date)
        order = self._quotation(8, partner_id=key.id)
        self.assertEqual(order.promise_date, day(0))

    def test_a_date_that_stands_again_is_told_before_an_earlier_one_is_offered(self):
        self.receipt = self._receipt(10, day(7))
        promise = self._sold()
        self._move(self.receipt, day(9))
        with freeze_time("2026-03-03 10:00:00"):
            self._recheck()
            self.assertEqual(promise.told_date, day(9))
            self.company.promise_grace_hours = 4
            self._move(self.receipt, day(2))
            self._recheck()
            self.assertTrue(promise.notice_at)
            promise.with_user(self.seller).action_offer_better()
        self.assertEqual((promise.told_date, promise.notice_at), (day(7), False))
        offer, saved, _late = self._told(promise).sorted("id", reverse=True)
        self.assertIn("03/09/2026", saved.body)
        self.assertIn("03/09/2026", offer.body)
        self.assertIn("03/04/2026", offer.body)
        self.assertNotIn("03/11/2026", offer.body)

    def test_reasons_are_read_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        promise = self._better()
        order = promise.order_id.with_user(self.seller).with_company(self.company)
        chinese = order.with_context(lang="zh_CN")
        promise.with_user(self.seller).with_context(lang="zh_CN").action_accept_better()
        chinese.order_line.product_uom_qty = 3
        chinese.partner_shipping_id = self.env["res.partner"].create({"name": "Dock"})
        chinese.commitment_date = day(20)
        chinese.action_cancel()
        changes = promise.change_ids.sorted("id")
        english, read = (
            changes.with_context(lang=lang).mapped("reason_text") for lang in ("en_US", "zh_CN")
        )
        for word in ("Agreed", "reduced", "address", "another day", "cancelled"):
            self.assertIn(word, " ".join(english))
        self.assertTrue(all(text.isascii() for text in english), english)
        self.assertFalse({text for text in read if text.isascii()} - {"E-mail"})
        self.assertEqual(changes.mapped("reason"), english)

    def test_without_a_channel_the_salesperson_is_asked_to_call(self):
        promise = self._better()
        self.customer.promise_channel = False
        with self.assertRaisesRegex(UserError, "Customer Agreed"):
            promise.with_user(self.seller).action_offer_better()

    def test_what_is_agreed_is_planned_and_told(self):
        promise = self._better()
        promise.with_user(self.seller).action_accept_better()
        self.assertEqual(promise.order_id.picking_ids.move_ids.date.date(), day(0))
        self.assertEqual((promise.date, promise.expected_date), (day(7), day(0)))
        self.assertEqual((promise.told_date, promise.better_date), (day(0), False))
        self.assertEqual(len(self._told(promise)), 1)
        self.assertIn("Agreed", " ".join(promise.change_ids.mapped("reason")))
        self.assertIn("03/09/2026", self._told(promise).body)  # what they counted on so far
        told = promise.change_ids.filtered(lambda one: one.kind == "told_date")
        self.assertEqual(told.new_text, "03/02/2026")

    def test_what_is_agreed_is_met_though_the_carrier_rests_at_weekends(self):
        freight = self._product("Freight", type="service", is_storable=False)
        truck = {"name": "Truck", "product_id": freight.id, "promise_transit_days": 1}
        truck = self.env["delivery.carrier"].create(
            {**truck, "promise_calendar_id": self.calendar.id}
        )
        self._receipt(10, day(10))
        promise = self._sold(carrier_id=truck.id)
        self.assertEqual(promise.date, day(11))
        self._stock(10)
        self._recheck_all()
        promise.better_offered = day(7)  # a Monday: it has to leave on the Friday before
        promise.with_user(self.seller).action_accept_better()
        self.assertEqual(promise.expected_date, day(7))
        self.assertEqual(promise.order_id.picking_ids.move_ids.date.date(), day(4))

    def test_what_is_agreed_by_word_of_mouth_is_kept_all_the_same(self):
        promise = self._better()
        self.customer.promise_channel = False
        promise.with_user(self.seller).action_accept_better()
        told = promise.change_ids.filtered(lambda one: one.kind == "told_date")
        self.assertEqual((promise.told_date, told.new_text), (day(0), "03/02/2026"))

    def test_a_date_for_a_promise_without_one_is_offered_and_agreed(self):
        promise = self._sold()
        self._receipt(10, day(3))
        self._recheck()
        promise.with_user(self.planner).action_offer_better()
        promise.with_user(self.planner).action_accept_better()
        self.assertEqual((promise.told_date, promise.better_date), (day(3), False))

    def _gone(self):
        """Return a promise whose earlier date another order took, before anything is checked."""
        promise = self._better()
        self._sold(10)
        return promise.with_user(self.seller)

    def test_another_order_that_takes_the_goods_takes_the_earlier_date(self):
        promise = self._gone()
        self._recheck()
        self.assertFalse(promise.better_date)

    def test_another_order_wakes_nobody_where_no_earlier_date_was_possible(self):
        self._receipt(10, day(7))
        self._sold()
        self._queue().unlink()
        self._sold()
        self.assertFalse(self._queue())

    def test_no_earlier_date_is_agreed_that_is_gone(self):
        promise = self._gone()
        action = promise.action_accept_better()
        self.assertIn("03/02/2026", action["params"]["message"])
        self.assertEqual((promise.told_date, promise.better_date), (False, False))
        self.assertEqual(promise.expected_date, day(7))
        self.assertFalse(self._told(promise))
        self.assertEqual(promise.order_id.sudo().picking_ids.move_ids.date.date(), day(7))

    def test_no_earlier_date_is_offered_that_is_gone(self):
        promise = self._gone()
        action = promise.action_offer_better()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual((promise.better_offered, promise.better_date), (False, False))
        self.assertFalse(self._told(promise))

    def test_a_later_date_than_the_customer_was_asked_about_is_not_agreed(self):
        promise = self._better().with_user(self.seller)
        promise.action_offer_better()
        self._sold(10)
        self._receipt(10, day(3))
        action = promise.action_accept_better()
        self.assertIn("03/02/2026", action["params"]["message"])
        self.assertEqual((promise.better_date, promise.better_offered), (day(3), False))
        self.assertFalse(promise.told_date)
        promise.action_accept_better()
        self.assertEqual((promise.told_date, promise.expected_date), (day(3), day(3)))

    def test_what_the_customer_was_asked_about_is_agreed_though_more_is_possible(self):
        self._receipt(10, day(7))
        promise = self._sold().with_user(self.seller)
        self._receipt(10, day(3))
        self._recheck()
        promise.action_offer_better()
        self._stock(10)
        self._recheck_all()
        self.assertEqual((promise.better_offered, promise.better_date), (day(3), day(0)))
        promise.action_accept_better()
        self.assertEqual((promise.told_date, promise.expected_date), (day(3), day(3)))
        self.assertEqual(promise.better_date, day(0))

    def test_others_offer_nothing(self):
        promise = self._better()
        clerk = self._create_member("notice_user", "logistics_crm_scm.group_dispatcher")
        stranger = self._create_stranger("logistics_crm_scm.group_planner")
        for user in (clerk, stranger):
            with self.assertRaises(AccessError):
                self._seen_by(promise, user).action_offer_better()
            with self.assertRaises(AccessError):
                self._seen_by(promise, user).action_accept_better()

    def test_a_salesperson_offers_nothing_of_a_colleague(self):
        promise = self._better()
        colleague = self._create_member("notice_colleague", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            promise.with_user(colleague).action_offer_better()
