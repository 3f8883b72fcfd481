from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.logistics_crm_mining.models.logistics_portrait_offer import LogisticsPortrait

from .portrait_common import PortraitCase


@tagged("post_install", "-at_install")
class TestPortraitOffer(PortraitCase):
    """What to offer: what is due by the customer's own rhythm, and what others alike buy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.due = cls._create_product("Due pallet")
        cls.gone = cls._create_product("Gone pallet")
        cls.fresh = cls._create_product("Fresh pallet")
        cls.popular = cls._create_product("Popular pallet")
        cls._order(25, 45, 65, 85, product=cls.due, quantity=7.0)
        cls._order(300, 310, 320, product=cls.gone)
        cls._order(5, 25, 45, product=cls.fresh)

    def _offers(self, **reader):
        return {offer["product"]: offer for offer in self._card("offer", **reader)["offers"]}

    def _make_alike(self):
        segment = self.env.ref("logistics_crm_mining.segment_champion")
        self.customers.with_company(self.company).write({"segment_id": segment.id})
        for peer in self.customers[1:6]:
            self._order(30, customer=peer, product=self.popular, quantity=4.0)
            self._order(31, customer=peer, product=self.due)

    def test_a_product_is_due_after_its_own_usual_gap(self):
        offer = self._offers()[self.due.id]
        self.assertEqual((offer["code"], offer["quantity"]), ("due", 7))
        self.assertIn("Last bought 25 days ago, usually every 20", offer["why"])
        self.assertEqual(self._count_behind(offer["target"]), 4)

    def test_a_product_bought_lately_is_not_due(self):
        offers = list(self._offers().values())
        self.assertEqual(offers[-1]["product"], self.fresh.id)
        self.assertEqual(offers[-1]["code"], "usual")

    def test_a_product_silent_for_three_gaps_is_no_longer_bought(self):
        self.assertEqual(self._offers()[self.gone.id]["code"], "stopped")

    def test_a_product_that_is_not_sold_any_more_is_not_offered(self):
        self.due.sale_ok = False
        self.gone.active = False
        self.assertEqual(list(self._offers()), [self.fresh.id])

    def test_products_of_customers_alike_come_with_their_counts(self):
        self._make_alike()
        offer = self._offers()[self.popular.id]
        self.assertEqual((offer["code"], offer["quantity"]), ("alike", 4))
        self.assertIn("5 of 7 customers alike", offer["why"])
        self.assertEqual(self._count_behind(offer["target"]), 5)

    def test_customers_whom_the_reader_does_not_see_do_not_count(self):
        self._make_alike()
        self.customers[1:4].user_id = False
        self.assertNotIn(self.popular.id, self._offers())

    def test_an_add_on_brings_offers_of_its_own(self):
        def kinds(portrait):
            return ["rule"]

        def offers(portrait, customer, sales):
            return [
                {
                    "product": self.popular.id,
                    "code": "rule",
                    "kind": "Goes together",
                    "why": "Who buys one buys the other.",
                    "quantity": 1,
                    "target": False,
                }
            ]

        self.patch(LogisticsPortrait, "_get_offer_kinds", kinds)
        LogisticsPortrait._get_offers_rule = offers
        self.addCleanup(delattr, LogisticsPortrait, "_get_offers_rule")
        self.assertEqual(self._offers()[self.popular.id]["name"], "Popular pallet")

    def test_the_due_products_are_among_the_sentences(self):
        self.assertIn("Due again by their own rhythm: Due pallet.", self._sentences())

    def test_a_quotation_begins_with_the_products_chosen(self):
        action = self._portrait().get_quotation(self.customer.id, [[self.due.id, 7]])
        orders = self.env["sale.order"].with_user(self.user).with_company(self.company)
        order = orders.with_context(**action["context"]).create({})
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.order_line.product_id, self.due)
        self.assertEqual(order.order_line.product_uom_qty, 7)

    def test_a_quotation_takes_only_what_is_sold(self):
        self.due.sale_ok = False
        with self.assertRaisesRegex(UserError, "products"):
            self._portrait().get_quotation(self.customer.id, [[self.due.id, 7]])
