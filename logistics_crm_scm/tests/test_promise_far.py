from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_notice_common import NoticeMixin
from .promise_recheck_common import RecheckMixin


class FarMixin:
    """A customer in another country than the warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse.partner_id = cls.env["res.partner"].create(
            {"name": "Dock", "country_id": cls.env.ref("base.us").id, "tz": "UTC"}
        )
        cls.customer.country_id = cls.env.ref("base.uk")


@tagged("post_install", "-at_install")
class TestPromiseFar(FarMixin, RecheckMixin, TransactionCase):
    """To another country without a transit time: nobody is told that it is there the same day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock(9)

    def _order_as_seller(self, **values):
        order = self._quotation(2, user_id=self.seller.id, **values)
        return order.with_user(self.seller).with_company(self.company)

    def _carrier(self):
        freight = self._product("Freight", type="service", is_storable=False)
        return self.env["delivery.carrier"].create(
            {"name": "Boat", "product_id": freight.id, "promise_transit_days": 9}
        )

    def test_a_quotation_says_when_it_leaves_and_what_is_not_known(self):
        order = self._order_as_seller()
        headline = order.order_line.promise_info["headline"]
        self.assertEqual(headline, "By 03/02/2026 (transit time not known)")
        self.assertEqual(order.promise_text, headline)
        explanation = order.order_line.promise_info["explanation"]
        self.assertIn("choose a delivery method with transit days", explanation)
        told = order._get_promise_for_customer()
        self.assertEqual(told, "Leaves our warehouse by 03/02/2026")
        self.assertEqual(order.order_line._get_promise_for_customer(), told)

    def test_a_delivery_method_makes_it_a_delivery_date(self):
        order = self._order_as_seller(carrier_id=self._carrier().id)
        self.assertEqual(order.order_line.promise_date, day(9))
        self.assertIn("for sure", order.promise_text)
        self.assertIn("Delivery by", order._get_promise_for_customer())

    def test_the_same_country_and_who_has_none_go_without(self):
        for country in (self.env.ref("base.us"), self.env["res.country"]):
            self.customer.country_id = country
            with self.subTest(country=country.name):
                order = self._order_as_seller()
                self.assertEqual(order.promise_text, "By 03/02/2026 for sure")
        state = self.env["res.country.state"]
        self.customer.country_id = self.env.ref("base.us")
        for partner, code in ((self.warehouse.partner_id, "WA"), (self.customer, "NY")):
            partner.state_id = state.search(
                [("country_id", "=", partner.country_id.id), ("code", "=", code)]
            )
        self.assertIn("transit time not known", self._order_as_seller().promise_text)

    def test_it_is_kept_with_the_promise_and_follows_the_address(self):
        order = self._order_as_seller()
        order.action_confirm()
        promise = order.sudo().promise_line_ids
        self.assertTrue(promise.way_unknown)
        self.assertEqual(order.promise_text, "By 03/02/2026 (transit time not known)")
        home = self.env.ref("base.us")
        near = self.env["res.partner"].create({"name": "Near", "country_id": home.id})
        order.partner_shipping_id = near
        self._recheck()
        self.assertFalse(promise.way_unknown)
        self.assertEqual(order.promise_text, "By 03/02/2026 for sure")

    def test_no_earlier_date_is_offered_to_an_address_far_away(self):
        self._receipt(20, day(8))
        late = self._order_as_seller()
        late.order_line.product_uom_qty = 12
        self.customer.country_id = self.env.ref("base.us")
        late.action_confirm()
        promise = late.sudo().promise_line_ids
        self.assertEqual((promise.date, promise.way_unknown), (day(8), False))
        self._stock(9)
        self._recheck()
        self.assertEqual(promise.better_date, day(0))
        self.customer.country_id = self.env.ref("base.uk")
        self.env["logistics.promise"]._follow_up(promise)
        self.assertFalse(promise.better_date)


@tagged("post_install", "-at_install")
class TestPromiseFarNotice(FarMixin, NoticeMixin, TransactionCase):
    def test_a_letter_says_that_its_day_is_the_one_of_leaving(self):
        body = self._told(self._late()).body
        self.assertIn("leaves our warehouse by 03/04/2026", body)
        self.assertIn("leaves our warehouse by 03/11/2026", body)

    def test_a_letter_to_a_customer_in_the_country_names_the_day_alone(self):
        self.customer.country_id = self.env.ref("base.us")
        body = self._told(self._late()).body
        self.assertIn("03/11/2026", body)
        self.assertNotIn("leaves our warehouse", body)
