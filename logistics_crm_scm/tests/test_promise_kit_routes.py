import unittest

from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_production_common import ProductionMixin


class KitMixin(ProductionMixin):
    """A kit of two A, which Vendor brings in four days, and one B."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env:
            raise unittest.SkipTest("“mrp” is not installed in this database.")
        cls.a, cls.b = cls._product("Part A"), cls._product("Part B")
        cls.kit = cls._product("Kit", is_storable=False)
        cls._bom(cls.kit, [(cls.a, 2), (cls.b, 1)], "phantom")
        cls.info = cls._supplier(4, cls.a)

    def _follow_up(self, *promises):
        every = self.env["logistics.promise.line"].union(*promises)
        self.engine.sudo()._follow_up(every.sudo(), {})

    def _assert_kept(self, held):
        self._follow_up(held)
        self.assertEqual((held.expected_date, held.at_risk), (held.date, False))
        self.assertFalse(held.better_date)

    def _get_bought(self):
        return self.env["purchase.order.line"].search([("product_id", "=", self.a.id)])

    def _do(self, pickings):
        pickings.move_ids.picked = True
        pickings._action_done()


@tagged("post_install", "-at_install")
class TestPromiseKitsFromSuppliers(KitMixin, TransactionCase):
    """A goes straight from its supplier to the customer."""

    module = "stock_dropshipping"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.route = cls.env.ref("stock_dropshipping.route_drop_shipping")
        cls.a.route_ids = cls.route
        cls._stock(10, cls.b)

    def test_it_is_there_once_the_supplier_has_delivered_too(self):
        self._stock(10, self.a)
        promised = self._ask(2, self.kit)
        self.assert_promised(promised, day(4), [("stock", 2), ("supplier", 4)])
        self.assertIn("Part A straight from Vendor", promised.explanation)
        self.assertIn("Part A is there last and decides the date", promised.explanation)
        self.assertEqual(promised.ship_date, day(4))
        self.assert_promised(self._ask(2, self.kit, wanted=day(9)), day(9))

    def test_what_our_warehouse_lacks_decides_where_it_comes_later(self):
        self._receipt(20, day(8), self.b)
        self.assert_promised(self._ask(2, self.kit), day(4))
        promised = self._ask(12, self.kit)
        self.assert_promised(promised, day(8))
        self.assertIn("Part B is there last", promised.explanation)
        self.assertFalse(self._ask(40, self.kit).date)

    def test_it_is_kept_until_all_of_it_was_delivered(self):
        held = self._confirm(2, self.kit)
        self.assertEqual((held.date, held.warehouse_id), (day(4), self.warehouse))
        self._assert_kept(held)
        bought = self._get_bought()
        self.assertEqual(bought.product_qty, 4)
        bought.order_id.button_confirm()
        self._assert_kept(held)
        ours = held.order_id.picking_ids.filtered(lambda one: one.picking_type_code == "outgoing")
        self.assertEqual((ours.move_ids.product_id, ours.move_ids.date.date()), (self.b, day(4)))
        bought.move_ids.date = f"{day(9)} 12:00:00"
        self._follow_up(held)
        self.assertEqual((held.expected_date, held.at_risk), (day(9), True))
        bought.move_ids.date = f"{day(4)} 12:00:00"
        self._assert_kept(held)
        self._do(ours)
        self._assert_kept(held)
        self._do(bought.move_ids.picking_id)
        self._follow_up(held)
        self.assertEqual((held.state, held.quantity), ("kept", 2))

    def test_ours_leaves_as_long_before_as_it_is_under_way(self):
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Van",
                "product_id": self._product("Van", type="service", is_storable=False).id,
                "promise_transit_days": 2,
            }
        )
        promised = self._ask(2, self.kit, carrier=carrier)
        self.assert_promised(promised, day(4))
        self.assertEqual(promised.ship_date, day(2))
        self.assertNotIn("closed until then", promised.explanation)
        held = self._confirm(2, self.kit, carrier_id=carrier.id)
        self.assertEqual((held.date, held.ship_date), (day(4), day(2)))
        self._get_bought().order_id.button_confirm()
        self.assertEqual(self._get_bought().move_ids.date.date(), day(4))
        self._assert_kept(held)
        self._do(held.order_id.picking_ids)
        self._do(self._get_bought().move_ids.picking_id)
        self._follow_up(held)
        self.assertEqual((held.state, held.delivered_date), ("kept", day(2)))

    def test_without_a_supplier_it_is_not_known_and_said_why(self):
        self.info.unlink()
        self._stock(10, self.a)
        promised = self._ask(2, self.kit)
        self.assertFalse(promised.date)
        self.assertIn("its component Part A goes straight from a supplier", promised.explanation)
        held = self._confirm(2, self.kit)
        self._follow_up(held)
        self.assertEqual((held.date, held.expected_date), (False, False))

    def test_what_suppliers_deliver_as_a_whole_leaves_no_warehouse(self):
        self._supplier(3, self.b)
        self.b.route_ids = self.route
        promised = self._ask(2, self.kit)
        self.assert_promised(promised, day(4), [("supplier", 2), ("supplier", 4)])
        self.assertEqual({part.warehouse for part in promised.answer.parts}, {0})
        self._assert_kept(self._confirm(2, self.kit))

    def test_the_route_of_the_kit_itself_counts_for_nothing_as_in_odoo(self):
        self.a.route_ids, self.kit.route_ids = False, self.route
        self._stock(4, self.a)
        self.assert_promised(self._ask(2, self.kit), day(0), [("stock", 4), ("stock", 2)])
        held = self._confirm(2, self.kit)
        self.assertEqual(held.order_id.picking_ids.picking_type_id, self.warehouse.out_type_id)
        self.assertFalse(self._get_bought())
        self._assert_kept(held)


@tagged("post_install", "-at_install")
class TestPromiseKitsMadeToOrder(KitMixin, TransactionCase):
    """A is bought for each order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        mto = cls.warehouse.mto_pull_id.route_id
        mto.active = True
        cls.a.route_ids = mto | cls.warehouse.buy_pull_id.route_id
        cls._stock(10, cls.a)
        cls._stock(10, cls.b)

    def test_what_is_in_stock_of_it_is_not_taken(self):
        self.assert_promised(self._ask(2, self.kit), day(4), [("stock", 2), ("supplier", 4)])
        held = self._confirm(2, self.kit)
        self.assertEqual(held.date, day(4))
        self._assert_kept(held)
        self.assertEqual(self._get_bought().product_qty, 4)
        self._get_bought().order_id.button_confirm()
        self._assert_kept(held)
        other = self._product("Plain kit", is_storable=False)
        self._bom(other, [(self.b, 1)], "phantom")
        self.assert_promised(self._ask(8, other), day(0))

    def test_without_a_supplier_it_is_not_known_and_said_why(self):
        self.info.unlink()
        promised = self._ask(2, self.kit)
        self.assertFalse(promised.date)
        self.assertIn("component Part A is procured for each order", promised.explanation)
